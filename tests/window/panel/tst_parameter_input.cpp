// Hands on the parameter panel: typing, dragging, wheel, and frames that arrive meanwhile.
#include "sim/circuit/circuit_parameters.h"
#include "tests/window/parameter_panel_bench.h"
#include "widgets/panel/value_editor_slider.h"
#include "widgets/view/parameter_text.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>

using namespace apical;

class TestParameterInput : public PanelBench {
    Q_OBJECT
private Q_SLOTS:
    void init() { open(); }
    void cleanup() { panel.reset(); }

    void numbersBeyondTheSliderAndScientificInputAreTaken();
    void valuesKeepFullPrecision();
    void perLayerNumbersExpand();
    void numbersPerHiddenLayerStayOnePerHiddenLayer();
    void invalidInputIsRefusedInlineAndEscReverts();
    void draggingIsContinuousAndClosesOnce();
    void aRefreshDoesNotDisturbADragOrTyping();
    void aLateFrameDoesNotTakeBackAnEdit();
    void theWheelScrollsThePanelUnlessTheEditorHasFocus();
    void limitsCanBeSwitchedOff();
    void aCommaIsADecimalOrRefusedAndTheOwnUnitIsTaken_data();
    void aCommaIsADecimalOrRefusedAndTheOwnUnitIsTaken();
    void afterReturnTheBoxLetsGoOfTheKeyboard();
};

void TestParameterInput::numbersBeyondTheSliderAndScientificInputAreTaken()
{
    auto* box = part<NumberBox>(p(), QStringLiteral("eta.pi.box"));
    type(*box, QStringLiteral("1e-3"));
    QVERIFY(edits.back().value == ParameterValue(std::vector<double>{1e-3}));
    type(*box, QStringLiteral("5000"));
    QVERIFY(edits.back().value == ParameterValue(std::vector<double>{5000}));
    QCOMPARE(part<ValueSlider>(p(), QStringLiteral("eta.pi.slider"))->value(), 1000);
    type(*part<NumberBox>(p(), QStringLiteral("stimulus.low.box")), QStringLiteral("\u22122.5"));
    QVERIFY(edits.back().value == ParameterValue(-2.5));
}

void TestParameterInput::valuesKeepFullPrecision()
{
    Parameters values = circuitParameterTable().defaults();
    circuit(values).leak = 0.1 + 0.2;
    p().setValues(values, 2);
    auto* box = part<NumberBox>(p(), QStringLiteral("circuit.g_l.box"));
    QVERIFY(box->findChild<QLineEdit*>()->text().size() <= 6);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Return); // nothing was typed: nothing is applied
    p().setFocus();
    QVERIFY(edits.empty());
    QVERIFY(box->value() == 0.1 + 0.2);
    const QFontMetricsF metrics(uiFont(12));
    QCOMPARE(compactNumber(0.1, metrics, 40), QStringLiteral("0.100"));
    QCOMPARE(compactNumber(200, metrics, 40), QStringLiteral("200"));
    QCOMPARE(compactNumber(18, metrics, 40), QStringLiteral("18.0"));
    QCOMPARE(compactNumber(18, metrics, 40, true), QStringLiteral("18"));
    QCOMPARE(compactNumber(1, metrics, 40, true), QStringLiteral("1"));
    QCOMPARE(compactNumber(60000, metrics, 60, true), QStringLiteral("60000"));
    QCOMPARE(compactNumber(0, metrics, 40), QStringLiteral("0"));
    QCOMPARE(compactNumber(1e-6, metrics, 40), QStringLiteral("1e\u22126"));
    QCOMPARE(compactNumber(kNone, metrics, 40), QStringLiteral("none"));
}

void TestParameterInput::perLayerNumbersExpand()
{
    p().setValues(circuitParameterTable().defaults(), 3);
    auto* expand = part<QAbstractButton>(p(), QStringLiteral("eta.up.expand"));
    expand->click();
    QTRY_VERIFY(rowOf("eta.up").height() > 100);
    type(*part<NumberBox>(p(), QStringLiteral("eta.up.box.1")), QStringLiteral("0.5"));
    QVERIFY(edits.back().value == ParameterValue(std::vector<double>{0, 0.5, 0}));
    QCOMPARE(part<NumberBox>(p(), QStringLiteral("eta.up.box"))->findChild<QLineEdit*>()->text(),
        QStringLiteral("varied"));
    type(*part<NumberBox>(p(), QStringLiteral("eta.up.box")), QStringLiteral("0.25"));
    QVERIFY(edits.back().value == ParameterValue(std::vector<double>{0.25}));
    QCOMPARE(part<NumberBox>(p(), QStringLiteral("eta.up.box.2"))->value(), 0.25);
    QCOMPARE(layerLabel(0, 3), QStringLiteral("hidden 1"));
    QCOMPARE(layerLabel(2, 3), QStringLiteral("output"));
    expand->click();
    QTRY_COMPARE(rowOf("eta.up").height(), ParameterRowWidget::kHeight);
}

