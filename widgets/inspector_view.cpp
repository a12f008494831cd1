#include "widgets/inspector_view.h"

#include <QPainter>

namespace apical {
namespace {

class InspectorView : public View {
public:
    using View::View;
    void paint(QPainter&, const QRectF&) override { }
};

} // namespace

View* makeInspectorView(QWidget* parent)
{
    return new InspectorView(parent);
}

} // namespace apical
