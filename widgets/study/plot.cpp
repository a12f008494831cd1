#include "widgets/study/plot.h"

#include <QPainter>

#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {

StudyPlot::StudyPlot(QWidget* parent)
    : ChartView(parent)
{
    setObjectName(u"study_plot"_s);
    setAccessibleName(u"Learning curves and final values of the study"_s);
    setMinimumSize(420, 200);
    showCharts({}, {});
}

void StudyPlot::showCharts(Chart curves, Chart finals)
{
    if (count() == 2
        && (curves.title != this->curves().title || finals.title != this->finals().title))
        resetZoom();
    setCharts({std::move(curves), std::move(finals)});
}

void StudyPlot::paint(QPainter& painter, const QRectF& area)
{
    ChartView::paint(painter, area);
    const double middle = area.left() + std::round(area.width() * 0.5);
    painter.setPen(QPen(theme().line2, 1));
    painter.drawLine(QPointF(middle, area.top()), QPointF(middle, area.bottom()));
}

} // namespace apical
