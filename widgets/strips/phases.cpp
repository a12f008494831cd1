#include "widgets/strips/phases.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/spiking_predictive/phases_trace.h"
#include "widgets/look/rich_text.h"
#include "widgets/strips/blocks.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

bool isTarget(const Event& e)
{
    return e.kind == Event::Kind::TargetOn || e.kind == Event::Kind::TargetOff;
}

const ParameterTable& tableOf(const Scene& scene)
{
    const auto& lanes = scene.frame.lanes;
    return (lanes.empty() ? Parameters() : lanes.front().parameters).table();
}

bool any(const std::vector<double>& rates)
{
    return std::any_of(rates.begin(), rates.end(), [](double r) { return r > 0; });
}

/// Edits of learning rates and locks change what a phase is called.
bool changesPlasticity(const Event& e)
{
    return e.kind == Event::Kind::Edit
        && (e.text.starts_with("eta.") || e.text.starts_with("lock."));
}

/// @param halves whether a presentation predicts first, and has its target in its second phase only
QString phaseText(const Parameters& p, bool targetOn, bool plasticityKnown, bool halves)
{
    QString target = !targetOn ? u"target off"_s
        : halves               ? u"target on, after each latch"_s
                               : u"target on"_s;
    const CircuitParameters* c = circuitIf(p);
    if (!c || !plasticityKnown)
        return target;
    const bool lateral = (any(c->etaIp) && !c->lockIp) || (any(c->etaPi) && !c->lockPi);
    const bool forward = any(c->etaUp) && !c->lockUp;
    if (targetOn && forward)
        return u"learning the task, target on"_s;
    if (lateral)
        return u"learning self-prediction, "_s + target;
    return (forward ? u"learning forward weights, "_s : u"weights held, "_s) + target;
}

QColor withAlpha(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

QColor laneColor(const Theme& t, Phase::Kind kind)
{
    switch (kind) {
    case Phase::Kind::WarmUp:
        return t.groove;
    case Phase::Kind::TargetOff:
        return t.accentSoft;
    case Phase::Kind::TargetOn:
        return withAlpha(t.target, t.dark ? 0.30 : 0.32);
    }
    return t.band;
}

void vertical(QPainter& painter, double x, const QRectF& plot)
{
    const double at = std::floor(x) + 0.5;
    painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
}

} // namespace

std::vector<Phase> runPhases(const Scene& scene)
{
    std::vector<Phase> phases;
    if (scene.frame.lanes.empty() || !(scene.nowMs > 0))
        return phases;
    const Parameters& p = scene.frame.lanes.front().parameters;
    const bool halves = std::ranges::any_of(scene.frame.lanes,
        [](const LaneFrame& lane) { return lane.anatomy && hasTwoPhases(*lane.anatomy); });
    std::vector<const Event*> switches;
    double plasticityKnownFrom = 0;
    for (const Event& e : scene.events) {
        if (isTarget(e))
            switches.push_back(&e);
        if (changesPlasticity(e))
            plasticityKnownFrom = std::max(plasticityKnownFrom, e.timeMs);
    }
    bool on = switches.empty() ? p.targetOn : switches.front()->kind == Event::Kind::TargetOff;
    double from = std::min(p.plasticityOnset, scene.nowMs);
    if (from > 0)
        phases.push_back({Phase::Kind::WarmUp, 0, from, u"warm-up"_s});
    const auto close = [&](double to) {
        // Edits within a phase make its plasticity ambiguous: then only the target is named.
        const bool known = plasticityKnownFrom <= from || to >= scene.nowMs;
        if (to > from)
            phases.push_back({on ? Phase::Kind::TargetOn : Phase::Kind::TargetOff, from, to,
                phaseText(p, on, known, halves)});
        from = std::max(from, to);
    };
    for (const Event* e : switches) {
        close(std::min(e->timeMs, scene.nowMs));
        on = e->kind == Event::Kind::TargetOn;
    }
    close(scene.nowMs);
    return phases;
}

