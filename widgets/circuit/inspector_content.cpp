#include "widgets/circuit/inspector_content.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"
#include "widgets/circuit/words.h"
#include "widgets/view/neuron_selection.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;
using Tint = InspectorTint;
using Population = Selection::Population;

QString symbol(const char16_t* letter, const char16_t* index)
{
    return u"<i>%1</i><sub>%2</sub>"_s.arg(QString::fromUtf16(letter), QString::fromUtf16(index));
}

double at(std::span<const double> values, int i)
{
    const auto index = static_cast<std::size_t>(i);
    return index < values.size() ? values[index] : 0;
}

InspectorTerm termOf(const Term& term)
{
    switch (term.kind) {
    case Term::Kind::Leak:
        return {u"\u2212 <i>g</i><sub>l</sub> <i>u</i>"_s, term.value, Tint::Neutral};
    case Term::Kind::Basal:
        return {u"+ <i>g</i><sub>b</sub>(<i>v</i><sub>B</sub> \u2212 <i>u</i>)"_s, term.value,
            Tint::Basal};
    case Term::Kind::Apical:
        return {u"+ <i>g</i><sub>a</sub>(<i>v</i><sub>A</sub> \u2212 <i>u</i>)"_s, term.value,
            Tint::Apical};
    case Term::Kind::Dendrite:
        return {u"+ <i>g</i><sub>b</sub>(<i>v</i><sub>D</sub> \u2212 <i>u</i>)"_s, term.value,
            Tint::Interneuron};
    case Term::Kind::Teaching:
        return {u"+ <i>g</i><sub>som</sub>(<i>u</i><sub>next</sub> \u2212 <i>u</i>)"_s, term.value,
            Tint::Soma};
    case Term::Kind::Target:
        return {u"+ <i>g</i><sub>som</sub>(<i>u</i><sub>tgt</sub> \u2212 <i>u</i>)"_s, term.value,
            Tint::Target};
    case Term::Kind::OwnPrediction:
        return {u"+ <i>g</i><sub>som</sub>(<i>s</i> \u2212 <i>u</i>)"_s, term.value, Tint::Soma};
    case Term::Kind::Nudging:
        return {u"+ rest: nudging"_s, term.value, Tint::Target};
    case Term::Kind::Noise:
        return {u"+ noise"_s, term.value, Tint::Neutral};
    }
    return {};
}

void addMembrane(InspectorContent& content, const LaneFrame& lane)
{
    const MembraneBalance balance = membraneTerms(lane, neuronOf(content.unit));
    if (!balance.known)
        return;
    for (const Term& term : balance.terms)
        content.terms.push_back(termOf(term));
    content.sum = balance.sum;
    content.measured = balance.measured;
    content.termRange = balance.total; // the pull of a potential that differs by 1
}

void addSynapses(InspectorContent& content, const std::vector<Contribution>& synapses,
    const std::vector<int>& sizes, Tint (*tint)(const Contribution&))
{
    InspectorSection& section = content.synapses;
    section.title = u"Synapses by contribution"_s;
    section.unit = u"w \u00b7 r (1)"_s;
    section.synapses = true;
    if (synapses.empty()) {
        section.sentence = u"The weights come with the next step."_s;
        return;
    }
    constexpr std::size_t kMost = 100;
    const QString arrow = u" \u2192 "_s + content.badge;
    double largest = 0;
    for (std::size_t i = 0; i < std::min(kMost, synapses.size()); ++i) {
        const Contribution& s = synapses[i];
        const Selection from = selectionOf(s.from);
        section.bars.push_back(
            {{}, from.name(sizes) + arrow, s.value, tint(s), false, s.weight, from});
        largest = std::max(largest, std::abs(s.value));
    }
    section.range = niceRange(largest);
    if (synapses.size() > kMost)
        section.sentence = u"and %1 smaller ones"_s.arg(synapses.size() - kMost);
}

void balanceRange(InspectorSection& section)
{
    double largest = 0;
    for (const InspectorBar& bar : section.bars)
        largest = std::max(largest, std::abs(bar.value));
    section.range = niceRange(largest);
}

QString rateText(const LaneFrame& lane, double rate)
{
    return (circuit(lane.parameters).latentEquilibrium ? u"rate \u03c6(u + \u03c4 du/dt) = %1 (1)"_s
                                                       : u"rate \u03c6(u) = %1 (1)"_s)
        .arg(std::abs(rate) < 1e5 ? QString::number(rate, 'f', 3) : signedNumber(rate));
}

