#include "widgets/union/picture.h"

#include "widgets/look/number_text.h"
#include "widgets/plot/scale.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

using Layer = PhasesTrace::Layer;
constexpr double kLine = 14; // px of a line of words
constexpr double kNumbers = 46; // px left of curves
constexpr double kTickGap = 64; // px
constexpr double kLeastTick = 2.2; // px: spikes stay visible where steps are narrow
constexpr float kShared = 0.6F; // opacity of one spike in a line of several neurons
constexpr float kFaint = 0.16F;

QColor faded(QColor color, float share)
{
    color.setAlphaF(color.alphaF() * share);
    return color;
}

/// Part of a line of words in the gutter beside a plot.
struct Word {
    QString text;
    QColor color;
    bool bold = false;
};

class Phases {
public:
    Phases(QPainter& painter, const Theme& theme, const PhasesLook& look, const PhasesPlaces& p)
        : m_painter(painter)
        , m_theme(theme)
        , m_look(look)
        , m_trace(*look.trace)
        , m_places(p)
        , m_left(p.phases.left())
        , m_width(p.phases.width())
    {
    }
    void paint()
    {
        head();
        for (const PhasesBand& band : m_places.bands)
            raster(band);
        if (!m_places.currents.isNull()) {
            currents();
            trace();
        }
        axis();
        for (const PhasesBand& band : m_places.bands)
            marks(band.box);
        if (!m_places.currents.isNull()) {
            marks(m_places.currents);
            marks(m_places.trace);
        }
    }

private:
    double x(double step) const { return m_left + step / m_trace.steps() * m_width; }
    bool chosen(std::size_t layer) const { return m_look.chosen.layer == layer; }
    const Layer& chosenLayer() const { return m_trace.layers[m_look.chosen.layer - 1]; }

    void fitted(const QRectF& box, const QString& text, const QColor& color, int weight)
    {
        m_painter.setFont(uiFont(11, weight));
        if (QFontMetricsF(m_painter.font()).horizontalAdvance(text) + 4 > box.width())
            return;
        m_painter.setPen(color);
        m_painter.drawText(box, Qt::AlignCenter, text);
    }
    QString ms(double step) const { return durationText(m_trace.ms(step)); }

    /// The names of the phases, and below them what of each is averaged.
    void head()
    {
        const double latch = x(m_trace.stepsA), end = x(m_trace.steps());
        const auto phase = [&](double from, double to, const QColor& fill, const QString& word,
                               const QString& more) {
            const QRectF box(QPointF(from, m_places.phases.top() + 1),
                QPointF(to, m_places.phases.bottom() - 1));
            m_painter.fillRect(box, fill);
            m_painter.setFont(uiFont(11, QFont::DemiBold));
            const bool room =
                QFontMetricsF(m_painter.font()).horizontalAdvance(word + more) + 8 < box.width();
            fitted(box, room ? word + more : word, m_theme.ink, QFont::DemiBold);
        };
        phase(m_left, latch, m_theme.accentSoft, u"prediction"_s,
            u", target off, %1"_s.arg(ms(m_trace.stepsA)));
        phase(latch, end, faded(m_theme.target, m_theme.dark ? 0.30F : 0.32F), u"error"_s,
            u", target on, %1"_s.arg(ms(m_trace.stepsB)));
        if (m_places.notes.isNull())
            return;
        note((m_trace.stepsA + 1) / 2, m_trace.stepsA, u"\u03bc averaged"_s);
        note(m_trace.window, m_trace.steps(), u"weights learn"_s);
    }
    /// What is averaged, from one step to another.
    void note(std::uint32_t from, std::uint32_t to, const QString& text)
    {
        const QRectF box(QPointF(x(from), m_places.notes.top()),
            QPointF(x(to) - 1, m_places.notes.bottom() - 1));
        m_painter.setPen(m_theme.edge);
        m_painter.drawLine(QPointF(box.left(), box.top() + 2), QPointF(box.left(), box.bottom()));
        m_painter.drawLine(QPointF(box.left(), box.top() + 2), QPointF(box.right(), box.top() + 2));
        m_painter.drawLine(QPointF(box.right(), box.top() + 2), QPointF(box.right(), box.bottom()));
        fitted(box.adjusted(2, 2, -2, 2), text, m_theme.ink2, QFont::Normal);
    }

    /// Over each plot: where the latch closes, and from where on weights learn.
    void marks(const QRectF& box)
    {
        const auto line = [&](double step, const QPen& pen) {
            const double at = std::floor(x(step)) + 0.5;
            m_painter.setPen(pen);
            m_painter.drawLine(QPointF(at, box.top() - 3), QPointF(at, box.bottom() + 3));
        };
        QPen light(m_theme.edge, 1);
        light.setDashPattern({2, 3});
        line(m_trace.window, light);
        QPen latch(m_theme.ink, 1.5);
        latch.setDashPattern({4, 2});
        line(m_trace.stepsA, latch);
    }

