// One sentence above the docks: an error, or something on offer. Never a dialog.
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace apical {

class MessageBar : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Error, Warning, Offer };
    explicit MessageBar(QWidget* parent = nullptr);
    /// @param button text of the one thing to do about it, "" for none
    void show(
        Kind, const QString& text, const QString& button = {}, std::function<void()> command = {});
    void dismiss();
    /// What was warned of is true no longer.
    void dismissWarning();
    QString text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;

private:
    void elide();
    void tint();
    Kind m_kind = Kind::Error;
    QString m_text;
    QLabel* m_label;
    QPushButton* m_button;
    QToolButton* m_close;
    std::function<void()> m_command;
};

} // namespace apical
