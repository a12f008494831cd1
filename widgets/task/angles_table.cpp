#include "widgets/task/angles_table.h"

#include "sim/insight/circuit_frame.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/angle_scale.h"
#include "widgets/view/lane_words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr std::array<CurveDash, 3> kDashes{CurveDash{0, 0}, CurveDash{6, 3}, CurveDash{2, 3}};
// In several lanes colours tell the lanes apart and dashes the layers.
constexpr std::array<CurveDash, 3> kLayerDashes{
    CurveDash{6, 3}, CurveDash{2.5, 2.5}, CurveDash{12, 4}};
constexpr CurveDash kApicalDash{1.5, 4};

constexpr double kListWidth = 220; // px
constexpr std::size_t kLongestList = 4; // rows; more are a matrix where that needs fewer
// The matrix: px of the lanes' names, of an angle, and of the ratio beside it.
constexpr double kName = 74, kAngle = 36, kRatio = 36, kGap = 6, kLine = 16;

int targetsOf(const Frame& frame)
{
    return static_cast<int>(frame.sizes.size()) - 1;
}

/// In apical dendrites.
bool carriesError(const LaneFrame& lane)
{
    return !lane.anatomy || isCircuit(*lane.anatomy);
}

bool anyCarriesError(const Frame& frame)
{
    return std::any_of(frame.lanes.begin(), frame.lanes.end(), carriesError);
}

/// A list of fifteen rows leaves most of them out of a view of usual height.
bool asMatrix(const Frame& frame)
{
    const auto layers = static_cast<std::size_t>(std::max(targetsOf(frame), 0));
    return frame.lanes.size() * layers > kLongestList && layers > 1 && !anyCarriesError(frame);
}

QString layerName(const Frame& frame, int layer)
{
    const int targets = targetsOf(frame);
    return layer == targets ? u"out"_s
                            : (targets > 2 ? u"h"_s + QString::number(layer) : u"hidden"_s);
}

/// As long as "12.3°": an angle beyond 100 needs no tenths.
QString shortAngle(double degrees)
{
    return degrees < 99.95 ? angleText(degrees) : QString::number(degrees, 'f', 0) + u'\u00b0';
}

/// Digits that stand below each other where the ratio allows it.
bool inFixedDigits(double ratio)
{
    return ratio >= 0.01 && ratio < 100;
}

void swatch(QPainter& painter, QPointF at, const QColor& color, const CurveDash& dash, double width)
{
    QPen pen(color, 2, dash.on > 0 ? Qt::CustomDashLine : Qt::SolidLine, Qt::FlatCap);
    if (dash.on > 0)
        pen.setDashPattern({dash.on / 2, dash.off / 2});
    painter.setPen(pen);
    painter.drawLine(at, at + QPointF(width, 0));
}

void rightAligned(QPainter& painter, QPointF topRight, const QString& html, const QFont& font,
    const QColor& color)
{
    drawRich(painter, topRight - QPointF(richSize(html, font).width(), 0), html, font, color);
}

void paintList(QPainter& painter, const Scene& scene, const QRectF& side)
{
    const Theme& t = *scene.theme;
    constexpr double kAngleEnd = 104, kRatioEnd = 158;
    double y = side.top();
    const auto head = [&](double right, const QString& text) {
        rightAligned(painter, {side.left() + right, y}, text, uiFont(11), t.ink2);
    };
    head(kAngleEnd, u"\u2220 \u0394<i>W</i><sub>up</sub>"_s);
    head(kRatioEnd + 6, u"|\u0394<i>W</i>| / |\u2207|"_s);
    const Frame& frame = scene.frame;
    if (anyCarriesError(frame))
        head(side.width(), u"\u2220 <i>v</i><sub>A</sub>"_s);
    y += 18;
    const auto cell = [&](double right, const QString& text, bool number = true) {
        rightAligned(painter, {side.left() + right, y}, text,
            uiFont(12, number ? QFont::DemiBold : QFont::Normal), number ? t.ink : t.ink3);
    };
    const int targets = targetsOf(frame);
    for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane) {
        const std::vector<BackpropAngle>& angles = frame.lanes[lane].angles;
        for (int layer = 1; layer <= targets && y + 17 <= side.bottom(); ++layer) {
            const AngleLook style = angleLook(scene, lane, layer);
            swatch(painter, {side.left(), y + 9}, style.weights, style.dash, 14);
            drawRich(painter, {side.left() + 19, y}, style.name, uiFont(12), t.ink);
            const auto at = static_cast<std::size_t>(layer - 1);
            if (at >= angles.size()) {
                cell(kRatioEnd, u"no target"_s, false);
            } else if (const BackpropAngle& angle = angles[at]; true) {
                if (std::isfinite(angle.weights)) {
                    cell(kAngleEnd, angleText(angle.weights));
                    cell(kRatioEnd, scientificRich(angle.normRatio));
                } else {
                    cell(kRatioEnd, u"no change"_s, false); // too wide for the first column
                }
                if (layer < targets && carriesError(frame.lanes[lane])) {
                    swatch(painter, {side.left() + kRatioEnd + 8, y + 9}, style.apical,
                        style.apicalDash, 14);
                    cell(side.width(),
                        std::isfinite(angle.apical) ? angleText(angle.apical) : u"silent"_s,
                        std::isfinite(angle.apical));
                }
            }
            y += 17;
        }
    }
}

