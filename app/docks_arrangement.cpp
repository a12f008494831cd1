// Where the docks stand by default, wide and compact (geometry of the design).
#include "app/docks.h"

#include <QDockWidget>
#include <QMainWindow>

namespace apical {
namespace {

constexpr int kSplitter = 4;

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
        if (entry.area == area)
            docks.push_back(entry.dock);
    }
    return docks;
}

void Docks::arrange(bool compact)
{
    for (const DockEntry& entry : m_entries) {
        entry.dock->setFloating(false);
        m_window.removeDockWidget(entry.dock);
    }
    compact ? arrangeCompact() : arrangeWide();
    for (const DockEntry& entry : m_entries)
        entry.dock->setVisible(entry.open);
    for (const DockEntry& entry :
        m_entries) { // tabs that were just shown may have come to the front
        if (entry.open && inArea(entry.area).front() == entry.dock
            && (!compact || entry.area != QLatin1String("left"))
            && (!compact || entry.area != QLatin1String("bottom-left")))
            entry.dock->raise();
    }
    size(compact);
    updateTabs();
}

void Docks::arrangeWide()
{
    const auto left = inArea(QStringLiteral("left")), top = inArea(QStringLiteral("centre-top")),
               centre = inArea(QStringLiteral("centre")), right = inArea(QStringLiteral("right")),
               first = inArea(QStringLiteral("bottom-left")),
               second = inArea(QStringLiteral("bottom-centre")),
               third = inArea(QStringLiteral("bottom-right"));
    QMainWindow& w = m_window;
    w.addDockWidget(Qt::LeftDockWidgetArea, left.front());
    w.splitDockWidget(left.front(), first.front(), Qt::Vertical);
    w.splitDockWidget(left.front(), top.front(), Qt::Horizontal);
    w.splitDockWidget(top.front(), right.front(), Qt::Horizontal);
    w.splitDockWidget(top.front(), centre.front(), Qt::Vertical);
    w.splitDockWidget(first.front(), second.front(), Qt::Horizontal);
    w.splitDockWidget(second.front(), third.front(), Qt::Horizontal);
    for (const auto& group : {left, top, centre, right, first, second, third})
        tabify(w, group);
}

void Docks::arrangeCompact()
{
    const auto top = inArea(QStringLiteral("centre-top")),
               centre = inArea(QStringLiteral("centre")),
               third = inArea(QStringLiteral("bottom-right"));
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
    w.splitDockWidget(top.front(), centre.front(), Qt::Vertical);
    w.splitDockWidget(bottom.front(), third.front(), Qt::Horizontal);
    for (const auto& group : {top, centre, right, bottom, third})
        tabify(w, group);
}

void Docks::size(bool compact)
{
    const auto front = [this](const char* area) { return inArea(QLatin1String(area)).front(); };
    const int width = m_window.width();
    const int side = compact ? 280 : 292, leftWidth = 264, bottom = compact ? 152 : 168;
    const int circuit = compact ? 200 : 240;
    const int above = m_window.height() - (24 + 40) - (32 + 24) - bottom - kSplitter;
    if (compact) {
        m_window.resizeDocks({front("centre-top"), front("right")},
            {width - side - kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks({front("bottom-centre"), front("bottom-right")},
            {width - side - kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks(
            {front("right"), front("bottom-right")}, {above, bottom}, Qt::Vertical);
    } else {
        m_window.resizeDocks({front("left"), front("centre-top"), front("right")},
            {leftWidth, width - leftWidth - side - 2 * kSplitter, side}, Qt::Horizontal);
        const int weights = 480 * width / 1280;
        m_window.resizeDocks({front("bottom-left"), front("bottom-centre"), front("bottom-right")},
            {weights, width - weights - side - 2 * kSplitter, side}, Qt::Horizontal);
        m_window.resizeDocks({front("left"), front("bottom-left")}, {above, bottom}, Qt::Vertical);
    }
    m_window.resizeDocks({front("centre-top"), front("centre")},
        {circuit, above - circuit - kSplitter}, Qt::Vertical);
}

} // namespace apical
