#include "app/help/plausibility_text.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <algorithm>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

template <class Word> QString joined(const PlausibilityCell& cell, const QString& by, Word word)
{
    QStringList parts;
    for (const PlausibilityVerdict verdict : cell.verdicts)
        parts << word(verdict, parts.size());
    return parts.join(by);
}

QString basisOf(const PlausibilityMethod& method, const PlausibilityCell& cell)
{
    if (method.judgement)
        return u"judgement"_s;
    return cell.inferred ? u"inferred"_s : u"reference"_s;
}

QString basisSentence(const PlausibilityMethod& method, const PlausibilityCell& cell)
{
    if (method.judgement)
        return u"This column is a judgement, made from the equations of the circuit."_s;
    return cell.inferred ? u"The comparison this table follows leaves this cell open; it is "
                           u"inferred here from the equations."_s
                         : QString();
}

struct Said {
    QString letter, word;
};

Said saidOf(PlausibilityVerdict verdict)
{
    switch (verdict) {
    case PlausibilityVerdict::Solved:
        return {u"Y"_s, u"solved"_s};
    case PlausibilityVerdict::Partly:
        return {u"P"_s, u"partly"_s};
    case PlausibilityVerdict::Not:
        return {u"N"_s, u"not solved"_s};
    case PlausibilityVerdict::NotApplicable:
        break;
    }
    return {QChar(0x2013), u"not applicable"_s};
}

QString quoted(QString text)
{
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

} // namespace

QString letterOf(PlausibilityVerdict verdict)
{
    return saidOf(verdict).letter;
}

QString wordOf(PlausibilityVerdict verdict)
{
    return saidOf(verdict).word;
}

QString lettersOf(const PlausibilityCell& cell)
{
    return joined(
        cell, u"/"_s, [](PlausibilityVerdict verdict, qsizetype) { return letterOf(verdict); });
}

QString wordsOf(const PlausibilityCell& cell)
{
    return joined(cell, u", "_s, [&cell](PlausibilityVerdict verdict, qsizetype i) {
        return cell.of.isEmpty() ? wordOf(verdict) : u"%1 (%2)"_s.arg(wordOf(verdict), cell.of[i]);
    });
}

MarkRole roleOf(const PlausibilityCell& cell)
{
    const auto all = [&cell](PlausibilityVerdict verdict) {
        return std::ranges::all_of(
            cell.verdicts, [verdict](PlausibilityVerdict v) { return v == verdict; });
    };
    return all(PlausibilityVerdict::Solved) ? MarkRole::Solves
        : all(PlausibilityVerdict::Not)     ? MarkRole::Offends
                                            : MarkRole::InQuestion;
}

QString wordOf(MarkRole role)
{
    return role == MarkRole::Solves ? u"solves it"_s
        : role == MarkRole::Offends ? u"offends"_s
                                    : u"is in question"_s;
}

QColor colorOf(MarkRole role, const Theme& theme)
{
    return role == MarkRole::Solves ? theme.good
        : role == MarkRole::Offends ? theme.bad
                                    : theme.amber;
}

QString markedWords(const PlausibilityMethod& method, const PlausibilityCell& cell)
{
    QStringList parts;
    for (const int mark : cell.marks)
        parts << method.terms[static_cast<std::size_t>(mark)].words;
    return parts.join(u"; "_s);
}

QString plainEquation(const LearningEquation& equation, const PlausibilityMethod& method,
    const std::vector<int>& marks)
{
    QString text = equation.name + u": "_s;
    int term = -1;
    const auto isMarked = [&marks](int t) { return std::ranges::find(marks, t) != marks.end(); };
    for (const EquationPiece& piece : equation.pieces) {
        if (piece.term != term) {
            if (isMarked(term))
                text += u']';
            term = piece.term;
            if (isMarked(term))
                text += u'[' + method.terms[static_cast<std::size_t>(term)].words + u": "_s;
        }
        using Script = EquationPiece::Script;
        if (piece.script == Script::Base)
            text += piece.text;
        else
            text += (piece.script == Script::Sub ? u'_' : u'^')
                + (piece.text.size() > 1 ? u'(' + piece.text + u')' : piece.text);
    }
    return isMarked(term) ? text + u']' : text;
}

QString reasonHtml(int problem, int method)
{
    const PlausibilityProblem& asked = plausibility().problems[static_cast<std::size_t>(problem)];
    const PlausibilityMethod& by = plausibility().methods[static_cast<std::size_t>(method)];
    const PlausibilityCell& cell = plausibility().cell(problem, method);
    const Theme& theme = activeTheme();
    const bool applies = !cell.marks.empty();
    const QColor color = applies ? colorOf(roleOf(cell), theme) : theme.ink3;
    QString html = u"<p><b>%1 \u00b7 %2</b><br><span style=\"color:%3\">%4</span></p>"_s.arg(
        by.longTitle.toHtmlEscaped(), asked.title.toHtmlEscaped(), theme.ink2.name(),
        asked.question.toHtmlEscaped());
    html += u"<p><b style=\"color:%1\">%2: %3.</b> %4</p>"_s.arg(
        color.name(), lettersOf(cell), wordsOf(cell).toHtmlEscaped(), cell.reason.toHtmlEscaped());
    if (applies)
        html += u"<p>Framed in the equations, what <b style=\"color:%1\">%2</b>: %3.</p>"_s.arg(
            color.name(), wordOf(roleOf(cell)), markedWords(by, cell).toHtmlEscaped());
    if (const QString basis = basisSentence(by, cell); !basis.isEmpty())
        html += u"<p><i style=\"color:%1\">%2</i></p>"_s.arg(theme.ink2.name(), basis);
    return html;
}

QString plausibilityCsv()
{
    QString csv = u"problem,method,verdict,words,basis,terms,reason,preset\n"_s;
    const Plausibility& table = plausibility();
    for (std::size_t p = 0; p < table.problems.size(); ++p) {
        for (const PlausibilityMethod& method : table.methods) {
            const PlausibilityCell& cell = method.cells[p];
            csv += QStringList{table.problems[p].id, method.id, lettersOf(cell),
                       quoted(wordsOf(cell)), basisOf(method, cell),
                       quoted(markedWords(method, cell)), quoted(cell.reason), cell.preset}
                       .join(u',')
                + u'\n';
        }
    }
    return csv;
}

} // namespace apical
