#include "widgets/circuit/words.h"

#include "sim/insight/circuit_frame.h"
#include "widgets/view/neuron_selection.h"

#include <QLocale>

#include <span>

namespace apical {
namespace {

using Population = Selection::Population;

double at(std::span<const double> values, int i)
{
    const auto index = static_cast<std::size_t>(i);
    return index < values.size() ? values[index] : 0;
}

QString line(const char* name, double value)
{
    return QString::fromUtf8(name) + u' ' + signedNumber(value);
}

const char* plainName(CircuitPathway::Kind kind)
{
    switch (kind) {
    case CircuitPathway::Kind::Up:
        return "forward weights, onto basal dendrites";
    case CircuitPathway::Kind::Down:
        return "feedback weights, onto apical dendrites";
    case CircuitPathway::Kind::Ip:
        return "weights from pyramidal neurons to interneurons";
    case CircuitPathway::Kind::Pi:
        return "lateral weights from interneurons to apical dendrites";
    }
    return "";
}

} // namespace

QString fileNumber(double value)
{
    return QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest);
}

QStringList describeUnit(
    const Selection& unit, const std::vector<int>& sizes, const LaneFrame& lane)
{
    if (!exists(unit, sizes))
        return {QStringLiteral("No neuron selected. Arrow keys select one.")};
    const QString name = unit.name(sizes);
    const int last = static_cast<int>(sizes.size()) - 1;
    const CircuitFrame circuit(lane);
    if (unit.population == Population::Input)
        return {name + QStringLiteral(", input"), line("rate x =", at(circuit.input, unit.index))};
    const auto l = static_cast<std::size_t>(unit.layer);
    if (l > circuit.layers.size())
        return {name};
    const CircuitLayerFrame& layer = circuit.layers[l - 1];
    if (unit.population == Population::Interneuron)
        return {name + QStringLiteral(", interneuron, copies ")
                + Selection{Population::Pyramidal, unit.layer + 1, unit.index}.name(sizes),
            line("soma u =", at(layer.innSoma, unit.index)),
            line("dendrite v_D =", at(layer.innDendrite, unit.index)),
            line("rate r =", at(layer.innRate, unit.index))};
    QStringList lines{name
            + (unit.layer == last ? QStringLiteral(", output neuron")
                                  : QStringLiteral(", hidden pyramidal neuron")),
        line("soma u =", at(layer.soma, unit.index))};
    if (unit.layer < last)
        lines << line("apical v_A =", at(layer.apical, unit.index));
    lines << line("basal v_B =", at(layer.basal, unit.index))
          << line("rate r =", at(layer.rate, unit.index));
    if (unit.layer == last)
        lines << (lane.nudged ? line("target =", at(circuit.target, unit.index))
                              : QStringLiteral("not nudged"));
    return lines;
}

QString describePathway(
    const CircuitPathway& pathway, const PathwayPlasticity& plasticity, const CircuitLayout& layout)
{
    const QString name = QLatin1String(pathway.name());
    const bool many = layout.hiddenLayers() > 1 || pathway.kind == CircuitPathway::Kind::Up;
    QString text = QStringLiteral("<b>") + pathway.html(layout.hiddenLayers())
        + QStringLiteral("</b> ") + QString::fromUtf8(plainName(pathway.kind))
        + QStringLiteral(".<br>");
    const QString rate = QStringLiteral("eta.") + name;
    const QString everywhere = many ? QStringLiteral(" in all layers") : QString();
    if (plasticity.plastic())
        text += QStringLiteral("Plastic: %1 = %2 per ms. Click to lock it%3.")
                    .arg(rate, QString::number(plasticity.rate), everywhere);
    else if (plasticity.locked && plasticity.rate > 0)
        text += QStringLiteral("Fixed: locked. Click to let it learn%1.").arg(everywhere);
    else if (plasticity.locked)
        text += QStringLiteral(
            "Fixed: locked, and %1 is 0 here. Click to unlock it; it learns once %1 is above 0.")
                    .arg(rate);
    else
        text += QStringLiteral("Fixed: not locked, but its learning rate %1 is 0 here. "
                               "Set %1 above 0 to let it learn; click to lock it.")
                    .arg(rate);
    return text;
}

QString circuitCsv(const Frame& frame)
{
    QString csv = QStringLiteral("lane,unit,population,layer,index,soma,basal,apical,rate\n");
    const int last = static_cast<int>(frame.sizes.size()) - 1;
    const auto add = [&](std::size_t lane, const Selection& unit, const char* population,
                         const QStringList& values) {
        csv += QStringLiteral("%1,%2,%3,%4,%5,%6\n")
                   .arg(lane)
                   .arg(unit.name(frame.sizes), QLatin1String(population))
                   .arg(unit.layer)
                   .arg(unit.index)
                   .arg(values.join(u','));
    };
    for (std::size_t l = 0; l < frame.lanes.size(); ++l) {
        const CircuitFrame lane(frame.lanes[l]);
        for (std::size_t i = 0; i < lane.input.size(); ++i)
            add(l, {Population::Input, 0, static_cast<int>(i)}, "input",
                {{}, {}, {}, fileNumber(lane.input[i])});
        for (std::size_t k = 0; k < lane.layers.size(); ++k) {
            const CircuitLayerFrame& layer = lane.layers[k];
            const int number = static_cast<int>(k) + 1;
            for (int i = 0; i < static_cast<int>(layer.soma.size()); ++i)
                add(l, {Population::Pyramidal, number, i}, number == last ? "output" : "hidden",
                    {fileNumber(at(layer.soma, i)), fileNumber(at(layer.basal, i)),
                        layer.apical.empty() ? QString() : fileNumber(at(layer.apical, i)),
                        fileNumber(at(layer.rate, i))});
            for (int i = 0; i < static_cast<int>(layer.innSoma.size()); ++i)
                add(l, {Population::Interneuron, number, i}, "interneuron",
                    {fileNumber(at(layer.innSoma, i)), fileNumber(at(layer.innDendrite, i)), {},
                        fileNumber(at(layer.innRate, i))});
        }
    }
    return csv;
}

} // namespace apical
