// Slope, R2 and cosine of the alignment scatters against closed forms.
#include "sim/circuit/alignment.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace apical;
using std::vector;

namespace {

void near(double found, double wanted)
{
    QVERIFY2(std::abs(found - wanted) <= 1e-12 * std::max(1.0, std::abs(wanted)),
        qPrintable(QString::number(found, 'g', 17) + QStringLiteral(" is not ")
            + QString::number(wanted, 'g', 17)));
}

} // namespace

class TestAlignmentNumbers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pointsOnTheDiagonalGiveOneThreeTimes()
    {
        const vector<double> x{-0.5, 0.2, 0.9, 0.3};
        const auto n = alignmentNumbers(x, x);
        near(n.slope, 1);
        near(n.r2, 1);
        near(n.cosine, 1);
        QCOMPARE(n.points, std::size_t(4));
    }

    void aLineWithOffsetHasItsSlopeButAnotherCosine()
    {
        const vector<double> x{0, 1, 2, 3};
        const vector<double> y{2, 1.5, 1, 0.5}; // y = 2 - x/2
        const auto n = alignmentNumbers(x, y);
        near(n.slope, -0.5);
        near(n.r2, 1);
        near(n.cosine, 5 / std::sqrt(14.0 * 7.5));
    }

    void scatteredPointsFollowTheTextbook()
    {
        // x = -1, 0, 1; y = 0, 3, 0 + 2: cov 2, var x 2, var y 14/3
        const vector<double> x{-1, 0, 1};
        const vector<double> y{0, 3, 2};
        const auto n = alignmentNumbers(x, y);
        near(n.slope, 1);
        near(n.r2, 2.0 / (14.0 / 3.0));
        near(n.cosine, 2 / std::sqrt(2.0 * 13.0));
    }

    void oppositeWeightsHaveCosineMinusOne()
    {
        const auto n = alignmentNumbers(vector<double>{0.3, -0.4}, vector<double>{-0.6, 0.8});
        near(n.cosine, -1);
        near(n.slope, -2);
    }

    void whatThePointsDoNotDetermineIsNotANumber()
    {
        const vector<double> none;
        QVERIFY(std::isnan(alignmentNumbers(none, none).slope));
        QVERIFY(std::isnan(alignmentNumbers(none, none).cosine));

        const vector<double> equal{0.1, 0.1, 0.1};
        const vector<double> ramp{0.1, 0.2, 0.3};
        QVERIFY(std::isnan(alignmentNumbers(equal, ramp).slope));
        QVERIFY(std::isnan(alignmentNumbers(equal, ramp).r2));
        near(alignmentNumbers(equal, ramp).cosine, 0.06 / std::sqrt(0.03 * 0.14));
        QVERIFY(std::isnan(alignmentNumbers(ramp, equal).r2));
        QVERIFY(std::abs(alignmentNumbers(ramp, equal).slope) < 1e-12);

        const vector<double> zero{0, 0, 0};
        QVERIFY(std::isnan(alignmentNumbers(zero, ramp).cosine));

        const vector<double> broken{0.1, std::numeric_limits<double>::infinity(), 0.3};
        QVERIFY(std::isnan(alignmentNumbers(broken, ramp).slope));
        QVERIFY(std::isnan(alignmentNumbers(broken, ramp).cosine));
    }

    void theScaleOfTheWeightsDoesNotMatter()
    {
        const vector<double> x{1e-9, -2e-9, 3e-9};
        const vector<double> y{2e-9, -4e-9, 6e-9};
        const auto n = alignmentNumbers(x, y);
        near(n.slope, 2);
        near(n.r2, 1);
        near(n.cosine, 1);
    }
};

QTEST_APPLESS_MAIN(TestAlignmentNumbers)
#include "tst_alignment_numbers.moc"
