// Batch normalisation in the window: it shows the model's own, follows the selection and the
// choices, and says how far the fused net is.
#include "tests/window/watched_run.h"
#include "widgets/network/norm_charts.h"
#include "widgets/network/norm_view.h"
#include "widgets/view/experiment_user.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;
using test::box;
using test::charts;

namespace {

struct Shown {
    test::WatchedRun run{"batch-norm-fusion"};
    std::unique_ptr<View> view{makeNormView(nullptr)};

    explicit Shown(const QSize& size = {760, 420})
    {
        run.edit("learning.rate", 0.0); // weights after a batch are those it went through
        view->resize(size);
        dynamic_cast<ExperimentUser&>(*view).take(&run.experiment);
        look();
    }
    void look()
    {
        run.scene.urgent = true;
        view->refresh(run.scene);
    }
    void step(int steps)
    {
        run.step(steps);
        look();
    }
    const Chart& chart(std::size_t index) { return charts(*view).chart(index); }
    QImage picture(const Theme& theme = Theme::light()) const
    {
        QImage image(view->size(), QImage::Format_RGB32);
        image.fill(theme.panel);
        QPainter painter(&image);
        view->paint(painter, QRectF(QPointF(), QSizeF(view->size())));
        return image;
    }
    std::vector<double> read(const char* quantity) const
    {
        const Model& model = run.lanes[0]->model();
        const Anatomy& a = model.anatomy();
        const int i = a.quantity(quantity);
        const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(i)];
        std::vector<double> values(
            static_cast<std::size_t>(a.of(q).size) * static_cast<std::size_t>(a.cols(q)));
        model.read(i, values);
        return values;
    }
};

/// A column of the first table, of one layer: unit by unit, sample by sample.
std::vector<double> column(const QString& csv, int layer, int which)
{
    std::vector<double> values;
    for (const QString& line : csv.section(u"\n\n"_s, 0, 0).split(u'\n')) {
        const QStringList words = line.split(u',');
        if (words.front() == QString::number(layer))
            values.push_back(words.at(which).toDouble());
    }
    return values;
}

double largestDifference(const std::vector<double>& a, const std::vector<double>& b)
{
    double worst = a.size() == b.size() && !a.empty() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst;
}

} // namespace

class NormViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsThereForNetsThatNormalise()
    {
        const auto row = std::ranges::find(viewTable(), u"batch-norm"_s, &ViewRow::id);
        QVERIFY(row != viewTable().end());
        for (const char* preset : {"batch-norm-fusion", "backprop", "predictive-coding",
                 "conversion", "self-predicting", "lif-bench"}) {
            const Experiment e = loadPreset(preset);
            QCOMPARE(row->applies(Simulation(e).model().anatomy()),
                preset == std::string("batch-norm-fusion"));
        }
    }

    void itShowsWhatTheModelMadeOfTheBatch()
    {
        Shown shown;
        for (const int steps : {1, 1}) {
            shown.step(steps);
            for (const int layer : {1, 2}) {
                const std::string name = "layer" + std::to_string(layer);
                const QString csv = shown.view->csv();
                QVERIFY(largestDifference(column(csv, layer, 3), shown.read((name + ".z").c_str()))
                    < 1e-12);
                QVERIFY(
                    largestDifference(column(csv, layer, 5), shown.read((name + ".norm").c_str()))
                    < 1e-12);
            }
        }
        // In validation it goes on showing what was learned from last.
        const QString before = shown.view->csv();
        shown.step(1);
        QVERIFY(shown.run.scene.frame.lanes[0].task.schedule.at(2).block == Block::Validation);
        QCOMPARE(column(shown.view->csv(), 1, 5), column(before, 1, 5));
        QVERIFY(largestDifference(column(before, 1, 5), shown.read("layer1.norm")) > 1e-3);
    }

    void barsAreSharesOfTheBatchWithItsMoments()
    {
        Shown shown;
        shown.step(2);
        const Chart& after = shown.chart(1);
        const ChartSeries& bars = after.series.front();
        double sum = 0;
        for (const double y : bars.y)
            sum += y;
        QVERIFY(std::abs(sum - 100) < 1e-9);
        // Gain 1 and shift 0 as at the start; z that hardly varies comes to less than 1.
        QVERIFY2(bars.value.startsWith(u"mean "_s), qPrintable(bars.value));
        const std::vector<double> values = shown.read("layer1.norm");
        Matrix all(30, 4);
        all.values = values;
        const NormMoments moments = momentsOf(all, -1);
        QVERIFY(std::abs(moments.mean) < 1e-9);
        QVERIFY(moments.deviation > 0.5 && moments.deviation <= 1);
        QCOMPARE(shown.chart(0).x.low, after.x.low);
        QCOMPARE(shown.chart(0).x.high, after.x.high);
    }

    void pooledMomentsAreThoseOfAllUnits()
    {
        Matrix norm(2, 4); // gain, shift, mean, variance
        norm.values = {2, 1, -3, 4, 1, 5, 3, 16};
        QCOMPARE(runningMoments(norm, 0).mean, -3.0);
        QCOMPARE(runningMoments(norm, 1).deviation, 4.0);
        QCOMPARE(runningMoments(norm, -1).mean, 0.0);
        QCOMPARE(runningMoments(norm, -1).deviation, std::sqrt((4 + 9 + 16 + 9) / 2.0));
        QCOMPARE(wantedMoments(norm, 0).mean, 1.0);
        QCOMPARE(wantedMoments(norm, -1).mean, 3.0);
    }

    void aSelectedUnitIsLookedAt()
    {
        Shown shown;
        shown.step(2);
        QVERIFY(shown.chart(0).note.startsWith(u"30 units"_s));
        shown.run.scene.selection = {Selection::Population::Pyramidal, 2, 6};
        shown.look();
        QCOMPARE(shown.chart(0).title, u"Layer 2 receives"_s);
        QVERIFY(shown.chart(0).note.startsWith(u"unit 7"_s));
        box(*shown.view, u"units"_s).setCurrentIndex(0);
        QVERIFY(shown.chart(0).note.startsWith(u"20 units"_s));
        box(*shown.view, u"layer"_s).setCurrentIndex(0);
        QCOMPARE(shown.chart(0).title, u"Layer 1 receives"_s);
    }

    void runningStatisticsCanTakeThePlaceOfTheBatch()
    {
        Shown shown;
        shown.step(2);
        const QString ofBatch = shown.view->csv();
        box(*shown.view, u"statistics"_s).setCurrentIndex(2);
        QVERIFY(largestDifference(column(ofBatch, 1, 5), column(shown.view->csv(), 1, 5)) > 1e-3);
        QCOMPARE(column(shown.view->csv(), 1, 3), column(ofBatch, 1, 3));
    }

    void theFusedNetIsTheSameToRounding()
    {
        Shown shown;
        shown.run.edit("learning.rate", 0.01);
        shown.step(400);
        const Chart& fusion = shown.chart(2);
        QVERIFY(fusion.y.logarithmic);
        const auto most = [&](const QString& name) {
            const auto found = std::ranges::find(fusion.series, name, &ChartSeries::name);
            return found == fusion.series.end() ? HUGE_VAL : *std::ranges::max_element(found->y);
        };
        QVERIFY(most(u"double"_s) < 1e-12);
        QVERIFY(most(u"float"_s) < 1e-4);
        QVERIFY(most(u"with this batch's m, sd"_s) > 1e-3);
        QVERIFY(shown.view->subtitle().contains(u"largest difference"_s));
    }

    void itFitsWhereverItStands()
    {
        for (const QSize& size :
            {QSize(900, 520), QSize(640, 200), QSize(320, 520), QSize(260, 150)}) {
            Shown shown(size);
            shown.step(2);
            const QImage light = shown.picture();
            QVERIFY(light.convertToFormat(QImage::Format_Indexed8).colorCount() > 8);
            for (std::size_t i = 0; i < charts(*shown.view).count(); ++i) {
                const QRectF plot = charts(*shown.view).plotArea(i);
                QVERIFY(QRectF(shown.view->rect()).contains(plot));
                QVERIFY(plot.height() >= 30 && plot.width() >= 40);
            }
        }
    }

    void whereNothingNormalisesItSaysSo()
    {
        test::WatchedRun run("backprop");
        const std::unique_ptr<View> view(makeNormView(nullptr));
        view->refresh(run.scene);
        QCOMPARE(charts(*view).count(), std::size_t{0});
        QVERIFY(view->csv().isEmpty());
        QVERIFY(view->subtitle().isEmpty());
    }
};

QTEST_MAIN(NormViewTest)
#include "tst_norm_view.moc"
