// Invariants over all rows of the parameter table, and what it says of bad values.
#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/parameters.h"

#include <QTest>

#include <set>

using namespace apical;

class ParametersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRowIsComplete();
    void everyDefaultIsAllowedAndRoundTripsAsText();
    void everyRowChangesExactlyOneField();
    void badValuesAreErrorsThatNameKeyAndRemedy_data();
    void badValuesAreErrorsThatNameKeyAndRemedy();
    void listsHoldOneEntryOrOnePerLayer();
    void pathwaysIntoHiddenLayersTakeOneEntryPerHiddenLayer();
    void keysNearAKnownOneAreSuggested();
};

void ParametersTest::everyRowIsComplete()
{
    std::set<std::string_view> keys;
    for (const ParameterRow& row : circuitParameterTable()) {
        QVERIFY2(keys.insert(row.key).second, row.key.data());
        QVERIFY2(
            !row.group.empty() && !row.symbol.empty() && !row.name.empty() && !row.unit.empty(),
            row.key.data());
        QVERIFY2(row.name.size() <= 14, row.name.data());
        QVERIFY2(row.help.size() > 15 && !row.source.empty(), row.key.data());
        if (row.kind == ParameterKind::Real || row.kind == ParameterKind::PerLayer) {
            QVERIFY2(row.low < row.high, row.key.data());
            QVERIFY2(row.low <= row.sliderLow && row.sliderLow < row.sliderHigh
                    && row.sliderHigh <= row.high,
                row.key.data());
            QVERIFY2(!row.logarithmic || row.sliderLow > 0, row.key.data());
        }
        QVERIFY2((row.kind == ParameterKind::Choice) == !row.choices.empty(), row.key.data());
        QCOMPARE(circuitParameterTable().find(row.key), &row);
    }
    QVERIFY(keys.size() >= 40);
}

void ParametersTest::everyDefaultIsAllowedAndRoundTripsAsText()
{
    for (const ParameterRow& row : circuitParameterTable()) {
        Parameters p = circuitParameterTable().defaults();
        setParameter(p, row, row.defaultValue, 2);
        QVERIFY2(parameterValue(p, row) == row.defaultValue, row.key.data());
        const std::string text = parameterText(row.defaultValue);
        QVERIFY2(parseParameter(row, text) == row.defaultValue, text.c_str());
    }
}

void ParametersTest::everyRowChangesExactlyOneField()
{
    for (const ParameterRow& row : circuitParameterTable()) {
        Parameters p = circuitParameterTable().defaults();
        ParameterValue other = row.defaultValue;
        if (auto* flag = std::get_if<bool>(&other))
            *flag = !*flag;
        else if (auto* number = std::get_if<double>(&other))
            *number =
                row.kind == ParameterKind::Count ? *number + 1 : row.low + (row.high - row.low) / 3;
        else if (auto* word = std::get_if<std::string>(&other))
            *word = row.choices.back();
        else
            other = std::vector<double>{row.low + (row.high - row.low) / 3};
        setParameter(p, row, other, 2);
        QVERIFY2(p != circuitParameterTable().defaults(), row.key.data());
        setParameter(p, row, row.defaultValue, 2);
        QVERIFY2(p == circuitParameterTable().defaults(), row.key.data());
    }
}

void ParametersTest::badValuesAreErrorsThatNameKeyAndRemedy_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("too large") << "dt"
                               << "5"
                               << "dt = 5 ms is outside its range";
    QTest::newRow("not a number") << "dt"
                                  << "fast"
                                  << "dt = \"fast\" is not a number";
    QTest::newRow("nan") << "eta.pi"
                         << "nan"
                         << "eta.pi[0] = nan 1/ms is outside the finite numbers";
    QTest::newRow("infinite") << "circuit.g_l"
                              << "inf"
                              << "circuit.g_l = inf 1/ms is outside the finite numbers";
    QTest::newRow("flag") << "bias.on"
                          << "maybe"
                          << "bias.on = \"maybe\" is neither true nor false";
    QTest::newRow("word") << "phi.kind"
                          << "softplux"
                          << "phi.kind = \"softplux\" is not known";
    QTest::newRow("list too long")
        << "eta.ip"
        << "[1,2,3]"
        << "eta.ip has 3 entries; the network has 1 hidden layer and 2 target layers";
    QTest::newRow("list length of all layers")
        << "eta.up"
        << "[1,2,3]"
        << "eta.up has 3 entries; the network has 2 target layers";
    QTest::newRow("list entry") << "eta.up"
                                << "[1,-2]"
                                << "eta.up[1] = -2 1/ms is outside its range";
}

