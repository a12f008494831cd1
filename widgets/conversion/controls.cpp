#include "widgets/conversion/controls.h"

#include "widgets/look/icon.h"
#include "widgets/look/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLabel>
#include <QRandomGenerator>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <iterator>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTaus[] = {0, 2, 5, 10}; // ms, offered
constexpr int kImages[] = {100, 200, 500, 1000, 2000, 5000, 10000};
constexpr int kUsualImages = 200;
constexpr int kTickMs = 40; // of the clock that plays
constexpr double kPlaySeconds = 6; // a whole presentation
constexpr int kNotches = 1000; // of the slider
constexpr int kRoomForLabels = 560, kRoomForSorted = 430; // px

} // namespace

ConversionControls::ConversionControls(QWidget& view)
    : QObject(&view)
    , m_view(view)
    , m_head(new ChoiceRow(&view))
{
    makeHead();
    makeColumn();
    makeFoot();
    m_play.setInterval(kTickMs);
    connect(&m_play, &QTimer::timeout, this, &ConversionControls::advance);
    showPage();
}

QToolButton* ConversionControls::button(
    QWidget* in, const QString& name, const QString& text, const QString& tip)
{
    auto* made = new QToolButton(in);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    made->setFocusPolicy(Qt::TabFocus);
    made->setFont(uiFont(11));
    return made;
}

void ConversionControls::makeHead()
{
    auto* row = static_cast<QHBoxLayout*>(m_head->layout());
    m_pages = new QButtonGroup(this);
    const struct {
        const char16_t *name, *text, *tip;
    } pages[]{
        {u"pageDigit", u"One image", u"How one image crosses the spiking net"},
        {u"pageRates", u"Rates", u"What hidden units should send, and what they sent"},
        {u"pageAccuracy", u"Accuracy", u"How often the spiking net is right, against time"},
    };
    for (int i = 0; i < 3; ++i) {
        auto* page = button(m_head, QString::fromUtf16(pages[i].name),
            QString::fromUtf16(pages[i].text), QString::fromUtf16(pages[i].tip));
        page->setCheckable(true);
        m_pages->addButton(page, i);
        row->insertWidget(i, page);
    }
    m_pages->button(Digit)->setChecked(true);
    connect(m_pages, &QButtonGroup::idClicked, this, [this] {
        showPage();
        Q_EMIT pageChanged();
    });
    m_encoder = m_head->add(u"encoder"_s, u"input"_s, u"How pixels reach the spiking net"_s);
    // In the order of the parameter's choices.
    offer(*m_encoder,
        {{u"current"_s, 0}, {u"Poisson"_s, 1}, {u"Bernoulli"_s, 2}, {u"periodic"_s, 3}});
    m_synapse = m_head->add(
        u"synapse"_s, u"\u03c4\u209b"_s, u"Time constant of the filter that spikes pass"_s);
    offerTaus(kTaus[0]);
    for (QComboBox* box : {m_encoder, m_synapse})
        connect(box, &QComboBox::currentIndexChanged, this, &ConversionControls::questionChanged);
    m_sorted = button(m_head, u"sorted"_s, u"Sort"_s,
        u"Neurons by the number of their spikes, the busiest on top; else by their number"_s);
    m_sorted->setCheckable(true);
    m_sorted->setChecked(true);
    row->addWidget(m_sorted);
    connect(m_sorted, &QToolButton::toggled, this, &ConversionControls::lookChanged);
    m_images = m_head->add(u"images"_s, u"images"_s, u"How many images are shown"_s);
    m_measure = button(m_head, u"measure"_s, u"Measure"_s,
        u"Shows the images to copies of the network with its present weights"_s);
    m_measure->setProperty("framed", true);
    row->addWidget(m_measure);
    connect(m_measure, &QToolButton::clicked, this, [this] {
        if (m_measure->property("measuring").toBool())
            Q_EMIT stopAsked();
        else
            Q_EMIT measureAsked();
    });
}

/// @param own of the lane, which is offered, too
void ConversionControls::offerTaus(double own)
{
    Choices taus;
    for (const double ms : kTaus)
        taus.emplace_back(QString::number(ms, 'g', 4) + u" ms"_s, ms);
    if (std::ranges::find(kTaus, own) == std::end(kTaus))
        taus.emplace_back(QString::number(own, 'g', 4) + u" ms"_s, own);
    offer(*m_synapse, taus);
}

