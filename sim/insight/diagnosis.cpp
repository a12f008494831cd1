#include "sim/insight/diagnosis.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/diagnosis_case.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

ErrorSeries errorSeries(
    const History& history, int lane, int hiddenLayers, double fromMs, double toMs)
{
    struct Group {
        const char* name;
        std::vector<double> ErrorSeries::*row;
        std::vector<int> channels;
    };
    Group groups[] = {
        {"apical_error", &ErrorSeries::apical, {}},
        {"interneuron_error", &ErrorSeries::interneuron, {}},
        {"feedforward_weight_error", &ErrorSeries::feedforward, {}},
        {"feedback_weight_error", &ErrorSeries::feedback, {}},
    };
    for (Group& group : groups)
        for (int l = 1; l <= hiddenLayers; ++l)
            group.channels.push_back(
                history.find(lane, "layer" + std::to_string(l) + '.' + group.name));

    ErrorSeries out;
    for (std::size_t i = history.lowerBound(fromMs); i < history.size(); ++i) {
        const double time = history.bin(i).timeMs;
        if (time > toMs)
            break;
        out.timeMs.push_back(time);
        for (const Group& group : groups) {
            double sum = 0;
            for (int channel : group.channels)
                sum += channel < 0 ? std::numeric_limits<double>::quiet_NaN()
                                   : static_cast<double>(history.minimum(i, channel));
            (out.*group.row).push_back(sum);
        }
    }
    return out;
}

double diagnosisWindowMs(const Parameters& p)
{
    return std::clamp(200 * p.presentationTime, 20.0, 1e6);
}

Diagnosis diagnose(const LaneFrame& now, const std::vector<int>& sizes, const ErrorSeries& past,
    const std::vector<SelfPredictionErrors>& startErrors)
{
    const DiagnosisCase patient(now, sizes, past, startErrors);
    if (now.diverged)
        return patient.diverged();
    if (patient.runsAway())
        return patient.diverging();
    if (!patient.enoughData())
        return patient.waiting();
    if (patient.carriesTarget())
        return patient.learning();
    if (patient.goalsReached())
        return patient.selfPredicting();
    if (patient.blocked())
        return patient.blockedPlateau();
    if (patient.undetermined())
        return patient.plateau();
    if (patient.converges())
        return patient.converging();
    if (circuit(now.parameters).noise > 0 && !patient.drifts())
        return patient.noiseFloor();
    return patient.plateau();
}

} // namespace apical
