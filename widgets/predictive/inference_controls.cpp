#include "widgets/predictive/inference_controls.h"

#include "sim/predictive/predictive.h"
#include "widgets/look/icon.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/predictive/dragged_number.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kRow = 28, kRowGap = 4, kGroupGap = 14, kSide = 10, kEnd = 6; // px
constexpr int kIcon = 14;

} // namespace

InferenceControls::InferenceControls(QWidget* parent)
    : QWidget(parent)
    , m_back(button(u"back"_s, QString(), u"One read back"_s))
    , m_play(button(u"play"_s, QString(), u"Plays the reads, ten per second"_s))
    , m_step(button(u"forward"_s, QString(), u"One read on"_s))
    , m_follow(button(u"follow"_s, u"Follow the run"_s,
          u"Shows the sample that the run shows, at its read. Off: sample and weights are held."_s))
    , m_reset(button(u"asRun"_s, u"As in the run"_s,
          u"Rate, precisions and number of moves as the run has them"_s))
    , m_apply(button(u"apply"_s, u"Apply to the run"_s,
          u"Gives the run the rate, the precisions and the number of moves that stand here"_s))
{
    setObjectName(u"inferenceControls"_s);
    buildReads();
    m_follow->setCheckable(true);
    m_groups.push_back(group({m_follow}));
    buildNumbers();
    m_groups.push_back(group({m_reset, m_apply}));
    connect(m_play, &QToolButton::clicked, this, &InferenceControls::playAsked);
    connect(m_follow, &QToolButton::clicked, this, &InferenceControls::followAsked);
    connect(m_reset, &QToolButton::clicked, this, &InferenceControls::resetAsked);
    connect(m_apply, &QToolButton::clicked, this, &InferenceControls::applyAsked);
    tint();
}

QToolButton* InferenceControls::button(const QString& name, const QString& text, const QString& tip)
{
    auto* made = new QToolButton(this);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(tip);
    made->setAccessibleName(text.isEmpty() ? tip : text);
    made->setIconSize({kIcon, kIcon});
    made->setFocusPolicy(Qt::TabFocus);
    setStyleFlag(*made, "framed", !text.isEmpty());
    return made;
}

QWidget* InferenceControls::group(const std::vector<QWidget*>& parts)
{
    auto* whole = new QWidget(this);
    auto* line = new QHBoxLayout(whole);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    for (QWidget* part : parts)
        line->addWidget(part);
    return whole;
}

void InferenceControls::buildReads()
{
    m_reads = new QSlider(Qt::Horizontal, this);
    m_reads->setObjectName(u"reads"_s);
    m_reads->setAccessibleName(u"Read t"_s);
    m_reads->setToolTip(u"Which read of the errors is shown; arrow keys go one on or back"_s);
    m_reads->setMinimumWidth(90);
    m_reads->setPageStep(5);
    m_read = new QLabel(this);
    m_read->setFont(uiFont(12));
    m_read->setFixedWidth(92);
    m_groups.push_back(group({m_back, m_play, m_step, m_reads, m_read}));
    connect(m_reads, &QSlider::valueChanged, this, &InferenceControls::readChosen);
    connect(m_back, &QToolButton::clicked, this, [this] { Q_EMIT readChosen(m_shown.t - 1); });
    connect(m_step, &QToolButton::clicked, this, [this] { Q_EMIT readChosen(m_shown.t + 1); });
}

