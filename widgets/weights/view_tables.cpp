#include "widgets/weights/view_tables.h"

#include "sim/circuit/circuit_anatomy.h"
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

WeightsAxis axis(Population population, int layer, int size)
{
    return {population, layer, size};
}

/// The units of a population, as they are selected.
WeightsAxis axis(const Anatomy::Population& p)
{
    if (p.layer == 0)
        return axis(Population::Input, 0, p.size);
    return axis(p.kind == kInterneuronKind ? Population::Interneuron : Population::Pyramidal,
        p.layer, p.size);
}

/// "W_pi" with its subscript.
QString symbol(const QString& name)
{
    return u"<i>"_s + name.section(u'_', 0, 0) + u"</i><sub>"_s + name.section(u'_', 1)
        + u"</sub>"_s;
}

const LaneFrame* laneOf(const Frame& frame, int lane)
{
    const auto at = static_cast<std::size_t>(lane);
    return at < frame.lanes.size() && frame.lanes[at].anatomy ? &frame.lanes[at] : nullptr;
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
    struct Part {
        const Matrix* values = nullptr;
        WeightsAxis rows, cols;
    };
    const auto part = [&lane](int layer, const Pathway& pathway) -> Part {
        const std::string name = "layer" + std::to_string(layer) + '.' + pathway.name;
        const Matrix* m = lane.matrix(name);
        if (!m)
            return {};
        const Anatomy& a = *lane.anatomy;
        const auto& p = a.projections[static_cast<std::size_t>(a.projection(name))];
        return {m, axis(a.to(p)), axis(a.from(p))};
    };
    const Part own = part(choice.layer, choice.pathway);
    if (!own.values)
        return {};
    const QString name = QString::fromStdString(choice.pathway.name);
    const bool pi = choice.pathway == Pathway::Pi;
    if (!pi && choice.pathway != Pathway::Ip)
        return {{symbol(name), name, *own.values, own.rows, own.cols, false}};

    // What it should become: minus the feedback, or the next layer's way up, scaled.
    const Part other = pi ? part(choice.layer, Pathway::Down) : part(choice.layer + 1, Pathway::Up);
    if (!other.values || !sameShape(*own.values, *other.values))
        return {};
    const double factor = pi
        ? -1
        : selfPredictingScale(lane.parameters, choice.layer, static_cast<int>(sizes.size()) - 1);
    const Matrix target =
        combined(Matrix(other.values->rows, other.values->cols), *other.values, factor);
    const QString of = pi ? u"W_down"_s : u"W_up"_s;
    const QString sign(pi ? QChar(0x2212) : QChar(0x03c1));
    return {
        {symbol(name), name, *own.values, own.rows, own.cols, false},
        {sign + symbol(of), sign + (pi ? of : u' ' + of), target, other.rows, other.cols, false},
        {u"difference"_s, u"difference"_s, combined(*own.values, target, -1), own.rows, own.cols,
            true},
    };
}

std::vector<WeightsTable> weightsSideBySide(const Frame& frame, const WeightsChoice& choice)
{
    if (frame.lanes.size() < 2)
        return {};
    const int other = std::max(choice.lane, 1);
    std::vector<WeightsTable> out;
    for (const int lane : {0, other}) {
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
        const QString name = laneLetter(static_cast<std::size_t>(other)) + u" \u2212 A"_s;
        out.push_back({name, name, combined(out[1].values, out[0].values, -1), out[0].rows,
            out[0].cols, true});
    }
    return out;
}

std::vector<Pathway> pathwaysOf(const Frame& frame, int lane)
{
    const LaneFrame* own = laneOf(frame, lane);
    std::vector<Pathway> pathways{Pathway::Pi, Pathway::Ip, Pathway::Up, Pathway::Down};
    if (!own)
        return pathways;
    for (const Anatomy::Projection& p : own->anatomy->projections) {
        if (std::ranges::find(pathways, p.pathway, &Pathway::name) == pathways.end())
            pathways.push_back({p.pathway});
    }
    std::erase_if(
        pathways, [&](const Pathway& pathway) { return layersOf(frame, lane, pathway).empty(); });
    return pathways;
}

std::vector<int> layersOf(const Frame& frame, int lane, const Pathway& pathway)
{
    std::vector<int> layers;
    const LaneFrame* own = laneOf(frame, lane);
    for (std::size_t i = 0; own && i < own->anatomy->projections.size(); ++i) {
        const Anatomy::Projection& p = own->anatomy->projections[i];
        if (p.pathway == pathway.name)
            layers.push_back(own->anatomy->to(p).layer);
    }
    return layers;
}

WeightsChoice withinNetwork(WeightsChoice choice, const Frame& frame)
{
    choice.lane = std::clamp(choice.lane, 0, std::max(0, static_cast<int>(frame.lanes.size()) - 1));
    if (!laneOf(frame, choice.lane))
        return choice; // nothing is known yet
    const std::vector<Pathway> pathways = pathwaysOf(frame, choice.lane);
    if (!pathways.empty() && std::ranges::find(pathways, choice.pathway) == pathways.end())
        choice.pathway = pathways.front();
    if (const std::vector<int> layers = layersOf(frame, choice.lane, choice.pathway);
        !layers.empty())
        choice.layer = std::clamp(choice.layer, layers.front(), layers.back());
    return choice;
}

QString shortName(const WeightsChoice& choice, const Frame& frame)
{
    QString text = QString::fromStdString(choice.pathway.name);
    if (text.startsWith(u"W_"_s))
        text.remove(0, 2);
    if (frame.sizes.size() > 3 || choice.pathway == Pathway::Up
        || layersOf(frame, choice.lane, choice.pathway).size() > 1)
        text += u' ' + QString::number(choice.layer);
    if (frame.lanes.size() > 1)
        text += u' ' + laneLetter(static_cast<std::size_t>(choice.lane));
    return text;
}

} // namespace apical
