#include "widgets/predictive/clock_chart.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kGap = 18, kHead = 38, kFoot = 4; // px
// px: names of layers, angle and ratio, of a face that is wide and of one that is not.
constexpr double kLabels = 44, kShortLabels = 24, kColumn = 44, kShortColumn = 36;
constexpr double kWide = 205, kTableFrom = 140; // px of a face; one that has room for angles
constexpr double kTallest = 44, kNumberFrom = 40; // px of a cell; one that can hold its number
constexpr double kDark = 0.55; // share of the ramp from which text on it is light
constexpr double kFewestPixels = 8; // of a cell
constexpr double kShape = 1.6; // width of a face to its height that is liked best

QString layerText(int layer, int layers)
{
    return layer == layers ? u"output"_s : u"layer %1"_s.arg(layer);
}

QString numberText(double value, int decimals)
{
    return std::isnan(value) ? u"\u2013"_s : QString::number(value, 'f', decimals);
}

} // namespace

bool holds(ClockCondition c, const PredictiveParameters& p)
{
    switch (c) {
    case ClockCondition::Start:
        return p.startNoise == 0;
    case ClockCondition::Turn:
        return p.late == 0;
    case ClockCondition::Rate:
        return p.inferenceRate == 1;
    }
    return false;
}

const char* keyOf(ClockCondition c)
{
    constexpr const char* keys[] = {"inference.start_noise", "zil.late", "inference.rate"};
    return keys[static_cast<int>(c)];
}

double valueFor(ClockCondition c, bool holding)
{
    constexpr double holds[] = {0, 0, 1}, broken[] = {0.1, 1, 0.5};
    return (holding ? holds : broken)[static_cast<int>(c)];
}

QString letterOf(ClockCondition c)
{
    return u"C%1"_s.arg(static_cast<int>(c) + 1);
}

QString sentenceOf(ClockCondition c)
{
    const QString sentences[] = {u"values start at their predictions"_s,
        u"layer l learns at read N \u2212 l"_s, u"values move with rate 1"_s};
    return sentences[static_cast<int>(c)];
}

double ClockFace::largest() const
{
    double most = 0;
    for (const auto& layer : errors)
        for (const double e : layer)
            most = std::max(most, e);
    return most;
}

void ClockFace::take(const InferenceTrace& trace)
{
    errors.clear();
    for (const InferenceTrace::Layer& layer : trace.layers) {
        std::vector<double>& of = errors.emplace_back();
        for (int t = 0; t <= trace.last(); ++t) {
            double sum = 0;
            for (int i = 0; i < layer.error.cols; ++i)
                sum += layer.error(t, i) * layer.error(t, i);
            of.push_back(std::sqrt(sum / std::max(layer.error.cols, 1)));
        }
    }
}

bool ClockFace::isBackprop() const
{
    return parameters.zil() && holds(ClockCondition::Start, parameters)
        && holds(ClockCondition::Turn, parameters) && holds(ClockCondition::Rate, parameters);
}

QString ClockFace::verdict() const
{
    if (parameters.schedule == inference_schedule::incremental)
        return u"learns at every read"_s;
    if (!parameters.zil())
        return u"learns at the last read"_s;
    QStringList broken;
    for (int c = 0; c < kClockConditions; ++c) {
        if (!holds(ClockCondition{c}, parameters))
            broken << letterOf(ClockCondition{c});
    }
    return broken.isEmpty() ? u"\u2713 backprop"_s : broken.join(u", "_s) + u" broken"_s;
}

ClockChart::ClockChart(const std::vector<ClockFace>& faces, const QRectF& area)
    : m_faces(faces)
    , m_area(area)
{
    const auto count = static_cast<int>(faces.size());
    double best = -1;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const double width = area.width() / columns, height = area.height() / rows;
        const double worth = std::min(width, height * kShape);
        if (worth > best) {
            best = worth;
            m_columns = columns;
            m_rows = rows;
        }
    }
}

