// Draws what the inspector says, and tells what stands where.
#pragma once

#include "widgets/circuit/inspector_content.h"

class QPainter;

namespace apical {

struct InspectorTarget {
    enum class Kind { None, Help, Neuron, More };
    Kind kind = Kind::None;
    Selection neuron{};
};

/// Valid during one paint or one mouse event.
class InspectorPicture {
public:
    /// @param live bars are drawn from this @param shown digits, order and layout from this
    InspectorPicture(const InspectorContent& live, const InspectorContent& shown,
        const Theme& theme, std::vector<int> sizes);

    double height(double width) const;
    void draw(QPainter&, const QRectF& area, double scroll) const;
    InspectorTarget targetAt(const QPointF&, const QRectF& area, double scroll) const;

private:
    /// Tops of the parts, from the top of the content.
    struct Places {
        double compartments = 0, equation = 0, sum = 0, why = 0, synapses = 0, link = 0, end = 0;
        int termColumns = 3;
    };
    Places places(double width) const;
    int synapsesBelow(const QRectF& area, double scroll) const;
    void drawTitle(QPainter&, const QRectF&) const;
    void drawHeading(
        QPainter&, const QRectF&, double y, const QString& title, const QString& unit) const;
    void drawBar(QPainter&, const QRectF& track, double value, double range, const QColor&) const;
    void drawCompartments(QPainter&, const QRectF&, const Places&) const;
    void drawEquation(QPainter&, const QRectF&, const Places&) const;
    void drawRows(QPainter&, const QRectF&, double y, const InspectorSection& live,
        const InspectorSection& shown) const;

    const InspectorContent& m_live;
    const InspectorContent& m_shown;
    const Theme& m_theme;
    std::vector<int> m_sizes;
};

} // namespace apical
