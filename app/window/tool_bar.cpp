#include "app/window/tool_bar.h"

#include "app/session/session.h"
#include "app/window/actions.h"
#include "sim/files/preset.h"
#include "widgets/look/icon.h"
#include "widgets/look/speed_slider.h"
#include "widgets/look/style.h"
#include "widgets/look/toggle.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

/// A vertical hairline with room on both sides.
class Rule : public QWidget {
public:
    using QWidget::QWidget;
    QSize sizeHint() const override { return {9, 20}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter(this).fillRect(QRect(4, (height() - 20) / 2, 1, 20), activeTheme().line);
    }
};

/// A combo box that says with an ellipsis that its text goes on.
class PresetBox : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        QStyleOptionComboBox option;
        initStyleOption(&option);
        painter.drawComplexControl(QStyle::CC_ComboBox, option);
        const int room =
            style()
                ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this)
                .width();
        option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, room - 4);
        painter.drawControl(QStyle::CE_ComboBoxLabel, option);
    }
};

/// Takes digits only and goes back to the seed before otherwise: Qt would read "2,5" as 25.
class SeedBox : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    QValidator::State validate(QString& text, int& at) const override
    {
        const bool digits =
            std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; });
        return digits ? QDoubleSpinBox::validate(text, at) : QValidator::Intermediate;
    }

    void fixup(QString&) const override { }

protected:
    void keyPressEvent(QKeyEvent* e) override
    {
        QDoubleSpinBox::keyPressEvent(e);
        if (e->key() == Qt::Key_Return || e->key() == Qt::Key_Enter)
            parentWidget()->setFocus(Qt::OtherFocusReason); // plain keys are shortcuts again
    }
};

/// A caption in the theme's quieter inks; what stands before a tab is bold.
class Caption : public QLabel {
public:
    explicit Caption(const QString& text = {}, bool faint = false)
        : QLabel(text)
        , m_faint(faint)
    {
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& t = activeTheme();
        QPainter painter(this);
        int x = 0;
        if (const qsizetype tab = text().indexOf(u'\t'); tab >= 0) {
            painter.setFont(uiFont(12, QFont::DemiBold));
            painter.setPen(t.ink);
            painter.drawText(rect(), Qt::AlignVCenter, text().left(tab));
            x = painter.fontMetrics().horizontalAdvance(text().left(tab)) + 4;
        }
        painter.setFont(font());
        painter.setPen(m_faint ? t.ink3 : t.ink2);
        painter.drawText(rect().adjusted(x, 0, 0, 0), Qt::AlignVCenter, text().section(u'\t', -1));
    }

private:
    bool m_faint;
};

} // namespace

ToolBar::ToolBar(Session& session, Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_actions(actions)
    , m_preset(new PresetBox)
    , m_speed(new SpeedSlider)
    , m_pace(new Caption)
    , m_targetState(new Caption)
    , m_target(new Toggle)
    , m_seed(new SeedBox)
{
    setFixedHeight(40);
    m_reset = button(QStringLiteral("simulation.reset"), QStringLiteral("reset"), tr("Reset"));
    m_run = button(QStringLiteral("simulation.run_pause"), QStringLiteral("pause"), tr("Pause"));
    m_step = button(QStringLiteral("simulation.step"), QStringLiteral("step"), tr("Step"));
    m_new = button(QStringLiteral("simulation.new_seed"), QStringLiteral("new_seed"), tr("New"));
    m_run->setProperty("framed", true);
    m_run->setFixedWidth(80);
    m_new->setProperty("framed", true);

    m_preset->setFocusPolicy(Qt::TabFocus);
    m_preset->setAccessibleName(tr("Preset"));
    m_preset->setFixedHeight(28);
    m_preset->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // wide if there is room
    m_speed->setMinimumWidth(60);
    m_speed->setMaximumWidth(136);
    m_speed->setFocusPolicy(Qt::TabFocus);
    m_pace->setTextFormat(Qt::PlainText);
    m_pace->setMinimumWidth(102);
    m_target->setAccessibleName(tr("Target"));
    m_target->setToolTip(
        findAction(QStringLiteral("simulation.target"))->help + QStringLiteral(" (T)"));
    m_targetState->setFixedWidth(24);
    m_seed->setDecimals(0);
    m_seed->setRange(0, 9007199254740991.0);
    m_seed->setGroupSeparatorShown(false);
    m_seed->setKeyboardTracking(false);
    m_seed->setFixedHeight(28);
    m_seed->setFixedWidth(72);
    m_seed->setFocusPolicy(Qt::StrongFocus);
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(tr("Same seed, same weights, same inputs: the same run to the last bit."));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 1);
    row->setSpacing(6);
    const auto add = [row](std::initializer_list<QWidget*> widgets) {
        for (QWidget* w : widgets)
            row->addWidget(w);
    };
    add({m_preset, new Rule, m_reset, m_run, m_step, new Rule, new Caption(tr("Speed")),
        new Caption(QStringLiteral("0.001×"), true), m_speed, new Caption(tr("max"), true), m_pace,
        new Rule, new Caption(tr("Target")), m_target, m_targetState});
    row->addStretch(1);
    add({new Caption(tr("Seed")), m_seed, m_new});

    fillPresets();
    connect(m_preset, &QComboBox::activated, this,
        [this](int i) { Q_EMIT presetChosen(m_preset->itemData(i).toString()); });
    connect(m_speed, &SpeedSlider::paceChanged, &m_session, &Session::setPace);
    connect(m_target, &Toggle::clicked, m_actions[QStringLiteral("simulation.target")],
        &QAction::trigger);
    connect(m_seed, &QDoubleSpinBox::valueChanged, this,
        [this](double seed) { m_session.newSeed(static_cast<std::uint64_t>(seed)); });
    connect(&m_session, &Session::opened, this, &ToolBar::showExperiment);
    connect(&m_session, &Session::stateChanged, this, &ToolBar::showState);
    connect(&m_session, &Session::parametersChanged, this, &ToolBar::showParameters);
    setCompact(false);
    tint();
    showState();
}