QString eventLabel(const Event& event, const ParameterTable& table)
{
    switch (event.kind) {
    case Event::Kind::Edit: {
        const std::string key = event.text.substr(0, event.text.find_first_of(" ="));
        const ParameterRow* row = table.find(key);
        if (row)
            return u"<i>"_s
                + QString::fromUtf8(row->symbol.data(), static_cast<qsizetype>(row->symbol.size()))
                + u"</i> edit"_s;
        if (key == "lane")
            return QString::fromStdString(event.text).toHtmlEscaped();
        return QString::fromStdString(key).toHtmlEscaped() + u" edit"_s;
    }
    case Event::Kind::TargetOn:
        return u"target on"_s;
    case Event::Kind::TargetOff:
        return u"target off"_s;
    case Event::Kind::Reset:
        return u"reset"_s;
    case Event::Kind::Rewind:
        return u"rewind"_s;
    case Event::Kind::Warning:
        return u"warning"_s;
    case Event::Kind::Diverged:
        return u"diverged"_s;
    case Event::Kind::Jump:
        return u"jump"_s;
    }
    return {};
}

void paintPhaseLane(QPainter& painter, const Scene& scene, const TimeAxis& axis, const QRectF& lane)
{
    const Theme& t = *scene.theme;
    const QFont font = uiFont(11);
    painter.save();
    painter.setClipRect(lane.adjusted(0, -3, 0, 3));
    // Labels of edits first: phase names keep clear of them.
    struct Label {
        QRectF box;
        QString html;
        double x;
        int count;
    };
    std::vector<Label> labels;
    for (const Event& e : scene.events) {
        if (isTarget(e) || e.kind == Event::Kind::Diverged || !axis.contains(e.timeMs))
            continue;
        const double x = axis.x(e.timeMs);
        QString html = eventLabel(e, tableOf(scene));
        int count = 1;
        if (!labels.empty() && x - labels.back().x < labels.back().box.width() + 4) {
            count = labels.back().count + 1;
            html = labels.back().html == html ? html : QString::number(count) + u" edits"_s;
            labels.pop_back();
        }
        const double width = richSize(html, font).width() + 12;
        const double left =
            std::clamp(x - width / 2, lane.left(), std::max(lane.left(), lane.right() - width));
        labels.push_back({QRectF(left, lane.top() - 1, width, lane.height() + 2), html, x, count});
    }
    // Blocks without plasticity lie over the phases; the wide ones have their names.
    struct Shade {
        QRectF box;
        QString name;
    };
    std::vector<Shade> shades;
    std::vector<QRectF> taken;
    for (const Label& label : labels)
        taken.push_back(label.box);
    for (const BlockSpan& span : visibleBlocks(scene, axis)) {
        const double x0 = std::max(axis.x(span.beginMs), lane.left());
        const double x1 = std::min(axis.x(span.endMs), lane.right());
        if (x1 <= x0)
            continue;
        shades.push_back({QRectF(x0, lane.top(), x1 - x0, lane.height()), {}});
        const QString name = QString::fromLatin1(blockName(span.block));
        const bool free = std::ranges::none_of(
            taken, [&](const QRectF& box) { return box.intersects(shades.back().box); });
        if (free && richSize(name, font).width() + 8 <= x1 - x0) {
            shades.back().name = name;
            taken.push_back(shades.back().box);
        }
    }
    std::ranges::sort(taken, {}, [](const QRectF& box) { return box.left(); });
    for (const Phase& phase : runPhases(scene)) {
        const double x0 = std::max(axis.x(phase.beginMs), lane.left());
        const double x1 = std::min(axis.x(phase.endMs), lane.right());
        if (x1 <= x0)
            continue;
        painter.fillRect(QRectF(x0, lane.top(), x1 - x0, lane.height()), laneColor(t, phase.kind));
        for (const Shade& shade : shades)
            if (const QRectF part = shade.box.intersected({x0, lane.top(), x1 - x0, lane.height()});
                !part.isEmpty())
                painter.fillRect(part, laneColor(t, Phase::Kind::WarmUp));
        // The widest stretch between edit labels carries the name, if it fits.
        const double width = richSize(phase.text, font).width();
        double best = 0, bestFrom = x0, from = x0;
        const auto gap = [&](double to) {
            if (to - from > best)
                best = to - from, bestFrom = from;
        };
        for (const QRectF& box : taken) {
            if (box.right() < x0 || box.left() > x1)
                continue;
            gap(box.left());
            from = std::max(from, box.right());
        }
        gap(x1);
        if (best >= width + 12)
            drawRich(painter, {std::round(bestFrom) + 6, lane.center().y() - 7.5}, phase.text, font,
                t.ink2);
    }
    for (const Shade& shade : shades)
        if (!shade.name.isEmpty())
            drawRich(
                painter, {shade.box.left() + 4, lane.center().y() - 7.5}, shade.name, font, t.ink2);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Label& label : labels) {
        painter.setPen(t.amber);
        painter.setBrush(t.dark ? t.panel : QColor(0xFD, 0xF4, 0xE3));
        painter.drawRoundedRect(label.box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        const QSizeF size = richSize(label.html, font);
        drawRich(painter,
            {label.box.left() + 6, label.box.center().y() - std::min(size.height(), 15.0) / 2},
            label.html, font, t.amber);
    }
    painter.restore();
}

