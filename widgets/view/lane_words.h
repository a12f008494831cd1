// How lanes are called and coloured, the same in every view.
#pragma once

#include "widgets/view/view.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace apical {

/// Whether neurons look ahead (Latent Equilibrium); false in models that know no such mode.
bool looksAhead(const Parameters&);
/// "A", "B".
QString laneLetter(std::size_t lane);
/// Steps of a presentation that is taught or not: all lanes wait for the one that needs most. 0:
/// none has a number of its own.
int presentationSteps(const Frame&, bool taught);
/// Whether time is a number of iterations in every lane; false before the first frame.
bool countsIterations(const Frame&);
/// The name it was given, if that says more than its letter, else its mode where that tells it from
/// the others, else "".
QString laneName(const Frame&, std::size_t lane);
/// "B Latent Equilibrium", or only the letter.
QString laneTitle(const Frame&, std::size_t lane);
/// What sets it apart from the other of two lanes, in a phrase (rich text): "no look-ahead",
/// "η_pi 0.3 ms⁻¹", "η_pi 0.3 ms⁻¹, 2 more"; "" if nothing does.
QString lanePhrase(const Frame&, std::size_t lane);
/// What two lanes have in common: "same seed, same input".
QString lanesShare(const Frame&);
/// Follows what a lane is: one without look-ahead is orange, one with it blue. Two of the same
/// mode: A orange, B blue.
QColor laneColor(const Theme&, const Frame&, std::size_t lane);
/// What names and colours depend on: describe again when it differs.
QStringList laneKey(const Frame&);

/// The lane shown if it is one of these, else the first that is; none: there is none.
std::optional<std::size_t> shownLaneThat(
    const Scene&, const std::function<bool(const LaneFrame&)>& isOne);

/// The lane that views of one microcircuit show: the one shown, or where that is of another model
/// the first that is a microcircuit; nullptr before the first frame.
const LaneFrame* shownCircuit(const Scene&);
/// "lane B Latent Equilibrium" for a dock's title; "" while there is one lane.
QString shownCircuitText(const Scene&);

} // namespace apical
