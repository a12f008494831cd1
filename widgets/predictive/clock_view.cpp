// Which layer errs at which read, and when its weights learn: lane by lane, with the three
// conditions of Z-IL as boxes to break.
#include "widgets/predictive/clock_view.h"

#include "widgets/predictive/clock_chart.h"
#include "widgets/predictive/watched_inference.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <QCheckBox>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPad = 10;
constexpr int kBoxHeight = 24, kBoxGap = 14; // px
constexpr int kMostReads = 60; // cells that can be told apart

class ClockView : public View {
public:
    explicit ClockView(QWidget* parent);

    QSize sizeHint() const override { return {640, 240}; }
    int periodMs() const override { return 100; }
    bool showsWeights() const override { return true; }
    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override;
    QString csv() const override;

protected:
    bool event(QEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void resizeEvent(QResizeEvent* event) override
    {
        View::resizeEvent(event);
        placeBoxes();
    }

private:
    QRectF chartArea(const QRectF& area) const
    {
        QRectF room = area.adjusted(kPad, 6, -kPad, -4);
        if (area == QRectF(rect()) && m_boxes.front()->isVisibleTo(this))
            room.setBottom(room.bottom() - m_boxRows * kBoxHeight);
        return room;
    }
    void placeBoxes();
    Qt::CheckState stateOf(ClockCondition, const ClockFace& shown) const;
    void showBoxes();
    const ClockFace* shownFace() const;

    std::vector<std::unique_ptr<WatchedInference>> m_watched; ///< per lane
    std::vector<ClockFace> m_faces;
    QString m_problem;
    std::array<QCheckBox*, kClockConditions> m_boxes{};
    int m_boxRows = 1;
};

ClockView::ClockView(QWidget* parent)
    : View(parent)
{
    setObjectName(u"clock"_s);
    setAccessibleName(u"Clock of learning"_s);
    setMinimumSize(240, 140);
    for (int c = 0; c < kClockConditions; ++c) {
        const auto condition = ClockCondition{c};
        auto* box = new QCheckBox(letterOf(condition) + u' ' + sentenceOf(condition), this);
        box->setObjectName(letterOf(condition));
        box->setFocusPolicy(Qt::TabFocus);
        box->setToolTip(u"%1 is %2 while it holds, else %3. Goes to the lanes that edits go to."_s
                            .arg(QString::fromLatin1(keyOf(condition)))
                            .arg(valueFor(condition, true))
                            .arg(valueFor(condition, false)));
        connect(box, &QCheckBox::clicked, this, [this, condition](bool holding) {
            Q_EMIT editRequested(
                QString::fromLatin1(keyOf(condition)), valueFor(condition, holding));
        });
        box->hide();
        m_boxes[static_cast<std::size_t>(c)] = box;
    }
}

void ClockView::placeBoxes()
{
    int x = static_cast<int>(kPad), row = 0;
    std::array<QPoint, kClockConditions> places;
    for (std::size_t c = 0; c < m_boxes.size(); ++c) {
        const int needed = m_boxes[c]->sizeHint().width();
        if (c > 0 && x + needed > width() - static_cast<int>(kPad)) {
            ++row;
            x = static_cast<int>(kPad);
        }
        places[c] = {x, row};
        x += needed + kBoxGap;
    }
    m_boxRows = row + 1;
    for (std::size_t c = 0; c < m_boxes.size(); ++c)
        m_boxes[c]->setGeometry(places[c].x(),
            height() - (m_boxRows - places[c].y()) * kBoxHeight - 2, m_boxes[c]->sizeHint().width(),
            kBoxHeight);
}

/// The one whose boxes are shown: of the lane shown, else the first.
const ClockFace* ClockView::shownFace() const
{
    if (m_faces.empty())
        return nullptr;
    const auto found = std::ranges::find(
        m_faces, static_cast<std::size_t>(std::max(0, scene()->shownLane)), &ClockFace::lane);
    return found == m_faces.end() ? &m_faces.front() : &*found;
}

/// Of the lanes that edits go to: whether it holds in all, in none or in some.
Qt::CheckState ClockView::stateOf(ClockCondition condition, const ClockFace& shown) const
{
    const auto holding = [condition](
                             const ClockFace& face) { return holds(condition, face.parameters); };
    if (scene()->editLane >= 0 || std::ranges::all_of(m_faces, holding)
        || std::ranges::none_of(m_faces, holding))
        return holding(shown) ? Qt::Checked : Qt::Unchecked;
    return Qt::PartiallyChecked;
}

void ClockView::showBoxes()
{
    const ClockFace* face = shownFace();
    for (int c = 0; c < kClockConditions; ++c) {
        QCheckBox& box = *m_boxes[static_cast<std::size_t>(c)];
        const QSignalBlocker quiet(&box);
        box.setVisible(face && face->parameters.zil());
        box.setEnabled(scene() && scene()->live);
        if (!face)
            continue;
        const Qt::CheckState state = stateOf(ClockCondition{c}, *face);
        box.setTristate(state == Qt::PartiallyChecked); // a click makes it hold everywhere
        box.setCheckState(state);
    }
    placeBoxes();
}

void ClockView::refresh(const Scene& scene)
{
    View::refresh(scene);
    m_problem.clear();
    m_faces.clear();
    m_watched.resize(scene.frame.lanes.size());
    for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i) {
        const LaneFrame& lane = scene.frame.lanes[i];
        const auto* own = lane.parameters.familyIf<PredictiveParameters>();
        if (!own || !lane.anatomy || !infersStepByStep(*lane.anatomy))
            continue;
        if (!m_watched[i])
            m_watched[i] = std::make_unique<WatchedInference>();
        m_watched[i]->take(scene, i);
        const InferencePicture& picture = m_watched[i]->picture();
        if (picture.empty()) {
            m_problem = m_watched[i]->problem();
            continue;
        }
        if (picture.last() >= kMostReads) {
            m_problem = u"More reads than can be told apart: %1"_s.arg(picture.last() + 1);
            continue;
        }
        ClockFace face{.lane = i,
            .name = scene.frame.lanes.size() > 1 ? laneTitle(scene.frame, i) : QString(),
            .color = laneColor(theme(), scene.frame, i),
            .parameters = *own,
            .errors = {},
            .angles = lane.angles};
        face.take(picture.trace);
        m_faces.push_back(std::move(face));
    }
    showBoxes();
}