QRectF ClockChart::place(std::size_t face) const
{
    const auto i = static_cast<int>(face);
    const double width = (m_area.width() - (m_columns - 1) * kGap) / m_columns;
    const double height = (m_area.height() - (m_rows - 1) * kGap) / m_rows;
    const int row = i / m_columns;
    return {m_area.left() + (i % m_columns) * (width + kGap), m_area.top() + row * (height + kGap),
        width, height};
}

bool ClockChart::tables() const
{
    return place(0).width() >= kTableFrom;
}

bool ClockChart::wide() const
{
    return place(0).width() >= kWide;
}

QRectF ClockChart::cells(std::size_t face) const
{
    const QRectF p = place(face);
    const double right = !tables() ? 0 : 2 * (wide() ? kColumn : kShortColumn);
    const double left = wide() ? kLabels : kShortLabels;
    const double height = std::min(p.height() - kHead - kFoot, kTallest * m_faces[face].layers());
    return {p.left() + left, p.top() + kHead, p.width() - left - right, height};
}

/// The output above, as in a net.
QRectF ClockChart::cell(std::size_t face, int layer, int read) const
{
    const ClockFace& f = m_faces[face];
    const QRectF all = cells(face);
    const double width = all.width() / f.reads(), height = all.height() / f.layers();
    return {all.left() + read * width, all.top() + (f.layers() - layer) * height, width, height};
}

void ClockChart::paintCells(QPainter& painter, const Theme& t, std::size_t face) const
{
    const ClockFace& f = m_faces[face];
    const double most = f.largest();
    const QFont font = uiFont(11);
    for (int layer = 1; layer <= f.layers(); ++layer) {
        const auto& errors = f.errors[static_cast<std::size_t>(layer - 1)];
        for (int read = 0; read < f.reads(); ++read) {
            const QRectF at = cell(face, layer, read).adjusted(1, 1, -1, -1);
            const double error = errors[static_cast<std::size_t>(read)];
            const double share = most > 0 ? error / most : 0;
            painter.setPen(QPen(t.line, 1));
            painter.setBrush(t.shareColor(share));
            painter.drawRect(at.adjusted(0.5, 0.5, -0.5, -0.5));
            if (at.width() < kNumberFrom || at.height() < 14)
                continue;
            painter.setFont(font);
            painter.setPen(error == 0 ? t.ink3 : share > kDark ? t.panel : t.ink);
            painter.drawText(at, Qt::AlignCenter, error == 0 ? u"0"_s : valueText(error, 2));
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(t.accent, 2.5));
    for (int layer = 1; layer <= f.layers(); ++layer) {
        const LearningReads reads = f.parameters.learningReads(layer, f.layers());
        if (reads.first >= f.reads())
            continue;
        const QRectF box = cell(face, layer, reads.first)
                               .united(cell(face, layer, std::min(reads.last, f.reads() - 1)));
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3);
    }
}

void ClockChart::paintTable(QPainter& painter, const Theme& t, std::size_t face) const
{
    const ClockFace& f = m_faces[face];
    const QRectF all = cells(face);
    const auto put = [&](int column, double y, double height, const QString& text,
                         const QFont& font, const QColor& ink) {
        const QSizeF size = richSize(text, font);
        const double right = all.right() + (column + 1) * (wide() ? kColumn : kShortColumn);
        drawRich(
            painter, {right - size.width(), y + (height - size.height()) / 2}, text, font, ink);
    };
    put(0, all.top() - 18, 16, u"\u2220 \u2207"_s, uiFont(11), t.ink2);
    put(1, all.top() - 18, 16, u"ratio"_s, uiFont(11), t.ink2);
    for (int layer = 1; layer <= f.layers(); ++layer) {
        const auto l = static_cast<std::size_t>(layer - 1);
        const BackpropAngle angle = l < f.angles.size() ? f.angles[l] : BackpropAngle{};
        const QRectF row = cell(face, layer, 0);
        const bool off = angle.weights > 1;
        put(0, row.top(), row.height(),
            numberText(angle.weights, wide() ? 1 : 0)
                + (std::isnan(angle.weights) ? u""_s : u"\u00b0"_s),
            uiFont(12, QFont::DemiBold), off ? t.bad : t.ink);
        put(1, row.top(), row.height(),
            std::isnan(angle.normRatio) ? u"\u2013"_s : valueText(angle.normRatio, wide() ? 3 : 2),
            uiFont(wide() ? 12 : 11), t.ink);
    }
}