void InferenceControls::buildNumbers()
{
    const ParameterTable& table = predictiveParameterTable();
    m_rate = new DraggedNumber(table.at("inference.rate"), u"\u03b3"_s, u"rate"_s, this);
    m_steps = new DraggedNumber(table.at("inference.steps"), u"T"_s, u"steps"_s, this);
    m_precision =
        new DraggedNumber(table.at("inference.precision"), QString(), u"precision"_s, this);
    m_layer = new QComboBox(this);
    m_layer->setObjectName(u"precisionLayer"_s);
    m_layer->setToolTip(u"Whose precision \u03c0: how much the errors of a layer cost"_s);
    m_layer->setAccessibleName(u"Layer of the precision"_s);
    m_layer->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_groups.push_back(group({m_rate}));
    m_groups.push_back(group({m_steps}));
    m_groups.push_back(group({m_layer, m_precision}));
    connect(m_rate, &DraggedNumber::chosen, this, &InferenceControls::rateChosen);
    connect(m_steps, &DraggedNumber::chosen, this,
        [this](double steps) { Q_EMIT stepsChosen(static_cast<int>(steps)); });
    connect(m_precision, &DraggedNumber::chosen, this,
        [this](double value) { Q_EMIT precisionChosen(m_layer->currentIndex(), value); });
    connect(m_layer, &QComboBox::currentIndexChanged, this, [this] { showPrecision(); });
}

void InferenceControls::showPrecision()
{
    if (m_shown.precision.empty())
        return;
    const int layer = std::max(1, m_layer->currentIndex());
    m_precision->showValue(m_shown.precision[static_cast<std::size_t>(layer - 1)]);
}

void InferenceControls::showState(const Shown& shown)
{
    const bool repaint = shown.playing != m_shown.playing;
    const auto layers = static_cast<int>(shown.precision.size());
    m_shown = shown;
    {
        const QSignalBlocker quiet(m_reads);
        m_reads->setRange(0, shown.last);
        m_reads->setValue(shown.t);
    }
    m_read->setText(u"t = %1 of %2"_s.arg(shown.t).arg(shown.last));
    m_back->setEnabled(shown.t > 0);
    m_step->setEnabled(shown.t < shown.last);
    m_follow->setChecked(shown.following);
    if (m_layer->count() != layers + 1) {
        const QSignalBlocker quiet(m_layer);
        m_layer->clear();
        m_layer->addItem(u"\u03c0 of all"_s);
        for (int l = 1; l < layers; ++l)
            m_layer->addItem(u"\u03c0 of layer %1"_s.arg(l));
        m_layer->addItem(u"\u03c0 of output"_s);
        m_layer->setCurrentIndex(layers);
        place(width(), true);
    }
    m_rate->showValue(shown.rate);
    m_steps->showValue(shown.steps);
    showPrecision();
    m_rate->setChanged(shown.rateChanged);
    m_steps->setChanged(shown.stepsChanged);
    m_precision->setChanged(shown.precisionChanged);
    const bool changed = shown.rateChanged || shown.stepsChanged || shown.precisionChanged;
    m_reset->setEnabled(changed);
    m_apply->setEnabled(changed);
    if (repaint)
        tint();
}

void InferenceControls::tint()
{
    const QColor ink = activeTheme().ink;
    m_back->setIcon(lineIcon(u"back"_s, ink, kIcon));
    m_step->setIcon(lineIcon(u"step"_s, ink, kIcon));
    m_play->setIcon(lineIcon(m_shown.playing ? u"pause"_s : u"run"_s, ink, kIcon));
}

int InferenceControls::place(int width, bool move) const
{
    int y = kRowGap;
    for (std::size_t first = 0; first < m_groups.size();) {
        std::size_t end = first;
        int used = -kGroupGap;
        while (end < m_groups.size()) {
            const int more = kGroupGap + m_groups[end]->sizeHint().width();
            if (end > first && used + more > width - 2 * kSide)
                break;
            used += more;
            ++end;
        }
        int x = kSide;
        for (std::size_t i = first; i < end; ++i) {
            const int spare = i == 0 ? std::max(0, width - 2 * kSide - used) : 0;
            const int wide = m_groups[i]->sizeHint().width() + spare;
            if (move)
                m_groups[i]->setGeometry(x, y, wide, kRow);
            x += wide + kGroupGap;
        }
        first = end;
        y += kRow + kRowGap;
    }
    return y + kEnd - kRowGap;
}

int InferenceControls::heightFor(int width) const
{
    return place(width, false);
}

void InferenceControls::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place(width(), true);
}

void InferenceControls::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange && m_step)
        tint();
}

} // namespace apical
