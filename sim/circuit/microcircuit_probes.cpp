// The probe list of the rate microcircuit: a probe is one line here.
#include "sim/circuit/microcircuit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>

namespace apical {

template <class T> void Microcircuit<T>::addProbe(std::string name, int rows, const T* values)
{
    m_probes.push_back({std::move(name), "1", rows, 1, [values, rows](std::span<double> out) {
                            for (int i = 0; i < rows; ++i)
                                out[static_cast<std::size_t>(i)] = static_cast<double>(values[i]);
                        }});
}

// phi(u) - phi(predicted): what the plasticity of a dendrite sees, u as broadcast after the step.
template <class T>
void Microcircuit<T>::addErrorProbe(std::string name, const Population& of, const T* predicted)
{
    const T* rate = of.rate;
    const int rows = of.size;
    m_probes.push_back(
        {std::move(name), "1", rows, 1, [this, rate, predicted, rows](std::span<double> out) {
             kernels<T>().transfer(m_transfer, predicted, m_scratch.get(), padded<T>(rows));
             for (int i = 0; i < rows; ++i)
                 out[static_cast<std::size_t>(i)] =
                     static_cast<double>(rate[i] - m_scratch[static_cast<std::size_t>(i)]);
         }});
}

template <class T>
void Microcircuit<T>::addWeightProbe(std::string name, Pathway Layer::*field, int layer)
{
    const WeightBlock<T>& block = (m_layers[static_cast<std::size_t>(layer)].*field).weights;
    m_probes.push_back(
        {std::move(name), "1", block.rows, block.cols, [this, field, layer](std::span<double> out) {
             Pathway& p = m_layers[static_cast<std::size_t>(layer)].*field;
             flush(p);
             std::size_t k = 0;
             for (int i = 0; i < p.weights.rows; ++i) {
                 for (int j = 0; j < p.weights.cols; ++j)
                     out[k++] = static_cast<double>(p.weights.at(i, j));
             }
         }});
}

template <class T> void Microcircuit<T>::makeProbes()
{
    m_probes.clear();
    const int widest = padded<T>(*std::max_element(m_sizes.begin(), m_sizes.end()) + 1);
    m_scratch.reset(
        static_cast<T*>(std::aligned_alloc(kPad, static_cast<std::size_t>(widest) * sizeof(T))));
    if (!m_scratch)
        throw std::bad_alloc();
    addProbe("input.rate", m_inputSize, m_input);
    addProbe("input.potential", m_inputSize, m_filtered);
    for (int l = 0; l <= last(); ++l) {
        const Layer& layer = m_layers[static_cast<std::size_t>(l)];
        const bool hidden = l < last();
        const std::string prefix = "layer" + std::to_string(l + 1) + '.';
        const Population& pyr = layer.pyramidal;
        addProbe(prefix + "pyr.basal", pyr.size, pyr.dendrite);
        if (hidden) {
            addProbe(prefix + "pyr.apical", pyr.size, layer.apical);
            // The distal compartment hears W_down only and passes it on to the proximal one with
            // conductance 1, so its potential is the top-down part of the apical potential.
            addProbe(prefix + "pyr.apical_distal", pyr.size, layer.topdown);
            addProbe(prefix + "pyr.apical_topdown", pyr.size, layer.topdown);
            addProbe(prefix + "pyr.apical_lateral", pyr.size, layer.lateral);
        }
        addProbe(prefix + "pyr.soma", pyr.size, pyr.soma);
        addProbe(prefix + "pyr.prospective", pyr.size, pyr.broadcast);
        addProbe(prefix + "pyr.rate", pyr.size, pyr.rate);
        addErrorProbe(prefix + "pyr.basal_error", pyr, pyr.attenuated);
        if (hidden)
            addErrorProbe(prefix + "pyr.distal_error", pyr, layer.topdown);
        if (hidden) {
            const Population& inn = layer.interneurons;
            addProbe(prefix + "inn.dendrite", inn.size, inn.dendrite);
            addProbe(prefix + "inn.soma", inn.size, inn.soma);
            addProbe(prefix + "inn.prospective", inn.size, inn.broadcast);
            addProbe(prefix + "inn.rate", inn.size, inn.rate);
            addErrorProbe(prefix + "inn.error", inn, inn.attenuated);
        }
        addWeightProbe(prefix + "W_up", &Layer::up, l);
        if (hidden) {
            addWeightProbe(prefix + "W_down", &Layer::down, l);
            addWeightProbe(prefix + "W_ip", &Layer::ip, l);
            addWeightProbe(prefix + "W_pi", &Layer::pi, l);
        }
    }
    addProbe("target", m_sizes.back(), m_target);
    addProbe("target.nudged", 1, m_flags + 2); // 1 if the last step nudged the output
}

template <class T> std::string Microcircuit<T>::firstNonFinite()
{
    std::vector<double> values;
    for (const Probe& probe : m_probes) {
        values.resize(static_cast<std::size_t>(probe.size()));
        probe.read(values);
        for (int i = 0; i < probe.size(); ++i) {
            if (std::isfinite(values[static_cast<std::size_t>(i)]))
                continue;
            const int row = i / probe.cols;
            const std::string column =
                probe.cols > 1 ? '[' + std::to_string(i % probe.cols) + ']' : "";
            return probe.name + '[' + std::to_string(row) + ']' + column;
        }
    }
    return {};
}

// The rest of the class is instantiated in microcircuit.cpp.
template void Microcircuit<double>::addProbe(std::string, int, const double*);
template void Microcircuit<float>::addProbe(std::string, int, const float*);
template void Microcircuit<double>::addErrorProbe(std::string, const Population&, const double*);
template void Microcircuit<float>::addErrorProbe(std::string, const Population&, const float*);
template void Microcircuit<double>::addWeightProbe(std::string, Pathway Layer::*, int);
template void Microcircuit<float>::addWeightProbe(std::string, Pathway Layer::*, int);
template void Microcircuit<double>::makeProbes();
template void Microcircuit<float>::makeProbes();
template std::string Microcircuit<double>::firstNonFinite();
template std::string Microcircuit<float>::firstNonFinite();

} // namespace apical
