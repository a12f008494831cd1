// A self-predicting run that is watched as the window watches it, and what the doctor says of it.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/diagnosis.h"
#include "sim/insight/diagnosis_words.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"
#include "tests/circuit_lane.h"

#include <QtGlobal>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace apical::test {

inline Experiment selfPredicting(std::vector<int> layers = {8, 6, 3}, std::uint64_t seed = 1)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    e.seed = seed;
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.3};
    e.parameters.inputLow = -3;
    e.parameters.inputHigh = 3;
    e.parameters.targetOn = false;
    return e;
}

/// A run that is watched as the window watches it: least values of the errors per pattern.
class Watched {
public:
    explicit Watched(const Experiment& e)
        : m_simulation(e)
        , m_sizes(e.layers)
        , m_start(selfPredictionErrors(m_simulation.model()))
    {
    }

    Simulation& simulation() { return m_simulation; }
    const ErrorSeries& past() const { return m_past; }
    const std::vector<SelfPredictionErrors>& start() const { return m_start; }
    double nowMs() const { return m_simulation.clock().timeMs; }

    void runTo(double ms, double everyMs = 1)
    {
        while (m_simulation.clock().timeMs < ms - 1e-9) {
            const double until = std::min(ms, m_simulation.clock().timeMs + everyMs);
            while (m_simulation.clock().timeMs < until - 1e-9)
                if (!m_simulation.step())
                    return;
            sample();
        }
    }

    LaneFrame frame()
    {
        LaneFrame lane = test::frameOfCircuit(m_simulation);
        lane.nudged = m_simulation.nudged();
        std::copy(m_simulation.patternTarget().begin(), m_simulation.patternTarget().end(),
            test::quantity(lane, "target").begin());
        lane.diverged = m_simulation.diverged();
        lane.stop = m_simulation.stop();
        return lane;
    }

    Diagnosis verdict()
    {
        const double from = nowMs() - 1.2 * diagnosisWindowMs(m_simulation.parameters());
        ErrorSeries recent;
        for (std::size_t i = 0; i < m_past.timeMs.size(); ++i)
            if (m_past.timeMs[i] >= from) {
                recent.timeMs.push_back(m_past.timeMs[i]);
                recent.apical.push_back(m_past.apical[i]);
                recent.interneuron.push_back(m_past.interneuron[i]);
                recent.feedforward.push_back(m_past.feedforward[i]);
                recent.feedback.push_back(m_past.feedback[i]);
            }
        Diagnosis out = diagnose(frame(), m_sizes, recent, m_start);
        if (qEnvironmentVariableIsSet("APICAL_SAY")) {
            std::string text = out.title + " | " + out.text;
            for (const Evidence& e : out.evidence)
                text += std::string("\n    ") + (e.good ? "+ " : "- ") + e.text;
            qInfo("%.3f s: %s", nowMs() / 1000, text.c_str());
        }
        return out;
    }

private:
    void sample()
    {
        SelfPredictionErrors sum;
        for (const SelfPredictionErrors& e : selfPredictionErrors(m_simulation.model())) {
            sum.apical += e.apical;
            sum.interneuron += e.interneuron;
            sum.feedforwardWeight += e.feedforwardWeight;
            sum.feedbackWeight += e.feedbackWeight;
        }
        m_past.timeMs.push_back(nowMs());
        m_past.apical.push_back(sum.apical);
        m_past.interneuron.push_back(sum.interneuron);
        m_past.feedforward.push_back(sum.feedforwardWeight);
        m_past.feedback.push_back(sum.feedbackWeight);
    }

    Simulation m_simulation;
    std::vector<int> m_sizes;
    std::vector<SelfPredictionErrors> m_start;
    ErrorSeries m_past;
};

} // namespace apical::test