void paintMatrix(QPainter& painter, const Scene& scene, const QRectF& side)
{
    const Theme& t = *scene.theme;
    const Frame& frame = scene.frame;
    const int targets = targetsOf(frame);
    const auto left = [&](int layer) {
        return side.left() + kName + (layer - 1) * (kAngle + kRatio + kGap) + kGap;
    };
    double y = side.top();
    for (int layer = 1; layer <= targets; ++layer) {
        const QString name = layerName(frame, layer);
        const QFont font = uiFont(11, QFont::DemiBold);
        drawRich(painter, {left(layer) + 8, y}, name, font, t.ink2);
        const double from = left(layer) + 8 + richSize(name, font).width() + 6;
        swatch(painter, {from, y + 9}, t.ink2, angleLook(scene, 0, layer).dash,
            left(layer) + kAngle + kRatio - from);
    }
    y += kLine - 1;
    for (int layer = 1; layer <= targets; ++layer) {
        rightAligned(painter, {left(layer) + kAngle, y}, u"\u2220"_s, uiFont(10), t.ink3);
        rightAligned(painter, {left(layer) + kAngle + kRatio, y}, u"ratio"_s, uiFont(10), t.ink3);
    }
    y += kLine - 1;
    const QFont name = uiFont(11), number = uiFont(12, QFont::DemiBold), ratio = uiFont(11);
    for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane, y += kLine) {
        painter.fillRect(QRectF(side.left(), y + 2, 3, kLine - 4), laneColor(t, frame, lane));
        drawRich(painter, {side.left() + 8, y},
            QFontMetricsF(name)
                .elidedText(laneTitle(frame, lane), Qt::ElideRight, kName - 8)
                .toHtmlEscaped(),
            name, t.ink);
        const std::vector<BackpropAngle>& angles = frame.lanes[lane].angles;
        for (int layer = 1; layer <= targets; ++layer) {
            const auto at = static_cast<std::size_t>(layer - 1);
            const double right = left(layer) + kAngle;
            if (at >= angles.size() || !std::isfinite(angles[at].weights)) {
                rightAligned(painter, {right, y}, u"\u2013"_s, ratio, t.ink3);
                continue;
            }
            rightAligned(painter, {right, y}, shortAngle(angles[at].weights), number, t.ink);
            rightAligned(painter, {right + kRatio, y},
                inFixedDigits(angles[at].normRatio) ? QString::number(angles[at].normRatio, 'f', 2)
                                                    : scientificRich(angles[at].normRatio, 1),
                ratio, t.ink2);
        }
    }
}

} // namespace

AngleLook angleLook(const Scene& scene, std::size_t lane, int layer)
{
    const int targets = targetsOf(scene.frame);
    const Theme& t = *scene.theme;
    const bool output = layer == targets, several = scene.frame.lanes.size() > 1;
    const auto hidden = static_cast<std::size_t>(std::max(layer - 1, 0));
    AngleLook look;
    look.name = several && targets == 2 && !output ? u"hid."_s : layerName(scene.frame, layer);
    look.weights = output ? t.soma : t.basal;
    look.apical = t.apical;
    look.dash = look.apicalDash = kDashes[output ? 0 : hidden % kDashes.size()];
    if (several) {
        look.name.prepend(laneLetter(lane) + u' ');
        look.weights = look.apical = laneColor(t, scene.frame, lane);
        look.dash = output ? kDashes[0] : kLayerDashes[hidden % kLayerDashes.size()];
        look.apicalDash = kApicalDash;
    }
    return look;
}

double anglesTableWidth(const Frame& frame)
{
    return asMatrix(frame) ? kName + targetsOf(frame) * (kAngle + kRatio + kGap) + kGap
                           : kListWidth;
}

void paintAnglesTable(QPainter& painter, const Scene& scene, const QRectF& side)
{
    if (asMatrix(scene.frame))
        paintMatrix(painter, scene, side);
    else
        paintList(painter, scene, side);
}

} // namespace apical
