#include "widgets/weights/alignment_view.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/view/lane_words.h"
#include "widgets/weights/alignment_text.h"
#include "widgets/weights/refit_button.h"
#include "widgets/weights/view_tables.h"

#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr double kTrailMs = 2000;
constexpr std::size_t kTrailFrames = 24; ///< more would only be drawn over each other
constexpr double kNarrowestTwin = 420; // below, only the lane shown fits

/// Left: W_pi against -W_down. Right: W_ip against rho W_up of the next layer. Two lanes stand side
/// by side in either half.
class AlignmentView : public View {
public:
    explicit AlignmentView(QWidget* parent);
    void refresh(const Scene&) override;
    int periodMs() const override { return 50; }
    bool showsWeights() const override { return true; }
    void paint(QPainter&, const QRectF&) override;
    QString csv() const override;
    QSize sizeHint() const override { return {495, 144}; }
    QSize minimumSizeHint() const override { return {320, 120}; }

protected:
    bool event(QEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void resizeEvent(QResizeEvent*) override
    {
        placeButton();
        take();
    }

private:
    void take();
    void takeSide(AlignmentSide&, const Pathway&, bool forget);
    void takeTrails(AlignmentSide&, const Pathway&) const;
    bool twin() const { return m_shown == 4; }
    void placeButton();
    void fillMenu();
    QRectF half(const QRectF& area, int side) const;
    QRectF square(const QRectF& area, int side) const;
    /// AlignmentSide and point under the mouse; -1 if there is none.
    std::pair<int, int> pointAt(QPointF) const;

    std::array<AlignmentSide, 4>
        m_sides; ///< of one lane: pi, ip; of two: pi in A, in B, ip in A, in B
    int m_shown = 2; ///< how many of them
    double m_nowMs = 0; ///< of the scene shown last
    WeightsChoice m_choice;
    std::uint64_t m_generation = 0;
    QToolButton* m_button;
    RefitButton* m_refit;
    QMenu* m_menu;
};

AlignmentView::AlignmentView(QWidget* parent)
    : View(parent)
    , m_button(new QToolButton(this))
    , m_refit(new RefitButton(this))
    , m_menu(new QMenu(this))
{
    setMouseTracking(true);
    setAccessibleName(u"Alignment"_s);
    m_button->setObjectName(u"layer"_s);
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setMenu(m_menu);
    m_button->setFont(uiFont(11));
    m_button->setAccessibleName(u"Layer shown"_s);
    m_button->setToolTip(u"Which hidden layer is shown"_s);
    m_button->hide();
    connect(m_menu, &QMenu::aboutToShow, this, &AlignmentView::fillMenu);
    connect(m_refit, &QToolButton::clicked, this,
        [this] { Q_EMIT actionRequested(u"refit_ranges"_s); });
}

void AlignmentView::refresh(const Scene& next)
{
    View::refresh(next);
    take();
}

void AlignmentView::take()
{
    if (!scene() || scene()->frame.lanes.empty())
        return;
    const Frame& frame = scene()->frame;
    const bool back = scene()->nowMs < m_nowMs; // rewound
    m_nowMs = scene()->nowMs;
    const auto shown = static_cast<std::size_t>(shownCircuit(*scene()) - frame.lanes.data());
    const bool two = frame.lanes.size() == 2 && !layersOf(frame, 0, Pathway::Pi).empty()
        && !layersOf(frame, 1, Pathway::Pi).empty();
    const int count = two && width() >= kNarrowestTwin ? 4 : 2;
    const bool forget = frame.generation != m_generation || back || count != m_shown
        || (count == 2 && m_sides[0].lane != shown);
    m_shown = count;
    m_choice = withinNetwork(m_choice, frame);
    for (int s = 0; s < m_shown; ++s) {
        AlignmentSide& side = m_sides[static_cast<std::size_t>(s)];
        const bool pi = s < m_shown / 2;
        side.lane = twin() ? static_cast<std::size_t>(s % 2) : shown;
        side.plot.yAxis = !twin() || s % 2 == 0;
        side.plot.xName =
            pi ? u"\u2212<i>W</i><sub>down</sub> (1)"_s : u"\u03c1 <i>W</i><sub>up</sub> (1)"_s;
        side.plot.yName = pi ? u"<i>W</i><sub>pi</sub> (1)"_s : u"<i>W</i><sub>ip</sub> (1)"_s;
        side.plot.category = pi ? theme().apical : theme().interneuron;
        takeSide(side, pi ? Pathway::Pi : Pathway::Ip, forget);
    }
    m_generation = frame.generation;

    const bool choose = frame.sizes.size() > 3;
    const QString text = choose ? u"layer "_s + QString::number(m_choice.layer) : QString();
    if (choose != m_button->isVisibleTo(this) || text != m_button->text()) {
        m_button->setText(text);
        m_button->setVisible(choose);
        placeButton();
    }
}

void AlignmentView::takeSide(AlignmentSide& side, const Pathway& pathway, bool forget)
{
    const Frame& frame = scene()->frame;
    side.plot.range = scene()->weightRanges.of(pathway, m_choice.layer).weights;
    const auto tables =
        weightsTables(frame.lanes[side.lane], frame.sizes, {pathway, m_choice.layer, 0});
    if (tables.size() != 3) { // no weights in this frame: they come with the next one
        if (!scene()->live)
            side.plot.x = side.plot.y = {};
        return;
    }
    side.plot.y = tables[0].values.values;
    side.plot.x = tables[1].values.values;
    side.rows = tables[0].rows;
    side.cols = tables[0].cols;
    side.columns = tables[0].values.cols;
    side.plot.marked.assign(side.plot.x.size(), false);
    const int row = side.rows.find(scene()->selection), col = side.cols.find(scene()->selection);
    for (std::size_t i = 0; i < side.plot.x.size() && (row >= 0 || col >= 0); ++i)
        side.plot.marked[i] =
            static_cast<int>(i) / side.columns == row || static_cast<int>(i) % side.columns == col;
    if (textDue() || forget || side.numbers.points != side.plot.x.size())
        side.numbers = alignmentNumbers(side.plot.x, side.plot.y);
    side.outside = side.plot.outside();
    takeTrails(side, pathway);
}

void AlignmentView::takeTrails(AlignmentSide& side, const Pathway& pathway) const
{
    side.plot.trails.clear();
    if (!scene()->past || side.plot.x.size() > ScatterPlot::kDetailed)
        return;
    const Frame& now = scene()->frame;
    std::vector<const Frame*> kept;
    for (const Frame& frame : *scene()->past)
        if (frame.generation == now.generation && frame.timeMs() < now.timeMs()
            && frame.timeMs() >= now.timeMs() - kTrailMs && frame.lanes.size() == now.lanes.size())
            kept.push_back(&frame);
    const std::size_t step = kept.size() / kTrailFrames + 1;
    // Thinned from the newest, so that the trail always ends where the points are.
    for (std::size_t i = (kept.size() + step - 1) % step; i < kept.size(); i += step) {
        const Frame& frame = *kept[i];
        auto tables =
            weightsTables(frame.lanes[side.lane], frame.sizes, {pathway, m_choice.layer, 0});
        if (tables.size() == 3)
            side.plot.trails.push_back({(now.timeMs() - frame.timeMs()) / kTrailMs,
                std::move(tables[1].values.values), std::move(tables[0].values.values)});
    }
}

void AlignmentView::placeButton()
{
    const int w = m_button->sizeHint().width() + 8; // the menu arrow takes its room from the text
    const int y = height() - RefitButton::kSize - 3;
    m_refit->move(width() - RefitButton::kSize - 4, y);
    m_button->setGeometry(m_refit->x() - w - 2, y, w, RefitButton::kSize);
}

void AlignmentView::fillMenu()
{
    m_menu->clear();
    const Frame& frame = scene()->frame;
    const auto add = [this](const QString& text, const WeightsChoice& choice) {
        QAction* action = m_menu->addAction(text, this, [this, choice] {
            m_choice = choice;
            m_generation = ~m_generation; // the numbers start again
            take();
            update();
        });
        action->setCheckable(true);
        action->setChecked(m_choice == choice);
    };
    const int hidden = static_cast<int>(frame.sizes.size()) - 2;
    for (int l = 1; l <= hidden && hidden > 1; ++l)
        add(u"layer "_s + QString::number(l), {m_choice.pathway, l, m_choice.lane});
}

QRectF AlignmentView::half(const QRectF& area, int side) const
{
    const double width = area.width() / 2;
    return {area.left() + side * width, area.top(), width, area.height()};
}

QRectF AlignmentView::square(const QRectF& area, int side) const
{
    const QRectF room = half(area, side * 2 / m_shown);
    // Room for the y name and ticks, for the x ticks and name, and for the numbers at the right.
    if (!twin()) {
        const double size =
            std::floor(std::max(24.0, std::min(room.height() - 8 - 33, room.width() - 42 - 104)));
        return {std::round(room.left()) + 42.5, room.top() + 8.5, size, size};
    }
    // The controls stand in the corner of the second pair; both pairs are of one size.
    const double right =
        width() - (m_button->isVisibleTo(this) ? m_button->x() : m_refit->x()) + 4.0;
    const double names = 42 + kAlignmentGap, most = room.height() - 3 - kAlignmentCaption - 33;
    const double size = std::floor(
        std::clamp((area.width() - 2 * names - 10 - right) / 4, 24.0, std::max(24.0, most)));
    const double pair = names + 2 * size;
    const double second = std::min(area.width() / 2, area.width() - pair - right);
    return {std::round(area.left() + (side < 2 ? 0 : second)) + 42.5
            + side % 2 * (size + kAlignmentGap),
        room.top() + 3.5 + kAlignmentCaption, size, size};
}

void AlignmentView::paint(QPainter& painter, const QRectF& area)
{
    for (int s = 0; s < m_shown; ++s) {
        const AlignmentSide& side = m_sides[static_cast<std::size_t>(s)];
        const QRectF plot = square(area, s);
        side.plot.paint(painter, plot, theme());
        if (side.plot.x.empty()) {
            painter.setFont(uiFont(11));
            painter.setPen(theme().ink2);
            painter.drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, u"No weights yet"_s);
        } else if (twin())
            paintAlignmentCaption(painter, *scene(), plot, side);
        else
            paintAlignmentNumbers(painter, *scene(), half(area, s), plot, side);
    }
}

