// The clock of an inference: how much each layer errs at each read, and at which read its weights
// learn. Where the error arrives just then, and whole, that is backprop.
#pragma once

#include "sim/predictive/inference_trace.h"
#include "sim/predictive/predictive.h"
#include "sim/watch/backprop_angle.h"
#include "widgets/look/theme.h"

#include <QColor>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;
class QPointF;

namespace apical {

/// What Z-IL needs to be backprop; each can be broken alone.
enum class ClockCondition {
    Start, ///< C1: values start at their predictions
    Turn, ///< C2: layer l learns at read N - l
    Rate ///< C3: values move with rate 1
};
inline constexpr int kClockConditions = 3;
bool holds(ClockCondition, const PredictiveParameters&);
/// The parameter behind it, and its value for holding or not.
const char* keyOf(ClockCondition);
double valueFor(ClockCondition, bool holding);
QString letterOf(ClockCondition); ///< "C1"
QString sentenceOf(ClockCondition); ///< "values start at their predictions"

/// The clock of one lane.
struct ClockFace {
    std::size_t lane = 0;
    QString name; ///< "" while there is one lane
    QColor color;
    PredictiveParameters parameters;
    std::vector<std::vector<double>> errors; ///< [layer - 1][t]: root mean square over the units
    std::vector<BackpropAngle> angles; ///< per target layer; empty: not measured

    int layers() const { return static_cast<int>(errors.size()); }
    int reads() const { return errors.empty() ? 0 : static_cast<int>(errors.front().size()); }
    double largest() const;
    void take(const InferenceTrace&);
    /// "backprop", "C2 broken", "learns at the last read".
    QString verdict() const;
    bool isBackprop() const;
};

/// Faces side by side, as large as the area lets them be.
class ClockChart {
public:
    ClockChart(const std::vector<ClockFace>&, const QRectF& area);

    void paint(QPainter&, const Theme&, std::size_t shownLane) const;
    /// "layer 2, read 1: error 0.041, weights learn here"; "" beside the cells.
    QString tip(const QPointF&) const;
    const ClockFace* faceAt(const QPointF&) const; ///< nullptr: none

private:
    QRectF place(std::size_t face) const;
    QRectF cells(std::size_t face) const; ///< of all layers and reads
    QRectF cell(std::size_t face, int layer, int read) const;
    bool tables() const; ///< whether angles have room beside the cells
    bool wide() const; ///< with all their digits, beside whole names
    void paintFace(QPainter&, const Theme&, std::size_t face, bool shown) const;
    void paintCells(QPainter&, const Theme&, std::size_t face) const;
    void paintTable(QPainter&, const Theme&, std::size_t face) const;

    const std::vector<ClockFace>& m_faces;
    QRectF m_area;
    int m_columns = 1, m_rows = 1; ///< of faces
};

} // namespace apical
