// A stack of strips on one time axis: gathers the columns, keeps the ranges, paints. What a view
// does with the mouse stands in strip_plot_view.h.
#pragma once

#include "widgets/plot/envelope.h"
#include "widgets/plot/time_axis.h"
#include "widgets/strips/legend.h"
#include "widgets/strips/model.h"
#include "widgets/strips/range.h"

#include <QPixmap>

#include <vector>

class QPainter;

namespace apical {

class StripStack {
public:
    explicit StripStack(bool phaseLane)
        : m_phaseLane(phaseLane)
    {
    }

    /// Takes new descriptions. Ranges start again where the title changed, or everywhere if
    /// `restart`.
    void describe(std::vector<Strip> strips, bool restart);
    /// Digits are read from the frame again at the next paint.
    void renewTexts() { m_textsDue = true; }
    void paint(QPainter&, const Scene&, const QRectF& area);
    /// How many strips have room in an area, one at least: the rest is scrolled to.
    int fitting(const Scene&, const QRectF& area) const;
    /// The strip at the top, as far as there are enough below it.
    void scrollTo(int first) { m_first = first; }

    const std::vector<Strip>& strips() const { return m_strips; }
    // Of the last paint:
    const TimeAxis& axis() const { return m_axis; }
    QRectF plot(int strip) const; ///< empty if it is not in sight
    int stripAt(double y) const; ///< -1 = none
    const StripRange& range(int strip) const { return m_ranges[static_cast<std::size_t>(strip)]; }
    /// Shown value of curve c of a strip in the painted column at a time; NaN if nothing is there.
    double valueAt(int strip, int curve, double timeMs) const;

    void zoomValues(int strip, double factor, double y);
    void autoscale(int strip);

    /// "min/max of 10 samples": how many values the strokes of the visible range were made of.
    static QString strokeText(const History&, double beginMs, double endMs, int columns);
    /// The bins in the axis' range: time, then minimum and maximum of every curve. C locale.
    QString csv(const Scene&) const;

private:
    struct Curve {
        std::vector<History::Column> columns;
        double value = 0;
        QString text;
    };
    double top(const Scene&, const QRectF& area) const; ///< of the first strip
    void layout(const Scene&, const QRectF& area);
    bool inSight(std::size_t strip) const { return !m_plots[strip].isEmpty(); }
    void gather(const Scene&);
    void readFrame(const Scene&);
    void paintMargin(QPainter&, const Scene&, const QRectF& area);
    void paintStrip(QPainter&, const Scene&, std::size_t strip, const std::vector<double>& latches);
    void paintPrediction(QPainter&, const Scene&, std::size_t strip, const PlotScale&);
    void paintCrosshair(QPainter&, const Scene&, std::size_t strip, const PlotScale&);
    void paintLaneNames(QPainter&, const Scene&, const QRectF& line);
    bool leaveWildOut(std::size_t strip, double& least, double& most) const; ///< whether any was
    void readColumns(const Scene&, const StripCurve&, std::vector<History::Column>&);
    void drawCurve(const StripCurve&, const std::vector<History::Column>&, const PlotScale&,
        const QRectF& plot);
    std::unique_ptr<PlotScale> scale(std::size_t strip) const;

    bool m_phaseLane;
    std::vector<Strip> m_strips;
    std::vector<StripRange> m_ranges;
    std::vector<std::vector<Curve>> m_curves; ///< per strip
    std::vector<QRectF> m_plots; ///< empty where scrolled out of sight
    QRectF m_area; ///< of all plots
    int m_first = 0; ///< strip scrolled to
    TimeAxis m_axis{0, 1, 0, 1};
    EnvelopePainter m_envelope;
    std::vector<History::Column> m_other; ///< of the channel that is taken off, or the filled area
    double m_columnBeginMs = 0,
           m_columnMs = 1; ///< grid of the columns: whole multiples, so that nothing shimmers
    int m_shift = 0;
    bool m_textsDue = true;
    double m_nameWidth = 0, m_legendWidth = 0; ///< px, common to the strips
    QPixmap m_margin; ///< axis names and labels, painted when their key changes
    QString m_marginKey;
};

} // namespace apical
