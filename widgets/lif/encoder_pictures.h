// Inputs as a picture, and the picture that counts of their spikes add up to.
#pragma once

#include "widgets/lif/encoder_charts.h"

#include <QPointF>
#include <QRectF>

#include <optional>

class QPainter;

namespace apical {

/// Side of the square picture that the inputs are; 0: they are none.
int encodedSide(const std::vector<EncoderLane>&);

/// The input whose pixel is there, in any of the pictures of paintEncoded().
std::optional<int> inputUnder(
    const std::vector<EncoderLane>&, const QRectF& area, const QPointF& at);

/// The original, and beside it one picture per lane that sends spikes, all in the same grey, with
/// their names above and how far they are off below.
void paintEncoded(
    QPainter&, const std::vector<EncoderLane>&, const QRectF& area, const Theme&, int marked);

} // namespace apical
