// What a model says it is made of: everything listed can be read, and reading changes nothing.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/experiment/parameters.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <cmath>
#include <set>
#include <string>
#include <vector>

using namespace apical;

namespace {

Experiment learning(const std::string& precision, std::vector<int> layers)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    e.precision = precision;
    e.parameters.biasOn = true;
    circuit(e.parameters).etaUp = {0.05};
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.1};
    circuit(e.parameters).etaDown = {0.05};
    return e;
}

void run(Simulation& simulation, int steps)
{
    for (int i = 0; i < steps; ++i)
        QVERIFY(simulation.step());
}

// Every quantity and weight, in order.
std::vector<double> everything(const Model& model)
{
    const Anatomy& a = model.anatomy();
    std::vector<double> all;
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        std::vector<double> values(static_cast<std::size_t>(a.of(a.quantities[i]).size), NAN);
        model.read(static_cast<int>(i), values);
        all.insert(all.end(), values.begin(), values.end());
    }
    for (std::size_t i = 0; i < a.projections.size(); ++i) {
        const Anatomy::Projection& p = a.projections[i];
        std::vector<double> values(static_cast<std::size_t>(a.rows(p) * a.cols(p)), NAN);
        model.readWeights(static_cast<int>(i), values);
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

} // namespace

class AnatomyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingCanBeRead_data() { models(); }
    void everythingCanBeRead();
    void readingChangesNoBit_data() { models(); }
    void readingChangesNoBit();
    void namesAreUniqueAndFound_data() { models(); }
    void namesAreUniqueAndFound();
    void probesAreTheAnatomy_data() { models(); }
    void probesAreTheAnatomy();
    void projectionsHaveTheShapeOfTheirWeights_data() { models(); }
    void projectionsHaveTheShapeOfTheirWeights();
    void keysOfProjectionsAreParameters();

private:
    static void models()
    {
        QTest::addColumn<QString>("precision");
        for (const char* precision : {"double", "float", "reference"})
            QTest::newRow(precision) << QString::fromLatin1(precision);
    }
    static Experiment experiment(std::vector<int> layers = {4, 6, 5, 3})
    {
        QFETCH(QString, precision);
        return learning(precision.toStdString(), std::move(layers));
    }
};

void AnatomyTest::everythingCanBeRead()
{
    Simulation simulation(experiment());
    run(simulation, 20);
    for (const double value : everything(simulation.model()))
        QVERIFY(std::isfinite(value));
}

void AnatomyTest::readingChangesNoBit()
{
    Simulation looked(experiment()), alone(experiment());
    for (int i = 0; i < 30; ++i) {
        QVERIFY(looked.step() && alone.step());
        const auto first = everything(looked.model());
        QVERIFY(everything(looked.model()) == first);
    }
    QVERIFY(looked.model().save() == alone.model().save());
}

void AnatomyTest::namesAreUniqueAndFound()
{
    const Simulation simulation(experiment());
    const Anatomy& a = simulation.model().anatomy();
    std::set<std::string> names, populations;
    for (const Anatomy::Population& p : a.populations)
        QVERIFY2(populations.insert(p.name).second, p.name.c_str());
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        QVERIFY2(names.insert(a.quantities[i].name).second, a.quantities[i].name.c_str());
        QCOMPARE(a.quantity(a.quantities[i].name), static_cast<int>(i));
    }
    for (std::size_t i = 0; i < a.projections.size(); ++i) {
        QVERIFY2(names.insert(a.projections[i].name).second, a.projections[i].name.c_str());
        QCOMPARE(a.projection(a.projections[i].name), static_cast<int>(i));
    }
    QCOMPARE(a.quantity("layer9.pyr.rate"), -1);
}

void AnatomyTest::probesAreTheAnatomy()
{
    Simulation simulation(experiment());
    run(simulation, 20);
    const Model& model = simulation.model();
    const Anatomy& a = model.anatomy();
    QCOMPARE(model.probes().size(), a.quantities.size() + a.projections.size());
    for (const Probe& probe : model.probes()) {
        std::vector<double> byProbe(static_cast<std::size_t>(probe.size())), byIndex = byProbe;
        probe.read(byProbe);
        const int quantity = a.quantity(probe.name), projection = a.projection(probe.name);
        QVERIFY((quantity < 0) != (projection < 0));
        if (quantity >= 0)
            model.read(quantity, byIndex);
        else
            model.readWeights(projection, byIndex);
        QVERIFY2(byProbe == byIndex, probe.name.c_str());
    }
}

void AnatomyTest::projectionsHaveTheShapeOfTheirWeights()
{
    Simulation simulation(experiment());
    run(simulation, 20);
    const Model& model = simulation.model();
    const Anatomy& a = model.anatomy();
    for (int l = 1; l <= 3; ++l) {
        const LayerWeights w = layerWeights(model, l);
        const std::vector<std::pair<std::string, Matrix>> pathways{
            {"W_up", w.up}, {"W_down", w.down}, {"W_ip", w.ip}, {"W_pi", w.pi}};
        for (const auto& [pathway, matrix] : pathways) {
            const int index = a.projection("layer" + std::to_string(l) + '.' + pathway);
            QCOMPARE(index < 0, matrix.empty());
            if (index < 0)
                continue;
            const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(index)];
            QCOMPARE(p.pathway, pathway);
            QCOMPARE(a.rows(p), matrix.rows);
            QCOMPARE(a.cols(p), matrix.cols);
            Matrix read(a.rows(p), a.cols(p));
            model.readWeights(index, read.values);
            QVERIFY(read == matrix);
        }
    }
}

void AnatomyTest::keysOfProjectionsAreParameters()
{
    const Simulation simulation(learning("double", {4, 6, 3}));
    for (const Anatomy::Projection& p : simulation.model().anatomy().projections) {
        QVERIFY2(circuitParameterTable().find(p.rateKey), p.rateKey.c_str());
        QVERIFY2(circuitParameterTable().find(p.lockKey), p.lockKey.c_str());
    }
}

QTEST_APPLESS_MAIN(AnatomyTest)
#include "tst_anatomy.moc"
