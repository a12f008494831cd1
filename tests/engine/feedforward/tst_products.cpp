// Products of batches and weights: the ways to do one have the same bits.
#include "sim/base/random.h"
#include "sim/network/product.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace apical;

namespace {

template <class Scalar> Batch<Scalar> drawn(Eigen::Index rows, Eigen::Index cols, std::uint64_t n)
{
    Batch<Scalar> out(rows, cols);
    for (Eigen::Index i = 0; i < out.size(); ++i)
        out(i) = static_cast<Scalar>(
            normal(n, RandomStream::WeightsUp, 0, static_cast<std::uint32_t>(i)));
    return out;
}

/// Layer sizes and samples: small, few samples, odd, larger than is summed at a time, one unit.
constexpr Eigen::Index kSizes[][3]{{5, 4, 3}, {30, 40, 7}, {61, 33, 9}, {256, 257, 64},
    {100, 785, 64}, {300, 900, 12}, {1, 120, 64}, {129, 1, 64}};

template <class Scalar> void packedIsTheSame()
{
    for (const auto& [rows, depth, samples] : kSizes) {
        const auto w = drawn<Scalar>(rows, depth, 1), v = drawn<Scalar>(rows, depth, 2);
        const auto rates = drawn<Scalar>(depth, samples, 3),
                   delta = drawn<Scalar>(rows, samples, 4);
        const Eigen::Index without = depth > 1 ? depth - 1 : 1; // without the bias
        Batch<Scalar> plain, packed;
        PackedFactor<Scalar> up, down;
        for (const Batch<Scalar>& weights : {w, v}) {
            up.forget();
            down.forget();
            for (int again = 0; again < 2; ++again) {
                times<Scalar>(plain, weights, rates);
                up.times(packed, weights, rates);
                QVERIFY(plain == packed);
                transposedTimes<Scalar>(plain, weights, delta, without);
                down.transposedTimes(packed, weights, delta, without);
                QVERIFY(plain == packed);
            }
        }
    }
}

/// The product, then divided; and what it must be, summed in the order of samples.
template <class Scalar> void meanIsTheQuotient()
{
    for (const Eigen::Index samples : {1, 7, 8, 48, 64}) {
        const auto delta = drawn<Scalar>(40, samples, 5), rates = drawn<Scalar>(61, samples, 6);
        Batch<Scalar> mean, product;
        meanOfProducts<Scalar>(mean, delta, rates);
        timesTransposed<Scalar>(product, delta, rates);
        product /= static_cast<Scalar>(samples);
        QVERIFY(mean == product);
        const Scalar exact = delta.row(7).dot(rates.row(11)) / static_cast<Scalar>(samples);
        QVERIFY(std::abs(mean(7, 11) - exact) < 8 * std::numeric_limits<Scalar>::epsilon());
    }
}

template <class Scalar> void everyEntryIsLookedAt()
{
    using Limits = std::numeric_limits<Scalar>;
    QVERIFY(allFinite(Batch<Scalar>()));
    for (const Eigen::Index size : {1, 2, 3, 4, 5, 31, 64}) {
        Batch<Scalar> m = Batch<Scalar>::Constant(size, 1, Limits::max());
        QVERIFY(allFinite(m)); // however large their sum
        for (Eigen::Index i = 0; i < size; ++i)
            for (const Scalar bad :
                {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
                m(i) = bad;
                QVERIFY(!allFinite(m));
                m(i) = Limits::lowest();
            }
    }
}

} // namespace

class ProductsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPackedFactorHasTheSameBits()
    {
        packedIsTheSame<float>();
        packedIsTheSame<double>();
    }

    /// Until it is told to forget: that is what it saves time by.
    void aPackedFactorIsWhatItWas()
    {
        auto w = drawn<float>(64, 64, 1);
        const auto rates = drawn<float>(64, 16, 2);
        Batch<float> before, now, after;
        PackedFactor<float> up;
        up.times(before, w, rates);
        w *= 2;
        up.times(now, w, rates);
        QVERIFY(now == before);
        up.forget();
        up.times(after, w, rates);
        QVERIFY(after == 2 * before);
    }

    void theMeanIsTheQuotient()
    {
        meanIsTheQuotient<float>();
        meanIsTheQuotient<double>();
    }

    void noEntryHidesThatItIsNotFinite()
    {
        everyEntryIsLookedAt<float>();
        everyEntryIsLookedAt<double>();
    }
};

QTEST_GUILESS_MAIN(ProductsTest)
#include "tst_products.moc"