void ParametersTest::badValuesAreErrorsThatNameKeyAndRemedy()
{
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, problem);
    Parameters p = circuitParameterTable().defaults();
    try {
        const ParameterRow* row = circuitParameterTable().find(key.toStdString());
        setParameter(p, *row, parseParameter(*row, text.toStdString()), 2);
        QFAIL("no error");
    } catch (const InputError& e) {
        QCOMPARE(QString::fromStdString(e.fields().key), key);
        QCOMPARE(QString::fromStdString(e.fields().problem), problem);
        QVERIFY(!e.fields().allowed.empty());
    }
    QVERIFY(p == circuitParameterTable().defaults());
}

void ParametersTest::listsHoldOneEntryOrOnePerLayer()
{
    Parameters p = circuitParameterTable().defaults();
    setParameter(p, "eta.up", std::vector<double>{0.5, 0.1}, 2);
    QCOMPARE(layerValue(circuit(p).etaUp, 1), 0.1);
    setParameter(p, "eta.up", 0.3, 2);
    QCOMPARE(layerValue(circuit(p).etaUp, 1), 0.3);
}

void ParametersTest::pathwaysIntoHiddenLayersTakeOneEntryPerHiddenLayer()
{
    for (const char* key : {"eta.ip", "eta.pi", "eta.down"}) {
        const ParameterRow& row = *circuitParameterTable().find(key);
        Parameters p = circuitParameterTable().defaults();
        for (const auto& list :
            std::vector<std::vector<double>>{{0.5}, {0.1, 0.2}, {0.1, 0.2, 0}}) {
            setParameter(p, row, list, 3);
            QVERIFY(parameterValue(p, row) == ParameterValue(list)); // as it came
        }
        setParameter(p, row, parseParameter(row, "[0.3, 0.4]"), 3);
        QCOMPARE(layerValue(std::get<std::vector<double>>(row.field.get(p)), 1), 0.4);
        try {
            setParameter(p, row, std::vector<double>(4, 0.1), 3);
            QFAIL("no error");
        } catch (const InputError& e) {
            QCOMPARE(e.fields().problem,
                std::string(key)
                    + " has 4 entries; the network has 2 hidden layers and 3 target layers");
            QVERIFY(e.fields().allowed.find("one per hidden layer") != std::string::npos);
        }
        QVERIFY_THROWS_EXCEPTION(InputError, setParameter(p, row, std::vector<double>{}, 3));
        QVERIFY_THROWS_EXCEPTION(InputError, setParameter(p, row, std::vector<double>{}, 1));
    }
    Parameters p = circuitParameterTable().defaults();
    QVERIFY_THROWS_EXCEPTION(
        InputError, setParameter(p, "eta.up", std::vector<double>{0.1, 0.2}, 3));
}

void ParametersTest::keysNearAKnownOneAreSuggested()
{
    Parameters p = circuitParameterTable().defaults();
    for (const auto& [wrong, right] : std::vector<std::pair<std::string, std::string>>{
             {"eta.pj", "eta.pi"}, {"circuit.g_leak", "circuit.g_l"},
             {"circuit.latent_equilibirum", "circuit.latent_equilibrium"}}) {
        try {
            setParameter(p, wrong, 1.0, 2);
            QFAIL("no error");
        } catch (const InputError& e) {
            QCOMPARE(e.fields().nearest, right);
        }
    }
    const std::vector<std::string_view> words{"alpha", "beta"};
    QCOMPARE(nearest("quite something else", words), std::string());
}

QTEST_APPLESS_MAIN(ParametersTest)
#include "tst_parameters.moc"
