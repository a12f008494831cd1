// Every view of the table in its dock, the parameters beside them, and where they stand.
#pragma once

#include "sim/live/wish.h"
#include "sim/steps/step_watch.h"
#include "widgets/view/view.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QDockWidget;
class QMainWindow;

namespace apical {

class DockTitle;

/// A dock and what is in it; `view` is nullptr for panels that are no pictures.
struct DockEntry {
    QString id;
    QString area; ///< as in viewTable(), or "left"
    QDockWidget* dock = nullptr;
    DockTitle* title = nullptr;
    View* view = nullptr;
    bool (*applies)(const Anatomy&) = nullptr; ///< of a view
    bool there = true; ///< the present experiment has what it shows
    bool wanted = false; ///< while it is not there: was open before
    bool open = true; ///< in the default arrangement
    QString place{}; ///< the area it has in the arrangement of the present layout
    int rank = 0; ///< among those of its area: the least is in front
    qint64 refreshedMs = -1000000; ///< when `view` was refreshed last
};

class Docks : public QObject {
    Q_OBJECT
public:
    explicit Docks(QMainWindow& window);

    /// A panel that is no View.
    void addPanel(const QString& id, const QString& title, const QString& area, QWidget* panel,
        bool open = true);
    const std::vector<DockEntry>& entries() const { return m_entries; }
    const DockEntry* find(const QString& id) const;
    const DockEntry*
    focused() const; ///< the one with the keyboard focus, else the first with a view
    void raise(const QString& id) const; ///< shows it and brings it to the front of its tabs

    /// Puts away the views of what none of these models has, and brings back those that one has
    /// again.
    void adapt(const std::vector<Anatomy>& lanes);

    /// The default arrangement of a preset's layout ("self-predicting", "latent-equilibrium", ...):
    /// wide, or the one for windows narrower than kCompactWidth.
    void arrange(bool compact, const QString& layout);
    /// Gives the default arrangement the sizes of the design in the window as it is now.
    void size(bool compact);
    QByteArray save() const;
    bool restore(const QByteArray&);

    /// Refreshes the views that can be seen: those without a period, and of the others one, or all
    /// that are late, so that what they cost is spread over the frames. Where frames are dear, the
    /// others come half as often. @param frameMs what a frame costs
    void refresh(const Scene&, double frameMs);
    /// What the views that can be seen are made of, beyond what every frame has.
    FrameWish wish() const;
    /// What the views that can be seen want to know of every step.
    StepWish stepWish() const;
    void take(const StepReports&);
    /// Of the experiment that was opened, for the views that use it and have something to show.
    void take(const Experiment&, const std::vector<Anatomy>& lanes);
    void showSubtitles(const Scene&);

    static constexpr int kCompactWidth = 1200;

Q_SIGNALS:
    void exportRequested(const QString& id);

private:
    QDockWidget* add(
        const QString& id, const QString& title, const QString& area, QWidget* content, View* view);
    static bool isSeen(const DockEntry&);
    std::vector<QDockWidget*> inArea(const QString& area) const;
    void place(const QString& layout);
    void putAway();
    void arrangeWide();
    void arrangeCompact();
    void updateTabs();
    void showMenu(const DockEntry&, const QPoint& at);

    QMainWindow& m_window;
    std::vector<DockEntry> m_entries;
    QString m_hintDock; ///< whose title has the preset's hint
    QElapsedTimer m_clock;
};

} // namespace apical
