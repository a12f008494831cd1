#include "widgets/task/learning_axis.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QAction>
#include <QFontMetricsF>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPastNewest = 1.15; // of a log axis: room for half a ring
constexpr double kFewestEpochs = 10; // the epoch axis is never shorter
constexpr double kFewestSeen = 10, kShortestSeen = 1000; // samples: where their axis begins, ends

} // namespace

LearningAxisWords wordsOf(LearningAxis axis)
{
    switch (axis) {
    case LearningAxis::Seen:
        return {u"axisSeen"_s, u"seen"_s, u"samples seen"_s, {}, u"Training samples seen"_s,
            u"samples_seen"_s};
    case LearningAxis::Time:
        return {u"axisTime"_s, u"t (ms)"_s, u"simulated time"_s, u"ms"_s,
            u"Simulated time, of lanes whose steps are ms"_s, u"simulated_ms"_s};
    case LearningAxis::Spikes:
        return {u"axisSpikes"_s, u"spikes"_s, u"spikes sent"_s, {},
            u"Spikes sent, of lanes that send spikes"_s, u"spikes"_s};
    case LearningAxis::Seconds:
        return {u"axisSeconds"_s, u"CPU (s)"_s, u"computing time of the lane"_s, u"s"_s,
            u"Computing time of each lane"_s, u"computing_s"_s};
    case LearningAxis::Epochs:
        break;
    }
    return {u"axisEpochs"_s, u"epoch"_s, u"epoch"_s, {}, u"Epochs"_s, u"epoch"_s};
}

void layOutAxis(ChartAxis& x, LearningAxis axis, const std::vector<EpochCurve>& curves)
{
    const LearningAxisWords words = wordsOf(axis);
    const bool epochs = axis == LearningAxis::Epochs, seen = axis == LearningAxis::Seen;
    x.name = words.name;
    x.unit = words.unit;
    x.whole = epochs;
    x.logarithmic = !epochs;
    double first = std::numeric_limits<double>::infinity(), last = 0;
    for (const EpochCurve& curve : curves) {
        first = std::min(first, curve.points.front().at);
        last = std::max(last, curve.points.back().at);
    }
    if (epochs || seen) {
        x.low = seen ? kFewestSeen : 0;
        x.high = std::max(seen ? kShortestSeen : kFewestEpochs, last);
    } else { // a decade at least
        x.low = curves.empty() ? 1 : std::pow(10, std::floor(std::log10(first)));
        x.high = std::max(10 * x.low, last);
    }
    if (!epochs)
        x.high *= kPastNewest;
}

double shownOn(const Scene& scene, LearningAxis axis)
{
    const LaneFrame& lane = scene.frame.lanes.front();
    switch (axis) {
    case LearningAxis::Epochs:
        return static_cast<double>(lane.task.shown.epoch);
    case LearningAxis::Seen:
        return samplesSeen(lane);
    case LearningAxis::Time:
        return scene.shownMs;
    case LearningAxis::Spikes:
    case LearningAxis::Seconds:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

QString leftOutText(const Scene& scene, LearningAxis axis, const std::vector<EpochCurve>& curves)
{
    const auto& lanes = scene.frame.lanes;
    for (std::size_t lane = 0; lane < lanes.size() && !curves.empty(); ++lane) {
        if (!lanes[lane].task.hasTask
            || std::ranges::find(curves, lane, &EpochCurve::lane) != curves.end())
            continue;
        if (axis == LearningAxis::Time)
            return u"only lanes whose steps are ms"_s;
        if (axis == LearningAxis::Spikes)
            return u"only lanes that send spikes"_s;
    }
    return {};
}

LearningAxisButton::LearningAxisButton(QWidget* parent)
    : QAbstractButton(parent)
    , m_menu(new QMenu(this))
{
    setObjectName(u"learningAxis"_s);
    setAttribute(Qt::WA_Hover); // paints when the pointer comes and goes
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(u"Axis"_s);
    setToolTip(u"Over epochs, or over what was spent: samples, time, spikes, on a log axis"_s);
    connect(this, &QAbstractButton::clicked, this, [this] {
        fill();
        m_menu->popup(mapToGlobal(QPoint(0, -m_menu->sizeHint().height())));
    });
}

void LearningAxisButton::fill()
{
    m_menu->clear();
    for (const LearningAxis axis : m_offered) {
        const LearningAxisWords words = wordsOf(axis);
        QAction* entry = m_menu->addAction(words.entry, this, [this, axis] { choose(axis); });
        entry->setObjectName(words.id);
        entry->setCheckable(true);
        entry->setChecked(axis == this->axis());
    }
}

void LearningAxisButton::offer(const std::vector<LearningAxis>& axes)
{
    m_offered = axes;
    setText(wordsOf(axis()).button);
    update();
}

LearningAxis LearningAxisButton::axis() const
{
    return std::ranges::find(m_offered, m_chosen) != m_offered.end() ? m_chosen : m_offered.front();
}

void LearningAxisButton::choose(LearningAxis axis)
{
    m_chosen = axis;
    setText(wordsOf(axis).button);
    update();
    Q_EMIT axisChosen();
}

void LearningAxisButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(uiFont(11));
    painter.setPen(underMouse() ? activeTheme().accent : activeTheme().ink2);
    const QString arrows = text() + u" \u21c4"_s;
    const bool fits = QFontMetricsF(painter.font()).horizontalAdvance(arrows) <= width();
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, fits ? arrows : text());
}

} // namespace apical