void inspectHidden(InspectorContent& content, const LaneFrame& lane, const std::vector<int>& sizes)
{
    const int i = content.unit.index;
    const CircuitFrame circuit(lane);
    const CircuitLayerFrame& layer =
        circuit.layers[static_cast<std::size_t>(content.unit.layer - 1)];
    content.title = u"Hidden pyramidal neuron %1"_s.arg(i + 1);
    content.subtitle = rateText(lane, at(layer.rate, i));
    content.compartments.bars = {{u"<i>u</i>"_s, u"soma"_s, at(layer.soma, i), Tint::Soma},
        {symbol(u"v", u"A"), u"apical"_s, at(layer.apical, i), Tint::Apical},
        {symbol(u"v", u"B"), u"basal"_s, at(layer.basal, i), Tint::Basal}};
    const ApicalBalance balance = apicalBalance(lane, content.unit.layer, i);
    content.why.title = u"Why is this apical compartment not silent?"_s;
    content.why.bars = {{{}, u"top-down"_s, balance.topdown, Tint::Topdown},
        {{}, u"lateral"_s, balance.lateral, Tint::Lateral},
        {{}, u"residual"_s, balance.residual, Tint::Apical, true}};
    balanceRange(content.why);
    addSynapses(content, balance.synapses, sizes, [](const Contribution& s) {
        return s.from.population == NeuronRef::Population::Interneuron ? Tint::Lateral
                                                                       : Tint::Topdown;
    });
}

void inspectOutput(InspectorContent& content, const LaneFrame& lane, const std::vector<int>& sizes)
{
    const int i = content.unit.index;
    const CircuitFrame circuit(lane);
    const CircuitLayerFrame& layer =
        circuit.layers[static_cast<std::size_t>(content.unit.layer - 1)];
    const double own = dendriticPrediction(lane.parameters, at(layer.basal, i));
    content.title = u"Output neuron %1"_s.arg(i + 1);
    content.subtitle = rateText(lane, at(layer.rate, i));
    content.compartments.bars = {{u"<i>u</i>"_s, u"soma"_s, at(layer.soma, i), Tint::Soma},
        {symbol(u"v", u"B"), u"basal"_s, at(layer.basal, i), Tint::Basal}};
    if (lane.nudged) {
        content.why.title = u"Why is this output pulled?"_s;
        content.why.bars = {
            {symbol(u"u", u"tgt"), u"target"_s, at(circuit.target, i), Tint::Target},
            {u"<i>s</i>"_s, u"predicted"_s, own, Tint::Basal},
            {{}, u"difference"_s, at(circuit.target, i) - own, Tint::Soma, true}};
    } else {
        content.why.title = u"Not nudged: nothing pulls this output"_s;
        content.why.bars = {{u"<i>s</i>"_s, u"predicted"_s, own, Tint::Basal},
            {u"<i>u</i>"_s, u"soma"_s, at(layer.soma, i), Tint::Soma},
            {{}, u"still to go"_s, own - at(layer.soma, i), Tint::Soma, true}};
    }
    balanceRange(content.why);
    addSynapses(content, dendriteContributions(lane, neuronOf(content.unit)), sizes,
        [](const Contribution&) { return Tint::Basal; });
}

void inspectInterneuron(
    InspectorContent& content, const LaneFrame& lane, const std::vector<int>& sizes)
{
    const int i = content.unit.index;
    const auto l = static_cast<std::size_t>(content.unit.layer);
    const CircuitFrame circuit(lane);
    const CircuitLayerFrame& layer = circuit.layers[l - 1];
    const QString partner = Selection{Population::Pyramidal, content.unit.layer + 1, i}.name(sizes);
    content.title = u"Interneuron %1, copies %2"_s.arg(i + 1).arg(partner);
    content.subtitle = rateText(lane, at(layer.innRate, i));
    content.compartments.bars = {{u"<i>u</i>"_s, u"soma"_s, at(layer.innSoma, i), Tint::Soma},
        {symbol(u"v", u"D"), u"dendrite"_s, at(layer.innDendrite, i), Tint::Interneuron}};
    const double above = l < circuit.layers.size() ? at(circuit.layers[l].before.broadcast, i) : 0;
    const double own = dendriticPrediction(lane.parameters, at(layer.innDendrite, i));
    content.why.title = u"Does it predict %1?"_s.arg(partner);
    content.why.bars = {{symbol(u"u", u"next"), partner, above, Tint::Soma},
        {u"<i>s</i>"_s, u"predicted"_s, own, Tint::Interneuron},
        {{}, u"difference"_s, above - own, Tint::Apical, true}};
    balanceRange(content.why);
    addSynapses(content, dendriteContributions(lane, neuronOf(content.unit)), sizes,
        [](const Contribution&) { return Tint::Interneuron; });
}

