// The number box of a parameter: shows few digits, keeps all of them, accepts scientific input.
#pragma once

#include <QAbstractSpinBox>

#include <functional>
#include <optional>

namespace apical {

/// Text of a number that fits `maxWidth` px in `metrics`: 3 to 4 significant digits, U+2212 as
/// minus, "none" for infinity. @param whole it counts something: no decimals
QString compactNumber(
    double value, const QFontMetricsF& metrics, double maxWidth, bool whole = false);
/// Shortest text that reads back to the same number, with an ASCII minus (what is edited).
QString exactNumber(double value);

/// A double with unbounded precision in a small box. Invalid text is never applied: `rejected` says
/// so and Esc brings the value back. The wheel only turns it while it has the keyboard focus.
class NumberBox : public QAbstractSpinBox {
    Q_OBJECT
public:
    /// Reads a text; nullopt and a message if it is no allowed value.
    using Reader = std::function<std::optional<double>(const QString& text, QString& problem)>;
    /// The value `steps` notches away (already inside the allowed range).
    using Stepper = std::function<double(double value, int steps)>;

    explicit NumberBox(QWidget* parent = nullptr);
    void setReader(Reader reader) { m_reader = std::move(reader); }
    /// What is shown for infinity: "none", or "auto" where the value is worked out.
    void setNoneWord(const QString& word) { m_noneWord = word; }
    void setWhole() { m_whole = true; } ///< it counts something
    void setStepper(Stepper stepper) { m_stepper = std::move(stepper); }

    double value() const { return m_value; }
    void setValue(double value); ///< shows it; emits nothing; drops unfinished input
    /// Shown instead of the number until the next setValue() or edit, e.g. "varied".
    void setSubstitute(const QString& text);
    bool hasUnfinishedInput() const { return m_dirty || m_rejected; }
    void revert(); ///< as Esc does

    void stepBy(int steps) override;
    QSize sizeHint() const override { return {60, 22}; }
    QSize minimumSizeHint() const override { return {60, 22}; }

Q_SIGNALS:
    /// A person set this value. `continuous`: an arrow is held down, more will come; the last one
    /// is not continuous.
    void edited(double value, bool continuous);
    void rejected(const QString& problem);
    void reverted();

protected:
    StepEnabled stepEnabled() const override;
    bool event(QEvent*) override;
    void focusInEvent(QFocusEvent*) override;
    void focusOutEvent(QFocusEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void keyReleaseEvent(QKeyEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void wheelEvent(QWheelEvent*) override;

private:
    void commit();
    void showText();
    void endStepping();

    Reader m_reader;
    Stepper m_stepper;
    QString m_substitute, m_noneWord = QStringLiteral("none");
    double m_value = 0;
    bool m_whole = false;
    bool m_dirty = false; ///< text differs from the value because somebody types
    bool m_rejected = false;
    bool m_stepping = false;
    bool m_wheeling = false;
};

} // namespace apical