void ConversionControls::makeColumn()
{
    m_column = new QWidget(&m_view);
    auto* row = new QHBoxLayout(m_column);
    row->setContentsMargins(0, 2, 0, 2);
    row->setSpacing(4);
    m_source = new QComboBox(m_column);
    m_source->setObjectName(u"source"_s);
    m_source->setToolTip(u"Which image is shown to the spiking net"_s);
    m_source->setAccessibleName(m_source->toolTip());
    m_source->setFont(uiFont(11));
    m_number = new QSpinBox(m_column);
    m_number->setObjectName(u"number"_s);
    m_number->setToolTip(u"Number of the image in its set"_s);
    m_number->setAccessibleName(m_number->toolTip());
    m_number->setFont(uiFont(11));
    m_number->setMinimum(1);
    m_number->setKeyboardTracking(false);
    m_random = button(m_column, u"random"_s, QString(), u"Another image of the set, by chance"_s);
    m_undo = button(m_column, u"undo"_s, u"Undo"_s, u"Takes back the last stroke"_s);
    row->addWidget(m_source, 1);
    row->addWidget(m_number);
    row->addWidget(m_random);
    row->addWidget(m_undo);
    connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
        showPage();
        Q_EMIT questionChanged();
    });
    connect(m_number, &QSpinBox::valueChanged, this, &ConversionControls::questionChanged);
    connect(m_random, &QToolButton::clicked, this, [this] {
        // A person's choice, no part of any run: it needs no seed. Never the same again.
        const int others = m_number->maximum() - 1;
        if (others < 1)
            return;
        const int next = QRandomGenerator::global()->bounded(others) + 1;
        m_number->setValue(next >= m_number->value() ? next + 1 : next);
    });
    connect(m_undo, &QToolButton::clicked, this, &ConversionControls::undone);
}

void ConversionControls::makeFoot()
{
    m_foot = new QWidget(&m_view);
    auto* row = new QHBoxLayout(m_foot);
    row->setContentsMargins(8, 0, 10, 2);
    row->setSpacing(8);
    m_playing = button(m_foot, u"play"_s, QString(), u"Lets the time cursor run, or stops it"_s);
    m_slider = new QSlider(Qt::Horizontal, m_foot);
    m_slider->setObjectName(u"cursor"_s);
    m_slider->setRange(0, kNotches);
    m_slider->setValue(kNotches);
    m_slider->setPageStep(kNotches / 10);
    m_slider->setSingleStep(kNotches / 200);
    m_slider->setToolTip(u"Simulated time up to which spikes and answers are shown"_s);
    m_slider->setAccessibleName(m_slider->toolTip());
    m_time = new QLabel(m_foot);
    m_time->setFont(uiFont(11));
    m_time->setMinimumWidth(112);
    row->addWidget(m_playing);
    row->addWidget(m_slider, 1);
    row->addWidget(m_time);
    connect(m_playing, &QToolButton::clicked, this, [this] { play(!playing()); });
    connect(m_slider, &QSlider::valueChanged, this, [this](int notch) {
        play(false);
        m_share = static_cast<double>(notch) / kNotches;
        Q_EMIT lookChanged();
    });
}

void ConversionControls::place(const QSize& view)
{
    m_column->setGeometry(8, kHead, kColumn - 8, 28);
    m_foot->setGeometry(0, view.height() - kFoot, view.width(), kFoot);
    const bool labels = view.width() >= kRoomForLabels;
    for (QLabel* label : m_head->findChildren<QLabel*>())
        label->setMaximumWidth(labels ? QWIDGETSIZE_MAX : 0);
    m_sorted->setMaximumWidth(view.width() >= kRoomForSorted ? QWIDGETSIZE_MAX : 0);
}

