#include "widgets/weights/ranges.h"

#include "sim/circuit/self_prediction.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace apical {
namespace {

constexpr std::size_t kSampled = 100000; ///< of each matrix: more do not change a round number
/// A few strays of a large net, or a few weights at their bound, must not make the rest pale.
constexpr double kShare = 0.999;
/// In a wide matrix the bias is a stray, too: a 1 beside hundreds of weights of 0.05.
constexpr int kWide = 100; // columns
constexpr double kLeast = 1e-9, kMost = 1e9;

/// Magnitudes of which nearly all are to be inside a range.
class Magnitudes {
public:
    /// @param sampled of each matrix
    explicit Magnitudes(std::size_t sampled = kSampled)
        : m_sampled(sampled)
    {
    }
    void add(const Matrix* m, double factor = 1, bool hasBias = false)
    {
        static const Matrix none;
        addSum(m, &none, factor, 0, hasBias);
    }

    /// |factorA a + factorB b|; an empty b counts as zero; another shape, or one that a lane does
    /// not have, adds nothing.
    /// @param hasBias in the last column
    void addSum(const Matrix* first, const Matrix* second, double factorA, double factorB,
        bool hasBias = false)
    {
        if (!first || !second)
            return;
        const Matrix &a = *first, &b = *second;
        if (!b.empty() && (a.rows != b.rows || a.cols != b.cols))
            return;
        const std::size_t step = a.values.size() / m_sampled | 1; // odd: no column is left out
        const bool withoutBias = hasBias && a.cols > kWide;
        const auto cols = static_cast<std::size_t>(a.cols);
        for (std::size_t i = 0; i < a.values.size(); i += step) {
            if (withoutBias && i % cols == cols - 1)
                continue;
            const double value = factorA * a.values[i] + (b.empty() ? 0.0 : factorB * b.values[i]);
            if (std::isfinite(value))
                m_values.push_back(std::abs(value));
        }
    }

    bool nothing() const
    {
        return std::all_of(m_values.begin(), m_values.end(), [](double v) { return v == 0; });
    }

    void dropZeros() { std::erase(m_values, 0.0); }