void paintEventsBehind(
    QPainter& painter, const Scene& scene, const TimeAxis& axis, const QRectF& plot)
{
    const Theme& t = *scene.theme;
    if (!scene.frame.lanes.empty()) {
        const double end = axis.x(scene.frame.lanes.front().parameters.plasticityOnset);
        if (end > plot.left()
            && axis.beginMs() < scene.frame.lanes.front().parameters.plasticityOnset)
            painter.fillRect(QRectF(plot.left(), plot.top(),
                                 std::min(end, plot.right()) - plot.left(), plot.height()),
                t.band);
    }
    for (const BlockSpan& span : visibleBlocks(scene, axis))
        painter.fillRect(QRectF(axis.x(span.beginMs), plot.top(),
                             axis.x(span.endMs) - axis.x(span.beginMs), plot.height())
                             .intersected(plot),
            t.band);
    const double now = axis.x(scene.nowMs);
    if (now < plot.right()) {
        const double left = std::max(plot.left(), now);
        painter.fillRect(QRectF(left, plot.top(), plot.right() - left, plot.height()), t.future);
    }
    if (!scene.frame.lanes.empty()) {
        const double period = presentationMs(scene, scene.frame.lanes.front(), true);
        if (period / axis.spanMs() * (axis.right() - axis.left()) >= 14) {
            painter.setPen(t.line);
            for (const double time :
                patternChanges(scene, axis.beginMs(), std::min(axis.endMs(), scene.nowMs)))
                vertical(painter, axis.x(time), plot);
        }
    }
    painter.setPen(QPen(t.target, 1));
    for (const Event& e : scene.events)
        if (isTarget(e) && axis.contains(e.timeMs))
            vertical(painter, axis.x(e.timeMs), plot);
}

void paintEventsOver(
    QPainter& painter, const Scene& scene, const TimeAxis& axis, const QRectF& plot, bool withText)
{
    const Theme& t = *scene.theme;
    QPen dashed(t.amber, 1, Qt::CustomDashLine, Qt::FlatCap);
    dashed.setDashPattern({2, 2});
    double last = -1e9;
    for (const Event& e : scene.events) {
        if (isTarget(e) || !axis.contains(e.timeMs))
            continue;
        const double x = axis.x(e.timeMs);
        if (e.kind == Event::Kind::Diverged) {
            painter.setPen(QPen(t.bad, 2));
            vertical(painter, x, plot);
            if (!withText)
                continue;
            const QString text = QString::fromStdString(e.text.empty() ? "Not finite" : e.text);
            const QFont font = uiFont(11, QFont::Medium);
            const QSizeF size = richSize(text, font);
            // Left of the line: right of it stand the names of the curves.
            const double left =
                x - 6 - size.width() > plot.left() + 2 ? x - 6 - size.width() : x + 6;
            const QRectF box(
                left - 3, plot.bottom() - size.height() - 2, size.width() + 6, size.height());
            painter.fillRect(box, t.panel);
            drawRich(painter, {left, box.top()}, text, font, t.bad);
            continue;
        }
        if (x - last < 1)
            continue; // a slider drag makes dozens of edits on one pixel
        last = x;
        painter.setPen(dashed);
        vertical(painter, x, plot);
    }
}

QString eventAt(const Scene& scene, const TimeAxis& axis, double x)
{
    const Event* best = nullptr;
    double distance = 4;
    for (const Event& e : scene.events) {
        const double d = std::abs(axis.x(e.timeMs) - x);
        if (d <= distance)
            best = &e, distance = d;
    }
    if (!best)
        return {};
    QString text = QString::fromStdString(best->text);
    if (text.isEmpty())
        text = eventLabel(*best, tableOf(scene));
    return text + u" at "_s + axis.text(best->timeMs);
}

} // namespace apical
