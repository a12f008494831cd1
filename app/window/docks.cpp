#include "app/window/docks.h"

#include "app/window/dock_title.h"
#include "widgets/view/experiment_user.h"
#include "widgets/view/step_user.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QTabBar>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr int kStateVersion = 1;
constexpr int kQuickMs = 50;
// A frame that costs less is cheap; one that costs twice as much has views come half as often.
constexpr double kCheapMs = 8;

bool appliesTo(const DockEntry& entry, const std::vector<Anatomy>& lanes)
{
    return !entry.applies || std::any_of(lanes.begin(), lanes.end(), entry.applies);
}

} // namespace

Docks::Docks(QMainWindow& window)
    : QObject(&window)
    , m_window(window)
{
    m_clock.start();
    window.setDockNestingEnabled(true);
    window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    m_entries.reserve(viewTable().size() + 8);
    for (const ViewRow& row : viewTable()) {
        View* view = row.make(nullptr);
        view->setAccessibleName(row.title);
        view->setAccessibleDescription(row.help);
        // Who may grow when the window grows: the strips in both directions, the rest of the middle
        // in width only.
        const bool centre = row.area.startsWith(QLatin1String("centre"));
        const bool side =
            row.area == QLatin1String("right") || row.area == QLatin1String("bottom-right");
        view->setSizePolicy(side ? QSizePolicy::Preferred : QSizePolicy::Expanding,
            row.area == QLatin1String("centre") ? QSizePolicy::Expanding : QSizePolicy::Preferred);
        view->setMinimumSize(centre ? QSize(240, 80) : QSize(120, 80));
        add(row.id, row.title, row.area, view, view);
        m_entries.back().applies = row.applies;
    }
}

QDockWidget* Docks::add(
    const QString& id, const QString& title, const QString& area, QWidget* content, View* view)
{
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(QStringLiteral("dock.") + id);
    auto* bar = new DockTitle(dock);
    dock->setTitleBarWidget(bar);
    dock->setWidget(content);
    dock->hide(); // until arrange(): stacked in one column they would stretch the window
    const auto later = [this] { QTimer::singleShot(0, this, &Docks::updateTabs); };
    connect(dock, &QDockWidget::visibilityChanged, this, later);
    connect(dock, &QDockWidget::topLevelChanged, this, later);
    connect(dock, &QDockWidget::dockLocationChanged, this, later);
    m_entries.push_back({id, area, dock, bar, view});
    connect(bar, &DockTitle::menuRequested, this, [this, id](const QPoint& at) {
        if (const DockEntry* entry = find(id))
            showMenu(*entry, at);
    });
    return dock;
}

void Docks::addPanel(
    const QString& id, const QString& title, const QString& area, QWidget* panel, bool open)
{
    panel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    add(id, title, area, panel, nullptr);
    m_entries.back().open = open;
}

void Docks::showMenu(const DockEntry& entry, const QPoint& at)
{
    QMenu menu;
    if (entry.view) {
        menu.addAction(tr("Export “%1”…").arg(entry.dock->windowTitle()), this,
            [this, id = entry.id] { Q_EMIT exportRequested(id); });
        menu.addSeparator();
    }
    menu.addAction(entry.dock->isFloating() ? tr("Put back") : tr("Float"), entry.dock,
        [dock = entry.dock] { dock->setFloating(!dock->isFloating()); });
    menu.addAction(tr("Close"), entry.dock, &QWidget::close);
    menu.exec(at);
}

const DockEntry* Docks::find(const QString& id) const
{
    for (const DockEntry& entry : m_entries) {
        if (entry.id == id)
            return &entry;
    }
    return nullptr;
}

const DockEntry* Docks::focused() const
{
    const DockEntry* first = nullptr;
    for (const DockEntry& entry : m_entries) {
        if (!entry.view || entry.dock->isHidden())
            continue;
        if (QWidget* focus = m_window.focusWidget(); focus && entry.dock->isAncestorOf(focus))
            return &entry;
        if (!first)
            first = &entry;
    }
    return first;
}

void Docks::raise(const QString& id) const
{
    if (const DockEntry* entry = find(id); entry && entry->there) {
        entry->dock->show();
        entry->dock->raise();
    }
}

void Docks::adapt(const std::vector<Anatomy>& lanes)
{
    for (DockEntry& entry : m_entries) {
        const bool there = appliesTo(entry, lanes);
        if (there == entry.there)
            continue;
        entry.there = there;
        entry.dock->toggleViewAction()->setVisible(there);
        if (there)
            entry.dock->setVisible(entry.wanted);
        else
            entry.wanted = !entry.dock->isHidden();
    }
    putAway();
}