void TestParameterInput::numbersPerHiddenLayerStayOnePerHiddenLayer()
{
    Parameters parameters = circuitParameterTable().defaults();
    circuit(parameters).etaIp = {0.1, 0.2};
    p().setValues(parameters, 3);
    part<QAbstractButton>(p(), QStringLiteral("eta.ip.expand"))->click();
    auto* output = part<NumberBox>(p(), QStringLiteral("eta.ip.box.2"));
    QVERIFY(!output->isEnabled());
    QCOMPARE(output->findChild<QLineEdit*>()->text(), QStringLiteral("\u2013"));
    type(*part<NumberBox>(p(), QStringLiteral("eta.ip.box.1")), QStringLiteral("0.5"));
    QVERIFY(edits.back().value == ParameterValue(std::vector<double>{0.1, 0.5}));
    // Shown at once: what a run says must wait until it has had the edit above.
    p().showValue(-1, QStringLiteral("eta.ip"), std::vector<double>{0.1, 0.2, 0.3});
    type(*part<NumberBox>(p(), QStringLiteral("eta.ip.box.0")), QStringLiteral("0.5"));
    QCOMPARE(std::get<std::vector<double>>(edits.back().value).size(), std::size_t{3});
}

void TestParameterInput::invalidInputIsRefusedInlineAndEscReverts()
{
    auto* box = part<NumberBox>(p(), QStringLiteral("dt.box"));
    for (const char* bad : {"5", "abc", "nan", "inf", "1e999", "-0.1", ""}) {
        box->setFocus();
        box->selectAll();
        QTest::keyClick(box, Qt::Key_Delete);
        QTest::keyClicks(box, QString::fromLatin1(bad));
        QTest::keyClick(box, Qt::Key_Return);
        QVERIFY2(edits.empty(), bad);
        QVERIFY2(p().errorText(QStringLiteral("dt")).contains(QStringLiteral("[0.001, 1] ms")),
            qPrintable(p().errorText(QStringLiteral("dt"))));
        QVERIFY(rowOf("dt").height() > ParameterRowWidget::kHeight);
        QTest::keyClick(box, Qt::Key_Escape);
        QCOMPARE(box->value(), 0.1);
        QCOMPARE(p().errorText(QStringLiteral("dt")), QString());
        QCOMPARE(rowOf("dt").height(), ParameterRowWidget::kHeight);
    }
    p().showError(QStringLiteral("eta.pi"), QStringLiteral("the run refused this"));
    QVERIFY(
        p().errorText(QStringLiteral("eta.pi")).contains(QStringLiteral("the run refused this")));
}

void TestParameterInput::draggingIsContinuousAndClosesOnce()
{
    auto* slider = part<ValueSlider>(p(), QStringLiteral("circuit.g_b.slider"));
    const int y = slider->height() / 2;
    const int x = slider->width() / 2;
    QTest::mousePress(slider, Qt::LeftButton, {}, {x, y});
    for (int dx = 2; dx <= 10; dx += 2)
        QTest::mouseMove(slider, {x + dx, y});
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {x + 10, y});
    QVERIFY(edits.size() >= 3);
    for (std::size_t i = 0; i + 1 < edits.size(); ++i)
        QVERIFY(edits[i].continuous);
    QVERIFY(!edits.back().continuous);
    QVERIFY(edits.back().value == edits[edits.size() - 2].value);
    edits.clear();
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(edits.size(), std::size_t{1});
    QVERIFY(!edits.back().continuous);
}

void TestParameterInput::aRefreshDoesNotDisturbADragOrTyping()
{
    Parameters other = circuitParameterTable().defaults();
    circuit(other).basal = 1.5;
    circuit(other).leak = 0.5;
    auto* slider = part<ValueSlider>(p(), QStringLiteral("circuit.g_b.slider"));
    QTest::mousePress(slider, Qt::LeftButton, {}, {20, slider->height() / 2});
    const int held = slider->value();
    auto* box = part<NumberBox>(p(), QStringLiteral("circuit.g_l.box"));
    box->setFocus();
    box->selectAll();
    QTest::keyClicks(box, QStringLiteral("0.07"));
    for (int i = 0; i < 30; ++i)
        p().setValues(other, 2);
    QCOMPARE(slider->value(), held);
    QCOMPARE(box->findChild<QLineEdit*>()->text(), QStringLiteral("0.07"));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {20, slider->height() / 2});
    QTest::keyClick(box, Qt::Key_Escape);
    for (int i = 0; i < 30; ++i)
        p().setValues(other, 2);
    QVERIFY(box->value() == 0.5);
    QCOMPARE(slider->value(), slider->positionOf(1.5));
}

