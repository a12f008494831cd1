#include "sim/task/digits.h"

#include "sim/base/random.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>

namespace apical {
namespace {

using Strokes = std::vector<Stroke>;

struct Way {
    int label;
    Strokes strokes; ///< in a box of 100 x 140, y downwards
};

Strokes written(std::initializer_list<std::initializer_list<StrokePoint>> strokes)
{
    Strokes out;
    for (const auto& stroke : strokes)
        out.emplace_back(stroke);
    return out;
}

const std::vector<Way>& ways()
{
    static const std::vector<Way> all{
        {0,
            written({{{55, 3}, {22, 22}, {8, 70}, {22, 120}, {52, 138}, {82, 118}, {94, 70},
                {80, 22}, {50, 3}}})},
        {0,
            written({{{70, 12}, {45, 5}, {15, 35}, {8, 85}, {30, 130}, {65, 132}, {92, 95},
                {90, 45}, {62, 8}}})},
        {1, written({{{50, 2}, {50, 70}, {50, 138}}})},
        {1, written({{{28, 30}, {52, 4}, {50, 70}, {49, 138}}})},
        {1, written({{{30, 28}, {52, 4}, {51, 70}, {50, 136}}, {{25, 137}, {50, 136}, {76, 137}}})},
        {2,
            written({{{12, 32}, {30, 8}, {62, 6}, {80, 32}, {66, 70}, {34, 106}, {8, 136}},
                {{8, 136}, {50, 134}, {94, 134}}})},
        {2,
            written({{{10, 38}, {28, 10}, {60, 5}, {82, 28}, {74, 62}, {46, 98}, {18, 124},
                {14, 136}, {32, 126}, {60, 130}, {94, 126}}})},
        {2,
            written({{{14, 30}, {40, 5}, {74, 12}, {78, 46}, {54, 84}, {26, 118}, {8, 128},
                {20, 112}, {44, 122}, {72, 136}, {96, 124}}})},
        {3,
            written({{{14, 20}, {42, 4}, {76, 16}, {74, 48}, {42, 66}, {76, 78}, {88, 108},
                {62, 136}, {12, 124}}})},
        {3,
            written({{{12, 8}, {46, 6}, {84, 8}, {60, 34}, {40, 58}, {74, 66}, {88, 98}, {64, 132},
                {14, 126}}})},
        {4,
            written({{{30, 4}, {20, 44}, {14, 78}, {52, 78}, {94, 74}},
                {{72, 6}, {66, 70}, {62, 138}}})},
        {4,
            written({{{68, 4}, {40, 44}, {6, 92}}, {{6, 92}, {50, 92}, {96, 90}},
                {{68, 4}, {66, 70}, {64, 138}}})},
        {4,
            written({{{22, 8}, {16, 50}, {38, 70}, {74, 58}, {84, 12}},
                {{84, 12}, {76, 70}, {70, 138}}})},
        {5,
            written({{{84, 6}, {54, 6}, {26, 8}}, {{26, 8}, {20, 36}, {18, 62}},
                {{18, 62}, {48, 52}, {80, 68}, {84, 104}, {56, 134}, {12, 124}}})},
        {5, written({{{86, 8}, {30, 6}, {22, 56}, {60, 58}, {86, 90}, {66, 128}, {14, 130}}})},
        {6,
            written({{{70, 4}, {34, 36}, {12, 88}, {26, 130}, {62, 134}, {82, 104}, {62, 78},
                {32, 84}, {14, 108}}})},
        {6,
            written({{{46, 2}, {26, 46}, {16, 96}, {38, 136}, {72, 122}, {72, 92}, {46, 80},
                {20, 98}}})},
        {7, written({{{8, 10}, {50, 8}, {90, 6}}, {{90, 6}, {62, 62}, {40, 138}}})},
        {7, written({{{10, 24}, {14, 8}, {54, 10}, {88, 6}}, {{88, 6}, {70, 56}, {52, 138}}})},
        {7,
            written({{{8, 8}, {50, 10}, {88, 6}}, {{88, 6}, {60, 68}, {38, 138}},
                {{28, 74}, {52, 70}, {80, 68}}})},
        {8,
            written({{{76, 20}, {50, 4}, {22, 18}, {26, 46}, {52, 66}, {80, 92}, {78, 124},
                {48, 138}, {18, 122}, {22, 92}, {50, 66}, {76, 42}, {76, 20}}})},
        {8,
            written({{{50, 64}, {24, 44}, {28, 12}, {52, 3}, {76, 14}, {76, 44}, {50, 64}, {20, 90},
                {22, 126}, {52, 138}, {82, 122}, {80, 88}, {50, 64}}})},
        {9,
            written({{{78, 22}, {52, 4}, {22, 22}, {22, 54}, {50, 66}, {76, 44}, {80, 16}},
                {{80, 16}, {76, 76}, {68, 138}}})},
        {9,
            written({{{76, 30}, {60, 6}, {30, 8}, {16, 38}, {32, 64}, {64, 58}, {80, 26}, {78, 80},
                {62, 124}, {28, 136}}})},
    };
    return all;
}

/// Numbers of one digit, each used once.
class Dice {
public:
    Dice(std::uint64_t seed, std::uint64_t n)
        : m_seed(seed)
        , m_n(n)
    {
    }
    double between(double low, double high)
    {
        return low + (high - low) * uniform(m_seed, RandomStream::Digits, m_n, m_index++);
    }
    double about(double mean, double deviation)
    {
        const double z = normal(m_seed, RandomStream::Digits, m_n, m_index++);
        return mean + deviation * std::clamp(z, -2.5, 2.5);
    }
    std::size_t below(std::size_t n)
    {
        return std::min(n - 1, static_cast<std::size_t>(between(0, static_cast<double>(n))));
    }

private:
    std::uint64_t m_seed, m_n;
    std::uint32_t m_index = 0;
};

/// Moves every point by a wave that is longer than the digit.
struct Bend {
    double sizeX, sizeY, lengthX, lengthY, phaseX, phaseY;
    explicit Bend(Dice& dice)
        : sizeX(dice.about(0, 5))
        , sizeY(dice.about(0, 5))
        , lengthX(dice.between(90, 200))
        , lengthY(dice.between(90, 200))
        , phaseX(dice.between(0, 6.2832))
        , phaseY(dice.between(0, 6.2832))
    {
    }
    StrokePoint operator()(const StrokePoint& p) const
    {
        return {p.x + sizeX * std::sin(6.2832 * p.y / lengthX + phaseX),
            p.y + sizeY * std::sin(6.2832 * p.x / lengthY + phaseY)};
    }
};

} // namespace

Digit generatedDigit(std::uint64_t seed, std::uint64_t n)
{
    Dice dice(seed, n);
    const auto label = static_cast<int>(dice.below(kDigitClasses));
    std::vector<const Way*> own;
    for (const Way& way : ways()) {
        if (way.label == label)
            own.push_back(&way);
    }
    Strokes strokes = own[dice.below(own.size())]->strokes;

    const double turn = dice.about(0, 0.13), slant = dice.about(-0.15, 0.22);
    const double wide = std::exp(dice.about(0, 0.16)), high = std::exp(dice.about(0, 0.08));
    const Bend bend(dice);
    for (Stroke& stroke : strokes) {
        for (StrokePoint& p : stroke) {
            p = bend({p.x + dice.about(0, 4), p.y + dice.about(0, 4)});
            const double x = wide * (p.x - 50) + slant * (p.y - 70), y = high * (p.y - 70);
            p = {std::cos(turn) * x - std::sin(turn) * y, std::sin(turn) * x + std::cos(turn) * y};
        }
        stroke = smoothed(stroke);
    }

    const Pen pen{std::clamp(dice.about(2.7, 0.7), 1.5, 4.6), dice.between(0.8, 1)};
    Digit digit{label, picture(strokes, pen)};
    const double noise = dice.between(0, 14);
    for (std::uint8_t& pixel : digit.pixels) { // paper stays white, as in scans that were cleaned
        if (pixel > 0)
            pixel = static_cast<std::uint8_t>(
                std::lround(std::clamp(pixel + noise * dice.about(0, 1), 0.0, 255.0)));
    }
    return digit;
}

} // namespace apical
