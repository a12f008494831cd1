// What the two pictures of a study show: a metric against the epoch, and its final value against
// one of the varied keys; mean and spread over the seeds.
#pragma once

#include "sim/study/journal.h"

#include <QColor>
#include <QString>

#include <string>
#include <vector>

namespace apical {

struct Theme;

/// One line: mean and mean -/+ standard deviation over the seeds, x ascending.
struct StudySeries {
    enum class Mode { None, LookAhead, Slow }; ///< the two modes keep their colours everywhere
    QString name;
    Mode mode = Mode::None;
    int index = 0; ///< of its group: colour (without a mode) and marker
    int dash = 0; ///< second distinction: solid, dashed, dotted
    std::vector<double> x, mean, low, high;
    QColor color(const Theme&) const;
};

struct StudyChart {
    QString title, xName, yName; ///< names carry their unit
    QString note; ///< instead of the series, or beside the title if there are some
    bool logX = false, logY = false, markers = false;
    double yLow = 0, yHigh = 1; ///< of a linear axis
    std::vector<StudySeries> series;
};

/// What is drawn of a study; names as in the results.
struct ChartChoice {
    std::string metric; ///< "" = the leading one
    std::string xKey; ///< "" = the first of xKeys()
};

/// Varied keys whose values are numbers; those with the most values first.
std::vector<std::string> xKeys(const Study&);

/// @param metric of a curve that belongs to a final metric: test_accuracy is followed by
/// validation_accuracy
StudyChart curveChart(const Study&, const StudyResults&, const ChartChoice&);
StudyChart finalChart(const Study&, const StudyResults&, const ChartChoice&);

/// "validation error", "apical error, layer 1": for people.
QString metricTitle(const std::string& metric);

} // namespace apical