    static std::size_t linesIn(const QRectF& box)
    {
        return static_cast<std::size_t>(std::max(1.0, (box.height() + 4) / kLine));
    }
    /// As many lines of words beside a plot as fit. @param taken px that its numbers need
    void gutter(const QRectF& box, const std::vector<std::vector<Word>>& lines, double taken = 0)
    {
        const double left = m_places.left + 6, right = box.left() - 6 - taken;
        const std::size_t count = std::min(lines.size(), linesIn(box));
        double y = box.center().y() - static_cast<double>(count) * kLine / 2;
        for (std::size_t i = 0; i < count; ++i, y += kLine) {
            double at = left;
            for (const Word& word : lines[i]) {
                m_painter.setFont(uiFont(11, word.bold ? QFont::DemiBold : QFont::Normal));
                m_painter.setPen(word.color);
                const QFontMetricsF metrics(m_painter.font());
                const QString text = metrics.elidedText(word.text, Qt::ElideRight, right - at);
                m_painter.drawText(QRectF(at, y, std::max(0.0, right - at + 2), kLine),
                    Qt::AlignLeft | Qt::AlignVCenter, text);
                at += metrics.horizontalAdvance(text) + 6;
            }
        }
    }

    std::vector<std::vector<Word>> wordsOf(const PhasesBand& band, const Layer& layer) const
    {
        const QString name = layer.hidden
            ? u"Layer %1 "_s.arg(band.layer) + (band.errors ? u"errors"_s : u"values"_s)
            : u"Output errors"_s;
        std::vector<Word> counts;
        if (band.errors)
            counts = {{u"e+ %1"_s.arg(layer.sent(1)), errorColor(m_theme, 1)},
                {u"e\u2212 %1"_s.arg(layer.sent(-1)), errorColor(m_theme, -1)},
                {u"spikes"_s, m_theme.ink2}};
        else
            counts = {{u"%1 spikes"_s.arg(layer.values.size()), valueColor(m_theme)}};
        const QString neurons = band.each > 1
            ? u"%1, %2 to a line"_s.arg(layer.units).arg(band.each)
            : u"%1 neurons"_s.arg(layer.units);
        return {{{name, m_theme.ink, true}}, counts, {{neurons, m_theme.ink2}}};
    }

    void raster(const PhasesBand& band)
    {
        const Layer& layer = m_trace.layers[band.layer - 1];
        gutter(band.box, wordsOf(band, layer));
        m_painter.fillRect(band.box, m_theme.band);
        const double lines = std::ceil(static_cast<double>(layer.units) / band.each);
        const double line = band.box.height() / lines;
        const double width = std::max(kLeastTick, x(1) - x(0) - 0.5);
        const double tall = line > 3 ? line - 1 : std::max(line, band.errors ? 1.6 : 1.0);
        if (chosen(band.layer)) { // its line
            const int row = m_look.chosen.index / band.each;
            const double y = band.box.top() + row * line;
            m_painter.fillRect(QRectF(band.box.left(), y, band.box.width(), std::max(line, 1.0)),
                faded(m_theme.accent, kFaint));
        }
        const float share = band.each > 1 && !band.errors ? kShared : 1.0F;
        for (const PhasesTrace::Spike& spike : band.errors ? layer.errors : layer.values) {
            const double row = std::floor(spike.neuron / static_cast<double>(band.each));
            const QColor color =
                band.errors ? errorColor(m_theme, spike.sign) : faded(valueColor(m_theme), share);
            m_painter.fillRect(
                QRectF(x(spike.step), band.box.top() + row * line, width, tall), color);
        }
    }

    /// A curve of the chosen neuron, from a step on.
    void curve(const Matrix& of, std::uint32_t from, const PlotScale& scale, const QPen& pen)
    {
        QPolygonF line;
        for (std::uint32_t s = from; s < m_trace.steps(); ++s)
            line << QPointF(x(s + 1), scale.toPixel(of(static_cast<int>(s), m_look.chosen.index)));
        m_painter.setPen(pen);
        m_painter.drawPolyline(line);
    }
    void level(double value, std::uint32_t from, const PlotScale& scale, QPen pen)
    {
        pen.setDashPattern({5, 3});
        m_painter.setPen(pen);
        const double y = scale.toPixel(value);
        m_painter.drawLine(QPointF(x(from), y), QPointF(x(m_trace.steps()), y));
    }
    /// @return its scale, with frame and ticks drawn
    LinearScale frame(const QRectF& box, double least, double most)
    {
        // What moves by less than a hundredth of its size stands still, and needs few digits.
        const double size = std::max(std::abs(least), std::abs(most));
        const double pad = std::max({1e-9, 0.08 * (most - least), 0.005 * size});
        LinearScale scale(least - pad, most + pad, box.bottom(), box.top());
        m_painter.fillRect(box, m_theme.band);
        m_painter.setFont(uiFont(10));
        for (const Tick& tick : scale.ticks(18)) {
            if (tick.label.isEmpty())
                continue;
            m_painter.setPen(m_theme.grid);
            m_painter.drawLine(QPointF(box.left(), tick.pixel), QPointF(box.right(), tick.pixel));
            m_painter.setPen(m_theme.ink3);
            m_painter.drawText(
                QRectF(box.left() - kNumbers - 4,
                    std::clamp(tick.pixel - 7, box.top() - 2, box.bottom() - 12), kNumbers, 14),
                Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tick.label);
        }
        return scale;
    }

