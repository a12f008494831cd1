// The slim bar on top of a dock, and the same two buttons on top of a group of tabs.
#pragma once

#include <QPointer>
#include <QWidget>

#include <functional>

class QDockWidget;
class QLabel;
class QTabBar;
class QToolButton;

namespace apical {

/// Float and close, for a title bar or a row of tabs.
class DockButtons : public QWidget {
    Q_OBJECT
public:
    /// @param dock which dock they act on now, nullptr for none
    DockButtons(const std::function<QDockWidget*()>& dock, QWidget* parent);
    QSize sizeHint() const override { return {48, 22}; }

protected:
    void changeEvent(QEvent*) override;

private:
    void tint();
    QToolButton *m_float, *m_close;
};

/// 24 px: bold title, a few words beside it, float and close. No height at all while the dock is
/// one of several tabs.
class DockTitle : public QWidget {
    Q_OBJECT
public:
    explicit DockTitle(QDockWidget* dock);
    void setSubtitle(const QString&);
    void setTabbed(bool);
    QSize sizeHint() const override { return {80, m_tabbed ? 0 : 24}; }
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void menuRequested(const QPoint& globalPosition);

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void contextMenuEvent(QContextMenuEvent*) override;

private:
    QDockWidget* m_dock;
    DockButtons* m_buttons;
    QString m_subtitle;
    bool m_tabbed = false;
};

/// Keeps float and close, and a few words, at the right end of a tab bar that QMainWindow made.
class TabButtons : public QObject {
    Q_OBJECT
public:
    TabButtons(QTabBar* bar, const std::function<QDockWidget*(const QString& title)>& find);
    /// A few words of the dock in front, right of the tabs where there is room.
    void setSubtitle(const QString&);
    QString frontTitle() const; ///< of the dock in front

protected:
    bool eventFilter(QObject*, QEvent*) override;

private:
    void place();
    QTabBar* m_bar;
    DockButtons* m_buttons;
    QLabel* m_words;
    QString m_subtitle;
};

} // namespace apical