void ClockView::paint(QPainter& painter, const QRectF& area)
{
    if (m_faces.empty())
        return paintNotice(
            painter, theme(), m_problem.isEmpty() ? u"Nothing runs yet."_s : m_problem, area);
    ClockChart(m_faces, chartArea(area)).paint(painter, theme(), shownFace()->lane);
}

void ClockView::mousePressEvent(QMouseEvent* event)
{
    const ClockFace* face = event->button() == Qt::LeftButton && !m_faces.empty()
        ? ClockChart(m_faces, chartArea(QRectF(rect()))).faceAt(event->position())
        : nullptr;
    if (face && m_faces.size() > 1)
        Q_EMIT laneChosen(static_cast<int>(face->lane));
    else
        View::mousePressEvent(event);
}

bool ClockView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_faces.empty())
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(
        help->globalPos(), ClockChart(m_faces, chartArea(QRectF(rect()))).tip(help->pos()), this);
    return true;
}

QString ClockView::subtitle() const
{
    return m_faces.empty() ? QString() : u"error of one sample, boxed where weights learn"_s;
}

QString ClockView::csv() const
{
    if (m_faces.empty())
        return {};
    QString out = u"lane,layer,t,error,learns\n"_s;
    for (const ClockFace& f : m_faces) {
        for (int layer = 1; layer <= f.layers(); ++layer) {
            const LearningReads turn = f.parameters.learningReads(layer, f.layers());
            for (int read = 0; read < f.reads(); ++read)
                out += u"%1,%2,%3,%4,%5\n"_s.arg(f.lane)
                           .arg(layer)
                           .arg(read)
                           .arg(f.errors[static_cast<std::size_t>(layer - 1)]
                                        [static_cast<std::size_t>(read)],
                               0, 'g', 17)
                           .arg(read >= turn.first && read <= turn.last ? 1 : 0);
        }
    }
    return out;
}

} // namespace

View* makeClockView(QWidget* parent)
{
    return new ClockView(parent);
}

} // namespace apical
