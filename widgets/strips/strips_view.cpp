#include "widgets/strips/strips_view.h"

#include "widgets/strips/plot_view.h"

namespace apical {
namespace {

class StripsView : public StripPlotView {
public:
    explicit StripsView(QWidget* parent)
        : StripPlotView(true, parent)
    {
        setObjectName(QStringLiteral("strips"));
        setAccessibleName(QStringLiteral("Time strips"));
        setAccessibleDescription(QStringLiteral(
            "Voltages of the selected neuron, prediction errors and weight errors over time"));
        setMinimumSize(300, 130);
    }
    QSize sizeHint() const override { return {716, 262}; }

protected:
    std::vector<Strip> describe(const Scene& scene) const override { return describeStrips(scene); }
};

} // namespace

View* makeStripsView(QWidget* parent)
{
    return new StripsView(parent);
}

} // namespace apical
