// The hot loops of every instruction set of this CPU against libm and plain loops.
#include "sim/circuit/circuit_parameters.h"
#include "sim/model/kernels.h"
#include "sim/model/transfer.h"

#include <QFile>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

using namespace apical;

namespace {

template <class T> class Buffer {
public:
    explicit Buffer(int n)
        : m_size(padded<T>(std::max(n, 1)))
        , m_data(static_cast<T*>(
              std::aligned_alloc(kPad, static_cast<std::size_t>(m_size) * sizeof(T))))
    {
        std::fill_n(m_data.get(), m_size, T(0));
    }
    T* data() { return m_data.get(); }
    T& operator[](int i) { return m_data.get()[i]; }
    void fill(std::mt19937& random, int n, double range = 1)
    {
        std::uniform_real_distribution<double> draw(-range, range);
        for (int i = 0; i < n; ++i)
            (*this)[i] = static_cast<T>(draw(random));
    }

private:
    struct Free {
        void operator()(T* p) const { std::free(p); }
    };
    int m_size;
    std::unique_ptr<T[], Free> m_data;
};

double softplus(double v)
{
    if (v <= -15)
        return 0;
    return v >= 15 ? v : std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v)));
}

template <class T> void checkProducts(const Kernels<T>& k, double tolerance)
{
    std::mt19937 random(5);
    for (const auto& [rows, cols] :
        std::vector<std::pair<int, int>>{{1, 1}, {3, 30}, {30, 3}, {30, 9}, {9, 30}, {8, 8},
            {16, 17}, {17, 16}, {33, 65}, {65, 33}, {100, 7}, {7, 100}}) {
        WeightBlock<T> w{.rows = rows, .cols = cols, .postContiguous = rows >= cols};
        w.stride = padded<T>(w.postContiguous ? rows : cols);
        Buffer<T> weights(w.stride * (w.postContiguous ? cols : rows)), post(rows), pre(cols),
            x(cols), y(rows);
        w.data = weights.data();
        for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < cols; ++j)
                w.at(i, j) = static_cast<T>(std::uniform_real_distribution<double>(-1, 1)(random));
        }
        post.fill(random, rows, 0.5);
        pre.fill(random, cols);
        x.fill(random, cols);
        // What lies behind the last entry of an input is not data: it must not matter.
        for (int j = cols; j < padded<T>(cols); ++j)
            pre[j] = x[j] = T(1e6);
        std::vector<double> expected(static_cast<std::size_t>(rows), 0.0);
        const T clip = T(0.9);
        std::vector<std::vector<double>> changed(static_cast<std::size_t>(rows));
        for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < cols; ++j) {
                const double value =
                    std::clamp(static_cast<double>(w.at(i, j)) + double(post[i]) * double(pre[j]),
                        -double(clip), double(clip));
                changed[static_cast<std::size_t>(i)].push_back(value);
                expected[static_cast<std::size_t>(i)] += value * double(x[j]);
            }
        }
        k.updateMultiply(w, {post.data(), pre.data(), clip}, x.data(), y.data());
        for (int i = 0; i < rows; ++i) {
            QVERIFY2(
                std::abs(double(y[i]) - expected[static_cast<std::size_t>(i)]) < tolerance * cols,
                qPrintable(QStringLiteral("%1 x %2, row %3").arg(rows).arg(cols).arg(i)));
            for (int j = 0; j < cols; ++j)
                QVERIFY(std::abs(double(w.at(i, j))
                            - changed[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)])
                    < tolerance);
        }
        // One pass or two: the same bits. That is what lets a probe look at weights whenever it
        // likes.
        Buffer<T> twin(w.stride * (w.postContiguous ? cols : rows)), y1(rows), y2(rows);
        std::copy_n(w.data, w.stride * (w.postContiguous ? cols : rows), twin.data());
        WeightBlock<T> other = w;
        other.data = twin.data();
        k.updateMultiply(w, {post.data(), pre.data(), clip}, x.data(), y1.data());
        k.update(other, {post.data(), pre.data(), clip});
        k.multiply(other, x.data(), y2.data());
        for (int i = 0; i < rows; ++i)
            QVERIFY(y1[i] == y2[i]);
    }
}

} // namespace

class KernelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void transferFollowsItsDefinitionAtTheThresholds();
    void everyInstructionSetAgreesWithLibm_data();
    void everyInstructionSetAgreesWithLibm();
    void productsAgreeWithPlainLoops_data() { everyInstructionSetAgreesWithLibm_data(); }
    void theSlopeIsTheDerivativeOfEveryKind();
    void productsAgreeWithPlainLoops();
    void nonFiniteValuesAreSeen_data() { everyInstructionSetAgreesWithLibm_data(); }
    void nonFiniteValuesAreSeen();
};

