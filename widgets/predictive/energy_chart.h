// The energy of every layer over the reads of one inference, stacked: what the output had moves
// into hidden layers, while the sum falls.
#pragma once

#include "widgets/predictive/inference_picture.h"

#include <QPointF>
#include <QRectF>

#include <optional>

class QPainter;

namespace apical {

/// A value for one picture in one place.
class EnergyChart {
public:
    EnergyChart(const InferencePicture&, const QRectF& area);

    void paint(QPainter&, const Theme&) const;
    /// The read that is nearest to a point in the plot.
    std::optional<int> readAt(const QPointF&) const;

private:
    double x(int t) const;
    double y(double energy) const; ///< not beyond the plot
    void paintHead(QPainter&, const Theme&) const;
    void paintLegend(QPainter&, const Theme&) const;
    void paintAxes(QPainter&, const Theme&) const;
    void paintLayers(QPainter&, const Theme&) const;
    void paintEnd(QPainter&, const Theme&) const;
    void paintTotal(QPainter&, const Theme&) const;
    void paintLevel(QPainter&, const Theme&, double energy, const QString& name, const QColor&,
        bool below) const;

    const InferencePicture& m_picture;
    QRectF m_area, m_plot;
    double m_high = 1; ///< of the axis
    int m_followed = 1; ///< reads that the axis follows
};

} // namespace apical
