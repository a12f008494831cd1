// One step: x -> spikes of the encoder -> filter -> current j -> neuron -> filter.
//   spikes n of an encoder enter as n t_ref / (M dt), so that their filtered mean is x; `current`
//   is x itself and passes by the filter
//   a spike of a neuron enters as A / dt
// Beside what is simulated stand the rates of theory at x: eq. 8 of Hunsberger, Eliasmith (2015),
// their soft-LIF with the sign of its logarithm corrected, and the slope of that.
#include "sim/lif/lif_bench.h"

#include "sim/lif/alpha_filter.h"
#include "sim/lif/encoder.h"
#include "sim/lif/fixed_state.h"
#include "sim/lif/lif_neurons.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace apical {
namespace {

constexpr double kPerSecond = 1000; // of a rate per ms

enum class Q {
    InputRate,
    InputSpikes,
    FilterU,
    Filter,
    FilterTheory,
    Current,
    Voltage,
    Refractory,
    Spikes,
    SpikeTime,
    Count,
    Trace,
    Rate,
    RateTheory,
    RateSoft,
    RateSoftSlope
};

/// What the filter makes of a train that has always had this period, at time t, in units of x.
double periodicTheory(double x, double tRef, double tau, int order, double t)
{
    if (!(x > 0) || tau == 0)
        return 0;
    const double p = tRef / x, since = t - p * std::floor(t / p + 1e-9), q = std::exp(-p / tau);
    const double decayed = std::exp(-std::max(since, 0.0) / tau) / (1 - q);
    if (order == 1)
        return tRef * decayed / tau;
    return tRef * decayed / (tau * tau) * (std::max(since, 0.0) + p * q / (1 - q));
}

template <class Scalar> class LifBench final : public Model {
public:
    LifBench(const Experiment& e, const Parameters& p)
        : m_anatomy(lifAnatomy(e.layers, p))
        , m_encoder(e.layers.front(), 1, e.seed, e.replay)
    {
        const auto n = static_cast<std::size_t>(e.layers.front());
        m_neurons.resize(n);
        m_input.resize(n);
        m_output.resize(n);
        m_x.assign(n, 0.0);
        m_inputSpikes = m_spikes = m_spikeTime = m_count = m_x;
        m_current.assign(n, Scalar(0));
        m_arrived = m_current;
        setParameters(p);
        m_neurons.reset(); // in the form of its integrator
        m_probes = probesOf(*this);
    }

    void step(const Drive& d) override
    {
        const LifParameters& p = own();
        const double dt = m_parameters.dt;
        std::ranges::copy(d.input, m_x.begin());
        m_time = {static_cast<double>(d.step) * dt, m_time[1] + 1};
        if (m_encoder.sends(p, d.step)) {
            m_encoder.step(p, p.tRef, dt, d.input, d.step);
            const double each = Encoder::amplitude(p, p.tRef, dt);
            for (std::size_t i = 0; i < m_x.size(); ++i) {
                m_inputSpikes[i] += m_encoder.counts()[i];
                m_arrived[i] = static_cast<Scalar>(m_encoder.counts()[i] * each);
            }
            m_input.step(m_synapse, m_arrived.data());
        } else {
            for (std::size_t i = 0; i < m_x.size(); ++i)
                m_input.first()[i] = m_input.second()[i] = static_cast<Scalar>(m_x[i]);
        }
        std::ranges::copy(m_input.output(m_synapse), m_current.begin());
        m_output.decay(m_synapse);
        std::ranges::fill(m_spikeTime, 0.0);
        const auto sent = static_cast<Scalar>(m_lif.gain() / dt);
        m_neurons.step(m_setting, m_current, [&](std::size_t i, Scalar at) {
            m_spikes[i] += 1;
            m_count[i] += 1;
            m_spikeTime[i] = static_cast<double>(at);
            m_output.add(m_synapse, i, sent);
        });
    }

    const Anatomy& anatomy() const override { return m_anatomy; }
    void read(int quantity, std::span<double> out) const override
    {
        const auto values = [out](const auto& from) {
            std::ranges::transform(
                from, out.begin(), [](auto value) { return static_cast<double>(value); });
        };
        const auto ofX = [&](auto&& function) {
            std::ranges::transform(m_x, out.begin(), function);
        };
        const LifParameters& p = own();
        switch (static_cast<Q>(quantity)) {
        case Q::InputRate:
            return values(m_x);
        case Q::InputSpikes:
            return values(m_inputSpikes);
        case Q::FilterU:
            return values(m_input.first());
        case Q::Filter:
            return values(m_input.output(m_synapse));
        case Q::FilterTheory:
            return ofX([&](double x) {
                return p.encoder == encoder_kind::periodic
                    ? periodicTheory(x, p.tRef, p.synapseTau, p.synapseOrder, m_time[0])
                    : 0;
            });
        case Q::Current:
            return values(m_current);
        case Q::Voltage:
            return values(m_neurons.voltage());
        case Q::Refractory:
            std::ranges::transform(m_neurons.refractory(), out.begin(),
                [this](Scalar c) { return LifNeurons<Scalar>::milliseconds(m_setting, c); });
            return;
        case Q::Spikes:
            return values(m_spikes);
        case Q::SpikeTime:
            return values(m_spikeTime);
        case Q::Count:
            return values(m_count);
        case Q::Trace:
            return values(m_output.output(m_synapse));
        case Q::Rate: {
            const double ms = std::max(m_time[1], 1.0) * m_parameters.dt;
            std::ranges::transform(
                m_count, out.begin(), [ms](double count) { return kPerSecond * count / ms; });
            return;
        }
        case Q::RateTheory:
            return ofX([this](double x) { return kPerSecond * hardRate(m_lif, x); });
        case Q::RateSoft:
            return ofX([this](double x) { return kPerSecond * m_lif.rate(x).value; });
        case Q::RateSoftSlope:
            return ofX([this](double x) { return kPerSecond * m_lif.rate(x).slope; });
        }
    }
    void readWeights(int, std::span<double>) const override { }
    void setWeights(int, std::span<const double>) override { }
    int answer() const override { return static_cast<int>(Q::Trace); }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters& p) override
    {
        const auto& f = p.family<LifParameters>();
        m_lif = softLifOf(f);
        const LifSetting setting(m_lif, f, p.dt);
        m_neurons.change(m_setting, setting);
        m_time[1] *= m_setting.dt / setting.dt; // counted for as long as before
        m_setting = setting;
        m_synapse = AlphaSetting(p.dt, f.synapseTau, f.synapseOrder);
        m_parameters = p;
    }
    std::vector<std::byte> save() const override { return saveFixedState(*this); }
    void restore(std::span<const std::byte> bytes) override { restoreFixedState(*this, bytes); }
    void resetPotentials() override
    {
        m_neurons.reset();
        m_input.reset();
        m_output.reset();
        std::ranges::fill(m_count, 0.0);
        m_time[1] = 0;
    }
    bool finite() const override
    {
        const auto all = [](const auto& values) {
            return std::ranges::all_of(values, [](Scalar v) { return std::isfinite(v); });
        };
        return all(m_neurons.voltage()) && all(m_current);
    }

