#include "widgets/doctor/loudest_view.h"

#include "widgets/circuit/inspector_content.h"
#include "widgets/circuit/words.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/neuron_selection.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kMost = 10;
constexpr double kRow = 17, kLowestRow = 14, kHeader = 18, kPad = 12, kNarrowest = 222;

/// Up to ten rows in one or two columns; order and digits change at 10 Hz so that they can be read
/// and clicked.
class LoudestView : public View {
public:
    explicit LoudestView(QWidget* parent)
        : View(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
        setAccessibleName(u"Loudest ten"_s);
        setMinimumSize(200, 60);
    }

    int periodMs() const override { return 100; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        if (scene.frame.lanes.empty()) {
            m_rows.clear();
        } else if (textDue() || scene.urgent || m_rows.empty()
            || scene.frame.generation != m_generation) {
            m_generation = scene.frame.generation;
            m_rows = loudest(*shownCircuit(scene), kMost);
        }
    }

    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override { return scene() ? shownCircuitText(*scene()) : QString(); }

    QString csv() const override
    {
        if (m_rows.empty())
            return {};
        QString csv = u"rank,unit,apical,topdown,lateral\n"_s;
        int rank = 0;
        for (const LoudApical& row : m_rows)
            csv += u"%1,%2,%3,%4,%5\n"_s.arg(++rank).arg(nameOf(row), fileNumber(row.apical),
                fileNumber(row.topdown), fileNumber(row.lateral));
        return csv;
    }

protected:
    void mousePressEvent(QMouseEvent* event) override
    {
        for (std::size_t i = 0; i < grid(QRectF(rect())).shown; ++i)
            if (event->button() == Qt::LeftButton
                && place(i, QRectF(rect())).contains(event->position()))
                Q_EMIT selected(unitOf(m_rows[i]));
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        const bool down = event->key() == Qt::Key_Down;
        if (m_rows.empty() || (!down && event->key() != Qt::Key_Up))
            return View::keyPressEvent(event);
        const auto chosen = std::ranges::find_if(
            m_rows, [&](const LoudApical& row) { return unitOf(row) == scene()->selection; });
        std::size_t next = 0;
        if (chosen != m_rows.end()) {
            const auto i = static_cast<std::size_t>(chosen - m_rows.begin());
            next = down ? std::min(i + 1, m_rows.size() - 1) : i - std::min<std::size_t>(i, 1);
        }
        Q_EMIT selected(unitOf(m_rows[next]));
    }

    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ShortcutOverride) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key == Qt::Key_Up || key == Qt::Key_Down) {
                event->accept();
                return true;
            }
        }
        return View::event(event);
    }

private:
    static Selection unitOf(const LoudApical& row)
    {
        return {Selection::Population::Pyramidal, row.layer, row.index};
    }
    QString nameOf(const LoudApical& row) const { return unitOf(row).name(scene()->frame.sizes); }
    /// Rows that fit into one column, and how many are shown in one or two.
    struct Grid {
        std::size_t perColumn = 1, shown = 0, columns = 1;
    };
    Grid grid(const QRectF& area) const
    {
        const auto fit =
            static_cast<std::size_t>(std::max(1.0, (area.height() - kHeader - 4) / kLowestRow));
        Grid g;
        g.columns = area.width() >= 2 * kNarrowest && fit < m_rows.size() ? 2 : 1;
        g.shown = std::min(m_rows.size(), fit * g.columns);
        g.perColumn = std::max<std::size_t>(1, (g.shown + g.columns - 1) / g.columns);
        return g;
    }
    QRectF place(std::size_t i, const QRectF& area) const
    {
        const Grid g = grid(area);
        const double width = area.width() / static_cast<double>(g.columns);
        const double height =
            std::min(kRow, (area.height() - kHeader - 4) / static_cast<double>(g.perColumn));
        const std::size_t column = i / g.perColumn, row = i % g.perColumn;
        return {area.left() + static_cast<double>(column) * width,
            area.top() + kHeader + static_cast<double>(row) * height, width, height};
    }

    std::vector<LoudApical> m_rows;
    std::uint64_t m_generation = 0;
};

void LoudestView::paint(QPainter& painter, const QRectF& area)
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_rows.empty()) {
        painter.setFont(uiFont(12));
        painter.setPen(theme().ink2);
        painter.drawText(area.adjusted(kPad, 0, -kPad, 0), Qt::AlignCenter | Qt::TextWordWrap,
            u"No hidden layer, no apical compartment."_s);
        return;
    }
    double largest = 0;
    for (const LoudApical& row : m_rows)
        if (std::isfinite(row.apical))
            largest = std::max(largest, std::abs(row.apical));
    const double range = niceRange(largest);
    constexpr double kNumber = 50;
    const Grid g = grid(area);
    for (std::size_t i = 0; i < g.shown; ++i) {
        const LoudApical& row = m_rows[i];
        const QRectF box = place(i, area);
        const double right = box.right() - kPad;
        const double left = box.left() + kPad;
        const auto number = [&](int column, double value, int weight, const QColor& color) {
            painter.setFont(uiFont(11, weight));
            painter.setPen(color);
            painter.drawText(
                QRectF(right - column * kNumber - kNumber, box.top(), kNumber, box.height()),
                Qt::AlignVCenter | Qt::AlignRight, signedNumber(value));
        };
        if (i % g.perColumn == 0) {
            const QRectF head(box.left(), area.top(), box.width(), kHeader);
            painter.setFont(uiFont(10));
            painter.setPen(theme().ink3);
            painter.drawText(QRectF(left + 36, head.top(), 90, kHeader), Qt::AlignVCenter,
                u"\u00b1%1 (1)"_s.arg(range));
            const QStringList names{u"lateral"_s, u"top-down"_s, u"apical"_s};
            for (int column = 0; column < 3; ++column)
                painter.drawText(
                    QRectF(right - (column + 1) * kNumber, head.top(), kNumber, kHeader),
                    Qt::AlignVCenter | Qt::AlignRight, names[column]);
        }
        const bool chosen = unitOf(row) == scene()->selection;
        if (chosen) {
            painter.setPen(QPen(theme().accent, 1));
            painter.setBrush(theme().accentSoft);
            painter.drawRoundedRect(box.adjusted(4.5, 0.5, -4.5, -0.5), 3, 3);
        }
        painter.setFont(uiFont(12, chosen ? QFont::Bold : QFont::Normal));
        painter.setPen(chosen ? theme().accent : theme().ink);
        painter.drawText(QRectF(left, box.top(), 36, box.height()), Qt::AlignVCenter, nameOf(row));
        const QRectF track(
            left + 36, box.center().y() - 4, std::max(8.0, right - 3 * kNumber - left - 38), 8);
        painter.fillRect(track, theme().band);
        const double share =
            std::isfinite(row.apical) ? std::clamp(row.apical / range, -1.0, 1.0) : 1;
        const double zero = track.center().x();
        painter.fillRect(QRectF(QPointF(zero, track.top()),
                             QPointF(zero + share * track.width() / 2, track.bottom()))
                             .normalized(),
            theme().apical);
        painter.fillRect(QRectF(zero - 0.5, track.top() - 1, 1, track.height() + 2), theme().edge);
        number(2, row.apical, QFont::DemiBold, theme().ink);
        number(1, row.topdown, QFont::Normal, theme().ink2);
        number(0, row.lateral, QFont::Normal, theme().ink2);
    }
    if (hasFocus() && scene()->selection == Selection()) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4);
    }
}

} // namespace

View* makeLoudestView(QWidget* parent)
{
    return new LoudestView(parent);
}

} // namespace apical
