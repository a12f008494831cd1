#include "widgets/look/icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace apical {
namespace {

QPixmap drawn(QSvgRenderer& renderer, int px, int scale, double opacity)
{
    QPixmap pixmap(px * scale, px * scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setOpacity(opacity);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

} // namespace

QIcon lineIcon(const QString& name, const QColor& color, int px)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("icon %s is missing from the program's resources", qPrintable(name));
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QIcon icon;
    for (const int scale : {1, 2, 3}) {
        icon.addPixmap(drawn(renderer, px, scale, 1), QIcon::Normal);
        icon.addPixmap(drawn(renderer, px, scale, 0.5), QIcon::Disabled);
    }
    return icon;
}

} // namespace apical
