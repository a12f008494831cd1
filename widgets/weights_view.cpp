#include "widgets/weights_view.h"

#include <QPainter>

namespace apical {
namespace {

class WeightsView : public View {
public:
    using View::View;
    void paint(QPainter&, const QRectF&) override { }
};

} // namespace

View* makeWeightsView(QWidget* parent)
{
    return new WeightsView(parent);
}

} // namespace apical