    /// @param share of the magnitudes that fit in
    double range(double ifNothing, double share = kShare)
    {
        if (m_values.empty())
            return ifNothing;
        const auto last = static_cast<double>(m_values.size() - 1);
        const auto at = m_values.begin() + static_cast<std::ptrdiff_t>(std::ceil(share * last));
        std::nth_element(m_values.begin(), at, m_values.end());
        return *at > 0 ? niceStep(std::clamp(*at, kLeast, kMost)) : ifNothing;
    }

private:
    std::size_t m_sampled;
    std::vector<double> m_values;
};

struct Collected {
    Magnitudes weights, difference;
    WeightRange range(bool fit)
    {
        WeightRange chosen;
        chosen.weights = weights.range(chosen.weights);
        const double finer = niceStep(chosen.weights / 10);
        chosen.difference = fit ? difference.range(finer) : finer;
        return chosen;
    }
};

/// A matrix that is only looked at, as a gradient is. Most of a gradient is zero or nearly so, and
/// it shrinks by powers of ten while a net learns: nine of ten numbers that are not zero fit in.
struct Looked {
    // Looked at four times a second: enough for nine of ten.
    static constexpr std::size_t kFew = 4000;
    Magnitudes values{kFew}, difference{kFew};
    WeightRange range()
    {
        constexpr double share = 0.9;
        WeightRange chosen;
        values.dropZeros();
        difference.dropZeros();
        chosen.weights = values.range(chosen.weights, share);
        chosen.difference = difference.range(niceStep(chosen.weights / 10), share);
        return chosen;
    }
};

using Key = std::pair<Pathway, int>;

/// Of every projection that has no range yet.
void addOthers(WeightRanges& out, const Frame& frame, bool fit)
{
    std::map<Key, Collected> others;
    for (const LaneFrame& lane : frame.lanes) {
        for (std::size_t i = 0; lane.anatomy && i < lane.weights.size(); ++i) {
            const Anatomy::Projection& p = lane.anatomy->projections[i];
            const Key key{{p.pathway}, lane.anatomy->to(p).layer};
            if (!p.isWeight || out.ranges.contains(key) || lane.weights[i].empty())
                continue;
            Collected& own = others[key];
            own.weights.add(&lane.weights[i], 1, p.hasBias);
            own.difference.addSum(
                &lane.weights[i], frame.lanes.front().matrix(p.name), 1, -1, p.hasBias);
        }
    }
    for (auto& [key, collected] : others)
        out.ranges[key] = collected.range(fit);
}

/// Of what is only looked at, and holds something else than zeros.
std::map<Key, WeightRange> lookedRanges(const Frame& frame)
{
    std::map<Key, Looked> all;
    for (const LaneFrame& lane : frame.lanes) {
        for (std::size_t i = 0; lane.anatomy && i < lane.weights.size(); ++i) {
            const Anatomy::Projection& p = lane.anatomy->projections[i];
            if (p.isWeight || lane.weights[i].empty())
                continue;
            Looked& own = all[{{p.pathway}, lane.anatomy->to(p).layer}];
            own.values.add(&lane.weights[i], 1, p.hasBias);
            own.difference.addSum(
                &lane.weights[i], frame.lanes.front().matrix(p.name), 1, -1, p.hasBias);
        }
    }
    std::map<Key, WeightRange> ranges;
    for (auto& [key, looked] : all)
        if (!looked.values.nothing())
            ranges[key] = looked.range();
    return ranges;
}

bool hasBias(const LaneFrame& lane, const std::string& projection)
{
    const int i = lane.anatomy ? lane.anatomy->projection(projection) : -1;
    return i >= 0 && lane.anatomy->projections[static_cast<std::size_t>(i)].hasBias;
}

WeightRanges chosen(const Frame& frame, bool fit)
{
    WeightRanges out;
    const int layers = static_cast<int>(frame.sizes.size()) - 1;
    const auto matrix = [](const LaneFrame& lane, int layer, const char* pathway) {
        return lane.matrix("layer" + std::to_string(layer) + ".W_" + pathway);
    };
    for (int l = 1; l <= layers; ++l) {
        Collected up, down, pi, ip; // W_down and W_pi are compared with each other
        for (const LaneFrame& lane : frame.lanes) {
            const LaneFrame& first = frame.lanes.front();
            const Matrix* ownUp = matrix(lane, l, "up");
            const bool bias = hasBias(lane, "layer" + std::to_string(l) + ".W_up");
            up.weights.add(ownUp, 1, bias);
            up.difference.addSum(ownUp, matrix(first, l, "up"), 1, -1, bias);
            if (l == layers)
                continue;
            const Matrix *ownDown = matrix(lane, l, "down"), *ownPi = matrix(lane, l, "pi"),
                         *ownIp = matrix(lane, l, "ip");
            down.difference.addSum(ownDown, matrix(first, l, "down"), 1, -1);
            pi.weights.add(ownPi);
            pi.weights.add(ownDown);
            pi.difference.addSum(ownPi, ownDown, 1, 1);
            ip.weights.add(ownIp);
            if (!ownIp)
                continue;
            const Matrix* nextUp = matrix(lane, l + 1, "up");
            const double rho = selfPredictingScale(lane.parameters, l, layers);
            ip.weights.add(nextUp, rho);
            ip.difference.addSum(ownIp, nextUp, 1, -rho);
        }
        out.ranges[{Pathway::Up, l}] = up.range(fit);
        if (l == layers)
            continue;
        out.ranges[{Pathway::Pi, l}] = pi.range(fit);
        out.ranges[{Pathway::Ip, l}] = ip.range(fit);
        down.weights = std::move(pi.weights);
        out.ranges[{Pathway::Down, l}] = down.range(fit);
    }
    addOthers(out, frame, fit);
    out.ranges.merge(lookedRanges(frame));
    return out;
}

} // namespace

WeightRanges startingRanges(const Frame& frame)
{
    return chosen(frame, false);
}

WeightRanges fittedRanges(const Frame& frame)
{
    return chosen(frame, true);
}

void followRanges(WeightRanges& ranges, const Frame& frame)
{
    constexpr double kGrown = 2, kShrunk = 0.25; // less is no reason to change colours
    const auto moved = [](double now, double before) {
        return now > kGrown * before || now < kShrunk * before;
    };
    for (const auto& [key, now] : lookedRanges(frame)) {
        const auto known = ranges.ranges.find(key);
        if (known == ranges.ranges.end() || moved(now.weights, known->second.weights)
            || moved(now.difference, known->second.difference))
            ranges.ranges[key] = now;
    }
}

} // namespace apical
