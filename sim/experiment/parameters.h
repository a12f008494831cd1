// The parameters of a run and the table that describes them: one row per parameter. Sliders,
// tooltips, preset JSON, --set, range errors and the printed reference are loops over it; adding a
// parameter is one field and one row. Every model has a table of its own.
#pragma once

#include <any>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

namespace apical {

inline constexpr double kNone = std::numeric_limits<double>::infinity(); ///< "none" of a clip

namespace reset_kind {
enum : int { none, soft, hard };
}
namespace nudging_rule {
enum : int { explicit_flag, positive };
}
namespace readout_quantity {
enum : int { prospective, soma };
}

class ParameterTable;

/// The parameters that only one family of models knows, as a value of the family's own type.
class FamilyValue {
public:
    FamilyValue() = default;
    template <class T>
    explicit FamilyValue(T value)
        : m_value(std::move(value))
        , m_equal([](const std::any& a, const std::any& b) {
            return std::any_cast<const T&>(a) == std::any_cast<const T&>(b);
        })
    {
        if constexpr (requires { typename T::Extends; }) {
            m_extended = &typeid(typename T::Extends);
            m_asExtended = [](std::any& any) -> void* {
                return static_cast<typename T::Extends*>(std::any_cast<T>(&any));
            };
        }
    }
    /// nullptr if it is of another type. A family that says which one it extends is of both types.
    template <class T> T* get()
    {
        if (T* own = std::any_cast<T>(&m_value))
            return own;
        return m_extended && *m_extended == typeid(T) ? static_cast<T*>(m_asExtended(m_value))
                                                      : nullptr;
    }
    template <class T> const T* get() const { return const_cast<FamilyValue*>(this)->get<T>(); }
    friend bool operator==(const FamilyValue& a, const FamilyValue& b)
    {
        return a.m_value.type() == b.m_value.type()
            && (!a.m_equal || a.m_equal(a.m_value, b.m_value));
    }

private:
    std::any m_value;
    bool (*m_equal)(const std::any&, const std::any&) = nullptr;
    const std::type_info* m_extended = nullptr;
    void* (*m_asExtended)(std::any&) = nullptr;
};

/// Values of every parameter of a model: what each run needs, in ms and dimensionless numbers, and
/// the family's own. Meaning, range, default and source of each stand in its row of table(). What
/// is said here holds for models that have no such row.
struct Parameters {
    double dt = 1; ///< models that count iterations: one per step
    double presentationTime = 1;
    bool targetOn = true;
    double targetDelay = 0;
    double plasticityOnset = 0;
    int stateReset = reset_kind::none;
    int nudgingRule = nudging_rule::explicit_flag;
    int readoutQuantity = readout_quantity::prospective;
    double readoutLag = 0;
    double inputLow = 0, inputHigh = 1; // stimulus "uniform"
    double targetLow = 0, targetHigh = 1; // stimuli "uniform" and "bars"
    bool biasOn = false; ///< weights have one more column, last
    int protocolTrain = 0, protocolValidation = 0, protocolTest = 0, protocolTestInterval = 1;
    bool testSame = false;
    int angleInterval = 0;
    double guardPotential = std::numeric_limits<double>::infinity(); ///< kNone: no limit
    double guardLoss = std::numeric_limits<double>::infinity();

    Parameters() = default; ///< of no model: table() has no rows
    Parameters(const ParameterTable&, FamilyValue); ///< for the table: its defaults() are complete
    bool operator==(const Parameters&) const = default;

    const ParameterTable& table() const;
    std::string_view model() const; ///< "" of no model
    /// What these mean for another model: rows that both have and that are set apart from their
    /// default here, its own defaults else; fields that it has no row of stay as they are.
    Parameters as(const ParameterTable&) const;

