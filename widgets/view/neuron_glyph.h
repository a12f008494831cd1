// How neurons look: outline = what it is, fill = its value. One object per scale; shapes are
// stroked once.
#pragma once

#include <QPainterPath>
#include <QRectF>

#include <optional>

class QPainter;

namespace apical {

struct Theme;

/// Potentials of one pyramidal neuron; outputs have no apical tuft.
struct PyramidalValues {
    double soma = 0;
    double basal = 0;
    std::optional<double> apical{};
};

class NeuronGlyph {
public:
    /// @param scale 1 = soma 24 px wide and 21 px high
    explicit NeuronGlyph(double scale = 1);
    double scale() const { return m_scale; }

    void drawPyramidal(QPainter&, const QPointF& soma, const PyramidalValues&, const Theme&) const;
    void drawInterneuron(
        QPainter&, const QPointF& soma, double value, double dendrite, const Theme&) const;
    /// Square filled from below by |value| / range; a negative value in the colour of its sign.
    void drawInput(
        QPainter&, const QPointF& centre, double value, double range, const Theme&) const;
    /// Dashed while the output is free, filled while it is nudged.
    void drawTargetRing(QPainter&, const QPointF& soma, bool nudged, const Theme&) const;

    /// Extents around the soma, outline included.
    static QRectF pyramidalExtent(bool withApical);
    static QRectF interneuronExtent() { return {-12, -12, 24, 32}; }
    static QRectF inputExtent() { return {-8.5, -8.5, 17, 17}; }

private:
    struct Branches {
        QPainterPath category, value;
    };
    static Branches branches(
        const QPainterPath&, double scale, double categoryWidth, double valueWidth);

    double m_scale;
    Branches m_basal, m_apical, m_stub;
    QPainterPath m_soma, m_somaOutline;
};

} // namespace apical