    /// Everything that is state.
    template <class Self, class F> static void visit(Self& self, F f)
    {
        for (auto* values : {&self.m_x, &self.m_inputSpikes, &self.m_spikes, &self.m_spikeTime,
                 &self.m_count, &self.m_time})
            f(stateSpan(*values));
        for (auto* values : {&self.m_current, &self.m_neurons.voltage(),
                 &self.m_neurons.refractory(), &self.m_input.first(), &self.m_input.second(),
                 &self.m_output.first(), &self.m_output.second()})
            f(stateSpan(*values));
    }

private:
    const LifParameters& own() const { return m_parameters.family<LifParameters>(); }

    Anatomy m_anatomy;
    Parameters m_parameters;
    SoftLif m_lif;
    LifSetting m_setting;
    AlphaSetting m_synapse;
    Encoder m_encoder;
    LifNeurons<Scalar> m_neurons;
    AlphaFilter<Scalar> m_input, m_output;
    std::vector<Scalar> m_current, m_arrived;
    std::vector<double> m_x, m_inputSpikes, m_spikes; ///< spikes since the start
    std::vector<double> m_spikeTime, m_count; ///< of this step; spikes since the reset
    std::vector<double> m_time{0, 0}; ///< start of the step, ms; steps of dt since the reset
    std::vector<Probe> m_probes;
};

} // namespace

Anatomy lifAnatomy(const std::vector<int>& sizes, const Parameters&)
{
    Anatomy a;
    const int n = sizes.front();
    const int input = a.add(Anatomy::Population{"input", 0, "input", n});
    const int layer = a.add(Anatomy::Population{"layer1", 1, "lif", n});
    using Form = Anatomy::Form;
    const auto add = [&a](int of, const char* name, const char* unit, Form form, bool watched) {
        a.add(Anatomy::Quantity{a.populations[static_cast<std::size_t>(of)].name + '.' + name, of,
            unit, form, watched});
    };
    const auto called = [&a](const char* label) { a.quantities.back().label = label; };
    add(input, "rate", "1", Form::Rate, true); // in the order of Q
    add(input, "spikes", "1", Form::Count, true);
    add(input, "trace_u", "1", Form::Level, false);
    add(input, "trace", "1", Form::Level, true);
    add(input, "trace_theory", "1", Form::Level, true);
    called("trace, closed form");
    add(layer, "current", "1", Form::Level, true);
    add(layer, "voltage", "1", Form::Level, true);
    add(layer, "refractory", "ms", Form::Level, false);
    add(layer, "spikes", "1", Form::Count, true);
    add(layer, "spike_time", "ms", Form::Level, false);
    add(layer, "count", "1", Form::Level, false);
    add(layer, "trace", "1", Form::Rate, true);
    add(layer, "rate", "Hz", Form::Rate, true);
    add(layer, "rate_theory", "Hz", Form::Rate, true);
    called("rate of theory");
    add(layer, "rate_soft", "Hz", Form::Rate, true);
    called("rate of soft-LIF");
    add(layer, "rate_soft_slope", "Hz", Form::Level, false);
    return a;
}

std::unique_ptr<Model> makeLif(const Experiment& e, const Parameters& p)
{
    if (e.precision == "float")
        return std::make_unique<LifBench<float>>(e, p);
    return std::make_unique<LifBench<double>>(e, p);
}

} // namespace apical
