#include "sim/insight/diagnosis_pathways.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"
#include "sim/insight/diagnosis_words.h"

#include <algorithm>

namespace apical {
namespace {

using Kind = LateralPathway::Kind;
using Obstacle = LateralPathway::Obstacle;

// What the self-predicting preset uses; a rate of 0 has no own order of magnitude to go by.
constexpr double kUsualRateIp = 0.1;
constexpr double kUsualRatePi = 0.3;

const std::vector<double>& rates(Kind kind, const Parameters& p)
{
    const CircuitParameters& c = circuit(p);
    return kind == Kind::Ip ? c.etaIp : c.etaPi;
}

Remedy withRate(const LateralPathway& path, const Parameters& p, int targetLayers, double rate,
    const std::string& verb)
{
    rate = asTyped(rate);
    std::vector<double> list = rates(path.kind, p);
    if (list.size() == 1 && targetLayers > 2)
        list.assign(static_cast<std::size_t>(targetLayers), layerValue(list, 0));
    if (list.size() > 1)
        list[static_cast<std::size_t>(path.hidden) - 1] = rate;
    else
        list = {rate};
    const std::string word = path.kind == Kind::Ip ? "ip" : "pi";
    Remedy remedy;
    remedy.kind = Remedy::Kind::SetParameter;
    remedy.key = "eta." + word;
    remedy.value = list;
    remedy.label = verb + " eta " + word + " to " + parameterText(rate);
    return remedy;
}

} // namespace

std::string LateralPathway::name(bool deep) const
{
    const std::string symbol = kind == Kind::Ip ? "W_ip" : "W_pi";
    return deep ? symbol + " of layer " + std::to_string(hidden) : symbol;
}

std::vector<LateralPathway> lateralPathways(const LaneFrame& now, const std::vector<int>& sizes,
    const std::vector<SelfPredictionErrors>& startErrors)
{
    std::vector<LateralPathway> out;
    const Parameters& p = now.parameters;
    const CircuitParameters& c = circuit(p);
    const std::vector<SelfPredictionErrors> errors = circuitErrors(now);
    for (std::size_t l = 0; l < errors.size(); ++l) {
        const SelfPredictionErrors& error = errors[l];
        const SelfPredictionErrors start = l < startErrors.size() ? startErrors[l] : error;
        const auto add = [&](Kind kind, double value, double from, double off, bool locked) {
            LateralPathway path;
            path.kind = kind;
            path.hidden = static_cast<int>(l) + 1;
            path.error = value;
            path.start = from;
            path.off = off;
            // The error is a mean square, the distance a norm.
            path.goal = off > 0 ? value * (kWeightGoal / off) * (kWeightGoal / off) : 0;
            if (locked)
                path.obstacle = Obstacle::Locked;
            else if (layerValue(rates(kind, p), static_cast<int>(l)) == 0)
                path.obstacle = Obstacle::RateZero;
            else if (kind == Kind::Ip && l + 1 < sizes.size()) {
                const auto here = sizes.begin() + static_cast<std::ptrdiff_t>(l) + 1;
                if (*here > *std::min_element(sizes.begin(), here) + (p.biasOn ? 1 : 0))
                    path.obstacle = Obstacle::Undetermined;
            }
            out.push_back(path);
        };
        add(Kind::Ip, error.feedforwardWeight, start.feedforwardWeight, error.feedforwardDistance,
            c.lockIp);
        add(Kind::Pi, error.feedbackWeight, start.feedbackWeight, error.feedbackDistance, c.lockPi);
    }
    return out;
}

Remedy remedyFor(const LateralPathway& path, const Parameters& p, int targetLayers)
{
    Remedy remedy;
    const bool ip = path.kind == Kind::Ip;
    switch (path.obstacle) {
    case Obstacle::None:
        break;
    case Obstacle::Locked:
        remedy.kind = Remedy::Kind::SetParameter;
        remedy.label = ip ? "Unlock W_ip" : "Unlock W_pi";
        remedy.key = ip ? "lock.ip" : "lock.pi";
        remedy.value = false;
        break;
    case Obstacle::RateZero: {
        const double usual = ip ? kUsualRateIp : kUsualRatePi;
        return withRate(path, p, targetLayers,
            circuit(p).etaPerPresentation ? usual * p.presentationTime : usual, "Set");
    }
    case Obstacle::Undetermined:
        remedy.kind = Remedy::Kind::JumpToSelfPrediction;
        remedy.label = "Jump to the fixed point";
        break;
    }
    return remedy;
}

Remedy fasterRate(const LateralPathway& path, const Parameters& p, int targetLayers)
{
    const double rate = layerValue(rates(path.kind, p), path.hidden - 1);
    return withRate(path, p, targetLayers, 3 * rate, "Raise");
}

} // namespace apical
