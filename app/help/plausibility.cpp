#include "app/help/plausibility.h"

#include "sim/json/source.h"

#include <QFile>

#include <algorithm>
#include <array>

namespace apical {
namespace {

using namespace std::literals;
using Script = EquationPiece::Script;

QString words(const JsonNode& node)
{
    return QString::fromStdString(node.text());
}

QString wordsIf(const JsonNode& object, std::string_view key)
{
    const auto found = object.find(key);
    return found ? words(*found) : QString();
}

/// The index of a word among those allowed, which are in the order of the enum.
template <class Enum, std::size_t N>
Enum choice(const JsonNode& node, const std::array<std::string_view, N>& allowed)
{
    const std::string word = node.word(allowed);
    return static_cast<Enum>(std::ranges::find(allowed, word) - allowed.begin());
}

int termNamed(const PlausibilityMethod& method, const QString& id, const JsonNode& at)
{
    const auto found = std::ranges::find(method.terms, id, &PlausibilityTerm::id);
    if (found == method.terms.end()) {
        std::string allowed;
        for (const PlausibilityTerm& term : method.terms)
            allowed += (allowed.empty() ? "" : ", ") + term.id.toStdString();
        at.fail({.problem = "there is no term \"" + id.toStdString() + '"', .allowed = allowed});
    }
    return static_cast<int>(found - method.terms.begin());
}

PlausibilityTerm readTerm(const std::string& id, const JsonNode& node)
{
    static constexpr std::array keys{"words"sv, "views"sv, "pathway"sv, "layer"sv, "unit"sv};
    static constexpr std::array units{"input"sv, "hidden"sv, "interneuron"sv, "output"sv};
    static constexpr std::array layers{"hidden"sv, "output"sv};
    node.onlyKeys(keys);
    PlausibilityTerm term;
    term.id = QString::fromStdString(id);
    term.words = words(node.need("words"));
    const JsonNode views = node.need("views");
    for (std::size_t i = 0; i < views.size(); ++i)
        term.views << words(views.at(i));
    term.pathway = wordsIf(node, "pathway");
    if (const auto layer = node.find("layer"))
        term.layer = choice<PlausibilityTerm::Layer>(*layer, layers);
    term.unit = choice<PlausibilityTerm::Unit>(node.need("unit"), units);
    return term;
}

/// "W_{l}^{T}" with "[id|...]" around terms.
std::vector<EquationPiece> readPieces(const PlausibilityMethod& method, const JsonNode& node)
{
    const QString text = words(node);
    std::vector<EquationPiece> pieces;
    EquationPiece now;
    const auto end = [&] {
        if (!now.text.isEmpty())
            pieces.push_back(now);
        now.text.clear();
    };
    const auto failAt = [&](qsizetype i, const char* what) {
        node.fail({.problem = std::string(what) + " at \"" + text.mid(i).toStdString() + '"'});
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool script = (c == u'_' || c == u'^') && text.mid(i + 1, 1) == u'{';
        if (script && now.script == Script::Base) {
            end();
            now.script = c == u'_' ? Script::Sub : Script::Super;
            ++i;
        } else if (c == u'}' && now.script != Script::Base) {
            end();
            now.script = Script::Base;
        } else if (c == u'[' && now.term < 0 && now.script == Script::Base) {
            end();
            const qsizetype bar = text.indexOf(u'|', i);
            if (bar < 0)
                failAt(i, "a term without its name");
            now.term = termNamed(method, text.mid(i + 1, bar - i - 1), node);
            i = bar;
        } else if (c == u']' && now.term >= 0 && now.script == Script::Base) {
            end();
            now.term = -1;
        } else if (script || c == u'}' || c == u'[' || c == u']') {
            failAt(i, "a bracket that does not belong here");
        } else {
            now.text += c;
        }
    }
    if (now.term >= 0 || now.script != Script::Base)
        failAt(0, "a bracket that is not closed");
    end();
    return pieces;
}

std::vector<PlausibilityVerdict> readVerdicts(const JsonNode& node)
{
    static const QStringList letters{
        QStringLiteral("Y"), QStringLiteral("P"), QStringLiteral("N"), QString(QChar(0x2013))};
    std::vector<PlausibilityVerdict> verdicts;
    for (const QString& letter : words(node).split(u'/')) {
        const qsizetype at = letters.indexOf(letter);
        if (at < 0)
            node.fail({.problem = "unknown verdict \"" + letter.toStdString() + '"',
                .allowed = letters.join(QStringLiteral(", ")).toStdString()});
        verdicts.push_back(static_cast<PlausibilityVerdict>(at));
    }
    return verdicts;
}

PlausibilityCell readCell(
    const PlausibilityMethod& method, const QString& preset, const JsonNode& node)
{
    static constexpr std::array keys{
        "verdict"sv, "of"sv, "marks"sv, "reason"sv, "preset"sv, "inferred"sv};
    node.onlyKeys(keys);
    PlausibilityCell cell;
    cell.verdicts = readVerdicts(node.need("verdict"));
    if (const auto of = node.find("of")) {
        for (std::size_t i = 0; i < of->size(); ++i)
            cell.of << words(of->at(i));
        if (static_cast<std::size_t>(cell.of.size()) != cell.verdicts.size())
            of->fail({.problem = "as many forms as verdicts are needed"});
    }
    const JsonNode marks = node.need("marks");
    for (std::size_t i = 0; i < marks.size(); ++i)
        cell.marks.push_back(termNamed(method, words(marks.at(i)), marks.at(i)));
    const bool applies = cell.verdicts.front() != PlausibilityVerdict::NotApplicable;
    if (applies == cell.marks.empty())
        marks.fail({.problem = applies ? "a verdict that is about no term"
                                       : "a term, though the problem does not apply"});
    cell.reason = words(node.need("reason"));
    cell.preset = node.has("preset") ? words(node.need("preset")) : preset;
    cell.inferred = node.has("inferred") && node.need("inferred").flag();
    return cell;
}

PlausibilityMethod readMethod(
    const std::vector<PlausibilityProblem>& problems, const JsonNode& node)
{
    static constexpr std::array keys{"id"sv, "title"sv, "long"sv, "preset"sv, "judgement"sv,
        "runs"sv, "equations"sv, "terms"sv, "cells"sv};
    static constexpr std::array equationKeys{"name"sv, "text"sv};
    node.onlyKeys(keys);
    PlausibilityMethod method;
    method.id = words(node.need("id"));
    method.title = words(node.need("title"));
    method.longTitle = words(node.need("long"));
    method.judgement = node.has("judgement") && node.need("judgement").flag();
    const JsonNode runs = node.need("runs");
    for (const std::string& key : runs.keys()) {
        std::vector<std::string> values;
        for (std::size_t i = 0; i < runs.need(key).size(); ++i)
            values.push_back(runs.need(key).at(i).text());
        method.runs.emplace_back(key, std::move(values));
    }
    const JsonNode terms = node.need("terms");
    for (const std::string& id : terms.keys())
        method.terms.push_back(readTerm(id, terms.need(id)));
    const JsonNode equations = node.need("equations");
    std::vector<bool> used(method.terms.size());
    for (std::size_t i = 0; i < equations.size(); ++i) {
        const JsonNode equation = equations.at(i);
        equation.onlyKeys(equationKeys);
        method.equations.push_back(
            {words(equation.need("name")), readPieces(method, equation.need("text"))});
        for (const EquationPiece& piece : method.equations.back().pieces) {
            if (piece.term >= 0)
                used[static_cast<std::size_t>(piece.term)] = true;
        }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (!used[i])
            terms.need(method.terms[i].id.toStdString())
                .fail({.problem = "no equation has this term"});
    }
    const JsonNode cells = node.need("cells");
    std::vector<std::string> ids;
    for (const PlausibilityProblem& problem : problems)
        ids.push_back(problem.id.toStdString());
    const std::vector<std::string_view> allowed(ids.begin(), ids.end());
    cells.onlyKeys(allowed, "problem");
    for (const std::string& id : ids)
        method.cells.push_back(readCell(method, words(node.need("preset")), cells.need(id)));
    return method;
}

} // namespace

Plausibility readPlausibility(std::string_view text, const std::string& fileName)
{
    static constexpr std::array keys{"problems"sv, "methods"sv};
    static constexpr std::array problemKeys{"id"sv, "title"sv, "question"sv};
    const JsonSource source(text, fileName);
    const JsonNode root(source);
    root.onlyKeys(keys);
    Plausibility table;
    const JsonNode problems = root.need("problems");
    for (std::size_t i = 0; i < problems.size(); ++i) {
        const JsonNode problem = problems.at(i);
        problem.onlyKeys(problemKeys);
        table.problems.push_back({words(problem.need("id")), words(problem.need("title")),
            words(problem.need("question"))});
    }
    const JsonNode methods = root.need("methods");
    for (std::size_t i = 0; i < methods.size(); ++i)
        table.methods.push_back(readMethod(table.problems, methods.at(i)));
    return table;
}

const Plausibility& plausibility()
{
    static const Plausibility table = [] {
        QFile file(QStringLiteral(":/help/plausibility.json"));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("help/plausibility.json is missing from the program's resources");
        const QByteArray text = file.readAll();
        return readPlausibility(
            {text.constData(), static_cast<std::size_t>(text.size())}, "plausibility.json");
    }();
    return table;
}

bool isRunBy(const PlausibilityMethod& method, const Parameters& parameters)
{
    return std::ranges::all_of(method.runs, [&](const auto& condition) {
        const auto& [key, values] = condition;
        std::string found;
        if (key == "model") {
            found = parameters.model();
        } else if (const ParameterRow* row = parameters.table().find(key)) {
            const ParameterValue value = parameterValue(parameters, *row);
            if (const auto* word = std::get_if<std::string>(&value))
                found = *word;
        }
        return std::ranges::find(values, found) != values.end();
    });
}

} // namespace apical