void KernelsTest::transferFollowsItsDefinitionAtTheThresholds()
{
    QFile file(QStringLiteral(APICAL_SOURCE_DIR "/tests/golden/G0_phi.csv"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int rows = 0;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().trimmed();
        if (line.startsWith('#') || line.startsWith('x'))
            continue;
        const auto fields = line.split(',');
        Buffer<double> v(1), rate(1);
        v[0] = fields[0].toDouble();
        kernels<double>().transfer({}, v.data(), rate.data(), 1);
        QVERIFY2(
            std::abs(rate[0] - fields[2].toDouble()) <= 1e-12 * std::max(1.0, std::abs(rate[0])),
            line.constData());
        ++rows;
    }
    QVERIFY(rows > 10);
}

void KernelsTest::everyInstructionSetAgreesWithLibm_data()
{
    QTest::addColumn<QString>("target");
    for (const auto& name : simdTargets())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void KernelsTest::everyInstructionSetAgreesWithLibm()
{
    QFETCH(QString, target);
    const auto k = kernelsFor<double>(target.toStdString());
    const auto f = kernelsFor<float>(target.toStdString());
    const int n = 4000;
    Buffer<double> v(n), rate(n);
    Buffer<float> vf(n), ratef(n);
    for (int i = 0; i < n; ++i) {
        v[i] = -20.0 + 0.01 * i + 1e-4 * std::sin(i);
        vf[i] = static_cast<float>(v[i]);
    }
    double worst = 0, worstFloat = 0;
    k.transfer({}, v.data(), rate.data(), n);
    f.transfer({}, vf.data(), ratef.data(), n);
    for (int i = 0; i < n; ++i) {
        const double exact = softplus(v[i]), exactFloat = softplus(double(vf[i]));
        worst = std::max(worst, std::abs(rate[i] - exact) / std::max(exact, 1e-6));
        worstFloat = std::max(
            worstFloat, std::abs(double(ratef[i]) - exactFloat) / std::max(exactFloat, 1e-6));
    }
    qInfo("%s: relative error of softplus %.2g (double), %.2g (float)", qPrintable(target), worst,
        worstFloat);
    QVERIFY(worst < 1e-14);
    QVERIFY(worstFloat < 1e-5);
    const Transfer<double> logistic{
        .kind = phi_kind::logistic, .gamma = 2, .beta = 1.5, .theta = 0.25};
    k.transfer(logistic, v.data(), rate.data(), n);
    for (int i = 0; i < n; ++i) {
        const double exact = 2 / (1 + std::exp(-1.5 * (v[i] - 0.25)));
        QVERIFY(std::abs(rate[i] - exact) < 1e-14);
    }
    using Form = double (*)(double);
    const std::pair<int, Form> forms[] = {{phi_kind::tanh, [](double z) { return std::tanh(z); }},
        {phi_kind::relu, [](double z) { return z > 0 ? z : 0; }},
        {phi_kind::hard_sigmoid, [](double z) { return z < 0 ? 0
                                                    : z > 1  ? 1
                                                             : z; }}};
    for (const auto& [kind, form] : forms) {
        v[7] = std::nan("");
        k.transfer({kind, 2, 1.5, 0.25}, v.data(), rate.data(), n);
        f.transfer({kind, 2, 1.5F, 0.25F}, vf.data(), ratef.data(), n);
        QVERIFY(std::isnan(rate[7]));
        v[7] = 0;
        for (int i = 8; i < n; ++i) {
            const double exact = 2 * form(1.5 * (v[i] - 0.25));
            QVERIFY(std::abs(rate[i] - exact) <= 1e-14 * std::max(1.0, exact));
            QVERIFY(std::abs(double(ratef[i]) - exact) <= 1e-5 * std::max(1.0, exact));
        }
    }
}

void KernelsTest::theSlopeIsTheDerivativeOfEveryKind()
{
    for (int kind = 0;
         kind < static_cast<int>(circuitParameterTable().find("phi.kind")->choices.size());
         ++kind) {
        const Transfer<double> f{.kind = kind, .gamma = 2, .beta = 1.5, .theta = 0.25};
        for (double v = -3.03; v < 3; v += 0.1) { // not on a corner
            const double h = 1e-5;
            const double numeric = (transfer(f, v + h) - transfer(f, v - h)) / (2 * h);
            QVERIFY2(std::abs(numeric - transferSlope(f, v)) < 1e-8,
                qPrintable(QStringLiteral("kind %1 at %2").arg(kind).arg(v)));
        }
    }
}

void KernelsTest::productsAgreeWithPlainLoops()
{
    QFETCH(QString, target);
    checkProducts(kernelsFor<double>(target.toStdString()), 1e-14);
    checkProducts(kernelsFor<float>(target.toStdString()), 1e-5);
}

void KernelsTest::nonFiniteValuesAreSeen()
{
    QFETCH(QString, target);
    const auto k = kernelsFor<double>(target.toStdString());
    Buffer<double> v(40), rate(40);
    QVERIFY(k.finite(v.data(), 40));
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
             -std::numeric_limits<double>::infinity()}) {
        v[37] = bad;
        QVERIFY(!k.finite(v.data(), 40));
    }
    v[37] = std::nan("");
    k.transfer({}, v.data(), rate.data(), 40);
    QVERIFY(std::isnan(rate[37]) && std::isfinite(rate[36]));
}

QTEST_APPLESS_MAIN(KernelsTest)
#include "tst_kernels.moc"
