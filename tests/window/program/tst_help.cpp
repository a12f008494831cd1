// Help: nothing that exists is missing from its page.
#include "app/help/browser.h"
#include "app/help/pages.h"
#include "app/help/window.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/parameters.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/view/view.h"

#include <QApplication>
#include <QTest>
#include <QTextBlock>

using namespace apical;

namespace {

std::vector<ShortcutHelp> shortcuts()
{
    return {{QStringLiteral("&Run or pause"), {QKeySequence(Qt::Key_Space)},
                QStringLiteral("Runs <on>.")},
        {QStringLiteral("Nowhere"), {}, QStringLiteral("Has no key.")}};
}

AboutFacts facts()
{
    return {QStringLiteral("0.1.0"), QStringLiteral("AVX2"), QStringLiteral("QPainter")};
}

} // namespace

class TestHelp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyViewIsExplained();
    void escapeClosesTheWindowFromEveryPage();
    void referenceListsEveryParameter();
    void everyParameterKeyIsAnAnchor();
    void shortcutSheetListsWhatHasKeys();
    void aboutNamesVersionInstructionSetAndNotices();
    void lessonsAreThemedAgainAfterASwitch();
    void anEmptyLessonSaysSo();
    void symbolsGetSubscriptsButCodeStays();
};

void TestHelp::escapeClosesTheWindowFromEveryPage()
{
    HelpWindow window(shortcuts(), facts());
    for (const auto page : {HelpWindow::Page::Views, HelpWindow::Page::About}) {
        window.showPage(page);
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.browser(page)->setFocus();
        QTest::keyClick(window.windowHandle(), Qt::Key_Escape);
        QTRY_VERIFY(!window.isVisible());
    }
}

void TestHelp::everyViewIsExplained()
{
    HelpWindow window(shortcuts(), facts());
    QVERIFY(!helpMarkdown(QStringLiteral("equations")).isEmpty());
    for (const ViewRow& row : viewTable())
        QVERIFY2(
            window.browser(HelpWindow::Page::Views)->scrollTo(row.title), qPrintable(row.title));
    QVERIFY(!window.browser(HelpWindow::Page::Views)->scrollTo(QStringLiteral("no such view")));
}

void TestHelp::referenceListsEveryParameter()
{
    HelpWindow window(shortcuts(), facts());
    window.showParameters(circuitParameterTable());
    const QString text = window.browser(HelpWindow::Page::Parameters)->toPlainText();
    for (const ParameterRow& row : circuitParameterTable()) {
        QVERIFY2(text.contains(QString::fromStdString(std::string(row.key))), row.key.data());
        QVERIFY2(text.contains(QString::fromStdString(std::string(row.help))), row.key.data());
        QVERIFY2(text.contains(QString::fromStdString(allowedText(row))), row.key.data());
    }
}

void TestHelp::everyParameterKeyIsAnAnchor()
{
    HelpWindow window(shortcuts(), facts());
    window.showParameters(circuitParameterTable());
    for (const ParameterRow& row : circuitParameterTable())
        QVERIFY2(window.browser(HelpWindow::Page::Parameters)
                     ->scrollTo(QString::fromStdString(std::string(row.key))),
            row.key.data());
    window.showAnchor(QStringLiteral("eta.pi"));
    QVERIFY(window.isVisible() && !window.isModal());
    QVERIFY(window.browser(HelpWindow::Page::Parameters)->isVisible());
}

void TestHelp::shortcutSheetListsWhatHasKeys()
{
    const QString html = shortcutSheetHtml(shortcuts());
    QVERIFY(html.contains(QStringLiteral("Run or pause")));
    QVERIFY(html.contains(QStringLiteral("Space")));
    QVERIFY(html.contains(QStringLiteral("Runs &lt;on&gt;.")));
    QVERIFY(!html.contains(QStringLiteral("Nowhere")));
}

void TestHelp::aboutNamesVersionInstructionSetAndNotices()
{
    const QString html = aboutHtml(facts());
    for (const char* word : {"0.1.0", "AVX2", "QPainter", "General Public License", "patent"})
        QVERIFY2(html.contains(QLatin1String(word)), word);
}

void TestHelp::lessonsAreThemedAgainAfterASwitch()
{
    applyTheme(*qApp, Theme::light());
    HelpBrowser browser;
    browser.resize(264, 300);
    browser.showMarkdown(QStringLiteral("# Lesson\n\nSee [the page](https://example.org)."));
    browser.show();
    const auto linkColor = [&browser] {
        for (QTextBlock block = browser.document()->begin(); block.isValid();
             block = block.next()) {
            for (auto it = block.begin(); !it.atEnd(); ++it) {
                if (it.fragment().charFormat().isAnchor())
                    return it.fragment().charFormat().foreground().color();
            }
        }
        return QColor();
    };
    QCOMPARE(linkColor(), Theme::light().accent);
    applyTheme(*qApp, Theme::darkTheme());
    QTRY_COMPARE(linkColor(), Theme::darkTheme().accent);
    QCOMPARE(browser.viewport()->grab().toImage().pixelColor(250, 290), Theme::darkTheme().panel);
    applyTheme(*qApp, Theme::light());
}

void TestHelp::anEmptyLessonSaysSo()
{
    HelpBrowser browser;
    browser.showMarkdown(QString(), QStringLiteral("This preset has no lesson."));
    QCOMPARE(browser.toPlainText(), QStringLiteral("This preset has no lesson."));
}

void TestHelp::symbolsGetSubscriptsButCodeStays()
{
    HelpBrowser browser;
    browser.showMarkdown(
        QStringLiteral("# W_up\n\nW_pi cancels; `W_pi` is code; self_made is a word."));
    QCOMPARE(browser.toPlainText(),
        QStringLiteral("Wup\nWpi cancels; W_pi is code; self_made is a word."));
}

QTEST_MAIN(TestHelp)
#include "tst_help.moc"
