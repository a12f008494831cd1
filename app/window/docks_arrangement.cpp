// Where the docks stand by default, wide and compact (geometry of the design).
#include "app/window/docks.h"

#include <QDockWidget>
#include <QMainWindow>

#include <algorithm>

namespace apical {
namespace {

constexpr int kSplitter = 4;

/// What a layout does differently with a dock. The first row that fits counts.
struct Placement {
    const char* layout; ///< "" = every other
    const char* id;
    const char* area; ///< "" = as in viewTable()
    int rank;
    bool open;
};
// The family of latent equilibrium is about lanes over time: their strips have the whole middle.
constexpr Placement kPlacements[] = {
    {"latent-equilibrium", "strips", "centre", 0, true},
    {"latent-equilibrium", "circuit", "centre", 1, true},
    {"latent-equilibrium", "lag", "right", -1, true},
    {"dendritic-errors", "strips", "centre", 0, true},
    {"dendritic-errors", "circuit", "centre", 1, true},
    {"dendritic-errors", "lag", "right", 1, true},
    {"", "lag", "", 1, false},
    // Learning a task: what it answers, how that gets better, and what happens meanwhile.
    {"learning", "answers", "centre-top", 0, true},
    {"learning", "circuit", "centre-top", 1, true},
    {"learning", "drawing", "centre-top", 2, true},
    // Beside what is drawn: the row of tabs above the answers is full.
    {"learning", "gallery", "centre-top-right", 1, true},
    {"learning", "microscope", "centre", 2, true},
    {"learning", "learning", "centre-top-right", 0, true},
    {"learning", "classes", "centre", 1, true},
    {"learning", "angles", "bottom-left", -1, true},
    {"learning", "confusion", "bottom-centre", -2, true},
    {"learning", "mistakes", "bottom-centre", -1, true},
    // A digit on its way through a spiking net has the whole middle.
    {"conversion", "conversion", "centre", 0, true},
    {"conversion", "strips", "centre", 1, true},
    {"conversion", "classes", "centre", 2, true},
    {"conversion", "drawing", "centre", 3, true},
    {"conversion", "gallery", "centre", 4, true},
    {"conversion", "circuit", "centre", 5, true},
    {"conversion", "learning", "bottom-left", -2, true},
    {"conversion", "confusion", "bottom-centre", -2, true},
    {"conversion", "mistakes", "bottom-centre", -1, true},
    {"", "conversion", "", 2, false},
    // So has a sample that is predicted and then corrected, spike by spike.
    {"phases", "phases", "centre", 0, true},
    {"phases", "strips", "centre", 1, true},
    {"phases", "inference", "centre", 2, true},
    {"phases", "answers", "centre", 3, true},
    {"phases", "classes", "centre", 4, true},
    {"phases", "drawing", "centre", 5, true},
    {"phases", "gallery", "centre", 6, true},
    {"phases", "circuit", "centre", 7, true},
    {"phases", "learning", "bottom-left", -2, true},
    {"phases", "angles", "bottom-centre", -2, true},
    {"phases", "confusion", "bottom-centre", -1, true},
    {"", "phases", "", 2, false},
    // Where a net normalises, that is what its lanes are about.
    {"learning", "batch-norm", "centre", -1, true},
    {"", "batch-norm", "", 1, false},
    {"regression", "answers", "centre-top", 0, true},
    {"regression", "circuit", "centre-top", 1, true},
    {"regression", "learning", "centre-top-right", 0, true},
    {"regression", "angles", "bottom-left", -1, true},
    // Who spikes when, over the voltages of one who does; what it answers below.
    {"spiking", "raster", "centre-top", 0, true},
    {"spiking", "circuit", "centre-top", 1, true},
    {"spiking", "answers", "bottom-left", -2, true},
    {"spiking", "learning", "bottom-centre", -1, true},
    {"encoder", "raster", "centre-top", 0, true},
    {"", "raster", "", 1, true},
    // A surprise is seen in the apical dendrites: the circuit stays in front.
    {"unpredicted", "answers", "bottom-left", -1, true},
    {"unpredicted", "learning", "bottom-centre", -1, true},
    // Three errors beside each other need the width of the window.
    {"rosetta", "rosetta", "centre", 0, true},
    {"rosetta", "strips", "centre", 1, true},
    {"", "rosetta", "", 1, false},
    // So do the layers of a net, and the curve of its energy.
    {"inference", "inference", "centre", 0, true},
    {"inference", "strips", "centre", 1, true},
    {"learning", "inference", "centre", 2, true},
    {"", "inference", "", 1, false},
    {"clock", "clock", "centre-top", 0, true},
    {"clock", "angles", "bottom-left", -1, true},
    {"clock", "learning", "bottom-centre", -1, true},
    {"", "clock", "", 1, false},
    // Spikes: what they are like, what they stand for, what one synapse makes of them.
    {"spiking", "rate-bridge", "centre-top", 1, true},
    {"spiking", "spike-statistics", "centre-top", 2, true},
    {"rate-spike", "rate-bridge", "centre-top", 0, true},
    {"rate-spike", "circuit", "centre-top", 1, true},
    {"rate-spike", "spike-statistics", "", 1, true},
    {"spike-statistics", "spike-statistics", "centre-top", 0, true},
    {"spike-statistics", "circuit", "centre-top", 1, true},
    {"synapse", "synapse", "right", -1, true},
    // Neurons on the bench: what is asked in front, beside it what it comes to.
    {"membrane", "membrane", "", -1, true},
    {"membrane", "rate-curve", "right", -1, true},
    {"membrane", "encoder", "", 1, false}, // its currents are sent as they are
    {"rate-curve", "rate-curve", "", -1, true},
    {"encoder", "encoder", "", -1, true},
    {"synaptic-filter", "synaptic-filter", "", -1, true},
    {"", "rate-curve", "", 1, true},
    {"", "membrane", "", 1, true},
    {"", "encoder", "", 1, true},
    {"", "synaptic-filter", "", 1, true},
    {"", "rate-bridge", "", 1, false},
    {"", "spike-statistics", "", 1, false},
    {"", "synapse", "", 1, false},
    {"", "answers", "", 1, false},
    {"", "learning", "", 1, false},
    {"", "confusion", "", 1, false},
    {"", "classes", "", 1, false},
    {"", "drawing", "", 2, false},
    {"", "gallery", "", 3, false},
    {"", "microscope", "", 1, false},
    {"", "mistakes", "", 1, false},
};
constexpr int kAway = 1000;
constexpr const char* kCentreTop = "centre-top";
constexpr const char* kCentreTopRight = "centre-top-right";

void tabify(QMainWindow& window, const std::vector<QDockWidget*>& docks)
{
    for (std::size_t i = 1; i < docks.size(); ++i)
        window.tabifyDockWidget(docks[i - 1], docks[i]);
    if (!docks.empty())
        docks.front()->raise();
}

} // namespace

std::vector<QDockWidget*> Docks::inArea(const QString& area) const
{
    std::vector<QDockWidget*> docks;
    for (const DockEntry& entry : m_entries) {
        if (entry.place == area)
            docks.push_back(entry.dock);
    }
    std::ranges::stable_sort(docks, {}, [this](const QDockWidget* dock) {
        return std::ranges::find(m_entries, dock, &DockEntry::dock)->rank;
    });
    return docks;
}

void Docks::place(const QString& layout)
{
    m_hintDock = QStringLiteral("circuit");
    for (DockEntry& entry : m_entries) {
        entry.place = entry.area;
        entry.rank = 0;
        for (const Placement& row : kPlacements) {
            if (entry.id != QLatin1String(row.id)
                || (*row.layout != '\0' && layout != QLatin1String(row.layout)))
                continue;
            if (*row.area != '\0')
                entry.place = QLatin1String(row.area);
            entry.rank = row.rank;
            entry.open = row.open;
            break;
        }
    }
    // What is not there gives its place in front to the next.
    for (DockEntry& entry : m_entries)
        entry.rank += entry.there ? 0 : kAway;
    // Half a row is too narrow for a sentence.
    const DockEntry* circuit = find(m_hintDock);
    const std::vector<QDockWidget*> top = inArea(QLatin1String(kCentreTop));
    if (top.empty() || top.front() != circuit->dock || !circuit->there
        || !inArea(QLatin1String(kCentreTopRight)).empty())
        m_hintDock = QStringLiteral("strips");
    // Behind another tab nobody reads it.
    const auto centre = inArea(QStringLiteral("centre"));
    if (m_hintDock == QLatin1String("strips") && !centre.empty())
        m_hintDock = std::ranges::find(m_entries, centre.front(), &DockEntry::dock)->id;
}

void Docks::arrange(bool compact, const QString& layout)
{
    place(layout);
    for (const DockEntry& entry : m_entries) {
        entry.dock->setFloating(false);
        m_window.removeDockWidget(entry.dock);
    }
    compact ? arrangeCompact() : arrangeWide();
    for (DockEntry& entry : m_entries) {
        entry.dock->setVisible(entry.open && entry.there);
        entry.wanted = entry.open;
    }
    for (const DockEntry& entry :
        m_entries) { // tabs that were just shown may have come to the front
        if (entry.open && entry.there && inArea(entry.place).front() == entry.dock
            && (!compact || entry.place != QLatin1String("left"))
            && (!compact || entry.place != QLatin1String("bottom-left")))
            entry.dock->raise();
    }
    size(compact);
    updateTabs();
}

void Docks::arrangeWide()
{
    const auto left = inArea(QStringLiteral("left")), right = inArea(QStringLiteral("right")),
               first = inArea(QStringLiteral("bottom-left")),
               second = inArea(QStringLiteral("bottom-centre")),
               third = inArea(QStringLiteral("bottom-right"));
    auto top = inArea(QStringLiteral("centre-top")), centre = inArea(QStringLiteral("centre"));
    if (top.empty())
        top.swap(centre);
    QMainWindow& w = m_window;
    w.addDockWidget(Qt::LeftDockWidgetArea, left.front());
    w.splitDockWidget(left.front(), first.front(), Qt::Vertical);
    w.splitDockWidget(left.front(), top.front(), Qt::Horizontal);
    w.splitDockWidget(top.front(), right.front(), Qt::Horizontal);
    if (!centre.empty())
        w.splitDockWidget(top.front(), centre.front(), Qt::Vertical);
    const auto beside = inArea(QLatin1String(kCentreTopRight));
    if (!beside.empty())
        w.splitDockWidget(top.front(), beside.front(), Qt::Horizontal);
    w.splitDockWidget(first.front(), second.front(), Qt::Horizontal);
    w.splitDockWidget(second.front(), third.front(), Qt::Horizontal);
    for (const auto& group : {left, top, beside, centre, right, first, second, third})
        tabify(w, group);
}

void Docks::arrangeCompact()
{
    const auto third = inArea(QStringLiteral("bottom-right"));
    auto top = inArea(QStringLiteral("centre-top")), centre = inArea(QStringLiteral("centre"));
    if (top.empty())
        top.swap(centre);
    auto right = inArea(QStringLiteral("right"));
    for (QDockWidget* dock : inArea(QStringLiteral("left")))
        right.push_back(dock);
    auto bottom = inArea(QStringLiteral("bottom-centre"));
    const auto more = inArea(QStringLiteral("bottom-left"));
    bottom.insert(bottom.begin() + (bottom.empty() ? 0 : 1), more.begin(), more.end());
    QMainWindow& w = m_window;
    w.addDockWidget(Qt::LeftDockWidgetArea, top.front());
    w.splitDockWidget(top.front(), bottom.front(), Qt::Vertical);
    w.splitDockWidget(top.front(), right.front(), Qt::Horizontal);
    if (!centre.empty())
        w.splitDockWidget(top.front(), centre.front(), Qt::Vertical);
    const auto beside = inArea(QLatin1String(kCentreTopRight));
    if (!beside.empty())
        w.splitDockWidget(top.front(), beside.front(), Qt::Horizontal);
    w.splitDockWidget(bottom.front(), third.front(), Qt::Horizontal);
    for (const auto& group : {top, beside, centre, right, bottom, third})
        tabify(w, group);
}

void Docks::size(bool compact)
{
    const auto front = [this](const char* area) { return inArea(QLatin1String(area)).front(); };
    const bool split = !inArea(QStringLiteral("centre-top")).empty();
    const char* const middle = split ? "centre-top" : "centre";
    const int width = m_window.width();
    const int side = compact ? 280 : 292, leftWidth = 264, bottom = compact ? 152 : 168;
    const int circuit = compact ? 200 : 240;
    const int above = m_window.height() - (24 + 40) - (32 + 24) - bottom - kSplitter;
    if (compact) {
        m_window.resizeDocks(
            {front(middle), front("right")}, {width - side - kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks({front("bottom-centre"), front("bottom-right")},
            {width - side - kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks(
            {front("right"), front("bottom-right")}, {above, bottom}, Qt::Vertical);
    } else {
        m_window.resizeDocks({front("left"), front(middle), front("right")},
            {leftWidth, width - leftWidth - side - 2 * kSplitter, side}, Qt::Horizontal);
        const int weights = 480 * width / 1280;
        m_window.resizeDocks({front("bottom-left"), front("bottom-centre"), front("bottom-right")},
            {weights, width - weights - side - 2 * kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks({front("left"), front("bottom-left")}, {above, bottom}, Qt::Vertical);
    }
    if (const auto beside = inArea(QLatin1String(kCentreTopRight)); !beside.empty()) {
        const int room = width - side - 2 * kSplitter - (compact ? 0 : leftWidth + kSplitter);
        m_window.resizeDocks({front(kCentreTop), beside.front()},
            {room * 52 / 100, room * 48 / 100}, Qt::Horizontal);
    }
    if (split)
        m_window.resizeDocks({front("centre-top"), front("centre")},
            {circuit, above - circuit - kSplitter}, Qt::Vertical);
}

} // namespace apical