/// What is not there stays closed, whatever an arrangement says.
void Docks::putAway()
{
    for (const DockEntry& entry : m_entries) {
        if (!entry.there)
            entry.dock->hide();
    }
    updateTabs();
}

QByteArray Docks::save() const
{
    return m_window.saveState(kStateVersion);
}

bool Docks::restore(const QByteArray& state)
{
    const bool done = !state.isEmpty() && m_window.restoreState(state, kStateVersion);
    putAway();
    return done;
}

bool Docks::isSeen(const DockEntry& entry)
{
    // A dock behind another tab counts as visible for Qt; it is moved out of sight instead.
    return entry.view && entry.view->isVisible() && !entry.view->visibleRegion().isEmpty();
}

FrameWish Docks::wish() const
{
    FrameWish wish{.weights = false, .examples = false};
    for (const DockEntry& entry : m_entries) {
        if (!isSeen(entry))
            continue;
        wish.weights = wish.weights || entry.view->showsWeights();
        wish.examples = wish.examples || entry.view->showsExamples();
    }
    return wish;
}

StepWish Docks::stepWish() const
{
    StepWish wish;
    for (const DockEntry& entry : m_entries)
        if (const auto* user = dynamic_cast<const StepUser*>(entry.view); user && isSeen(entry))
            user->wish(wish);
    return wish;
}

void Docks::take(const StepReports& reports)
{
    for (const DockEntry& entry : m_entries)
        if (auto* user = dynamic_cast<StepUser*>(entry.view))
            user->take(reports);
}

void Docks::take(const Experiment& experiment, const std::vector<Anatomy>& lanes)
{
    for (const DockEntry& entry : m_entries)
        if (auto* user = dynamic_cast<ExperimentUser*>(entry.view))
            user->take(appliesTo(entry, lanes) ? &experiment : nullptr);
}

void Docks::refresh(const Scene& scene, double frameMs)
{
    const qint64 now = m_clock.elapsed();
    const double dear = std::clamp(frameMs / kCheapMs, 1.0, 2.0);
    const auto waited = [now, dear](const DockEntry& e) {
        const double period = e.view->periodMs() * dear;
        return period > 0 ? static_cast<double>(now - e.refreshedMs) / period : HUGE_VAL;
    };
    std::vector<DockEntry*> shown;
    for (DockEntry& entry : m_entries) {
        if (isSeen(entry))
            shown.push_back(&entry);
    }
    std::ranges::stable_sort(shown, std::greater<>{}, [&](auto* e) { return waited(*e); });
    bool turnTaken = false;
    for (DockEntry* entry : shown) {
        const double periods = waited(*entry);
        // The quick ones show the same instant in digits as the strips do, while frames are cheap.
        const bool together = scene.textDue && dear == 1 && entry->view->periodMs() <= kQuickMs;
        if (!scene.urgent && !together && periods < 1.5 && (periods < 0.9 || turnTaken)) {
            entry->view->postpone(scene);
            continue;
        }
        turnTaken = turnTaken || entry->view->periodMs() > 0;
        entry->refreshedMs = now;
        entry->view->refresh(scene);
    }
}

void Docks::showSubtitles(const Scene& scene)
{
    const auto words = [&](const DockEntry& entry) {
        return entry.id == m_hintDock ? scene.hint : entry.view->subtitle();
    };
    for (const DockEntry& entry : m_entries) {
        if (isSeen(entry))
            entry.title->setSubtitle(words(entry));
    }
    for (TabButtons* tabs : m_window.findChildren<TabButtons*>()) {
        const auto front = std::ranges::find(m_entries, tabs->frontTitle(),
            [](const DockEntry& entry) { return entry.dock->windowTitle(); });
        tabs->setSubtitle(front != m_entries.end() && front->view ? words(*front) : QString());
    }
}

void Docks::updateTabs()
{
    for (const DockEntry& entry : m_entries) {
        bool tabbed = false; // closed docks keep their place in a group, but show no tab
        for (const QDockWidget* other : m_window.tabifiedDockWidgets(entry.dock))
            tabbed = tabbed || !other->isHidden();
        entry.title->setTabbed(tabbed && !entry.dock->isFloating());
    }
    for (QTabBar* bar : m_window.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (bar->findChild<TabButtons*>())
            continue;
        new TabButtons(bar, [this](const QString& title) -> QDockWidget* {
            for (const DockEntry& entry : m_entries) {
                if (entry.dock->windowTitle() == title)
                    return entry.dock;
            }
            return nullptr;
        });
    }
}

} // namespace apical
