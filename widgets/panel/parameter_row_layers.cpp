#include "widgets/panel/parameter_row_layers.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/panel/value_editor.h"
#include "widgets/panel/value_editor_slider.h"
#include "widgets/view/parameter_text.h"

#include <QPainter>

#include <algorithm>

namespace apical {

ParameterLayers::ParameterLayers(const ParameterRow& row, const ValueSlider& scale, QWidget* parent)
    : QWidget(parent)
    , m_row(row)
    , m_scale(scale)
    , m_values{0}
{
}

void ParameterLayers::setTargetLayers(int count)
{
    if (static_cast<int>(m_boxes.size()) == count)
        return;
    qDeleteAll(m_boxes);
    m_boxes.clear();
    for (int layer = 0; layer < count; ++layer) {
        auto* box = new NumberBox(this);
        box->setNoneWord(noneText(m_row));
        m_boxes.push_back(box);
        const QString label = layerLabel(layer, count);
        box->setObjectName(keyText(m_row) + QStringLiteral(".box.%1").arg(layer));
        box->setAccessibleName(accessibleText(m_row) + QStringLiteral(", ") + label);
        box->setReader([this](const QString& text, QString& problem) {
            return readNumber(m_row, text, problem);
        });
        box->setStepper([this](double value, int steps) {
            return std::clamp(m_scale.stepped(value, steps), m_row.low, m_row.high);
        });
        connect(box, &NumberBox::edited, this, [this, layer](double value, bool continuous) {
            std::vector<double> values(m_boxes.size() - (leavesOutOutput(m_values) ? 1 : 0));
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = layerValue(m_values, static_cast<int>(i));
            values[static_cast<std::size_t>(layer)] = value;
            m_values = values;
            Q_EMIT edited(values, continuous);
        });
        connect(box, &NumberBox::rejected, this, &ParameterLayers::rejected);
        connect(box, &NumberBox::reverted, this, &ParameterLayers::reverted);
        // Lateral, interneuron and feedback pathways exist in hidden layers only.
        if (layer + 1 == count && m_row.rule == ParameterRule::PerHiddenLayerToo) {
            box->setReadOnly(true);
            box->setEnabled(false);
            box->setToolTip(
                QStringLiteral("The output layer has no such pathway; this entry has no effect."));
        }
        box->show();
    }
    if (m_values.size() > 1 && m_values.size() != m_boxes.size() && !leavesOutOutput(m_values))
        m_values = std::vector<double>(1, m_values.front());
    setValues(std::vector<double>(m_values));
    place();
    update();
}

void ParameterLayers::setValues(const std::vector<double>& values)
{
    m_values = values;
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        if (values.size() == 1 || i < values.size())
            m_boxes[i]->setValue(layerValue(values, static_cast<int>(i)));
        else
            m_boxes[i]->setSubstitute(QStringLiteral("\u2013"));
    }
}

bool ParameterLayers::leavesOutOutput(const std::vector<double>& values) const
{
    return m_row.rule == ParameterRule::PerHiddenLayerToo && values.size() > 1
        && values.size() + 1 == m_boxes.size();
}

bool ParameterLayers::isBusy() const
{
    return std::any_of(m_boxes.begin(), m_boxes.end(),
        [](const NumberBox* box) { return box->hasUnfinishedInput(); });
}

void ParameterLayers::place()
{
    const int x = ParameterRowWidget::kValueX + ParameterRowWidget::stretchOf(width());
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        m_boxes[i]->setGeometry(
            x, static_cast<int>(i) * kLine + 2, ParameterRowWidget::kBoxWidth, 22);
}

void ParameterLayers::resizeEvent(QResizeEvent*)
{
    place();
}

void ParameterLayers::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setFont(uiFont(11));
    painter.setPen(t.ink2);
    const int count = static_cast<int>(m_boxes.size());
    const int unitX = ParameterRowWidget::kValueX + ParameterRowWidget::stretchOf(width())
        + ParameterRowWidget::kBoxWidth + 5;
    for (int i = 0; i < count; ++i) {
        painter.drawText(QRect(ParameterRowWidget::kNameX, i * kLine, 90, kLine), Qt::AlignVCenter,
            layerLabel(i, count));
        painter.drawText(QRect(unitX, i * kLine, 40, kLine), Qt::AlignVCenter, unitText(m_row));
    }
    painter.setPen(t.line);
    painter.drawLine(
        ParameterRowWidget::kNameX - 8, 2, ParameterRowWidget::kNameX - 8, height() - 4);
}

} // namespace apical
