// One inference of predictive coding, read by read: the nodes of every layer, and where its energy
// goes. It is worked out beside the run, which it never touches.
#include "widgets/predictive/inference_view.h"

#include "widgets/look/number_text.h"
#include "widgets/predictive/energy_chart.h"
#include "widgets/predictive/free_energy_strip.h"
#include "widgets/predictive/inference_controls.h"
#include "widgets/predictive/layer_columns.h"
#include "widgets/predictive/watched_inference.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>
#include <QToolTip>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kPlayMs = 100; // a read
constexpr int kQuickMs = 30, kLaterMs = 150; // a trace that takes longer is made less often
constexpr double kPad = 10, kGap = 18, kWide = 600, kTall = 420, kColumnsShare = 0.58; // px
constexpr double kChart = 220; // px: a lower chart has no room for a line below it

class InferenceView : public View {
public:
    explicit InferenceView(QWidget* parent);

    QSize sizeHint() const override { return {720, 420}; }
    int periodMs() const override { return 50; }
    bool showsWeights() const override { return true; }
    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        m_watched.take(scene);
        showControls();
    }
    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override;
    QString csv() const override;

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        View::resizeEvent(event);
        placeControls();
    }
    bool event(QEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;

private:
    struct Places {
        QRectF columns, energy, sum; ///< the last two may be null
    };
    Places places(const QRectF& area) const;
    const InferencePicture& picture() const { return m_watched.picture(); }
    bool readUnder(const QPointF&);
    LayerColumns::Unit ringed() const; ///< that is selected
    void placeControls();
    void showControls();
    void showRead(int t);
    void play();
    void playOn();
    void tryOut(const InferenceTrial&);
    void traceWanted();
    void tryPrecision(int layer, double value);
    void apply();

    WatchedInference m_watched;
    InferenceTrial m_wanted; ///< that is still to be traced
    InferenceControls* m_controls;
    QTimer m_player, m_later;
};

InferenceView::InferenceView(QWidget* parent)
    : View(parent)
    , m_controls(new InferenceControls(this))
{
    setObjectName(u"inference"_s);
    setAccessibleName(u"Inference"_s);
    setMinimumSize(260, 160);
    m_player.setInterval(kPlayMs);
    m_later.setInterval(kLaterMs);
    m_later.setSingleShot(true);
    connect(&m_player, &QTimer::timeout, this, [this] { playOn(); });
    connect(&m_later, &QTimer::timeout, this, [this] { traceWanted(); });
    connect(m_controls, &InferenceControls::readChosen, this, [this](int t) {
        m_player.stop();
        showRead(t);
    });
    connect(m_controls, &InferenceControls::playAsked, this, [this] { play(); });
    connect(m_controls, &InferenceControls::followAsked, this, [this](bool on) {
        m_player.stop();
        if (!on)
            return showRead(picture().t);
        m_watched.follow(true);
        if (scene())
            refresh(*scene());
    });
    connect(m_controls, &InferenceControls::rateChosen, this, [this](double rate) {
        m_wanted.rate = rate;
        tryOut(m_wanted);
    });
    connect(m_controls, &InferenceControls::stepsChosen, this, [this](int steps) {
        m_wanted.steps = steps;
        tryOut(m_wanted);
    });
    connect(m_controls, &InferenceControls::precisionChosen, this,
        [this](int layer, double value) { tryPrecision(layer, value); });
    connect(m_controls, &InferenceControls::resetAsked, this, [this] { tryOut({}); });
    connect(m_controls, &InferenceControls::applyAsked, this, [this] { apply(); });
    showControls();
}

void InferenceView::placeControls()
{
    const int height = m_controls->heightFor(width());
    m_controls->setGeometry(0, this->height() - height, width(), height);
}

void InferenceView::showControls()
{
    m_controls->setVisible(!picture().empty());
    if (picture().empty()) {
        m_player.stop();
        return;
    }
    if (!m_later.isActive())
        m_wanted = m_watched.trial();
    const InferenceTrial& trial = m_wanted;
    m_controls->showState({.t = picture().t,
        .last = picture().last(),
        .following = m_watched.following(),
        .playing = m_player.isActive(),
        .rate = trial.rate.value_or(m_watched.rate()),
        .steps = trial.steps.value_or(m_watched.steps()),
        .precision = trial.precision.empty() ? m_watched.precision() : trial.precision,
        .rateChanged = trial.rate.has_value(),
        .stepsChanged = trial.steps.has_value(),
        .precisionChanged = !trial.precision.empty()});
    placeControls();
}

void InferenceView::showRead(int t)
{
    m_watched.showRead(t);
    showControls();
    update();
}

void InferenceView::play()
{
    if (m_player.isActive()) {
        m_player.stop();
    } else {
        m_watched.showRead(picture().t < picture().last() ? picture().t : 0);
        m_player.start();
    }
    showRead(picture().t);
}

void InferenceView::playOn()
{
    if (picture().t + 1 >= picture().last())
        m_player.stop();
    showRead(picture().t + 1);
}

/// A large net would hold up the hand that drags.
void InferenceView::tryOut(const InferenceTrial& trial)
{
    m_wanted = trial;
    if (m_watched.costMs() <= kQuickMs)
        return traceWanted();
    if (!m_later.isActive())
        m_later.start();
    showControls();
}

void InferenceView::traceWanted()
{
    m_watched.setTrial(m_wanted);
    showControls();
    update();
}