void ClockChart::paintFace(QPainter& painter, const Theme& t, std::size_t face, bool shown) const
{
    const ClockFace& f = m_faces[face];
    const QRectF p = place(face), all = cells(face);
    if (cell(face, 1, 0).height() < kFewestPixels || cell(face, 1, 0).width() < kFewestPixels)
        return;
    double x = p.left();
    if (!f.name.isEmpty()) {
        painter.fillRect(QRectF(x, p.top() + 3, 8, 8), f.color);
        const QFont font = uiFont(12, shown ? QFont::Bold : QFont::DemiBold);
        const QString name = QFontMetricsF(font).elidedText(f.name, Qt::ElideRight, p.width() / 2);
        painter.setFont(font);
        painter.setPen(shown ? t.accent : t.ink);
        painter.drawText(QPointF(x + 13, p.top() + 12), name);
        x += 13 + QFontMetricsF(font).horizontalAdvance(name) + 10;
    }
    painter.setFont(uiFont(11));
    painter.setPen(f.isBackprop() ? t.good : f.parameters.zil() ? t.bad : t.ink2);
    painter.drawText(QPointF(x, p.top() + 12), f.verdict());
    painter.setFont(uiFont(10));
    painter.setPen(t.ink3);
    painter.drawText(QRectF(p.left(), all.top() - 17, kLabels, 14), Qt::AlignLeft,
        wide() ? u"read t"_s : u"t"_s);
    const double width = cell(face, 1, 0).width();
    const int every = width >= 18 ? 1 : width >= 9 ? 2 : 5;
    for (int read = 0; read < f.reads(); read += every)
        painter.drawText(QRectF(cell(face, 1, read).center().x() - 20, all.top() - 17, 40, 14),
            Qt::AlignHCenter, QString::number(read));
    painter.setPen(t.ink2);
    for (int layer = 1; layer <= f.layers(); ++layer)
        painter.drawText(QRectF(p.left(), cell(face, layer, 0).top(), kLabels - 4,
                             cell(face, layer, 0).height()),
            Qt::AlignVCenter | Qt::AlignLeft,
            wide()                    ? layerText(layer, f.layers())
                : layer == f.layers() ? u"out"_s
                                      : u"h%1"_s.arg(layer));
    paintCells(painter, t, face);
    if (tables())
        paintTable(painter, t, face);
}

void ClockChart::paint(QPainter& painter, const Theme& t, std::size_t shownLane) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t face = 0; face < m_faces.size(); ++face)
        paintFace(painter, t, face, m_faces.size() > 1 && m_faces[face].lane == shownLane);
}

QString ClockChart::tip(const QPointF& at) const
{
    for (std::size_t face = 0; face < m_faces.size(); ++face) {
        const ClockFace& f = m_faces[face];
        for (int layer = 1; layer <= f.layers(); ++layer) {
            const LearningReads turn = f.parameters.learningReads(layer, f.layers());
            for (int read = 0; read < f.reads(); ++read) {
                if (!cell(face, layer, read).contains(at))
                    continue;
                const double error =
                    f.errors[static_cast<std::size_t>(layer - 1)][static_cast<std::size_t>(read)];
                return u"%1, read %2: error %3 (root mean square)%4"_s
                    .arg(layerText(layer, f.layers()))
                    .arg(read)
                    .arg(valueText(error, 3),
                        read >= turn.first && read <= turn.last ? u", its weights learn here"_s
                                                                : QString());
            }
        }
    }
    return {};
}

const ClockFace* ClockChart::faceAt(const QPointF& at) const
{
    for (std::size_t face = 0; face < m_faces.size(); ++face) {
        if (place(face).contains(at))
            return &m_faces[face];
    }
    return nullptr;
}

} // namespace apical
