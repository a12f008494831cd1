// Pictures of views of a task, and what is found in them.
#pragma once

#include "widgets/view/view.h"

#include <QImage>
#include <QPainter>

#include <cstdlib>
#include <memory>

namespace apical::test {

/// As it is now.
inline QImage pictureOf(View& view)
{
    QImage image(view.size(), QImage::Format_RGB32);
    image.fill(Theme::light().panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(view.rect()));
    return image;
}

inline QImage pictureOf(View& view, const Scene& scene, QSize size)
{
    view.resize(size);
    view.refresh(scene);
    QImage image(size, QImage::Format_RGB32);
    image.fill(scene.theme->panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(), QSizeF(size)));
    return image;
}

/// APICAL_GRABS=DIR keeps the pictures for looking at.
inline void keep(const QImage& image, const QString& name)
{
    if (const QString folder = qEnvironmentVariable("APICAL_GRABS"); !folder.isEmpty())
        image.save(folder + u'/' + name + QStringLiteral(".png"));
}

/// But for the smoothing of edges.
inline bool alike(const QColor& a, const QColor& b)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green())
        + std::abs(a.blue() - b.blue())
        < 120;
}

inline bool contains(const QImage& image, const QRect& where, const QColor& color)
{
    for (int y = where.top(); y <= where.bottom(); ++y)
        for (int x = where.left(); x <= where.right(); ++x)
            if (image.rect().contains(x, y) && alike(image.pixelColor(x, y), color))
                return true;
    return false;
}

/// The row of a column in which a colour is found first, or -1.
inline int rowOf(const QImage& image, int x, const QColor& color)
{
    for (int y = 0; y < image.height(); ++y)
        if (alike(image.pixelColor(x, y), color))
            return y;
    return -1;
}

inline std::unique_ptr<View> make(View* (*maker)(QWidget*))
{
    return std::unique_ptr<View>(maker(nullptr));
}

} // namespace apical::test