QString AlignmentView::csv() const
{
    QString out = u"scatter,post,pre,target,weight\n"_s;
    for (int s = 0; s < m_shown; ++s) {
        const AlignmentSide& side = m_sides[static_cast<std::size_t>(s)];
        const QString lane = twin() ? laneLetter(side.lane) + u' ' : QString();
        for (std::size_t i = 0; i < side.plot.x.size(); ++i)
            out += lane + (s < m_shown / 2 ? u"W_pi,"_s : u"W_ip,"_s)
                + side.rows.label(static_cast<int>(i) / side.columns, scene()->frame.sizes) + u','
                + side.cols.label(static_cast<int>(i) % side.columns, scene()->frame.sizes) + u','
                + exactText(side.plot.x[i]) + u',' + exactText(side.plot.y[i]) + u'\n';
    }
    return out;
}

std::pair<int, int> AlignmentView::pointAt(QPointF at) const
{
    for (int s = 0; s < m_shown; ++s)
        if (const int point =
                m_sides[static_cast<std::size_t>(s)].plot.pointAt(square(rect(), s), at);
            point >= 0)
            return {s, point};
    return {-1, -1};
}

bool AlignmentView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !scene())
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto [s, point] = pointAt(help->pos());
    QString text;
    if (s >= 0) {
        const AlignmentSide& side = m_sides[static_cast<std::size_t>(s)];
        const auto i = static_cast<std::size_t>(point);
        text = u"%1 [%2 \u2190 %3] = %4\ntarget %5"_s.arg(s < m_shown / 2 ? u"W_pi"_s : u"W_ip"_s,
            side.rows.label(point / side.columns, scene()->frame.sizes),
            side.cols.label(point % side.columns, scene()->frame.sizes),
            signedNumber(side.plot.y[i], 6), signedNumber(side.plot.x[i], 6));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

void AlignmentView::mousePressEvent(QMouseEvent* event)
{
    const auto [s, point] = pointAt(event->position());
    if (event->button() != Qt::LeftButton || s < 0)
        return View::mousePressEvent(event);
    const AlignmentSide& side = m_sides[static_cast<std::size_t>(s)];
    const Selection post = side.rows.unit(point / side.columns);
    const Selection pre = side.cols.unit(point % side.columns);
    // The neuron that owns the synapse; a second click goes to where it comes from.
    const bool again = scene()->selection == post && pre.population != Selection::Population::None;
    Q_EMIT selected(again ? pre : post);
}

} // namespace

View* makeAlignmentView(QWidget* parent)
{
    return new AlignmentView(parent);
}

} // namespace apical
