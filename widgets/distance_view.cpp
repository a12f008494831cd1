#include "widgets/distance_view.h"

#include <QPainter>

namespace apical {
namespace {

class DistanceView : public View {
public:
    using View::View;
    void paint(QPainter&, const QRectF&) override { }
};

} // namespace

View* makeDistanceView(QWidget* parent)
{
    return new DistanceView(parent);
}

} // namespace apical
