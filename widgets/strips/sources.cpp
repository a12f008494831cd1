#include "widgets/strips/sources.h"

#include "widgets/view/lane_words.h"

#include <algorithm>
#include <iterator>
#include <span>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

// Compartments and layers that share a colour are told apart by these.
constexpr StripDash kDashes[]{{0, 0}, {6, 3}, {2, 3}, {9, 3}};

} // namespace

StripDash stripDash(std::size_t i)
{
    return kDashes[i % std::size(kDashes)];
}

bool mayHave(const Scene& scene, std::size_t lane, const std::string& probe)
{
    const Anatomy* a =
        lane < scene.frame.lanes.size() ? scene.frame.lanes[lane].anatomy.get() : nullptr;
    return !a || a->quantity(probe) >= 0 || a->measure(probe) >= 0;
}

std::size_t laneCount(const Scene& scene)
{
    return std::max<std::size_t>(1, scene.frame.lanes.size());
}

std::function<double(const Frame&)> stripReader(const StripSource& source, std::size_t lane)
{
    return [probe = source.probe, i = static_cast<std::size_t>(source.index), lane](
               const Frame& frame) {
        if (lane >= frame.lanes.size())
            return kNoValue;
        const std::span<const double> values = frame.lanes[lane].quantity(probe);
        return i < values.size() ? values[i] : kNoValue;
    };
}

void addSources(Strip& strip, const Scene& scene, const std::vector<StripSource>& sources)
{
    const bool twin = laneCount(scene) > 1;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const StripSource& source = sources[i];
        strip.rows.push_back({source.name, source.plainName});
        for (std::size_t lane = 0; lane < laneCount(scene); ++lane) {
            if (!mayHave(scene, lane, source.probe))
                continue;
            StripCurve curve;
            curve.channel = scene.history
                ? scene.history->find(static_cast<int>(lane), source.probe, source.index)
                : -1;
            curve.color = twin ? laneColor(*scene.theme, scene.frame, lane) : source.color;
            if (twin)
                curve.dash = stripDash(i).on, curve.gap = stripDash(i).off;
            curve.row = static_cast<int>(i);
            curve.variant = twin ? laneLetter(lane) : QString();
            curve.csvName =
                QString::fromStdString(source.probe) + u'[' + QString::number(source.index) + u']';
            if (twin)
                curve.csvName.prepend(u"lane"_s + QString::number(lane + 1) + u'.');
            // A frame holds what a count has come to; what is shown is how fast it grows.
            const bool count = curve.channel >= 0
                && scene.history->channels()[static_cast<std::size_t>(curve.channel)].count;
            if (!count)
                curve.read = stripReader(source, lane);
            strip.curves.push_back(curve);
        }
    }
}

void addMeasure(Strip& strip, const Scene& scene, const Anatomy::Measure& measure)
{
    const QString name = measure.name.starts_with("layer")
        ? u"layer "_s + QString::number(measure.layer)
        : QString::fromStdString(measure.label); // of the whole net
    const std::size_t row = strip.rows.size();
    strip.rows.push_back({name, name});
    for (std::size_t lane = 0; lane < laneCount(scene); ++lane) {
        if (!mayHave(scene, lane, measure.name))
            continue;
        StripCurve curve;
        curve.channel =
            scene.history ? scene.history->find(static_cast<int>(lane), measure.name) : -1;
        curve.color =
            laneCount(scene) > 1 ? laneColor(*scene.theme, scene.frame, lane) : scene.theme->soma;
        curve.dash = stripDash(row).on, curve.gap = stripDash(row).off;
        curve.row = static_cast<int>(row);
        curve.variant = laneCount(scene) > 1 ? laneLetter(lane) : QString();
        curve.csvName = QString::fromStdString(measure.name);
        if (laneCount(scene) > 1)
            curve.csvName.prepend(u"lane"_s + QString::number(lane + 1) + u'.');
        curve.read = [lane, name = measure.name](const Frame& frame) {
            if (lane >= frame.lanes.size() || !frame.lanes[lane].anatomy)
                return kNoValue;
            const auto at = static_cast<std::size_t>(frame.lanes[lane].anatomy->measure(name));
            const std::vector<double>& values = frame.lanes[lane].measures;
            return at < values.size() ? values[at] : kNoValue;
        };
        strip.curves.push_back(curve);
    }
}

} // namespace apical
