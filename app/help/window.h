// The help window (F1, ?): what every view shows, equations, parameters, shortcuts, about.
#pragma once

#include "app/help/pages.h"

#include <QDialog>

class QTabWidget;

namespace apical {

class HelpBrowser;

/// Not modal: the run goes on behind it.
class HelpWindow : public QDialog {
    Q_OBJECT
public:
    enum class Page { Views, Equations, Parameters, Shortcuts, About };

    HelpWindow(const std::vector<ShortcutHelp>&, const AboutFacts&, QWidget* parent = nullptr);
    /// Fills the page of parameters; they are those of the model that runs.
    void showParameters(const ParameterTable&);
    void showPage(Page);
    /// Opens the page that has this anchor: a view's title, a heading of the equations, a parameter
    /// key.
    void showAnchor(const QString& anchor);
    HelpBrowser* browser(Page) const;

private:
    QTabWidget* m_tabs;
    const ParameterTable* m_parameters = nullptr;
};

} // namespace apical