    /// The family's own. @throws std::bad_any_cast for the parameters of another family
    template <class T> const T& family() const
    {
        const T* own = m_family.get<T>();
        return own ? *own : throw std::bad_any_cast();
    }
    template <class T> T& family()
    {
        T* own = m_family.get<T>();
        return own ? *own : throw std::bad_any_cast();
    }
    template <class T> const T* familyIf() const { return m_family.get<T>(); }

private:
    const ParameterTable* m_table = nullptr;
    FamilyValue m_family;
};

using ParameterValue = std::variant<bool, double, std::string, std::vector<double>>;

/// A Count is a whole number; its value travels as a double.
enum class ParameterKind { Flag, Real, Count, Choice, PerLayer };

/// What holds for a row beyond its kind and range.
enum class ParameterRule {
    None,
    PerHiddenLayerToo, ///< of a list: the pathway ends in hidden layers, one entry each will do
    WholeSteps, ///< a duration: a whole number of time steps (durations.h)
};

/// Where a value lives: a field of Parameters or of the family's own struct. A choice is its index.
class ParameterField {
public:
    using Value = std::variant<bool, double, int, std::vector<double>>;
    template <class T>
    ParameterField(T Parameters::*field)
        : m_get([field](const Parameters& p) { return Value(p.*field); })
        , m_set([field](Parameters& p, const Value& value) { p.*field = std::get<T>(value); })
    {
    }
    template <class T, class Family>
    ParameterField(T Family::*field)
        : m_get([field](const Parameters& p) { return Value(p.family<Family>().*field); })
        , m_set([field](Parameters& p, const Value& value) {
            p.family<Family>().*field = std::get<T>(value);
        })
    {
    }
    Value get(const Parameters& p) const { return m_get(p); }
    void set(Parameters& p, const Value& value) const { m_set(p, value); }

private:
    std::function<Value(const Parameters&)> m_get;
    std::function<void(Parameters&, const Value&)> m_set;
};

struct ParameterRow {
    std::string_view
        key; ///< "eta.pi"; rows whose key starts with "stimulus." live in that JSON object
    std::string_view group; ///< heading in the panel, e.g. "Plasticity"
    std::string_view symbol; ///< Qt-free rich text: "&eta;<sub>pi</sub>"
    std::string_view name; ///< short name beside the slider, at most 14 characters
    std::string_view unit; ///< "ms", "1/ms" or "1" (dimensionless)
    ParameterKind kind;
    ParameterValue defaultValue;
    double low = 0, high = 0; ///< allowed range, inclusive (of each entry of a list)
    bool mayBeNone = false; ///< "none" is allowed (a clip that is off)
    double sliderLow = 0, sliderHigh = 0; ///< what the slider spans
    bool logarithmic = false; ///< the slider's scale
    bool live = true; ///< false: applies at reset
    std::vector<std::string_view> choices{};
    ParameterField field;
    std::string_view help;
    std::string_view source; ///< where the equation or the default comes from
    ParameterRule rule = ParameterRule::None;
};

/// The rows of one model, in the order of the panel and of files.
class ParameterTable {
public:
    /// @param family the family's own struct; its rows write their defaults into it
    ParameterTable(std::string model, std::vector<ParameterRow> rows, FamilyValue family);
    ParameterTable(const ParameterTable&) = delete; // parameters point to their table
    ParameterTable& operator=(const ParameterTable&) = delete;

    const std::string& model() const { return m_model; } ///< its name in presets
    auto begin() const { return m_rows.begin(); }
    auto end() const { return m_rows.end(); }
    std::size_t size() const { return m_rows.size(); }
    const ParameterRow* find(std::string_view key) const; ///< nullptr if there is none
    /// @throws InputError that names the nearest key of this table
    const ParameterRow& at(std::string_view key) const;
    const Parameters& defaults() const { return m_defaults; }

private:
    std::string m_model;
    std::vector<ParameterRow> m_rows;
    Parameters m_defaults;
};

ParameterValue parameterValue(const Parameters&, const ParameterRow&);

/// Checks kind, range and list length, then writes. @param layers number of target layers (hidden +
/// output)
/// @throws InputError with key, problem, allowed; the parameters stay as they were.
void setParameter(Parameters&, const ParameterRow&, const ParameterValue&, int layers);
/// @throws InputError for a key too that the model of these parameters does not have
void setParameter(Parameters&, std::string_view key, const ParameterValue&, int layers);

/// The value as setParameter() would write it: a number for a list becomes a list of one entry.
/// @throws InputError
ParameterValue checkedValue(const ParameterRow&, ParameterValue, int layers);

/// Reads "0.3", "true", "softplus", "[0.1, 0.2]" or "none" as a value of that row's kind. @throws
/// InputError
ParameterValue parseParameter(const ParameterRow&, std::string_view text);
std::string parameterText(
    const ParameterValue&); ///< shortest text that reads back to the same value
std::string allowedText(const ParameterRow&); ///< "0.001 to 1 ms", "softplus, logistic, ..."

/// Entry of a per-layer list for target layer l (0 = first hidden); a one-entry list holds for all.
double layerValue(const std::vector<double>& list, int layer);

} // namespace apical
