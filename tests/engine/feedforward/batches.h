// Feed-forward nets and small batches for their tests.
#pragma once

#include "sim/feedforward/feedforward.h"
#include "sim/model/activation.h"
#include "sim/run/model_table.h"

#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace apical {

/// Largest absolute difference; infinite if the sizes differ or an entry is no number.
inline double distance(const Batch<double>& a, const Batch<double>& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols() || !a.allFinite() || !b.allFinite())
        return std::numeric_limits<double>::infinity();
    return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff();
}

inline Batch<double> noise(Eigen::Index rows, Eigen::Index cols, unsigned seed)
{
    std::srand(seed);
    return Batch<double>::Random(rows, cols);
}

/// One class per sample.
inline Batch<double> classes(Eigen::Index rows, Eigen::Index cols)
{
    Batch<double> y = Batch<double>::Zero(rows, cols);
    for (Eigen::Index k = 0; k < cols; ++k)
        y(k % rows, k) = 1;
    return y;
}

/// Weights whose senders stand in another order; columns behind them (a bias) stay.
inline Batch<double> fromMoved(
    const Batch<double>& w, const Eigen::PermutationMatrix<Eigen::Dynamic>& order)
{
    Batch<double> moved = w;
    moved.leftCols(order.size()) = w.leftCols(order.size()) * order.transpose();
    return moved;
}

inline FeedforwardParameters& feedforward(Parameters& p)
{
    return p.family<FeedforwardParameters>();
}

/// A net of the model table, its quantities and weights as matrices with samples in columns.
class Net {
public:
    using Settings = std::vector<std::pair<std::string, ParameterValue>>;

    Net(std::vector<int> sizes, int batch, const Settings& settings = {}, std::uint64_t seed = 1,
        const std::string& precision = "double", const std::string& name = "feedforward")
    {
        experiment = newExperiment(name);
        experiment.layers = std::move(sizes);
        experiment.seed = seed;
        experiment.precision = precision;
        experiment.weights.init = WeightSpec::Init::He;
        Parameters& p = experiment.parameters;
        setParameter(p, "batch.size", double(batch), layers());
        for (const auto& [key, value] : settings)
            setParameter(p, key, value, layers());
        model = modelNamed(name).make(experiment, p);
        m_target.setZero(experiment.layers.back(), batch);
    }

    int layers() const { return experiment.targetLayers(); }
    void set(const std::string& key, const ParameterValue& value)
    {
        Parameters p = model->parameters();
        setParameter(p, key, value, layers());
        model->setParameters(p);
    }

    void step(const Batch<double>& x, const Batch<double>& y, bool learning = true)
    {
        m_input = x;
        m_target = y;
        again(learning);
    }
    /// The batch of before.
    void again(bool learning = true)
    {
        model->step({.input = {m_input.data(), static_cast<std::size_t>(m_input.size())},
            .target = {m_target.data(), static_cast<std::size_t>(m_target.size())},
            .nudged = learning,
            .learning = learning});
    }

    /// One step of a presentation that has several.
    void read(const Batch<double>& x, const Batch<double>& y, int t)
    {
        m_input = x;
        m_target = y;
        model->step({.input = {m_input.data(), static_cast<std::size_t>(m_input.size())},
            .target = {m_target.data(), static_cast<std::size_t>(m_target.size())},
            .nudged = true,
            .learning = true,
            .inputHeld = t > 0,
            .step = m_steps++,
            .stepInPattern = static_cast<std::uint32_t>(t)});
    }
    /// All of them.
    void present(const Batch<double>& x, const Batch<double>& y)
    {
        const int steps = ownSteps(experiment.layers, model->parameters(), true);
        for (int t = 0; t < steps; ++t)
            read(x, y, t);
    }

    Batch<double> get(const std::string& name) const
    {
        const Probe* probe = findProbe(*model, name);
        RowMajor all(probe->rows, probe->cols);
        probe->read({all.data(), static_cast<std::size_t>(all.size())});
        return all;
    }
    Batch<double> get(int layer, const std::string& what) const
    {
        return get("layer" + std::to_string(layer) + '.' + what);
    }
    void setWeights(int layer, const std::string& what, const Batch<double>& w)
    {
        const RowMajor all = w;
        model->setWeights(model->anatomy().projection("layer" + std::to_string(layer) + '.' + what),
            {all.data(), static_cast<std::size_t>(all.size())});
    }
    double loss() const { return get("loss")(0, 0); }

    Experiment experiment;
    std::unique_ptr<Model> model;

private:
    RowMajor m_input, m_target;
    std::uint64_t m_steps = 0;
};

inline const char* const kActivations[] = {
    "relu", "tanh", "sigmoid", "linear", "softlif", "softplus"};
inline const char* const kRules[] = {"backprop", "feedback-alignment", "direct-feedback-alignment"};

} // namespace apical
