#include "widgets/panel/parameter_row.h"

#include "widgets/look/number_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_row_layers.h"
#include "widgets/panel/parameter_row_parts.h"
#include "widgets/panel/value_editor.h"
#include "widgets/panel/value_editor_slider.h"
#include "widgets/panel/value_editor_switch.h"
#include "widgets/view/parameter_text.h"

#include <QCheckBox>
#include <QLabel>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

// An own edit comes back with the next frames; after this many refreshes of something else the run
// has the word.
constexpr int kPatience = 10;

} // namespace

ParameterRowWidget::ParameterRowWidget(const ParameterRow& row, QWidget* parent)
    : QWidget(parent)
    , m_row(row)
    , m_value(row.defaultValue)
    , m_baseline(row.defaultValue)
    , m_lastLimit(row.sliderHigh)
{
    setObjectName(keyText(row));
    switch (row.kind) {
    case ParameterKind::Flag:
        buildFlag();
        break;
    case ParameterKind::Choice:
        buildChoice();
        break;
    case ParameterKind::Real:
    case ParameterKind::Count:
    case ParameterKind::PerLayer:
        buildNumber();
        break;
    }
    m_reset = new ResetButton(this);
    m_reset->setObjectName(keyText(row) + QStringLiteral(".reset"));
    m_reset->setAccessibleName(QStringLiteral("reset ") + keyText(row));
    connect(m_reset, &QAbstractButton::clicked, this, &ParameterRowWidget::resetToBaseline);
    m_reset->setEnabled(false);
    setToolTip(toolTipHtml(row, m_baseline));
    updateEditors();
}

void ParameterRowWidget::buildNumber()
{
    const QString key = keyText(m_row);
    m_slider =
        new ValueSlider(m_row.sliderLow, m_row.sliderHigh, m_row.logarithmic, m_row.low, this);
    m_slider->setObjectName(key + QStringLiteral(".slider"));
    m_slider->setAccessibleName(accessibleText(m_row));
    const ParameterValue& standard = m_row.defaultValue;
    const auto* list = std::get_if<std::vector<double>>(&standard);
    m_slider->setTick(list ? list->front() : std::get<double>(standard));
    connect(m_slider, &ValueSlider::edited, this, &ParameterRowWidget::submitNumber);
    connect(m_slider, &ValueSlider::nudged, this,
        [this](double value) { submitNumber(stepped(value), false); });

    m_box = new NumberBox(this);
    m_box->setNoneWord(noneText(m_row));
    m_box->setObjectName(key + QStringLiteral(".box"));
    m_box->setAccessibleName(accessibleText(m_row));
    if (m_row.kind == ParameterKind::Count)
        m_box->setWhole();
    m_box->setReader(
        [this](const QString& text, QString& problem) { return readNumber(m_row, text, problem); });
    m_box->setStepper([this](double value, int steps) {
        if (m_row.kind == ParameterKind::Count)
            return std::clamp(value + steps, m_row.low, m_row.high);
        return std::isfinite(value)
            ? stepped(std::clamp(m_slider->stepped(value, steps), m_row.low, m_row.high))
            : m_lastLimit;
    });
    connect(m_box, &NumberBox::edited, this, &ParameterRowWidget::submitNumber);
    connect(m_box, &NumberBox::rejected, this,
        [this](const QString& problem) { setNote(problem, true); });
    connect(m_box, &NumberBox::reverted, this, &ParameterRowWidget::clearNote);

    if (m_row.mayBeNone) {
        m_limit = new QCheckBox(this);
        m_limit->setObjectName(key + QStringLiteral(".limit"));
        m_limit->setAccessibleName(accessibleText(m_row) + QStringLiteral(", limit on"));
        m_limit->setToolTip(
            QStringLiteral("With the check this number holds; without it there is none."));
        if (noneText(m_row) != QLatin1String("none"))
            m_limit->setToolTip(QStringLiteral(
                "With the check this number holds; without it, it is worked out from others."));
        connect(m_limit, &QCheckBox::toggled, this,
            [this](bool on) { submit(on ? m_lastLimit : kNone, false); });
    }
    if (m_row.kind == ParameterKind::PerLayer) {
        m_expander = new ExpandButton(this);
        m_expander->setObjectName(key + QStringLiteral(".expand"));
        m_expander->setAccessibleName(keyText(m_row) + QStringLiteral(", one number per layer"));
        m_expander->setToolTip(m_row.rule == ParameterRule::PerHiddenLayerToo
                ? QStringLiteral("One number per hidden layer")
                : QStringLiteral("One number per target layer"));
        connect(m_expander, &QAbstractButton::toggled, this, &ParameterRowWidget::setExpanded);
    }
}