QToolButton* ToolBar::button(const QString& action, const QString& icon, const QString& text)
{
    auto* b = new QToolButton(this);
    b->setText(text);
    b->setProperty("lineIcon", icon);
    b->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    b->setFixedHeight(28);
    b->setFocusPolicy(Qt::TabFocus);
    b->setAccessibleName(text);
    const ActionRow* row = findAction(action);
    b->setToolTip(row->help
        + QStringLiteral(" (%1)").arg(row->shortcuts.front().toString(QKeySequence::NativeText)));
    connect(b, &QToolButton::clicked, m_actions[action], &QAction::trigger);
    return b;
}

void ToolBar::fillPresets()
{
    for (const PresetInfo& preset : embeddedPresets()) {
        m_preset->addItem(
            QString::fromStdString(preset.title), QString::fromStdString(preset.name));
        m_preset->setItemData(
            m_preset->count() - 1, QString::fromStdString(preset.summary), Qt::ToolTipRole);
    }
    widenList();
}

/// Not wider than the title it shows, so that the speed keeps its room.
void ToolBar::fitPreset()
{
    const int title = m_preset->fontMetrics().horizontalAdvance(m_preset->currentText());
    const int least = m_compact ? 120 : 184;
    m_preset->setMinimumWidth(least);
    m_preset->setMaximumWidth(std::clamp(title + 60, least, 280));
}

/// Full titles in the list, however narrow the box is.
void ToolBar::widenList()
{
    m_preset->view()->setMinimumWidth(m_preset->view()->sizeHintForColumn(0) + 24);
}

void ToolBar::setCompact(bool compact)
{
    m_compact = compact;
    const auto style = compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon;
    m_reset->setToolButtonStyle(style);
    m_step->setToolButtonStyle(style);
    fitPreset();
    layout()->setSpacing(compact ? 4 : 6);
}

void ToolBar::showExperiment()
{
    const Experiment& e = m_session.experiment();
    const QString name = QString::fromStdString(e.name);
    int i = m_preset->findData(name);
    if (i < 0) {
        m_preset->addItem(QString::fromStdString(e.title.empty() ? e.name : e.title), name);
        i = m_preset->count() - 1;
        widenList();
    }
    m_preset->setCurrentIndex(i);
    m_preset->setToolTip(m_preset->itemText(i));
    fitPreset();
    showState();
    showParameters();
}

void ToolBar::showState()
{
    const bool running = m_session.running();
    m_run->setText(running ? tr("Pause") : tr("Run"));
    m_run->setAccessibleName(m_run->text());
    const QString icon = running ? QStringLiteral("pause") : QStringLiteral("run");
    if (m_run->property("lineIcon").toString() != icon) {
        m_run->setProperty("lineIcon", icon);
        tint();
    }
    m_speed->setPace(m_session.pace());
    m_pace->setText(std::isinf(m_session.pace()) ? tr("full\tspeed")
            : m_session.countsIterations()
            ? QString::number(m_session.pace() * 1000, 'f', 0) + u'\t' + tr("steps/s")
            : paceText(m_session.pace()) + u'\t' + tr("real time"));
    const QSignalBlocker quiet(m_seed);
    m_seed->setValue(static_cast<double>(m_session.seed()));
    const QString reason = m_session.lockReason();
    m_seed->setEnabled(reason.isEmpty());
    // Models that are always told their targets have no switch for them.
    const bool switched = m_session.hasParameter(QStringLiteral("target.on"));
    m_target->setEnabled(reason.isEmpty() && switched);
    m_actions[QStringLiteral("simulation.target")]->setEnabled(switched);
    m_seed->setStatusTip(reason);
}

void ToolBar::showParameters()
{
    const bool on = m_session.parameters().targetOn;
    m_target->setChecked(on);
    m_targetState->setText(on ? tr("on") : tr("off"));
    m_actions[QStringLiteral("simulation.target")]->setChecked(on);
}

void ToolBar::tint()
{
    const Theme& t = activeTheme();
    for (QToolButton* b : {m_reset, m_run, m_step, m_new})
        b->setIcon(lineIcon(b->property("lineIcon").toString(), t.ink));
}

void ToolBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), activeTheme().bar);
    painter.fillRect(QRect(0, height() - 1, width(), 1), activeTheme().line);
}

void ToolBar::changeEvent(QEvent* e)
{
    QWidget::changeEvent(e);
    if (e->type() == QEvent::StyleChange || e->type() == QEvent::PaletteChange) {
        tint();
        showState();
    }
}

} // namespace apical
