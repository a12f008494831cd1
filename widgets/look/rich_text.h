// Short rich texts (symbols with subscripts) drawn quickly: laid out once, then cached.
#pragma once

#include <QColor>
#include <QFont>
#include <QString>

class QPainter;
class QPointF;
class QSizeF;

namespace apical {

/// Draws "W<sub>pi</sub>"-like HTML with its top-left corner at `at`. Falls back to plain text.
void drawRich(QPainter&, const QPointF& at, const QString& html, const QFont&, const QColor&);
QSizeF richSize(const QString& html, const QFont&);

} // namespace apical
