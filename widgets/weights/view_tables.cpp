#include "widgets/weights/view_tables.h"

#include "sim/circuit/self_prediction.h"
#include "widgets/view/lane_words.h"

#include <algorithm>
#include <string>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;
using Population = Selection::Population;

Matrix combined(const Matrix& a, const Matrix& b, double factorB)
{
    Matrix out = a;
    for (std::size_t i = 0; i < out.values.size(); ++i)
        out.values[i] += factorB * b.values[i];
    return out;
}

bool sameShape(const Matrix& a, const Matrix& b)
{
    return a.rows == b.rows && a.cols == b.cols && !a.empty();
}

WeightsAxis axis(Population population, int layer, const std::vector<int>& sizes)
{
    const auto ofLayer =
        static_cast<std::size_t>(population == Population::Interneuron ? layer + 1 : layer);
    return {population, layer, ofLayer < sizes.size() ? sizes[ofLayer] : 0};
}

QString symbol(const QString& subscript)
{
    return u"<i>W</i><sub>"_s + subscript + u"</sub>"_s;
}

} // namespace

Selection WeightsAxis::unit(int index) const
{
    return index >= 0 && index < size ? Selection{population, layer, index} : Selection{};
}

QString WeightsAxis::label(int index, const std::vector<int>& sizes) const
{
    return index < size ? unit(index).name(sizes) : u"b"_s;
}

int WeightsAxis::find(const Selection& selection) const
{
    const bool here = selection.population == population && selection.layer == layer;
    return here && selection.index < size ? selection.index : -1;
}

std::vector<WeightsTable> weightsTables(
    const LaneFrame& lane, const std::vector<int>& sizes, const WeightsChoice& choice)
{
    static const Matrix none;
    const int layers = static_cast<int>(sizes.size()) - 1;
    const int l = choice.layer;
    if (l < 1 || l > layers)
        return {};
    const auto matrix = [&lane](int layer, const char* pathway) -> const Matrix& {
        const Matrix* m = lane.matrix("layer" + std::to_string(layer) + ".W_" + pathway);
        return m ? *m : none;
    };
    const auto pyramidal = [&](int layer) {
        return axis(layer == 0 ? Population::Input : Population::Pyramidal, layer, sizes);
    };
    const auto single = [&](const QString& name, const Matrix& values, const WeightsAxis& rows,
                            const WeightsAxis& cols) -> std::vector<WeightsTable> {
        if (values.empty())
            return {};
        return {{symbol(name), u"W_"_s + name, values, rows, cols, false}};
    };
    if (choice.pathway == Pathway::Up)
        return single(u"up"_s, matrix(l, "up"), pyramidal(l), pyramidal(l - 1));
    if (l >= layers)
        return {};
    if (choice.pathway == Pathway::Down)
        return single(u"down"_s, matrix(l, "down"), pyramidal(l), pyramidal(l + 1));

    const Matrix &pi = matrix(l, "pi"), &down = matrix(l, "down"), &ip = matrix(l, "ip");
    const Matrix& nextUp = matrix(l + 1, "up");
    const WeightsAxis interneurons = axis(Population::Interneuron, l, sizes);
    const QString minus(QChar(0x2212));
    if (choice.pathway == Pathway::Pi) {
        if (!sameShape(pi, down))
            return {};
        return {
            {symbol(u"pi"_s), u"W_pi"_s, pi, pyramidal(l), interneurons, false},
            {minus + symbol(u"down"_s), minus + u"W_down"_s,
                combined(Matrix(down.rows, down.cols), down, -1), pyramidal(l), pyramidal(l + 1),
                false},
            {u"difference"_s, u"difference"_s, combined(pi, down, 1), pyramidal(l), interneurons,
                true},
        };
    }
    if (!sameShape(ip, nextUp))
        return {};
    const double scale = selfPredictingScale(lane.parameters, l, layers);
    const Matrix target = combined(Matrix(nextUp.rows, nextUp.cols), nextUp, scale);
    return {
        {symbol(u"ip"_s), u"W_ip"_s, ip, interneurons, pyramidal(l), false},
        {QString(QChar(0x03c1)) + symbol(u"up"_s), QString(QChar(0x03c1)) + u" W_up"_s, target,
            pyramidal(l + 1), pyramidal(l), false},
        {u"difference"_s, u"difference"_s, combined(ip, target, -1), interneurons, pyramidal(l),
            true},
    };
}

std::vector<WeightsTable> weightsSideBySide(const Frame& frame, const WeightsChoice& choice)
{
    if (frame.lanes.size() != 2)
        return {};
    std::vector<WeightsTable> out;
    for (int lane = 0; lane < 2; ++lane) {
        std::vector<WeightsTable> own =
            weightsTables(frame.lanes[static_cast<std::size_t>(lane)], frame.sizes, choice);
        if (own.empty())
            return {};
        if (own.size() == 3)
            own.erase(own.begin() + 1); // the target stands in what the weights are off it
        const QString letter = laneLetter(static_cast<std::size_t>(lane));
        for (WeightsTable& table : own) {
            table.lane = lane;
            table.title = letter + u' ' + (table.difference ? u"off by"_s : table.title);
            table.plain = letter + u' ' + table.plain;
            out.push_back(std::move(table));
        }
    }
    if (out.size() == 2 && sameShape(out[0].values, out[1].values)) {
        const QString name = u"B \u2212 A"_s;
        out.push_back({name, name, combined(out[1].values, out[0].values, -1), out[0].rows,
            out[0].cols, true});
    }
    return out;
}

WeightsChoice withinNetwork(WeightsChoice choice, const Frame& frame)
{
    const int layers = std::max(2, static_cast<int>(frame.sizes.size()) - 1);
    choice.layer = std::clamp(choice.layer, 1, choice.pathway == Pathway::Up ? layers : layers - 1);
    choice.lane = std::clamp(choice.lane, 0, std::max(0, static_cast<int>(frame.lanes.size()) - 1));
    return choice;
}

QString shortName(const WeightsChoice& choice, const Frame& frame)
{
    static const QString names[] = {u"pi"_s, u"ip"_s, u"up"_s, u"down"_s};
    QString text = names[static_cast<int>(choice.pathway)];
    if (frame.sizes.size() > 3 || choice.pathway == Pathway::Up)
        text += u' ' + QString::number(choice.layer);
    if (frame.lanes.size() > 1)
        text += u' ' + laneLetter(static_cast<std::size_t>(choice.lane));
    return text;
}

} // namespace apical
