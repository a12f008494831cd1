// What the energy of a read is in terms of probability: F and its constant, which add up to -ln p.
#pragma once

#include "widgets/predictive/inference_picture.h"

#include <QRectF>

class QPainter;

namespace apical {

/// A value for one picture in one place.
class FreeEnergyStrip {
public:
    static constexpr double kHeight = 40; ///< px

    FreeEnergyStrip(const InferencePicture& picture, const QRectF& area)
        : m_picture(picture)
        , m_area(area)
    {
    }
    void paint(QPainter&, const Theme&) const;

private:
    const InferencePicture& m_picture;
    QRectF m_area;
};

} // namespace apical
