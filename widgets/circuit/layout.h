// Where everything in the circuit stands: rows of neurons, pathway pills, and what is under the
// mouse. Geometry only.
#pragma once

#include "widgets/view/view.h"

#include <QPainterPath>
#include <QRectF>

#include <vector>

namespace apical {

/// One population of one layer, drawn from left to right.
struct CircuitRow {
    Selection::Population population = Selection::Population::Pyramidal;
    int layer = 0;
    int count = 0;
    int first = 0; ///< index of the first neuron drawn; more than 0 only where not all fit
    int shown = 0;
    double x = 0; ///< centre of the first neuron drawn
    double spacing = 0;
    double y = 0; ///< soma centres
    double scale = 1; ///< of the glyphs
    bool cells = false; ///< too many for glyphs: a strip of coloured cells
    bool named = true; ///< room for a name beside each
    bool apical = false;

    bool shows(int index) const { return index >= first && index < first + shown; }
    QPointF centre(int index) const { return {x + (index - first) * spacing, y}; }
    QRectF extent() const; ///< of one neuron around its centre, in pixels
    QRectF bounds() const; ///< of the whole row
    Selection unit(int index) const { return {population, layer, index}; }
    double cellWidth() const { return spacing > 5 ? spacing - 1 : spacing - 0.5; }
};
inline constexpr double kCellHeight = 9; ///< of one compartment in a strip of cells

/// All connections of one kind into one layer (`pi`, `down`: into its apical dendrites; `ip`: to
/// its interneurons).
struct CircuitPathway {
    enum class Kind { Up, Down, Ip, Pi };
    Kind kind = Kind::Up;
    int layer = 1;
    QRectF pill;

    const char* name() const; ///< "up": the key is "lock.up", the rates "eta.up"
    QString html(
        int hiddenLayers) const; ///< "W_pi" with a subscript; numbered where there are several
};

class CircuitLayout {
public:
    CircuitLayout() = default;
    /// @param sizes layers: input, hidden..., output @param selection kept visible where not all
    /// neurons fit
    CircuitLayout(const QRectF& area, const std::vector<int>& sizes, const Selection& selection);

    const QRectF& area() const { return m_area; }
    double scale() const { return m_scale; }
    int hiddenLayers() const { return m_last - 1; }
    const std::vector<CircuitRow>& rows() const { return m_rows; }
    const std::vector<CircuitPathway>& pathways() const { return m_pathways; }
    const CircuitRow* row(Selection::Population, int layer) const;

    Selection unitAt(const QPointF&) const; ///< None where there is no neuron
    const CircuitPathway* pathwayAt(const QPointF&) const;
    /// Frame around a selected neuron; empty if it is not drawn.
    QRectF frameOf(const Selection&) const;
    /// Where the name of a selected unit stands: no pill covers it if any place is free.
    QRectF tagOf(const Selection&, const QSizeF& size) const;
    /// The next neuron for an arrow key; the same one at an edge.
    Selection neighbour(const Selection&, Qt::Key) const;

    const CircuitRow* source(const CircuitPathway&) const;
    const CircuitRow* sink(const CircuitPathway&) const;
    /// Curves from a neuron to the waist of its pathway, and from the waist to a neuron.
    QPainterPath toWaist(const CircuitPathway&, int from) const;
    QPainterPath fromWaist(const CircuitPathway&, int to) const;
    /// From a neuron of the layer above to the interneuron that copies it.
    QPainterPath teachingCopy(int layer, int index) const;

    // Empty if there is no room.
    QRectF scaleBar() const; ///< of the colour scale
    QRectF legend() const;

private:
    void placeRows(const std::vector<int>& sizes, const Selection& selection);
    void placePathways();
    double rowY(int layer) const;
    bool isFree(const QRectF& place) const; ///< no row stands there

    QRectF m_area;
    double m_scale = 1;
    double m_gap = 0; ///< between rows
    int m_last = 0; ///< number of target layers
    double m_zoneLeft = 0, m_zoneWidth = 0, m_sideLeft = 0, m_sideWidth = 0;
    std::vector<CircuitRow> m_rows;
    std::vector<CircuitPathway> m_pathways;
};

} // namespace apical
