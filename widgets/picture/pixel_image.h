// Inputs that are pictures, and what is seen through the weights of neurons that look at them.
#pragma once

#include "sim/live/frame.h"
#include "widgets/look/theme.h"

#include <QImage>
#include <QPainter>
#include <QRectF>

#include <span>
#include <vector>

namespace apical {

/// Side of the square picture that so many inputs are; 0 if they are none, or fewer than 8 x 8.
int pictureSide(int inputs);
/// Of a network with that anatomy.
int pictureSide(const Anatomy&);

/// Values from 0 (paper) to 1 (ink), row by row.
QImage inkImage(std::span<const double> values, int side, const Theme&);
/// Signed values, -range to range in the theme's ramp.
QImage signedImage(std::span<const double> values, int side, double range, const Theme&);
/// Pixels stay sharp.
void paintImage(QPainter&, const QImage&, const QRectF& at);

/// What inputs a pattern over the neurons of the first layer stands for: sum_i values_i W_up[i][j].
std::vector<double> seenThrough(const Matrix& up, std::span<const double> values, int inputs);
/// The magnitude that all but one of a hundred values stay below; 0 of none.
double usualMagnitude(std::span<const double> values);

} // namespace apical
