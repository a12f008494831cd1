#include "app/help/window.h"

#include "app/help/browser.h"

#include <QShortcut>
#include <QTabWidget>
#include <QVBoxLayout>

namespace apical {

HelpWindow::HelpWindow(
    const std::vector<ShortcutHelp>& shortcuts, const AboutFacts& facts, QWidget* parent)
    : QDialog(parent)
    , m_tabs(new QTabWidget(this))
{
    setWindowTitle(QStringLiteral("Apical help"));
    setModal(false);
    resize(720, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    m_tabs->setDocumentMode(true);
    connect(new QShortcut(QKeySequence(Qt::Key_Escape), this), &QShortcut::activated, this,
        &HelpWindow::reject); // the pages would keep the key for themselves
    const auto add = [this](const QString& title) {
        auto* page = new HelpBrowser(m_tabs);
        m_tabs->addTab(page, title);
        return page;
    };
    add(QStringLiteral("Views"))->showMarkdown(helpMarkdown(QStringLiteral("views")));
    add(QStringLiteral("Equations"))->showMarkdown(helpMarkdown(QStringLiteral("equations")));
    add(QStringLiteral("Parameters"));
    add(QStringLiteral("Shortcuts"))->showHtml(shortcutSheetHtml(shortcuts));
    add(QStringLiteral("About"))->showHtml(aboutHtml(facts));
}

void HelpWindow::showParameters(const ParameterTable& table)
{
    if (m_parameters == &table)
        return;
    m_parameters = &table;
    browser(Page::Parameters)->showHtml(parameterReferenceHtml(table));
}

HelpBrowser* HelpWindow::browser(Page page) const
{
    return qobject_cast<HelpBrowser*>(m_tabs->widget(static_cast<int>(page)));
}

void HelpWindow::showPage(Page page)
{
    m_tabs->setCurrentIndex(static_cast<int>(page));
    show();
    raise();
    activateWindow();
}

void HelpWindow::showAnchor(const QString& anchor)
{
    for (const Page page : {Page::Views, Page::Equations, Page::Parameters}) {
        if (!browser(page)->scrollTo(anchor))
            continue;
        showPage(page);
        browser(page)->scrollTo(anchor); // once more: only now it has its size
        return;
    }
    showPage(Page::Views);
}

} // namespace apical
