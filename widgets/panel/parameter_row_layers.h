// The numbers of a per-layer parameter, one line per target layer.
#pragma once

#include "sim/experiment/parameters.h"

#include <QWidget>

#include <vector>

namespace apical {

class NumberBox;
class ValueSlider;

class ParameterLayers : public QWidget {
    Q_OBJECT
public:
    static constexpr int kLine = 26;

    /// @param scale gives the step size of the boxes
    ParameterLayers(const ParameterRow&, const ValueSlider& scale, QWidget* parent);

    void setTargetLayers(int);
    void setValues(const std::vector<double>&); ///< one for all, or one per layer
    bool isBusy() const;
    int wantedHeight() const { return kLine * static_cast<int>(m_boxes.size()); }
    NumberBox* box(int targetLayer) const { return m_boxes[static_cast<std::size_t>(targetLayer)]; }

Q_SIGNALS:
    void edited(const std::vector<double>& values, bool continuous);
    void rejected(const QString& problem);
    void reverted();

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    void place();
    bool leavesOutOutput(const std::vector<double>& values) const; ///< one entry per hidden layer

    const ParameterRow& m_row;
    const ValueSlider& m_scale;
    std::vector<NumberBox*> m_boxes;
    std::vector<double> m_values;
};

} // namespace apical
