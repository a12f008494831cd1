#include "sim/experiment/parameters.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/none_word.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace apical {
namespace {

using List = std::vector<double>;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto PerLayer = ParameterKind::PerLayer;

int choiceIndex(const ParameterRow& row, std::string_view word)
{
    for (std::size_t i = 0; i < row.choices.size(); ++i) {
        if (row.choices[i] == word)
            return static_cast<int>(i);
    }
    return -1;
}

[[noreturn]] void fail(const ParameterRow& row, const std::string& problem, std::string near = {})
{
    throw InputError({.problem = problem,
        .key = std::string(row.key),
        .allowed = allowedText(row),
        .nearest = std::move(near)});
}

void write(Parameters& p, const ParameterRow& row, const ParameterValue& value)
{
    switch (row.kind) {
    case Flag:
        row.field.set(p, std::get<bool>(value));
        break;
    case Real:
        row.field.set(p, std::get<double>(value));
        break;
    case Count:
        row.field.set(p, static_cast<int>(std::get<double>(value)));
        break;
    case Choice:
        row.field.set(p, choiceIndex(row, std::get<std::string>(value)));
        break;
    case PerLayer:
        row.field.set(p, std::get<List>(value));
        break;
    }
}

void checkNumber(const ParameterRow& row, double value, const std::string& place)
{
    if (row.mayBeNone && value == kNone)
        return;
    if (!(value >= row.low && value <= row.high)) {
        const std::string unit = row.unit == "1" ? "" : ' ' + std::string(row.unit);
        fail(row,
            place + " = " + (value == kNone ? "inf" : parameterText(value)) + unit + " is outside "
                + (std::isfinite(value) ? "its range" : "the finite numbers"));
    }
}

bool fitsLayers(const ParameterRow& row, std::size_t entries, int layers)
{
    const auto targets = static_cast<std::size_t>(layers);
    return entries == 1 || entries == targets
        || (row.rule == ParameterRule::PerHiddenLayerToo && entries > 0 && entries + 1 == targets);
}

} // namespace

Parameters::Parameters(const ParameterTable& table, FamilyValue family)
    : m_table(&table)
    , m_family(std::move(family))
{
}

const ParameterTable& Parameters::table() const
{
    static const ParameterTable none({}, {}, {});
    return m_table ? *m_table : none;
}

std::string_view Parameters::model() const
{
    return m_table ? std::string_view(m_table->model()) : std::string_view();
}

Parameters Parameters::as(const ParameterTable& other) const
{
    if (&other == &table())
        return *this;
    Parameters p = *this;
    p.m_table = &other;
    p.m_family = other.defaults().m_family;
    for (const ParameterRow& row : other) {
        ParameterValue value = row.defaultValue;
        const ParameterRow* same = table().find(row.key);
        if (same && same->kind == row.kind) {
            const ParameterValue own = parameterValue(*this, *same);
            const auto* word = std::get_if<std::string>(&own);
            if (own != same->defaultValue && (!word || choiceIndex(row, *word) >= 0))
                value = own;
        }
        write(p, row, value);
    }
    return p;
}

ParameterTable::ParameterTable(
    std::string model, std::vector<ParameterRow> rows, FamilyValue family)
    : m_model(std::move(model))
    , m_rows(std::move(rows))
    , m_defaults(*this, std::move(family))
{
    for (const ParameterRow& row : m_rows)
        write(m_defaults, row, row.defaultValue);
}

const ParameterRow* ParameterTable::find(std::string_view key) const
{
    const auto it = std::find_if(
        m_rows.begin(), m_rows.end(), [&](const ParameterRow& row) { return row.key == key; });
    return it == m_rows.end() ? nullptr : &*it;
}

const ParameterRow& ParameterTable::at(std::string_view key) const
{
    if (const ParameterRow* row = find(key))
        return *row;
    std::vector<std::string_view> keys;
    for (const ParameterRow& row : m_rows)
        keys.push_back(row.key);
    const std::string near = nearest(key, keys);
    throw InputError({.problem = "unknown parameter \"" + std::string(key) + '"',
        .key = std::string(key),
        .allowed = near.empty() ? "the parameters that apical-cli params lists" : "",
        .nearest = near});
}

ParameterValue parameterValue(const Parameters& p, const ParameterRow& row)
{
    const ParameterField::Value value = row.field.get(p);
    switch (row.kind) {
    case Flag:
        return std::get<bool>(value);
    case Real:
        return std::get<double>(value);
    case Count:
        return static_cast<double>(std::get<int>(value));
    case Choice:
        return std::string(row.choices[static_cast<std::size_t>(std::get<int>(value))]);
    case PerLayer:
        return std::get<List>(value);
    }
    return false;
}

