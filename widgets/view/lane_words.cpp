#include "widgets/view/lane_words.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/lanes.h"
#include "sim/insight/circuit_frame.h"
#include "sim/run/model_table.h"
#include "widgets/look/number_text.h"
#include "widgets/view/parameter_text.h"

#include <algorithm>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr std::string_view kMode = "circuit.latent_equilibrium";

bool modesDiffer(const Frame& frame)
{
    return std::any_of(frame.lanes.begin(), frame.lanes.end(), [&](const LaneFrame& lane) {
        return looksAhead(lane.parameters) != looksAhead(frame.lanes.front().parameters);
    });
}

QString inWords(const ParameterRow& row, const Parameters& parameters)
{
    if (row.key == kMode)
        return looksAhead(parameters) ? u"look-ahead on"_s : u"no look-ahead"_s;
    QString value = valueText(row, parameterValue(parameters, row));
    constexpr qsizetype longest = 18;
    if (value.size() > longest)
        value = value.left(longest - 1) + QChar(0x2026);
    return symbolHtml(row) + u' ' + value;
}

} // namespace

bool looksAhead(const Parameters& p)
{
    const CircuitParameters* own = circuitIf(p);
    return own && own->latentEquilibrium;
}

bool countsIterations(const Frame& frame)
{
    return !frame.lanes.empty()
        && std::all_of(frame.lanes.begin(), frame.lanes.end(), [](const LaneFrame& lane) {
               return lane.anatomy && lane.anatomy->timeUnit == "iteration";
           });
}

QString laneLetter(std::size_t lane)
{
    return QString(QChar(static_cast<char16_t>(u'A' + lane)));
}

int presentationSteps(const Frame& frame, bool taught)
{
    int steps = 0;
    for (const LaneFrame& lane : frame.lanes)
        steps = std::max(steps, ownSteps(frame.sizes, lane.parameters, taught));
    return steps;
}

QString laneName(const Frame& frame, std::size_t lane)
{
    if (lane >= frame.lanes.size())
        return {};
    QString own = QString::fromStdString(frame.lanes[lane].name);
    if (!own.isEmpty() && own != laneLetter(lane))
        return own;
    if (!modesDiffer(frame))
        return {};
    return looksAhead(frame.lanes[lane].parameters) ? u"Latent Equilibrium"_s : u"Sacramento"_s;
}

QString laneTitle(const Frame& frame, std::size_t lane)
{
    const QString name = laneName(frame, lane);
    return name.isEmpty() ? laneLetter(lane) : laneLetter(lane) + u' ' + name;
}

QString lanePhrase(const Frame& frame, std::size_t lane)
{
    if (frame.lanes.size() != 2 || lane > 1)
        return {};
    const Parameters& own = frame.lanes[lane].parameters;
    if (own.model() != frame.lanes[1 - lane].parameters.model())
        return QString::fromStdString(std::string(own.model()));
    auto rows = differingRows(
        own, frame.lanes[1 - lane].parameters, static_cast<int>(frame.sizes.size()) - 1);
    if (rows.empty())
        return {};
    // The mode says most.
    std::stable_partition(
        rows.begin(), rows.end(), [](const ParameterRow* row) { return row->key == kMode; });
    const QString first = inWords(*rows.front(), own);
    return rows.size() == 1 ? first : first + u", %1 more"_s.arg(rows.size() - 1);
}

QString lanesShare(const Frame& frame)
{
    if (frame.lanes.size() != 2)
        return u"same seed"_s;
    if (frame.lanes[0].parameters.model() != frame.lanes[1].parameters.model())
        return u"same samples, same start"_s;
    const auto rows = differingRows(frame.lanes[0].parameters, frame.lanes[1].parameters,
        static_cast<int>(frame.sizes.size()) - 1);
    if (rows.empty())
        return u"equal in every parameter"_s;
    const bool input = std::any_of(rows.begin(), rows.end(), [](const ParameterRow* row) {
        return row->key.starts_with("stimulus.") || row->key.starts_with("input.")
            || row->key == "state.reset"; // a soft reset shows zeros in between
    });
    return input ? u"same seed"_s : u"same seed, same input"_s;
}

QColor laneColor(const Theme& theme, const Frame& frame, std::size_t lane)
{
    if (lane < frame.lanes.size() && modesDiffer(frame))
        return theme.laneColor(looksAhead(frame.lanes[lane].parameters) ? 1 : 0);
    return theme.laneColor(static_cast<int>(lane));
}

QStringList laneKey(const Frame& frame)
{
    QStringList key;
    for (std::size_t lane = 0; lane < frame.lanes.size() && frame.lanes.size() > 1; ++lane)
        key << laneTitle(frame, lane) << lanePhrase(frame, lane)
            << QString::number(looksAhead(frame.lanes[lane].parameters));
    return key;
}

std::optional<std::size_t> shownLaneThat(
    const Scene& scene, const std::function<bool(const LaneFrame&)>& isOne)
{
    const auto& lanes = scene.frame.lanes;
    const auto shown = static_cast<std::size_t>(std::max(scene.shownLane, 0));
    if (shown < lanes.size() && isOne(lanes[shown]))
        return shown;
    const auto first = std::ranges::find_if(lanes, isOne);
    if (first == lanes.end())
        return {};
    return static_cast<std::size_t>(first - lanes.begin());
}

const LaneFrame* shownCircuit(const Scene& scene)
{
    const auto& lanes = scene.frame.lanes;
    if (lanes.empty())
        return nullptr;
    const auto shown =
        std::min(static_cast<std::size_t>(std::max(scene.shownLane, 0)), lanes.size() - 1);
    return &lanes[shownLaneThat(scene, [](const LaneFrame& lane) {
        return !lane.anatomy || isCircuit(*lane.anatomy);
    }).value_or(shown)];
}

QString shownCircuitText(const Scene& scene)
{
    const LaneFrame* lane = shownCircuit(scene);
    if (!lane || scene.frame.lanes.size() < 2)
        return {};
    return u"lane "_s
        + laneTitle(scene.frame, static_cast<std::size_t>(lane - scene.frame.lanes.data()));
}

} // namespace apical
