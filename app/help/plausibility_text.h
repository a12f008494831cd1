// The plausibility table in words: for people, for screen readers, for CSV.
#pragma once

#include "app/help/plausibility.h"

#include <QColor>

namespace apical {

struct Theme;

QString letterOf(PlausibilityVerdict); ///< "Y", "P", "N", "–"
QString wordOf(PlausibilityVerdict); ///< "solved", "partly", "not solved", "not applicable"
QString lettersOf(const PlausibilityCell&); ///< "N/P"
QString wordsOf(const PlausibilityCell&); ///< "not solved (FA), partly (DFA)"

/// What the marked terms are to the verdict.
enum class MarkRole { Solves, InQuestion, Offends };
MarkRole roleOf(const PlausibilityCell&);
QString wordOf(MarkRole); ///< "solves it", "is in question", "offends"
QColor colorOf(MarkRole, const Theme&);

/// "the error of the layer above; the slope of ...": the marked terms in words
QString markedWords(const PlausibilityMethod&, const PlausibilityCell&);
/// "δ_l = F_l [the error of the layer above: δ_(l+1)] ..." without markup, marked terms in brackets
QString plainEquation(
    const LearningEquation&, const PlausibilityMethod&, const std::vector<int>& marks);

/// Question, verdict, reason and where it is from, as HTML in the colours of the theme.
QString reasonHtml(int problem, int method);
/// problem,method,verdict,words,basis,terms,reason,preset; one row per cell
QString plausibilityCsv();

} // namespace apical