void ParameterRowWidget::buildFlag()
{
    m_switch = new ToggleSwitch(this);
    m_switch->setObjectName(keyText(m_row) + QStringLiteral(".switch"));
    m_switch->setAccessibleName(accessibleText(m_row));
    connect(m_switch, &QAbstractButton::toggled, this, [this](bool on) { submit(on, false); });
}

void ParameterRowWidget::buildChoice()
{
    m_choice = new ChoiceBox(this);
    m_choice->setObjectName(keyText(m_row) + QStringLiteral(".choice"));
    m_choice->setAccessibleName(accessibleText(m_row));
    for (const auto word : m_row.choices)
        m_choice->addItem(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())));
    connect(m_choice, &QComboBox::activated, this,
        [this](int) { submit(m_choice->currentText().toStdString(), false); });
}

bool ParameterRowWidget::isExpanded() const
{
    return m_layers && !m_layers->isHidden();
}

void ParameterRowWidget::setBaseline(const ParameterValue& baseline)
{
    if (sameValue(baseline, m_baseline))
        return;
    m_baseline = baseline;
    setToolTip(toolTipHtml(m_row, baseline));
    updateChanged();
}

void ParameterRowWidget::setTargetLayers(int layers)
{
    m_targetLayers = layers;
    if (m_layers)
        m_layers->setTargetLayers(layers);
    place();
    updateGeometry();
}

bool ParameterRowWidget::isBusy() const
{
    return (m_slider && m_slider->isSliderDown()) || (m_box && m_box->hasUnfinishedInput())
        || (m_layers && m_layers->isBusy());
}

bool ParameterRowWidget::refresh(const ParameterValue& value)
{
    if (isBusy())
        return false;
    if (sameValue(value, m_value)) {
        if (m_waiting > 0 && m_row.live)
            m_waiting = 0;
        return true;
    }
    if (m_waiting > 0) {
        if (!m_row.live)
            return true; // the run keeps the old value until it is reset
        if (--m_waiting > 0)
            return false;
    }
    m_value = value;
    updateEditors();
    return true;
}

void ParameterRowWidget::showValue(const ParameterValue& value)
{
    m_value = value;
    m_waiting = kPatience;
    if (!m_slider || !m_slider->isSliderDown()) // a hand on the slider keeps it, and its note
        clearNote();
    updateEditors();
}

void ParameterRowWidget::runWasReset()
{
    m_waiting = 0;
    if (!m_noteIsError)
        clearNote();
}

void ParameterRowWidget::resetToBaseline()
{
    if (m_box && m_box->hasUnfinishedInput())
        m_box->revert();
    if (!m_changed)
        return;
    m_resetting = true;
    submit(m_baseline, false);
    m_resetting = false;
}

void ParameterRowWidget::setOtherLane(const OtherLane& other)
{
    if (other == m_other)
        return;
    m_other = other;
    updateChanged();
    update();
}

void ParameterRowWidget::submitNumber(double value, bool continuous)
{
    if (m_row.kind == ParameterKind::PerLayer)
        submit(std::vector<double>{value}, continuous);
    else if (m_row.kind == ParameterKind::Count)
        submit(std::round(value), continuous);
    else
        submit(value, continuous);
}

void ParameterRowWidget::submit(ParameterValue value, bool continuous)
{
    m_value = std::move(value);
    m_waiting = kPatience;
    if (m_row.live)
        clearNote();
    else
        setNote(QStringLiteral("Applies at the next reset."), false);
    updateEditors();
    Q_EMIT edited(keyText(m_row), m_value, continuous);
}

double ParameterRowWidget::stepped(double asked) const
{
    return m_stepRounder ? m_stepRounder(number(), asked) : asked;
}

double ParameterRowWidget::number() const
{
    const auto* list = std::get_if<std::vector<double>>(&m_value);
    return list ? list->front() : std::get<double>(m_value);
}