/// Only what belongs to the page can be seen.
void ConversionControls::showPage()
{
    const bool accuracy = page() == Accuracy;
    const auto rows = m_head->findChildren<QLabel*>();
    for (QLabel* label : rows)
        label->setVisible((label == rows.back()) == accuracy);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_encoder, m_synapse})
        widget->setVisible(!accuracy);
    m_sorted->setVisible(page() == Digit);
    m_images->setVisible(accuracy);
    m_measure->setVisible(accuracy);
    m_column->setVisible(page() == Digit);
    m_foot->setVisible(!accuracy);
    m_number->setVisible(source() == Set);
    m_random->setVisible(source() == Set);
    m_undo->setVisible(source() == Drawing);
}

ConversionControls::Page ConversionControls::page() const
{
    return static_cast<Page>(m_pages->checkedId());
}

ConversionControls::Source ConversionControls::source() const
{
    return static_cast<Source>(m_source->currentData().toInt());
}

ConversionVariant ConversionControls::variant() const
{
    return {m_encoder->currentData().toInt(), m_synapse->currentData().toDouble()};
}

int ConversionControls::number() const
{
    return m_number->value() - 1;
}

bool ConversionControls::sorted() const
{
    return m_sorted->isChecked();
}

int ConversionControls::images() const
{
    return m_images->currentData().toInt();
}

void ConversionControls::offerSamples(const QString& set, int size, bool drawable)
{
    {
        const QSignalBlocker quiet(m_source), still(m_number);
        Choices sources;
        if (size > 0)
            sources.emplace_back(set.section(u' ', 0, 0) + u" set"_s, Set);
        sources.emplace_back(u"shown now"_s, Now);
        if (drawable)
            sources.emplace_back(u"drawing"_s, Drawing);
        offer(*m_source, sources);
        m_number->setMaximum(std::max(1, size));
        Choices images;
        for (const int n : kImages)
            if (n < size)
                images.emplace_back(QString::number(n), n);
        if (size > 0)
            images.emplace_back(u"all %1"_s.arg(size), size);
        const bool first = m_images->count() == 0;
        offer(*m_images, images);
        if (const int usual = m_images->findData(kUsualImages); first && usual >= 0)
            m_images->setCurrentIndex(usual);
    }
    showPage();
    Q_EMIT questionChanged();
}

void ConversionControls::follow(const ConversionVariant& lane)
{
    if (m_lane == lane)
        return;
    m_lane = lane;
    const QSignalBlocker quiet(m_encoder), still(m_synapse);
    m_encoder->setCurrentIndex(std::max(0, m_encoder->findData(lane.encoder)));
    offerTaus(lane.synapseMs);
    m_synapse->setCurrentIndex(std::max(0, m_synapse->findData(lane.synapseMs)));
}

void ConversionControls::choose(Source source)
{
    m_source->setCurrentIndex(std::max(0, m_source->findData(source)));
}

void ConversionControls::setUndo(bool possible)
{
    m_undo->setEnabled(possible);
}

void ConversionControls::showMeasuring(bool possible, std::optional<double> progress)
{
    m_measure->setEnabled(possible);
    m_measure->setProperty("measuring", progress.has_value());
    m_measure->setText(progress ? u"Stop (%1 %)"_s.arg(100 * *progress, 0, 'f', 0) : u"Measure"_s);
    m_images->setEnabled(possible && !progress);
}

void ConversionControls::showTime(const QString& text)
{
    m_time->setText(text);
}

void ConversionControls::setTheme(const QColor& ink)
{
    if (ink == m_ink)
        return;
    m_ink = ink;
    m_playing->setIcon(lineIcon(playing() ? u"pause"_s : u"run"_s, ink));
    m_random->setIcon(lineIcon(u"new_seed"_s, ink));
}

void ConversionControls::play(bool on)
{
    if (on == playing())
        return;
    if (on && m_share >= 1)
        setShareOfTime(0);
    on ? m_play.start() : m_play.stop();
    m_playing->setIcon(lineIcon(on ? u"pause"_s : u"run"_s, m_ink));
}

void ConversionControls::setShareOfTime(double share)
{
    m_share = std::clamp(share, 0.0, 1.0);
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(m_share * kNotches)));
    Q_EMIT lookChanged();
}

void ConversionControls::advance()
{
    setShareOfTime(m_share + kTickMs / (1000 * kPlaySeconds));
    if (m_share >= 1)
        play(false);
}

} // namespace apical
