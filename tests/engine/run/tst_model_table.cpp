// What belongs to a model and what does not: a family's own parameters beside those of every run,
// keys of other models, names of models.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/lanes.h"
#include "sim/experiment/run_parameters.h"
#include "sim/run/model_table.h"

#include <QTest>

#include <any>
#include <stdexcept>

using namespace apical;

namespace {

/// A family with two parameters of its own.
struct ToyParameters {
    double pace = 0;
    std::vector<double> weights;
    bool operator==(const ToyParameters&) const = default;
};

const ParameterTable& toyTable()
{
    static const ParameterTable table("toy",
        {runParameter("angle.interval"),
            {"toy.pace", "Toy", "p", "pace", "1", ParameterKind::Real, 2.5, 0, 10, false, 0, 10,
                false, true, {}, &ToyParameters::pace, "How fast it goes.", "this test"},
            {"toy.weights", "Toy", "w", "weights", "1", ParameterKind::PerLayer,
                std::vector<double>{1}, 0, 10, false, 0, 10, false, true, {},
                &ToyParameters::weights, "How heavy it is.", "this test"}},
        FamilyValue(ToyParameters{}));
    return table;
}

const ModelRow kModels[] = {
    {"microcircuit", "", circuitParameterTable, {}, false, nullptr, nullptr},
    {"toy", "", toyTable, {}, false, nullptr, nullptr}};

InputError::Fields errorOf(Parameters p, std::string_view key)
{
    try {
        setParameter(p, key, 1.0, 2);
    } catch (const InputError& error) {
        return error.fields();
    }
    return {};
}

} // namespace

class ModelTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTableHoldsItsDefaultsAndItsName();
    void aKeyThatDoesNotApplyIsAnErrorWithTheNearestThatDoes();
    void aKeyOfAnotherModelIsSaidToBelongToIt();
    void copiesAreIndependentAndCompareTheFamilysOwn();
    void oneFamilyDoesNotReadTheOthersParameters();
    void durationsAreThoseOfTheModel();
    void everyModelMakesAnExperimentOfItsOwn();
    void anUnknownModelIsAnErrorWithTheNearest();
    void aRowOfRunsThatDoesNotExistIsNoParameter();
};

void ModelTableTest::aTableHoldsItsDefaultsAndItsName()
{
    const Parameters p = toyTable().defaults();
    QCOMPARE(p.model(), std::string_view("toy"));
    QCOMPARE(&p.table(), &toyTable());
    QCOMPARE(p.family<ToyParameters>().pace, 2.5);
    QCOMPARE(p.family<ToyParameters>().weights, std::vector<double>{1});
    QCOMPARE(p.table().size(), std::size_t{3});
    const Parameters none;
    QVERIFY(none.model().empty());
    QCOMPARE(none.table().size(), std::size_t{0});
}

void ModelTableTest::aKeyThatDoesNotApplyIsAnErrorWithTheNearestThatDoes()
{
    QCOMPARE(errorOf(toyTable().defaults(), "toy.pase").nearest, std::string("toy.pace"));
    const auto foreign = errorOf(toyTable().defaults(), "angle.intervals");
    QCOMPARE(foreign.nearest, std::string("angle.interval"));
    QCOMPARE(foreign.key, std::string("angle.intervals"));
    QVERIFY(!errorOf(toyTable().defaults(), "eta.pi").problem.empty());
    QVERIFY(!errorOf(circuitParameterTable().defaults(), "toy.pace").problem.empty());
    QVERIFY(errorOf(toyTable().defaults(), "toy.pace").problem.empty());
}

void ModelTableTest::aKeyOfAnotherModelIsSaidToBelongToIt()
{
    QCOMPARE(unknownParameterText(circuitParameterTable(), "toy.pace", "key", kModels),
        std::string("toy.pace belongs to model toy, not to microcircuit"));
    QCOMPARE(unknownParameterText(toyTable(), "eta.pi", "key", kModels),
        std::string("eta.pi belongs to model microcircuit, not to toy"));
    QCOMPARE(unknownParameterText(toyTable(), "eta.pj", "key", kModels),
        std::string("unknown key \"eta.pj\""));
    QCOMPARE(
        unknownParameterText(toyTable(), "eta.pj"), std::string("unknown parameter \"eta.pj\""));
}

void ModelTableTest::copiesAreIndependentAndCompareTheFamilysOwn()
{
    const Parameters first = circuitParameterTable().defaults();
    Parameters second = first;
    QVERIFY(second == first);
    circuit(second).etaUp = {0.5};
    QVERIFY(second != first);
    QCOMPARE(circuit(first).etaUp, std::vector<double>{0});
    QCOMPARE(circuit(circuitParameterTable().defaults()).etaUp, std::vector<double>{0});
    circuit(second).etaUp = circuit(first).etaUp;
    QVERIFY(second == first);
    QVERIFY(toyTable().defaults() != first);
    second = toyTable().defaults();
    QVERIFY(second == toyTable().defaults());
    QVERIFY(Parameters() == Parameters());
    QVERIFY(Parameters() != second);
    const auto differing = differingRows(
        first,
        [&] {
            Parameters p = first;
            circuit(p).lockPi = true;
            return p;
        }(),
        2);
    QCOMPARE(differing.size(), std::size_t{1});
    QCOMPARE(differing.front()->key, std::string_view("lock.pi"));
}

void ModelTableTest::oneFamilyDoesNotReadTheOthersParameters()
{
    Parameters toy = toyTable().defaults();
    QVERIFY(!circuitIf(toy));
    QVERIFY_THROWS_EXCEPTION(std::bad_any_cast, static_cast<void>(circuit(toy)));
    QVERIFY(circuitIf(circuitParameterTable().defaults()));
    QVERIFY(!circuitIf(Parameters()));
}

void ModelTableTest::durationsAreThoseOfTheModel()
{
    Experiment e = newExperiment();
    e.parameters = toyTable().defaults();
    checkDurations(e); // it has none
    e.parameters = circuitParameterTable().defaults();
    e.parameters.plasticityOnset = 0.05;
    QVERIFY_THROWS_EXCEPTION(InputError, checkDurations(e));
}

void ModelTableTest::everyModelMakesAnExperimentOfItsOwn()
{
    for (const ModelRow& row : modelTable()) {
        const Experiment e = newExperiment(row.name);
        QCOMPARE(e.model(), row.name);
        QVERIFY(e.parameters == row.parameters().defaults());
        QCOMPARE(findModel(row.name), &row);
    }
    QCOMPARE(newExperiment().model(), modelTable().front().name);
}

void ModelTableTest::anUnknownModelIsAnErrorWithTheNearest()
{
    QVERIFY(!findModel("microcircus"));
    try {
        static_cast<void>(newExperiment("microcircus"));
        QFAIL("no error");
    } catch (const InputError& error) {
        QCOMPARE(error.fields().key, std::string("model"));
        QCOMPARE(error.fields().nearest, std::string("microcircuit"));
    }
}

void ModelTableTest::aRowOfRunsThatDoesNotExistIsNoParameter()
{
    QCOMPARE(runParameter("dt").key, std::string_view("dt"));
    QVERIFY_THROWS_EXCEPTION(std::logic_error, static_cast<void>(runParameter("eta.pi")));
}

QTEST_APPLESS_MAIN(ModelTableTest)
#include "tst_model_table.moc"