void inspectInput(InspectorContent& content, const LaneFrame& lane, const std::vector<int>& sizes)
{
    const int i = content.unit.index;
    const CircuitFrame circuit(lane);
    const double rate = at(circuit.input, i);
    content.title = u"Input %1"_s.arg(i + 1);
    content.subtitle = u"filtered rate, no membrane"_s;
    content.compartments.bars = {{u"<i>x</i>"_s, u"rate"_s, rate, Tint::Neutral}};
    balanceRange(content.compartments);
    content.compartments.range = std::max(1.0, content.compartments.range);
    InspectorSection& section = content.synapses;
    section.title = u"Where it arrives"_s;
    section.unit = u"w \u00b7 x (1)"_s;
    section.synapses = true;
    if (circuit.layers.empty() || i >= circuit.layers[0].up->cols) {
        section.sentence = u"The weights come with the next step."_s;
        return;
    }
    const Matrix& up = *circuit.layers[0].up;
    for (int post = 0; post < up.rows; ++post) {
        const Selection to{Population::Pyramidal, 1, post};
        section.bars.push_back({{}, content.badge + u" \u2192 "_s + to.name(sizes),
            up(post, i) * rate, Tint::Basal, false, up(post, i), to});
    }
    std::ranges::stable_sort(section.bars, std::ranges::greater{},
        [](const InspectorBar& b) { return std::isnan(b.value) ? HUGE_VAL : std::abs(b.value); });
    balanceRange(section);
}

} // namespace

QColor tintColor(InspectorTint tint, const Theme& theme)
{
    switch (tint) {
    case Tint::Soma:
        return theme.soma;
    case Tint::Apical:
        return theme.apical;
    case Tint::Basal:
        return theme.basal;
    case Tint::Interneuron:
        return theme.interneuron;
    case Tint::Target:
        return theme.target;
    case Tint::Topdown:
        return theme.topdown;
    case Tint::Lateral:
        return theme.lateral;
    case Tint::Neutral:
        break;
    }
    return theme.edge;
}

double niceRange(double value)
{
    if (!std::isfinite(value))
        return 1;
    const double wanted = std::max(std::abs(value), 0.01);
    const double decade = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double step : {1.0, 2.0, 5.0})
        if (wanted <= step * decade * (1 + 1e-12))
            return step * decade;
    return 10 * decade;
}

bool InspectorContent::sumIsTrue() const
{
    return std::abs(sum - measured) <= 5e-5 * std::max(1.0, std::abs(measured));
}

InspectorContent inspect(
    const Selection& unit, const LaneFrame& lane, const std::vector<int>& sizes)
{
    InspectorContent content;
    const int last = static_cast<int>(sizes.size()) - 1;
    if (!exists(unit, sizes)
        || static_cast<std::size_t>(unit.layer) > CircuitFrame(lane).layers.size())
        return content;
    content.unit = unit;
    content.badge = unit.name(sizes);
    content.compartments.title = u"Compartments"_s;
    content.compartments.unit = u"(1)"_s;
    content.why.unit = u"(1)"_s;
    if (unit.population == Population::Input)
        inspectInput(content, lane, sizes);
    else if (unit.population == Population::Interneuron)
        inspectInterneuron(content, lane, sizes);
    else if (unit.layer == last)
        inspectOutput(content, lane, sizes);
    else
        inspectHidden(content, lane, sizes);
    if (last > 2 && unit.layer >= 1 && unit.layer < last)
        content.subtitle += u", layer %1"_s.arg(unit.layer);
    addMembrane(content, lane);
    return content;
}

QString inspectorCsv(const InspectorContent& content)
{
    if (content.empty())
        return {};
    QString csv = u"section,name,value,unit,weight\n"_s;
    const auto add = [&](const QString& section, const QString& name, double value,
                         const QString& unit, const QString& weight = {}) {
        csv += u"%1,%2,%3,%4,%5\n"_s.arg(section, name, fileNumber(value), unit, weight);
    };
    for (const InspectorBar& bar : content.compartments.bars)
        add(u"compartment"_s, bar.label, bar.value, u"1"_s);
    for (const InspectorTerm& term : content.terms) {
        QString name = term.symbol;
        name.replace(u"<sub>"_s, u"_"_s).remove(u"</sub>"_s).remove(u"<i>"_s).remove(u"</i>"_s);
        add(u"du/dt"_s, name.replace(QChar(0x2212), u'-').remove(u' '), term.value, u"1/ms"_s);
    }
    if (!content.terms.empty()) {
        add(u"du/dt"_s, u"sum"_s, content.sum, u"1/ms"_s);
        add(u"du/dt"_s, u"measured"_s, content.measured, u"1/ms"_s);
    }
    for (const InspectorBar& bar : content.why.bars)
        add(u"balance"_s, bar.label, bar.value, u"1"_s);
    for (const InspectorBar& bar : content.synapses.bars)
        add(u"synapse"_s, QString(bar.label).replace(u" \u2192 "_s, u"->"_s), bar.value, u"1"_s,
            bar.weight ? fileNumber(*bar.weight) : QString());
    return csv;
}

} // namespace apical
