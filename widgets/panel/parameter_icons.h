// The small marks of the parameter panel.
#pragma once

class QPainter;
class QRectF;
class QColor;

namespace apical {

/// The arrow that means "reset", in a 14 px square.
void paintResetIcon(QPainter&, const QRectF& square, const QColor&);
/// A padlock in a 12 px square.
void paintLockIcon(QPainter&, const QRectF& square, const QColor&, bool open);
/// A chevron in a 10 px square, pointing right or (open) down.
void paintChevron(QPainter&, const QRectF& square, const QColor&, bool open);

} // namespace apical
