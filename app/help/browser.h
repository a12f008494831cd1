// A themed page of text: a lesson in its dock, or a page of the help window.
#pragma once

#include <QTextBrowser>

namespace apical {

/// Renders Markdown or HTML in the colours of the theme, again whenever the theme changes. Web
/// links open outside.
class HelpBrowser : public QTextBrowser {
    Q_OBJECT
public:
    explicit HelpBrowser(QWidget* parent = nullptr);
    /// @param whenEmpty the sentence shown if there is no text
    void showMarkdown(const QString& text, const QString& whenEmpty = {});
    void showHtml(const QString& html);
    /// Scrolls to an anchor of HTML or to the heading whose words, joined by "-", are `anchor`.
    /// @return whether found
    bool scrollTo(const QString& anchor);

protected:
    void changeEvent(QEvent*) override;

private:
    void render();

    QString m_text;
    bool m_isMarkdown = true;
    bool m_rendering = false;
};

} // namespace apical
