#include "widgets/panel/value_editor.h"

#include "sim/experiment/parameters.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QKeyEvent>
#include <QLineEdit>

#include <cmath>

namespace apical {
namespace {

constexpr int kArrows = 16; // width the two step arrows take

/// "1.50e-04" as "1.5e-4".
QString tidyExponent(QString text)
{
    const qsizetype e = text.indexOf(u'e');
    if (e < 0)
        return text;
    QString mantissa = text.left(e);
    while (mantissa.contains(u'.') && (mantissa.endsWith(u'0') || mantissa.endsWith(u'.')))
        mantissa.chop(1);
    return mantissa + u'e' + QString::number(text.mid(e + 1).toInt());
}

} // namespace

QString exactNumber(double value)
{
    return tidyExponent(QString::fromStdString(parameterText(value)));
}

QString compactNumber(double value, const QFontMetricsF& metrics, double maxWidth, bool whole)
{
    if (!std::isfinite(value))
        return value == kNone ? QStringLiteral("none") : QStringLiteral("not finite");
    const double magnitude = std::abs(value);
    const auto exactWith = [value](int decimals) {
        const double scaled = value * std::pow(10.0, decimals);
        return std::abs(scaled - std::round(scaled)) < 1e-9 * std::max(1.0, std::abs(scaled));
    };
    QStringList candidates;
    if (value == 0)
        candidates << QStringLiteral("0");
    else if (whole && magnitude < 1e5)
        candidates << QString::number(value, 'f', 0);
    else if (magnitude >= 0.001 && magnitude < 10 && exactWith(3))
        candidates << QString::number(value, 'f', 3);
    if (magnitude >= 1 && magnitude < 10 && exactWith(2))
        candidates << QString::number(value, 'f', 2);
    if (magnitude >= 10 && magnitude < 100 && exactWith(1))
        candidates << QString::number(value, 'f', 1);
    if (magnitude >= 1e5) { // "200000" is harder to read than "2e5"
        for (int digits = 3; digits >= 0; --digits)
            candidates << tidyExponent(QString::number(value, 'e', digits));
    }
    for (int digits = 4; digits >= 1; --digits)
        candidates << tidyExponent(QString::number(value, 'g', digits));
    for (int digits = 2; digits >= 0; --digits)
        candidates << tidyExponent(QString::number(value, 'e', digits));
    for (QString& text : candidates) {
        text.replace(u'-', QChar(0x2212));
        if (metrics.horizontalAdvance(text) <= maxWidth)
            return text;
    }
    return candidates.back();
}

NumberBox::NumberBox(QWidget* parent)
    : QAbstractSpinBox(parent)
{
    setFocusPolicy(
        Qt::StrongFocus); // not WheelFocus: scrolling over the panel must not change numbers
    setKeyboardTracking(false);
    setAlignment(Qt::AlignRight);
    lineEdit()->setTextMargins(0, 0, 1, 0);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this] { m_dirty = true; });
    connect(this, &QAbstractSpinBox::editingFinished, this, &NumberBox::commit);
    showText();
}

void NumberBox::setValue(double value)
{
    m_value = value;
    m_substitute.clear();
    m_dirty = m_rejected = false;
    setStyleFlag(*this, "error", false);
    showText();
}

void NumberBox::setSubstitute(const QString& text)
{
    m_substitute = text;
    m_dirty = m_rejected = false;
    setStyleFlag(*this, "error", false);
    showText();
}

void NumberBox::revert()
{
    const bool was = hasUnfinishedInput();
    m_dirty = m_rejected = false;
    setStyleFlag(*this, "error", false);
    showText();
    if (was)
        Q_EMIT reverted();
}