void TestParameterInput::aLateFrameDoesNotTakeBackAnEdit()
{
    auto* box = part<NumberBox>(p(), QStringLiteral("dt.box"));
    type(*box, QStringLiteral("0.2"));
    p().setValues(circuitParameterTable().defaults(), 2); // drawn before the edit arrived
    QCOMPARE(box->value(), 0.2);
    Parameters confirmed = circuitParameterTable().defaults();
    confirmed.dt = 0.2;
    p().setValues(confirmed, 2);
    p().showValue(QStringLiteral("dt"), 0.1); // undo
    QCOMPARE(box->value(), 0.1);
    p().setValues(confirmed, 2);
    QCOMPARE(box->value(), 0.1);
}

void TestParameterInput::theWheelScrollsThePanelUnlessTheEditorHasFocus()
{
    auto* scroll = p().findChild<QScrollArea*>();
    part<QLineEdit>(p(), QStringLiteral("parameters.search"))->setFocus();
    const auto turn = [](QWidget* target) {
        const QPointF at = target->rect().center();
        QWheelEvent event(at, target->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&event); // Qt hands only real wheel events to parents
        qApp->notify(target, &event);
    };
    for (const char* name : {"dt.slider", "dt.box", "phi.kind.choice"}) {
        const int before = scroll->verticalScrollBar()->value();
        turn(part<QWidget>(p(), QString::fromLatin1(name)));
        QVERIFY2(scroll->verticalScrollBar()->value() > before, name);
    }
    QVERIFY(edits.empty());
    auto* box = part<NumberBox>(p(), QStringLiteral("dt.box"));
    box->setFocus();
    turn(box);
    QCOMPARE(edits.size(), std::size_t{1});
}

void TestParameterInput::aCommaIsADecimalOrRefusedAndTheOwnUnitIsTaken_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("expected"); // negative: refused
    QTest::newRow("decimal") << QStringLiteral("2,5") << 2.5;
    QTest::newRow("leading zero") << QStringLiteral("0,125") << 0.125;
    QTest::newRow("no thousands") << QStringLiteral("1234,567") << 1234.567;
    QTest::newRow("exponent") << QStringLiteral("2,5e1") << 25.0;
    QTest::newRow("unit") << QStringLiteral("20 ms") << 20.0;
    QTest::newRow("unit, comma") << QStringLiteral("12,5ms") << 12.5;
    QTest::newRow("other unit") << QStringLiteral("10 s") << -1.0;
    QTest::newRow("thousand") << QStringLiteral("1,000") << -1.0;
    QTest::newRow("thousands") << QStringLiteral("1,000,000") << -1.0;
    QTest::newRow("both") << QStringLiteral("1.000,5") << -1.0;
}

void TestParameterInput::aCommaIsADecimalOrRefusedAndTheOwnUnitIsTaken()
{
    QFETCH(QString, text);
    QFETCH(double, expected);
    const QString key = QStringLiteral("stimulus.presentation_time");
    auto* box = part<NumberBox>(p(), key + QStringLiteral(".box"));
    const double before = box->value();
    type(*box, text);
    if (expected < 0) {
        QVERIFY(edits.empty());
        QCOMPARE(box->value(), before);
        QVERIFY(!p().errorText(key).isEmpty());
        if (text.contains(u','))
            QVERIFY2(p().errorText(key).contains(QStringLiteral("without separators")),
                qPrintable(p().errorText(key)));
        return;
    }
    QVERIFY2(!edits.empty(), qPrintable(p().errorText(key)));
    QVERIFY(edits.back().value == ParameterValue(expected));
}

void TestParameterInput::afterReturnTheBoxLetsGoOfTheKeyboard()
{
    auto* box = part<NumberBox>(p(), QStringLiteral("dt.box"));
    p().activateWindow();
    type(*box, QStringLiteral("0.2"));
    QVERIFY(!box->hasFocus());
    type(*box, QStringLiteral("5")); // refused: it stays where it can be mended
    QVERIFY(box->hasFocus());
}

void TestParameterInput::limitsCanBeSwitchedOff()
{
    auto* limit = part<QCheckBox>(p(), QStringLiteral("clip.up_hidden.limit"));
    QVERIFY(limit->isChecked());
    limit->click();
    QVERIFY(edits.back().value == ParameterValue(kNone));
    QVERIFY(!part<ValueSlider>(p(), QStringLiteral("clip.up_hidden.slider"))->isEnabled());
    limit->click();
    QVERIFY(edits.back().value == ParameterValue(4.0));
    type(*part<NumberBox>(p(), QStringLiteral("clip.up_hidden.box")), QStringLiteral("none"));
    QVERIFY(edits.back().value == ParameterValue(kNone));
}

QTEST_MAIN(TestParameterInput)
#include "tst_parameter_input.moc"
