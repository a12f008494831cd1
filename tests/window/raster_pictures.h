// Pictures of a raster, and where in them a neuron's step is.
#pragma once

#include "tests/window/raster_scene.h"
#include "widgets/raster/view.h"

#include <QCoreApplication>
#include <QImage>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace apical {

inline constexpr QSize kSize(716, 262);

inline QImage picture(RasterView& view, const Scene& scene, QSize size = kSize, double ratio = 1)
{
    view.resize(size);
    view.refresh(scene);
    QImage image((QSizeF(size) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(scene.theme->panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(0, 0), size));
    return image;
}

/// What is drawn of a band, over all stripes.
inline std::uint64_t drawnOf(RasterView& view, const RasterBand& band)
{
    std::uint64_t all = 0;
    for (std::size_t s = 0; s < view.cells().stripes().size(); ++s) {
        for (std::size_t cell = 0; cell < band.cells; ++cell)
            all += view.cells().count(s, band.firstCell + cell);
    }
    return all;
}

inline std::uint64_t firstStep(RasterView& view)
{
    return view.cells().stripes().front().bin.firstStep;
}

inline std::uint64_t endStep(RasterView& view)
{
    return view.cells().stripes().back().bin.endStep();
}

/// Of a neuron in a step, in the middle of its mark.
inline QPointF place(const RasterView& view, const Scene& scene, std::size_t band,
    std::size_t neuron, std::uint64_t step)
{
    const RasterBand& b = view.bands()[band];
    const auto [top, bottom] = b.pixelsOf(b.cellOf(neuron));
    const double ms = (static_cast<double>(step) + 0.5) * RasterScene::kStepMs;
    const double share = (ms - scene.viewBeginMs) / (scene.viewEndMs - scene.viewBeginMs);
    return {
        view.plot().left() + share * view.plot().width(), view.plot().top() + (top + bottom) / 2.0};
}

inline void wheel(QWidget& to, const QPointF& at, int notches, Qt::KeyboardModifiers keys = {})
{
    QWheelEvent event(at, to.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, keys,
        Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&to, &event);
}

inline void moveTo(QWidget& to, const QPointF& at, Qt::MouseButtons buttons = {})
{
    QMouseEvent event(
        QEvent::MouseMove, at, to.mapToGlobal(at), Qt::NoButton, buttons, Qt::NoModifier);
    QCoreApplication::sendEvent(&to, &event);
}

} // namespace apical