void NumberBox::commit()
{
    if (!m_dirty)
        return;
    QString problem;
    QString text = lineEdit()->text().trimmed();
    text.replace(QChar(0x2212), u'-');
    if (text.startsWith(u'+'))
        text.remove(0, 1);
    const std::optional<double> read = m_reader ? m_reader(text, problem) : std::nullopt;
    m_dirty = false;
    if (!read) {
        m_rejected = true;
        setStyleFlag(*this, "error", true);
        Q_EMIT rejected(problem);
        return;
    }
    const bool same = *read == m_value && m_substitute.isEmpty() && !m_rejected;
    setValue(*read);
    if (!same)
        Q_EMIT edited(m_value, false);
    if (hasFocus())
        selectAll();
}

void NumberBox::showText()
{
    QString text = m_substitute;
    if (text.isEmpty() && m_value == kNone)
        text = m_noneWord;
    if (text.isEmpty()) {
        QFont bold = font();
        bold.setBold(true); // changed values are bold; the digits shown must not depend on it
        text = hasFocus()
            ? exactNumber(m_value)
            : compactNumber(m_value, QFontMetricsF(bold), width() - kArrows - 7.0, m_whole);
    }
    if (lineEdit()->text() != text) {
        lineEdit()->setText(text);
        lineEdit()->setCursorPosition(0);
    }
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const
{
    return isReadOnly() ? StepEnabled(StepNone) : StepEnabled(StepUpEnabled | StepDownEnabled);
}

void NumberBox::stepBy(int steps)
{
    commit();
    if (!m_stepper || m_rejected)
        return;
    const double next = m_stepper(m_value, steps);
    if (next == m_value && m_substitute.isEmpty())
        return;
    setValue(next);
    m_stepping = !m_wheeling;
    Q_EMIT edited(m_value, m_stepping);
}

void NumberBox::endStepping()
{
    if (!m_stepping)
        return;
    m_stepping = false;
    Q_EMIT edited(m_value, false);
}

bool NumberBox::event(QEvent* event)
{
    // Esc belongs to the box while it holds unfinished input, not to the window's shortcut.
    if (event->type() == QEvent::ShortcutOverride && hasUnfinishedInput()
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    // With nothing typed, undo and redo take back what was committed, not letters in the box.
    if (event->type() == QEvent::ShortcutOverride && !hasUnfinishedInput()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)
            || (key->key() == Qt::Key_Y && key->modifiers() == Qt::ControlModifier)) {
            event->ignore();
            return true;
        }
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        const bool result = QAbstractSpinBox::event(event);
        if (!hasUnfinishedInput())
            showText();
        return result;
    }
    return QAbstractSpinBox::event(event);
}

void NumberBox::focusInEvent(QFocusEvent* event)
{
    QAbstractSpinBox::focusInEvent(event);
    if (!hasUnfinishedInput()) {
        showText();
        if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
            selectAll();
    }
}

void NumberBox::focusOutEvent(QFocusEvent* event)
{
    QAbstractSpinBox::focusOutEvent(event); // commits by editingFinished
    endStepping();
    if (!hasUnfinishedInput())
        showText();
}

void NumberBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && hasUnfinishedInput()) {
        revert();
        selectAll();
        event->accept();
        return;
    }
    QAbstractSpinBox::keyPressEvent(event);
    // Plain keys are shortcuts again; the next Tab goes on from here.
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && !m_rejected
        && parentWidget())
        parentWidget()->setFocus(Qt::OtherFocusReason);
}

void NumberBox::keyReleaseEvent(QKeyEvent* event)
{
    QAbstractSpinBox::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        endStepping();
}

void NumberBox::mouseReleaseEvent(QMouseEvent* event)
{
    QAbstractSpinBox::mouseReleaseEvent(event);
    endStepping();
}

void NumberBox::resizeEvent(QResizeEvent* event)
{
    QAbstractSpinBox::resizeEvent(event);
    if (!hasUnfinishedInput())
        showText();
}

void NumberBox::wheelEvent(QWheelEvent* event)
{
    if (!hasFocus()) {
        event->ignore(); // the panel scrolls
        return;
    }
    m_wheeling = true;
    QAbstractSpinBox::wheelEvent(event);
    m_wheeling = false;
}

} // namespace apical
