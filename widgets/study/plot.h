// The two pictures of a study, side by side: learning curves, and final values with their spread.
#pragma once

#include "widgets/chart/chart_view.h"

#include <functional>
#include <utility>

namespace apical {

/// Window thread. Shows what it was given last; knows nothing of the run in the main window.
class StudyPlot : public ChartView {
    Q_OBJECT
public:
    explicit StudyPlot(QWidget* parent = nullptr);

    /// Other axes than before show all of themselves again.
    void showCharts(Chart curves, Chart finals);
    /// Asked for the table behind the pictures when it is exported.
    void setNumbers(std::function<QString()> numbers) { m_numbers = std::move(numbers); }
    const Chart& curves() const { return chart(0); }
    const Chart& finals() const { return chart(1); }

    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override { return m_numbers ? m_numbers() : QString(); }
    QSize sizeHint() const override { return {760, 320}; }

private:
    std::function<QString()> m_numbers;
};

} // namespace apical
