#include "widgets/predictive/dragged_number.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/panel/value_editor.h"
#include "widgets/panel/value_editor_slider.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

/// What is not set has this value: a number, or that of every layer.
double defaultOf(const ParameterRow& row)
{
    const auto* list = std::get_if<std::vector<double>>(&row.defaultValue);
    return list ? list->front() : std::get<double>(row.defaultValue);
}

} // namespace

DraggedNumber::DraggedNumber(
    const ParameterRow& row, const QString& label, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_row(row)
    , m_slider(new ValueSlider(row.sliderLow, row.sliderHigh, row.logarithmic, row.sliderLow, this))
    , m_box(new NumberBox(this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(5);
    if (!label.isEmpty()) {
        auto* text = new QLabel(label, this);
        text->setFont(uiFont(12));
        line->addWidget(text);
    }
    line->addWidget(m_slider);
    line->addWidget(m_box);
    m_slider->setTick(defaultOf(row));
    m_slider->setFixedWidth(72);
    m_box->setFixedWidth(60);
    m_box->setObjectName(name);
    m_slider->setObjectName(name + QStringLiteral("Slider"));
    const QString tip = QString::fromUtf8(row.help.data(), static_cast<qsizetype>(row.help.size()));
    for (QWidget* each : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_box)}) {
        each->setToolTip(tip);
        each->setAccessibleName(
            QString::fromUtf8(row.name.data(), static_cast<qsizetype>(row.name.size())));
    }
    if (row.kind == ParameterKind::Count)
        m_box->setWhole();
    m_box->setReader(
        [this](const QString& text, QString& problem) { return readNumber(m_row, text, problem); });
    m_box->setStepper([this](double value, int steps) {
        const double next = m_row.kind == ParameterKind::Count ? std::round(value) + steps
                                                               : m_slider->stepped(value, steps);
        return std::clamp(next, m_row.low, m_row.high);
    });
    connect(m_slider, &ValueSlider::edited, this, &DraggedNumber::choose);
    connect(m_slider, &ValueSlider::nudged, this, &DraggedNumber::choose);
    connect(m_box, &NumberBox::edited, this, &DraggedNumber::choose);
    connect(m_box, &NumberBox::rejected, this, [this](const QString& problem) {
        QToolTip::showText(m_box->mapToGlobal(QPoint(0, m_box->height())), problem, m_box);
    });
}

void DraggedNumber::choose(double value)
{
    if (m_row.kind == ParameterKind::Count)
        value = std::round(value);
    m_slider->showValue(value);
    m_box->setValue(value);
    Q_EMIT chosen(value);
}

void DraggedNumber::showValue(double value)
{
    if (m_slider->isSliderDown() || m_box->hasUnfinishedInput())
        return;
    m_slider->showValue(value);
    if (m_box->value() != value)
        m_box->setValue(value);
}

void DraggedNumber::setChanged(bool changed)
{
    setStyleFlag(*m_box, "changed", changed);
}

} // namespace apical
