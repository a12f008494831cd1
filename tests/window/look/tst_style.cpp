// The theme on screen: contrast of the tokens, tokens in the style sheet, live switching.
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTest>

using namespace apical;

class TestStyle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrastOfBlackOnWhiteIs21();
    void textIsReadableOnEveryBackground();
    void everyTokenOfTheSheetIsReplacedAndEveryIconExists();
    void switchingToDarkAndBackRestylesCompletely();
    void changedFieldsAreBoldOnlyWhileChanged();
    void primaryButtonIsFilledWithTheAccent();
};

void TestStyle::contrastOfBlackOnWhiteIs21()
{
    QVERIFY(std::abs(contrastRatio(Qt::black, Qt::white) - 21) < 1e-9);
    QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()})
        for (int k = 0; k <= 1000; ++k)
            for (const QColor& fill :
                {theme->shareColor(k / 1000.0), theme->signColor(k / 500.0 - 1)})
                QVERIFY2(contrastRatio(fill, inkOn(fill)) >= 4.5, qPrintable(fill.name()));
}

void TestStyle::textIsReadableOnEveryBackground()
{
    for (const Theme* t : {&Theme::light(), &Theme::darkTheme()}) {
        const std::vector<std::pair<QColor, QColor>> pairs{{t->ink, t->window},
            {t->ink2, t->window}, {t->ink, t->bar}, {t->ink2, t->bar}, {t->ink3, t->bar},
            {t->ink, t->title}, {t->ink2, t->title}, {t->ink3, t->title}, {t->ink, t->panel},
            {t->ink2, t->panel}, {t->ink3, t->panel}, {t->ink, t->field}, {t->ink3, t->field},
            {t->ink, t->hover}, {t->ink2, t->hover}, {t->ink, t->accentSoft},
            {t->ink2, t->accentSoft}, {t->ink, t->band}, {t->ink2, t->band}, {t->accent, t->panel},
            {t->accent, t->field}, {t->accent, t->accentSoft}, {t->onAccent, t->accent},
            {t->good, t->panel}, {t->amber, t->panel}, {t->bad, t->panel}, {t->bad, t->accentSoft}};
        for (const auto& [text, paper] : pairs) {
            const double ratio = contrastRatio(text, paper);
            QVERIFY2(ratio >= 4.5,
                qPrintable(
                    QStringLiteral("%1 on %2: %3").arg(text.name(), paper.name()).arg(ratio)));
        }
    }
}

void TestStyle::everyTokenOfTheSheetIsReplacedAndEveryIconExists()
{
    for (const Theme* t : {&Theme::light(), &Theme::darkTheme()}) {
        const QString sheet = styleSheetOf(*t);
        QVERIFY(sheet.size() > 5000);
        QVERIFY(!sheet.contains(u'@'));
        QVERIFY(!sheet.contains(QLatin1String(": ;")));
        static const QRegularExpression url(QStringLiteral("url\\(([^)]+)\\)"));
        int icons = 0;
        for (auto it = url.globalMatch(sheet); it.hasNext(); ++icons) {
            const QString path = it.next().captured(1);
            QVERIFY2(QFile::exists(path), qPrintable(path));
        }
        QVERIFY(icons > 8);
    }
}

void TestStyle::switchingToDarkAndBackRestylesCompletely()
{
    applyTheme(*qApp, Theme::light());
    QWidget window;
    auto* field = new QLineEdit(&window);
    field->setGeometry(10, 10, 100, 26);
    auto* button = new QPushButton(QStringLiteral("Go"), &window);
    button->setGeometry(10, 50, 100, 28);
    auto* label = new QLabel(QStringLiteral("t"), &window);
    label->setGeometry(10, 90, 100, 20);
    window.resize(120, 120);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.setFocus();
    const QImage light = window.grab().toImage();
    QCOMPARE(light.pixelColor(115, 115), Theme::light().panel);
    applyTheme(*qApp, Theme::darkTheme());
    QCOMPARE(&activeTheme(), &Theme::darkTheme());
    const QImage dark = window.grab().toImage();
    QCOMPARE(dark.pixelColor(115, 115), Theme::darkTheme().panel);
    QCOMPARE(dark.pixelColor(90, 23), Theme::darkTheme().field);
    QCOMPARE(dark.pixelColor(14, 64), Theme::darkTheme().field);
    for (int y = 0; y < dark.height(); ++y) {
        for (int x = 0; x < dark.width(); ++x)
            QVERIFY2(dark.pixelColor(x, y).lightness() < 245,
                "a white pixel is left over from the light theme");
    }
    applyTheme(*qApp, Theme::light());
    QCOMPARE(window.grab().toImage(), light);
}

void TestStyle::changedFieldsAreBoldOnlyWhileChanged()
{
    applyTheme(*qApp, Theme::light());
    QSpinBox box;
    box.show();
    setStyleFlag(box, "changed", true);
    QVERIFY(box.font().bold());
    QVERIFY(box.findChild<QLineEdit*>()->font().bold());
    const QImage changed = box.grab().toImage();
    bool accent = false;
    for (int x = 0; x < changed.width(); ++x)
        accent |= changed.pixelColor(x, 0) == Theme::light().accent;
    QVERIFY(accent);
    setStyleFlag(box, "changed", false);
    QVERIFY(!box.font().bold());
    QVERIFY(!box.findChild<QLineEdit*>()->font().bold());
}

void TestStyle::primaryButtonIsFilledWithTheAccent()
{
    applyTheme(*qApp, Theme::light());
    QPushButton button(QStringLiteral("Switch the target on"));
    button.setProperty("primary", true);
    button.show();
    QCOMPARE(button.grab().toImage().pixelColor(6, button.height() / 2), Theme::light().accent);
}

QTEST_MAIN(TestStyle)
#include "tst_style.moc"