void InferenceView::tryPrecision(int layer, double value)
{
    if (m_wanted.precision.empty())
        m_wanted.precision = m_watched.precision();
    if (layer == 0)
        std::ranges::fill(m_wanted.precision, value);
    else
        m_wanted.precision.at(static_cast<std::size_t>(layer - 1)) = value;
    tryOut(m_wanted);
}

/// What the run takes is no trial any more once it says so, in a frame.
void InferenceView::apply()
{
    for (const auto& [key, value] : m_watched.trialEdits())
        Q_EMIT editRequested(QString::fromStdString(key), value);
}

LayerColumns::Unit InferenceView::ringed() const
{
    const Selection chosen = scene() ? scene()->selection : Selection();
    const bool known = chosen.population == Selection::Population::Input
        || chosen.population == Selection::Population::Pyramidal;
    return known && chosen.layer <= picture().layers()
        ? LayerColumns::Unit{chosen.layer, chosen.index, 0}
        : LayerColumns::Unit();
}

InferenceView::Places InferenceView::places(const QRectF& area) const
{
    QRectF room = area.adjusted(kPad, 6, -kPad, -4);
    if (area == QRectF(rect()))
        room.setBottom(room.bottom() - m_controls->height());
    Places p;
    p.columns = room;
    if (room.width() >= kWide) {
        p.columns.setWidth(room.width() * kColumnsShare - kGap / 2);
        p.energy = room;
        p.energy.setLeft(p.columns.right() + kGap);
    } else if (room.height() >= kTall) {
        p.columns.setHeight(room.height() * kColumnsShare - kGap / 2);
        p.energy = room;
        p.energy.setTop(p.columns.bottom() + kGap);
    }
    if (p.energy.height() >= kChart) {
        p.sum = p.energy;
        p.sum.setTop(p.sum.bottom() - FreeEnergyStrip::kHeight);
        p.energy.setBottom(p.sum.top() - 6);
    }
    return p;
}

void InferenceView::paint(QPainter& painter, const QRectF& area)
{
    if (picture().empty())
        return paintNotice(painter, theme(),
            m_watched.problem().isEmpty() ? u"Nothing runs yet."_s : m_watched.problem(), area);
    const Places p = places(area);
    LayerColumns(picture(), p.columns, ringed()).paint(painter, theme());
    if (!p.energy.isNull())
        EnergyChart(picture(), p.energy).paint(painter, theme());
    if (!p.sum.isNull())
        FreeEnergyStrip(picture(), p.sum).paint(painter, theme());
}

bool InferenceView::readUnder(const QPointF& at)
{
    const QRectF energy = places(QRectF(rect())).energy;
    if (picture().empty() || energy.isNull())
        return false;
    const auto t = EnergyChart(picture(), energy).readAt(at);
    if (t) {
        m_player.stop();
        showRead(*t);
    }
    return t.has_value();
}

void InferenceView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || picture().empty())
        return View::mousePressEvent(event);
    const LayerColumns columns(picture(), places(QRectF(rect())).columns);
    using Population = Selection::Population;
    if (const auto unit = columns.unitAt(event->position()))
        Q_EMIT selected({unit->layer == 0 ? Population::Input : Population::Pyramidal, unit->layer,
            unit->index});
    else if (!readUnder(event->position()))
        View::mousePressEvent(event);
}

void InferenceView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || !readUnder(event->position()))
        View::mouseMoveEvent(event);
}

bool InferenceView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || picture().empty())
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(),
        LayerColumns(picture(), places(QRectF(rect())).columns).tip(help->pos()), this);
    return true;
}

QString InferenceView::subtitle() const
{
    if (!scene() || picture().empty())
        return {};
    QString text = m_watched.sampleText();
    if (scene()->frame.lanes.size() > 1)
        text = u"lane %1, "_s.arg(laneTitle(scene()->frame, m_watched.lane())) + text;
    if (!m_watched.following())
        text += u", held"_s;
    if (m_watched.trial().any())
        text += u", not as in the run"_s;
    return text;
}

QString InferenceView::csv() const
{
    if (picture().empty())
        return {};
    const InferencePicture& p = picture();
    QString out = u"t"_s;
    for (int l = 1; l <= p.layers(); ++l)
        out += u",energy_%1"_s.arg(l);
    out += u",energy,minus_ln_p\n"_s; // empty: there is no such density
    for (int t = 0; t <= p.last(); ++t) {
        out += QString::number(t);
        for (int l = 1; l <= p.layers(); ++l)
            out += u',' + exactText(p.layer(l).energy[static_cast<std::size_t>(t)]);
        const FreeEnergy free = freeEnergyAt(p.trace, t, p.parameters);
        out += u',' + exactText(p.trace.total[static_cast<std::size_t>(t)]) + u','
            + (free.exists() ? exactText(free.minusLogDensity()) : QString()) + u'\n';
    }
    out += u"\nlayer,unit,value,prediction,error\n"_s; // of the read that is shown
    for (int l = 1; l <= p.layers(); ++l) {
        const InferenceTrace::Layer& layer = p.layer(l);
        for (int i = 0; i < layer.value.cols; ++i)
            out += u"%1,%2,%3,%4,%5\n"_s.arg(l).arg(i + 1).arg(exactText(layer.value(p.t, i)),
                exactText(layer.prediction(p.t, i)), exactText(layer.error(p.t, i)));
    }
    return out;
}

} // namespace

View* makeInferenceView(QWidget* parent)
{
    return new InferenceView(parent);
}

} // namespace apical
