// The two pictures of a study, side by side: learning curves, and final values with their spread.
#pragma once

#include "widgets/study/charts.h"
#include "widgets/view/view.h"

#include <functional>
#include <utility>

namespace apical {

/// Window thread. Shows what it was given last; knows nothing of the run in the main window.
class StudyPlot : public View {
    Q_OBJECT
public:
    explicit StudyPlot(QWidget* parent = nullptr);

    void setCharts(StudyChart curves, StudyChart finals);
    /// Asked for the table behind the pictures when it is exported.
    void setNumbers(std::function<QString()> numbers) { m_numbers = std::move(numbers); }
    const StudyChart& curves() const { return m_curves; }
    const StudyChart& finals() const { return m_finals; }

    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override { return m_numbers ? m_numbers() : QString(); }
    QSize sizeHint() const override { return {760, 320}; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    StudyChart m_curves, m_finals;
    std::function<QString()> m_numbers;
};

/// One chart with its title, legend and axes.
void paintChart(QPainter&, const QRectF& area, const StudyChart&, const Theme&);

} // namespace apical