    void currents()
    {
        const Layer& layer = chosenLayer();
        const auto neuron = static_cast<std::size_t>(m_look.chosen.index);
        double least = layer.latched[neuron], most = least;
        const auto include = [&](double v) {
            if (std::isfinite(v))
                least = std::min(least, v), most = std::max(most, v);
        };
        for (std::uint32_t s = 0; s < m_trace.steps(); ++s) {
            include(layer.prediction(static_cast<int>(s), m_look.chosen.index));
            if (layer.hidden)
                include(layer.value(static_cast<int>(s), m_look.chosen.index));
        }
        const QRectF& box = m_places.currents;
        const LinearScale scale = frame(box, least, std::max(most, least + 1e-6));
        std::vector<std::vector<Word>> words{{{m_look.name + u" (1)"_s, m_theme.ink, true}}};
        if (layer.hidden)
            words.push_back({{u"x value"_s, m_theme.accent}});
        words.push_back({{u"\u03bc predicted"_s, valueColor(m_theme)}});
        gutter(box, words, kNumbers);
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setClipRect(box.adjusted(0, -1, 0, 1));
        level(layer.latched[neuron], m_trace.stepsA, scale, QPen(m_theme.ink2, 1));
        curve(layer.prediction, 0, scale, QPen(valueColor(m_theme), 1.5));
        if (layer.hidden)
            curve(layer.value, m_trace.stepsA - 1, scale, QPen(m_theme.accent, 1.8));
        m_painter.restore();
        m_painter.setFont(uiFont(10));
        m_painter.setPen(m_theme.ink2);
        const double y = scale.toPixel(layer.latched[neuron]);
        m_painter.drawText(QRectF(x(m_trace.stepsA) - 64, std::max(box.top(), y - 14), 60, 13),
            Qt::AlignRight | Qt::AlignVCenter, u"latched"_s);
    }

    void trace()
    {
        const Layer& layer = chosenLayer();
        const auto neuron = static_cast<std::size_t>(m_look.chosen.index);
        const double delta = m_look.rates ? layer.exact[neuron] : layer.backprop[neuron];
        double least = std::min(delta, 0.0), most = std::max(delta, 0.0);
        for (std::uint32_t s = 0; s < m_trace.steps(); ++s) {
            const double v = layer.errorTrace(static_cast<int>(s), m_look.chosen.index);
            least = std::min(least, v), most = std::max(most, v);
        }
        const QRectF& box = m_places.trace;
        const LinearScale scale = frame(box, least, std::max(most, least + 1e-6));
        // What the curves are comes before the title where there is room for two lines only.
        std::vector<std::vector<Word>> words{{{u"error (1)"_s, m_theme.ink, true}},
            {{u"\u00ea of spikes"_s, m_theme.apical}},
            {{u"\u2212\u03b4 backprop"_s, m_theme.ink2}}};
        if (linesIn(box) < words.size())
            words.erase(words.begin());
        gutter(box, words, kNumbers);
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setClipRect(box.adjusted(0, -1, 0, 1));
        level(delta, m_trace.stepsA, scale, QPen(m_theme.ink2, 1.2));
        curve(layer.errorTrace, 0, scale, QPen(m_theme.apical, 1.5));
        m_painter.restore();
    }

    void axis()
    {
        m_painter.setFont(uiFont(10));
        const LinearScale scale(0, m_trace.ms(m_trace.steps()), m_left, m_left + m_width);
        for (const Tick& tick : scale.ticks(kTickGap)) {
            m_painter.setPen(m_theme.edge);
            m_painter.drawLine(
                QPointF(tick.pixel, m_places.foot), QPointF(tick.pixel, m_places.foot + 3));
            m_painter.setPen(m_theme.ink3);
            if (!tick.label.isEmpty())
                m_painter.drawText(QRectF(tick.pixel - 30, m_places.foot + 3, 60, 13),
                    Qt::AlignCenter, QString::number(tick.value, 'g', 6));
        }
        m_painter.setPen(m_theme.ink2);
        m_painter.setFont(uiFont(11));
        m_painter.drawText(QRectF(m_left, m_places.foot + 14, m_width, 15), Qt::AlignCenter,
            u"time in the presentation (ms)"_s);
    }

    QPainter& m_painter;
    const Theme& m_theme;
    const PhasesLook& m_look;
    const PhasesTrace& m_trace;
    const PhasesPlaces& m_places;
    double m_left, m_width;
};

} // namespace

QColor errorColor(const Theme& theme, int sign)
{
    return sign > 0 ? theme.apical : theme.basal;
}

QColor valueColor(const Theme& theme)
{
    return theme.soma;
}

void paintPhases(
    QPainter& painter, const Theme& theme, const PhasesLook& look, const PhasesPlaces& places)
{
    if (!look.trace || look.trace->empty())
        return;
    painter.save();
    Phases(painter, theme, look, places).paint();
    painter.restore();
}

} // namespace apical
