// Transfer functions of vectors, and the exponentials and logarithms that they need fast. Compiled
// once per instruction set as a part of the kernels' sources, hence the guard that opens again for
// each.
#if defined(APICAL_PHI_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef APICAL_PHI_INL_H
#undef APICAL_PHI_INL_H
#else
#define APICAL_PHI_INL_H
#endif

#include "sim/model/transfer.h"

#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// c[0] x^(n-1) + ... + c[n-1] by halves (Estrin): few steps that wait for each other.
template <std::size_t n, class V> HWY_INLINE V polynomial(V x, const V (&c)[n])
{
    if constexpr (n == 1) {
        return c[0];
    } else {
        constexpr std::size_t m = (n + 1) / 2, odd = n % 2;
        V half[m];
        half[0] = c[0];
        for (std::size_t i = odd; i < m; ++i)
            half[i] = hn::MulAdd(c[2 * i - odd], x, c[2 * i + 1 - odd]);
        return polynomial<m>(hn::Mul(x, x), half);
    }
}
template <std::size_t n, class D, class V, class T>
HWY_INLINE V polynomialOf(D d, V x, const T (&coefficients)[n])
{
    V c[n];
    for (std::size_t i = 0; i < n; ++i)
        c[i] = hn::Set(d, coefficients[i]);
    return polynomial<n>(x, c);
}

/// Beyond it e^x or e^-x is no normal number.
template <class T> constexpr T kLargestExponent = sizeof(T) == 8 ? T(708) : T(87);

/// e^x for |x| <= kLargestExponent, to the last digit: 2^k (1 + r + r^2 P(r)) with |r| <= ln 2 / 2.
/// P and the polynomial of softplus are Chebyshev fits in 40 digits.
template <class D, class V> HWY_INLINE V expWithin(D d, V x)
{
    using T = hn::TFromD<D>;
    const hn::RebindToSigned<D> di;
    constexpr bool wide = sizeof(T) == 8;
    const V magic =
        hn::Set(d, wide ? T(0x1.8p52) : T(0x1.8p23)); // rounds, and leaves k in the low bits
    const V shifted = hn::MulAdd(x, hn::Set(d, T(1.4426950408889634)), magic);
    const V k = hn::Sub(shifted, magic);
    V r, p;
    if constexpr (wide) {
        constexpr double c[]{2.5100375832561233664e-8, 2.7620075879983366586e-7,
            2.7557268480310025526e-6, 0.000024801521322368693266, 0.00019841269863040545271,
            0.0013888888917196719077, 0.0083333333333300644495, 0.041666666666624161903,
            0.16666666666666667452, 0.50000000000000010211};
        r = hn::NegMulAdd(k, hn::Set(d, 0.693147180369123816490), x);
        r = hn::NegMulAdd(k, hn::Set(d, 1.90821492927058770002e-10), r);
        p = polynomialOf(d, r, c);
    } else {
        constexpr float c[]{
            0.00139261761199F, 0.00836317307451F, 0.0416665546621F, 0.166665770256F, 0.5F};
        r = hn::NegMulAdd(k, hn::Set(d, 0.693359375F), x);
        r = hn::NegMulAdd(k, hn::Set(d, -2.12194440e-4F), r);
        p = polynomialOf(d, r, c);
    }
    const V mantissa = hn::MulAdd(hn::Mul(r, r), p, hn::Add(r, hn::Set(d, T(1))));
    const auto bits = hn::BitCast(di, shifted);
    const auto power = wide    ? hn::ShiftLeft < wide ? 52 : 23 > (hn::Add(bits, hn::Set(di, 1023)))
           : hn::ShiftLeft < wide ? 52
                               : 23 > (hn::Add(bits, hn::Set(di, 127)));
    return hn::Mul(mantissa, hn::BitCast(d, power));
}

/// e^-a for a >= 0.
template <class D, class V> HWY_INLINE V expOfMinus(D d, V a)
{
    return expWithin(d, hn::Neg(hn::Min(a, hn::Set(d, kLargestExponent<hn::TFromD<D>>))));
}

/// log(1 + t) for 0 <= t <= 1: 2 atanh(s), s = t / (2 + t), a series in s^2 <= 1/9.
template <class D, class V> HWY_INLINE V logOfOnePlus(D d, V t)
{
    using T = hn::TFromD<D>;
    const V s = hn::Div(t, hn::Add(t, hn::Set(d, T(2))));
    const V x = hn::Mul(s, s);
    V p;
    if constexpr (sizeof(T) == 8) {
        constexpr double c[]{0.080820228059717661105, 0.044003692430723369411,
            0.060005364047953562676, 0.066570721048274680752, 0.076927850324793115517,
            0.090908947180664290846, 0.11111111358713931495, 0.14285714283554378581,
            0.20000000000007291337, 0.33333333333333329281};
        p = polynomialOf(d, x, c);
    } else {
        constexpr float c[]{0.134257490114F, 0.141183099027F, 0.200037803225F, 0.333333201683F};
        p = polynomialOf(d, x, c);
    }
    return hn::Mul(hn::Add(s, s), hn::MulAdd(x, p, hn::Set(d, T(1))));
}

/// The transfer function of one kind, as transfer() has it.
template <class T, class D> struct Phi {
    using V = hn::Vec<D>;
    D d;
    V gamma, beta, theta;
    Phi(D tag, const Transfer<T>& f)
        : d(tag)
        , gamma(hn::Set(tag, f.gamma))
        , beta(hn::Set(tag, f.beta))
        , theta(hn::Set(tag, f.theta))
    {
    }
    HWY_INLINE V scaled(V v) const { return hn::Mul(beta, hn::Sub(v, theta)); }
    HWY_INLINE V softplus(V v) const
    {
        const V z = scaled(v);
        const V size = hn::Abs(z);
        const V positive = hn::Mul(hn::Set(d, T(0.5)), hn::Add(z, size)); // keeps NaN, unlike max
        const V soft = hn::Mul(gamma, hn::Add(positive, logOfOnePlus(d, expOfMinus(d, size))));
        const V limit = hn::Set(d, T(15));
        const V low = hn::IfThenZeroElse(hn::Le(v, hn::Neg(limit)), soft);
        return hn::IfThenElse(hn::Ge(v, limit), v, low);
    }
    /// In double precision by the library, whose last digits stored runs have.
    HWY_INLINE V expOfNegative(V z) const
    {
        if constexpr (sizeof(T) == 8)
            return hn::Exp(d, hn::Neg(z));
        const V most = hn::Set(d, kLargestExponent<T>);
        return expWithin(d, hn::Neg(hn::Min(hn::Max(z, hn::Neg(most)), most)));
    }
    template <int kind> HWY_INLINE V of(V v) const
    {
        const V one = hn::Set(d, T(1)), zero = hn::Zero(d);
        if constexpr (kind == phi_kind::softplus)
            return softplus(v);
        V value = zero;
        if constexpr (kind == phi_kind::logistic)
            value = hn::Div(gamma, hn::Add(one, expOfNegative(scaled(v))));
        else if constexpr (kind == phi_kind::tanh)
            value = hn::Mul(gamma, hn::Tanh(d, scaled(v)));
        else if constexpr (kind == phi_kind::relu)
            value = hn::Mul(gamma, hn::Max(scaled(v), zero));
        else
            value = hn::Mul(gamma, hn::Min(hn::Max(scaled(v), zero), one));
        return hn::IfThenElse(hn::IsNaN(v), v, value);
    }
};

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
