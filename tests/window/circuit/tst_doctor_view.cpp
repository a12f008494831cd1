// The doctor's panel: every verdict fits, the button does what the remedy says, words do not
// flicker.
#include "tests/window/weights_scene.h"
#include "widgets/doctor/doctor_view.h"
#include "widgets/doctor/doctor_view_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"

#include <QApplication>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace apical;
using namespace apical::test;
using namespace Qt::Literals::StringLiterals;

namespace {

Diagnosis diagnosisOf(Verdict verdict)
{
    Diagnosis d;
    d.verdict = verdict;
    d.title = "Converging";
    d.text = "Feedforward weight error halves every 0.9 s;\nself-predicting in about 2 s.";
    d.evidence = {{true, "apical error 1.0e-2, was 4.7e-2 2 s ago"},
        {true, "feedback weights 2.3 % off, falling"}, {true, "interneuron error 2.6e-4"},
        {false, "dt 3.0 ms against a time constant of 5.3 ms"}};
    d.why = "Because W_pi goes to -W_down.";
    switch (verdict) {
    case Verdict::SelfPredicting:
        d.title = "Self-predicting";
        d.remedy = {Remedy::Kind::SwitchTargetOn, "Switch the target on", "target.on", true};
        break;
    case Verdict::Plateau:
        d.title = "Plateau at 8.1e-2";
        d.text = "W_pi is locked, 37 % off;\nthe feedback is not cancelled.";
        d.remedy = {Remedy::Kind::SetParameter, "Unlock W_pi", "lock.pi", false};
        break;
    case Verdict::NoiseFloor:
        d.title = "Noise floor";
        d.text = "The errors stopped falling; membrane noise\nof sigma 0.30 holds the apical error "
                 "at 4.0e-2.";
        d.remedy = {Remedy::Kind::SetParameter, "Switch the noise off", "circuit.noise", 0.0};
        break;
    case Verdict::Diverging:
    case Verdict::Diverged:
        d.title = verdict == Verdict::Diverged ? "Not finite" : "Diverging";
        d.text = "Not finite at t = 4.118 s\nin h3, v_A.";
        d.remedy = {Remedy::Kind::RewindAndHalveDt, "Rewind 1 s and halve dt", "", true};
        break;
    case Verdict::Learning:
        d.title = "Learning, target on";
        break;
    case Verdict::Waiting:
        d.title = "Watching";
        break;
    case Verdict::Converging:
        break;
    }
    return d;
}

constexpr Verdict kAll[] = {Verdict::Waiting, Verdict::Converging, Verdict::SelfPredicting,
    Verdict::Learning, Verdict::Plateau, Verdict::NoiseFloor, Verdict::Diverging,
    Verdict::Diverged};

std::unique_ptr<View> shown(WeightsScene& with, Verdict verdict, QSize size = {292, 144})
{
    with.scene.diagnosis = diagnosisOf(verdict);
    std::unique_ptr<View> view(makeDoctorView(nullptr));
    view->resize(size);
    view->refresh(with.scene);
    view->show();
    return view;
}

QPushButton* button(const View& view)
{
    return view.findChild<QPushButton*>(u"remedy"_s);
}

} // namespace