void ParameterRowWidget::updateEditors()
{
    if (m_switch) {
        const QSignalBlocker quiet(m_switch);
        m_switch->setChecked(std::get<bool>(m_value));
    }
    if (m_choice)
        m_choice->setCurrentText(QString::fromStdString(std::get<std::string>(m_value)));
    if (m_box) {
        const double value = number();
        const auto* list = std::get_if<std::vector<double>>(&m_value);
        const bool varied = list && !sameValue(*list, std::vector<double>{value});
        if (!m_slider->isSliderDown())
            m_slider->showValue(std::isfinite(value) ? value : m_lastLimit);
        m_slider->setEnabled(std::isfinite(value) && m_box->isEnabled());
        m_box->setValue(value);
        if (varied)
            m_box->setSubstitute(QStringLiteral("varied"));
        if (m_limit) {
            const QSignalBlocker quiet(m_limit);
            m_limit->setChecked(std::isfinite(value));
            if (std::isfinite(value))
                m_lastLimit = value;
        }
        if (m_layers)
            m_layers->setValues(*list);
    }
    updateChanged();
}

void ParameterRowWidget::updateChanged()
{
    const bool changed = m_other.changed || !sameValue(m_value, m_baseline);
    if (changed == m_changed) {
        if (m_switch)
            update(); // "on" and "off" are painted here
        return;
    }
    m_changed = changed;
    for (QWidget* editor : {static_cast<QWidget*>(m_box), static_cast<QWidget*>(m_choice)}) {
        if (editor)
            setStyleFlag(*editor, "changed", changed);
    }
    m_reset->setEnabled(changed && !property("locked").toBool());
    m_reset->setToolTip(
        changed ? QStringLiteral("Back to %1").arg(valueText(m_row, m_baseline)) : QString());
    update();
    Q_EMIT changedFlagChanged();
}

void ParameterRowWidget::setExpanded(bool expanded)
{
    if (!m_expander || expanded == isExpanded())
        return;
    if (!m_layers) {
        m_layers = new ParameterLayers(m_row, *m_slider, this);
        m_layers->setTargetLayers(m_targetLayers);
        m_layers->setEnabled(m_box->isEnabled());
        connect(m_layers, &ParameterLayers::edited, this,
            [this](const std::vector<double>& values, bool continuous) {
                submit(values, continuous);
            });
        connect(m_layers, &ParameterLayers::rejected, this,
            [this](const QString& problem) { setNote(problem, true); });
        connect(m_layers, &ParameterLayers::reverted, this, &ParameterRowWidget::clearNote);
        m_layers->setValues(std::get<std::vector<double>>(m_value));
    }
    m_layers->setVisible(expanded);
    m_expander->setChecked(expanded);
    place();
    updateGeometry();
}

void ParameterRowWidget::setLocked(bool locked)
{
    setProperty("locked", locked);
    for (QWidget* part : findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (part != m_note && part != m_expander)
            part->setEnabled(!locked);
    }
    m_reset->setEnabled(m_changed && !locked);
    if (m_slider)
        m_slider->setEnabled(!locked && std::isfinite(number()));
    update();
}

void ParameterRowWidget::showError(const QString& message)
{
    setNote(message, true);
}

void ParameterRowWidget::clearNote()
{
    if (m_note && !m_note->isHidden())
        setNote(QString(), false);
}

QString ParameterRowWidget::note() const
{
    return m_note && !m_note->isHidden() ? m_note->text() : QString();
}

void ParameterRowWidget::setNote(const QString& text, bool error)
{
    if (!m_note) {
        m_note = new QLabel(this);
        m_note->setObjectName(keyText(m_row) + QStringLiteral(".note"));
        m_note->setWordWrap(true);
        m_note->setTextFormat(Qt::PlainText);
        m_note->setFont(uiFont(11));
        m_note->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    }
    m_noteIsError = error;
    m_note->setProperty("note", error ? QStringLiteral("error") : QStringLiteral("remark"));
    m_note->setText(error ? QStringLiteral("\u26a0 ") + text : text); // never by colour alone
    m_note->setVisible(!text.isEmpty());
    m_note->style()->unpolish(m_note); // the property decides the colour
    m_note->style()->polish(m_note);
    place();
    updateGeometry();
}

} // namespace apical
