// The charts of a conversion: rates against counts, accuracy against simulated time.
#pragma once

#include "sim/spiking_net/conversion_survey.h"
#include "widgets/chart/chart.h"

#include <vector>

namespace apical {

/// Hidden units: what the net of rates promises in the time up to the cursor, and what was counted.
Chart ratesChart(const ConversionTrace*, std::uint32_t steps);
/// @param images what they are: "test images" @param weights of which moment the weights are
Chart accuracyChart(const ConversionSurvey*, const QString& images, const QString& weights);

QString ratesCsv(const ConversionTrace&, std::uint32_t steps);
QString accuracyCsv(const ConversionSurvey&);
QString crossingCsv(const ConversionTrace&);

} // namespace apical
