#include "widgets/predictive/inference_picture.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kRunaway = 4; // times the energy of the start

double largest(const Matrix& all, int rows)
{
    double most = 0;
    for (int t = 0; t < rows; ++t)
        for (int i = 0; i < all.cols; ++i)
            most = std::max(most, std::abs(all(t, i)));
    return most;
}

double roundRange(double most)
{
    return most > 0 && std::isfinite(most) ? niceStep(most) : 1;
}

} // namespace

int InferencePicture::followed() const
{
    const auto& total = trace.total;
    const auto end =
        std::ranges::find_if(total, [&](double f) { return !(f <= kRunaway * total.front()); });
    return std::max(1, static_cast<int>(end - total.begin()));
}

void InferencePicture::chooseRanges()
{
    const int reads = followed();
    valueRange.assign(1, 1);
    errorRange.assign(1, 1);
    for (const double x : input)
        valueRange[0] = std::max(valueRange[0], roundRange(std::abs(x)));
    for (const InferenceTrace::Layer& l : trace.layers) {
        valueRange.push_back(
            roundRange(std::max(largest(l.value, reads), largest(l.prediction, reads))));
        errorRange.push_back(roundRange(largest(l.error, reads)));
    }
}

QString InferencePicture::layerName(int l) const
{
    return l == 0 ? u"input"_s : l == layers() ? u"output"_s : u"layer %1"_s.arg(l);
}

QColor inferenceColor(const Theme& t, int layer, int layers)
{
    if (layer == layers)
        return t.apical;
    const QColor hidden[] = {t.basal, t.soma, t.interneuron, t.topdown};
    return hidden[static_cast<std::size_t>(layer - 1) % std::size(hidden)];
}

} // namespace apical