ParameterValue checkedValue(const ParameterRow& row, ParameterValue value, int layers)
{
    const std::string key(row.key);
    // A number stands for a one-entry list, as in presets.
    if (row.kind == PerLayer && std::holds_alternative<double>(value))
        value = List{std::get<double>(value)};
    switch (row.kind) {
    case Flag:
        if (!std::holds_alternative<bool>(value))
            fail(row, key + " needs true or false, not " + parameterText(value));
        break;
    case Real:
    case Count:
        if (!std::holds_alternative<double>(value))
            fail(row, key + " needs a number, not " + parameterText(value));
        checkNumber(row, std::get<double>(value), key);
        if (row.kind == Count && std::get<double>(value) != std::floor(std::get<double>(value)))
            fail(row, key + " = " + parameterText(value) + " is not a whole number");
        break;
    case Choice:
        if (!std::holds_alternative<std::string>(value))
            fail(row, key + " needs one of its words, not " + parameterText(value));
        if (const auto& word = std::get<std::string>(value); choiceIndex(row, word) < 0)
            fail(row, key + " = \"" + word + "\" is not known", nearest(word, row.choices));
        break;
    case PerLayer: {
        if (!std::holds_alternative<List>(value))
            fail(row,
                key + " needs a number or "
                    + (row.rule == ParameterRule::PerHiddenLayerToo
                            ? "one number per hidden or target layer"
                            : "one number per target layer")
                    + ", not " + parameterText(value));
        const auto& list = std::get<List>(value);
        if (!fitsLayers(row, list.size(), layers))
            fail(row,
                key + " has " + std::to_string(list.size()) + " entries; the network has "
                    + (row.rule == ParameterRule::PerHiddenLayerToo ? std::to_string(layers - 1)
                                + (layers == 2 ? " hidden layer and " : " hidden layers and ")
                                                                    : "")
                    + std::to_string(layers) + " target layers");
        for (std::size_t i = 0; i < list.size(); ++i)
            checkNumber(row, list[i], key + '[' + std::to_string(i) + ']');
        break;
    }
    }
    return value;
}

void setParameter(Parameters& p, const ParameterRow& row, const ParameterValue& value, int layers)
{
    write(p, row, checkedValue(row, value, layers));
}

void setParameter(Parameters& p, std::string_view key, const ParameterValue& value, int layers)
{
    setParameter(p, p.table().at(key), value, layers);
}

ParameterValue parseParameter(const ParameterRow& row, std::string_view text)
{
    const auto trim = [](std::string_view s) {
        while (!s.empty() && s.front() == ' ')
            s.remove_prefix(1);
        while (!s.empty() && s.back() == ' ')
            s.remove_suffix(1);
        return s;
    };
    const auto number = [&](std::string_view word) {
        word = trim(word);
        double value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc{} || end != word.data() + word.size())
            fail(row, std::string(row.key) + " = \"" + std::string(word) + "\" is not a number");
        return value;
    };
    text = trim(text);
    switch (row.kind) {
    case Flag:
        if (text == "true" || text == "on" || text == "1")
            return true;
        if (text == "false" || text == "off" || text == "0")
            return false;
        fail(row,
            std::string(row.key) + " = \"" + std::string(text) + "\" is neither true nor false");
    case Real:
    case Count:
        if (isNoneWord(row, text))
            return kNone;
        return number(text);
    case Choice:
        if (text.size() > 1 && text.front() == '"' && text.back() == '"')
            text = text.substr(1, text.size() - 2);
        return std::string(text);
    case PerLayer: {
        if (text.empty() || text.front() != '[')
            return List{number(text)};
        if (text.back() != ']')
            fail(row,
                std::string(row.key) + " = \"" + std::string(text) + "\" has no closing bracket");
        List list;
        for (text = text.substr(1, text.size() - 2); !text.empty();) {
            const auto comma = std::min(text.find(','), text.size());
            list.push_back(number(text.substr(0, comma)));
            text.remove_prefix(std::min(comma + 1, text.size()));
        }
        return list;
    }
    }
    return false;
}

std::string parameterText(const ParameterValue& value)
{
    const auto number = [](double v) -> std::string {
        if (v == kNone)
            return "none";
        char buffer[32];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
        return {buffer, end};
    };
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto* v = std::get_if<double>(&value))
        return number(*v);
    if (const auto* word = std::get_if<std::string>(&value))
        return *word;
    const auto& list = std::get<List>(value);
    if (list.size() == 1)
        return number(list.front());
    std::string text = "[";
    for (std::size_t i = 0; i < list.size(); ++i)
        text += (i ? ", " : "") + number(list[i]);
    return text + "]";
}

std::string allowedText(const ParameterRow& row)
{
    if (row.kind == Flag)
        return "true, false";
    if (row.kind == Choice) {
        std::string text;
        for (const auto word : row.choices)
            text += (text.empty() ? "" : ", ") + std::string(word);
        return text;
    }
    std::string text = '[' + parameterText(row.low) + ", " + parameterText(row.high) + ']';
    if (row.unit != "1")
        text += ' ' + std::string(row.unit);
    if (row.mayBeNone)
        text += " or \"" + std::string(noneWord(row)) + '"';
    if (row.kind == Count)
        text += ", whole numbers";
    if (row.kind == PerLayer)
        text += row.rule == ParameterRule::PerHiddenLayerToo
            ? ", one number, one per hidden layer or one per target layer"
            : ", one number or one per target layer";
    if (row.rule == ParameterRule::WholeSteps)
        text += ", whole time steps";
    return text;
}

double layerValue(const std::vector<double>& list, int layer)
{
    return list.size() == 1 ? list.front() : list[static_cast<std::size_t>(layer)];
}

} // namespace apical
