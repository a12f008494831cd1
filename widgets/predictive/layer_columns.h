// The nodes of one read, a column per layer from input to output: values above, their predictions
// below them, the errors underneath.
#pragma once

#include "widgets/predictive/inference_picture.h"

#include <QRectF>
#include <QString>

#include <optional>

class QPainter;
class QPointF;

namespace apical {

/// A node's unit, and in which row it stands.
struct ColumnUnit {
    int layer = -1, index = 0; ///< layer 0: the input; -1: none
    int row = 0;
};

/// Where the nodes stand in an area, and their ink. A value for one picture in one place.
class LayerColumns {
public:
    using Unit = ColumnUnit;
    /// @param ringed that is selected, in all its rows
    LayerColumns(const InferencePicture&, const QRectF& area, const Unit& ringed = {});

    void paint(QPainter&, const Theme&) const;
    std::optional<Unit> unitAt(const QPointF&) const;
    /// "prediction of unit 3, layer 1: +0.412"; "" beside the nodes.
    QString tip(const QPointF&) const;

private:
    enum Row { Value, Prediction, Error };
    static constexpr int kRows = 3;
    struct Grid {
        QRectF area; ///< of all nodes
        int columns = 1;
        double cell = 0; ///< px, square
    };

    bool fits() const; ///< else there is no room for nodes
    int unitCount(int layer) const;
    double node(int layer, int row, int unit) const;
    QRectF block(int layer, int row) const;
    Grid grid(int layer, int row) const;
    double range(int layer, int row) const;
    void paintNodes(QPainter&, const Theme&, int layer, int row) const;
    void paintRing(QPainter&, const Theme&, int row) const;
    void paintFrame(QPainter&, const Theme&, int layer) const;
    void paintRowNames(QPainter&, const Theme&) const;

    const InferencePicture& m_picture;
    QRectF m_area;
    Unit m_ringed;
    double m_left = 0; ///< px of the names of the rows
};

} // namespace apical