class TestDoctorView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyVerdictFitsWithItsButtonInLightAndDark()
    {
        const QString folder = qEnvironmentVariable("APICAL_GRABS");
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            applyTheme(*qApp, *theme);
            WeightsScene with({8, 6, 3}, *theme);
            for (Verdict verdict : kAll)
                for (QSize size : {QSize(292, 144), QSize(280, 128)}) {
                    const auto view = shown(with, verdict, size);
                    auto* why = view->findChild<QPushButton*>(u"why"_s);
                    QVERIFY(view->rect().contains(why->geometry()));
                    if (button(*view)->isVisible()) {
                        QVERIFY(view->rect().contains(button(*view)->geometry()));
                        QVERIFY(!button(*view)->geometry().intersects(why->geometry()));
                        QVERIFY(button(*view)->width() >= button(*view)->sizeHint().width());
                    }
                    const QImage image = view->grab().toImage();
                    // No ink in the pixel row above the buttons: text ends before them.
                    const int row = why->geometry().top() - 1;
                    for (int x = 6; x < image.width(); ++x)
                        QCOMPARE(image.pixelColor(x, row), theme->panel);
                    if (!folder.isEmpty())
                        image.save(u"%1/doctor_%2_%3_%4.png"_s
                                       .arg(folder, theme->dark ? u"dark"_s : u"light"_s)
                                       .arg(static_cast<int>(verdict))
                                       .arg(size.height()));
                }
        }
        applyTheme(*qApp, Theme::light());
    }

    void theEdgeHasTheColourOfTheVerdict()
    {
        WeightsScene with;
        const auto edge = [&](Verdict verdict) {
            return shown(with, verdict)->grab().toImage().pixelColor(1, 70);
        };
        const Theme& t = Theme::light();
        QCOMPARE(edge(Verdict::Converging), t.good);
        QCOMPARE(edge(Verdict::SelfPredicting), t.good);
        QCOMPARE(edge(Verdict::Plateau), t.amber);
        QCOMPARE(edge(Verdict::NoiseFloor), t.amber);
        QCOMPARE(edge(Verdict::Diverged), t.bad);
    }

    void theButtonDoesWhatTheRemedySays()
    {
        WeightsScene with;
        const auto clicked = [&](Verdict verdict) {
            const auto view = shown(with, verdict);
            QSignalSpy edits(view.get(), &View::editRequested),
                actions(view.get(), &View::actionRequested);
            button(*view)->click();
            if (!edits.isEmpty())
                return edits[0][0].toString() + u'='
                    + QString::fromStdString(parameterText(edits[0][1].value<ParameterValue>()));
            return actions.isEmpty() ? QString() : actions[0][0].toString();
        };
        QCOMPARE(clicked(Verdict::SelfPredicting), u"target.on=true"_s);
        QCOMPARE(clicked(Verdict::Plateau), u"lock.pi=false"_s);
        QCOMPARE(clicked(Verdict::NoiseFloor), u"circuit.noise=0"_s);
        QCOMPARE(clicked(Verdict::Diverging), u"rewind_halve_dt"_s);
        QCOMPARE(clicked(Verdict::Converging), QString());
        with.scene.diagnosis = diagnosisOf(Verdict::Plateau);
        with.scene.diagnosis.remedy.kind = Remedy::Kind::JumpToSelfPrediction;
        const std::unique_ptr<View> view(makeDoctorView(nullptr));
        view->refresh(with.scene);
        QSignalSpy actions(view.get(), &View::actionRequested);
        button(*view)->click();
        QCOMPARE(actions.value(0).value(0).toString(), u"self_predicting"_s);
        with.scene.diagnosis.remedy.kind = Remedy::Kind::UndoAndRewind;
        view->refresh(with.scene);
        button(*view)->click();
        QCOMPARE(actions.value(1).value(0).toString(), u"undo_suspect"_s);
    }

    void theWordsOfEveryRemedyFitTheNarrowestDoctor()
    {
        WeightsScene with;
        with.scene.diagnosis = diagnosisOf(Verdict::Plateau);
        const std::unique_ptr<View> view(makeDoctorView(nullptr));
        view->resize(view->minimumSizeHint());
        for (const char* label : {"Undo eta down and rewind", "Raise eta pi to 0.15",
                 "Set eta ip to 0.00015", "Rewind 1 s and halve dt", "Jump to the fixed point"}) {
            with.scene.diagnosis.remedy.label = label;
            view->refresh(with.scene);
            view->show();
            const QPushButton* remedy = button(*view);
            QVERIFY2(remedy->width() >= remedy->sizeHint().width(), label);
            QVERIFY(remedy->geometry().right() < view->width());
        }
    }

    void theButtonIsLitOnlyWhenThereIsARemedy()
    {
        WeightsScene with;
        QVERIFY(shown(with, Verdict::SelfPredicting)
                    ->findChild<QPushButton*>(u"remedy"_s)
                    ->isEnabled());
        const auto converging = shown(with, Verdict::Converging);
        QVERIFY(button(*converging)->isVisible() && !button(*converging)->isEnabled());
        QVERIFY(!button(*converging)->toolTip().isEmpty());
        with.scene.frame.lanes[0].parameters.targetOn = true;
        QVERIFY(!button(*shown(with, Verdict::Learning))->isVisible());
    }

    void wordsChangeAtMostFourTimesASecondButVerdictsAtOnce()
    {
        WeightsScene with;
        const auto view = shown(with, Verdict::Converging);
        const QString before = view->csv();
        with.scene.urgent = false; // nobody did anything
        with.scene.diagnosis.text =
            "Apical error halves every 0.8 s;\nself-predicting in about 1 s.";
        view->refresh(with.scene);
        QCOMPARE(view->csv(), before);
        with.scene.diagnosis = diagnosisOf(Verdict::SelfPredicting);
        view->refresh(with.scene);
        QVERIFY(view->csv().contains(u"Self-predicting"_s));
        with.scene.diagnosis.text = "Later.";
        QTRY_VERIFY((view->refresh(with.scene), view->csv().contains(u"Later."_s)));
    }

    void whyOpensTheParagraphWithAllEvidence()
    {
        WeightsScene with;
        const auto view = shown(with, Verdict::Plateau);
        view->findChild<QPushButton*>(u"why"_s)->click();
        auto* label = view->findChild<QLabel*>(u"whyText"_s);
        QVERIFY(label && label->isVisible());
        QVERIFY(label->text().contains(u"Because"_s) && label->text().contains(u"time constant"_s));
        label->window()->close();
    }

    void theWhySheetStaysOnTheScreenFromEveryCorner()
    {
        WeightsScene with;
        with.scene.diagnosis = diagnosisOf(Verdict::Plateau);
        Evidence line;
        line.text = std::string(90, 'm');
        line.text[45] = ' ';
        with.scene.diagnosis.evidence.assign(12, line);
        const std::unique_ptr<View> view(makeDoctorView(nullptr));
        view->resize(292, 144);
        view->refresh(with.scene);
        view->show();
        const QRect screen = view->screen()->availableGeometry();
        for (const QPoint& corner : {screen.topLeft(), screen.topRight() - QPoint(292, 0),
                 screen.bottomLeft() - QPoint(0, 144), screen.bottomRight() - QPoint(100, 100)}) {
            view->move(corner);
            view->findChild<QPushButton*>(u"why"_s)->click();
            auto* sheet = view->findChild<QFrame*>(u"whyPopup"_s);
            QTRY_VERIFY(sheet && sheet->isVisible());
            QTest::qWait(30); // a layout would grow it now
            QVERIFY2(screen.contains(sheet->geometry()),
                qPrintable(u"%1,%2 %3x%4"_s.arg(sheet->x())
                               .arg(sheet->y())
                               .arg(sheet->width())
                               .arg(sheet->height())));
            delete sheet;
        }
    }

    void plainWordsBecomeSymbolsAndPowers()
    {
        QCOMPARE(doctorRich(u"apical error 1.0e-2, was 4.7e-12"_s),
            u"apical error 1.0·10⁻², was 4.7·10⁻¹²"_s);
        QCOMPARE(
            doctorRich(u"W_pi = -W_down"_s), u"<i>W</i><sub>pi</sub> = −<i>W</i><sub>down</sub>"_s);
        QCOMPARE(doctorRich(u"h3, v_A"_s), u"h3, <i>v</i><sub>A</sub>"_s);
    }

    void longLinesAreWrappedThenCut()
    {
        const QFont font = uiFont(12);
        const QString text = u"A short line."_s;
        QCOMPARE(doctorLines(text, font, 260, 2), QStringList{text});
        const QStringList lines = doctorLines(
            u"Every word of this rather long sentence has to find its place in two lines that are much too narrow for it."_s,
            font, 200, 2);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[1].endsWith(QChar(0x2026)));
        for (const QString& line : lines)
            QVERIFY(richSize(doctorRich(line), font).width() <= 200);
    }
};

QTEST_MAIN(TestDoctorView)
#include "tst_doctor_view.moc"
