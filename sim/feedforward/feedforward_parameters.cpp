// The rows of feed-forward nets: those of all networks, and how errors go down.
#include "sim/feedforward/feedforward.h"

#include <string>

namespace apical {
namespace {

std::vector<ParameterRow> rows()
{
    std::vector<ParameterRow> table = networkRows();
    insertAfter(table, "loss.kind",
        {{"learning.rule", "Learning", "&delta;", "rule", "1", ParameterKind::Choice,
            std::string("backprop"), 0, 2, false, 0, 1, false, true,
            {"backprop", "feedback-alignment", "direct-feedback-alignment"},
            &FeedforwardParameters::rule,
            "Errors go down by transposed weights, or fixed random ones from above or the output.",
            "Lillicrap et al. 2016; Nokland 2016"}});
    return table;
}

} // namespace

const ParameterTable& feedforwardParameterTable()
{
    static const ParameterTable table("feedforward", rows(), FamilyValue(FeedforwardParameters{}));
    return table;
}

} // namespace apical
