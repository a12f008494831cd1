// What the output says of each class: now, as bars beside what is shown, and over time.
#include "widgets/picture/classes_view.h"

#include "sim/watch/task_score.h"
#include "widgets/look/number_text.h"
#include "widgets/picture/class_bars.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/strips/plot_view.h"
#include "widgets/strips/sources.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kMostClasses = 20; // curves that can be told apart at all
constexpr double kPad = 8, kFoot = 10, kCaption = 30, kBars = 150, kSwatch = 5, kMostImage = 112;
constexpr double kWidth = 12; // px of a presentation from which curves are drawn
constexpr double kNarrow = 420; // px: below this there is no room for the picture
constexpr int kFollowMs = 334; // an eye follows no more than three pictures in a second

class ClassesView : public StripPlotView {
public:
    explicit ClassesView(QWidget* parent)
        : StripPlotView(false, parent)
    {
        setObjectName(u"classes"_s);
        setAccessibleName(u"Class potentials"_s);
        setMinimumSize(300, 120);
    }
    QSize sizeHint() const override { return {480, 180}; }

    int periodMs() const override { return fliesPast() ? kFollowMs : 0; }

    void refresh(const Scene& scene) override
    {
        // In its first step a picture stands beside the target of the one before.
        const auto& lanes = scene.frame.lanes;
        const auto at = static_cast<std::size_t>(std::max(0, scene.shownLane));
        const bool first = at < lanes.size() && lanes[at].clock.stepInPattern == 1;
        if (first && !scene.urgent && &scene == this->scene() && fliesPast())
            return;
        StripPlotView::refresh(scene);
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        if (!scene())
            return;
        if (QString none = emptyText(); !none.isEmpty())
            return paintNotice(painter, theme(), none, area);
        const double row = paintNow(painter, area);
        if (curvesTellApart(area))
            StripPlotView::paint(painter, area);
        else
            paintNewest(painter, stackArea(area), row);
    }
    QString subtitle() const override
    {
        if (!scene() || !emptyText().isEmpty() || curvesTellApart(QRectF(rect())))
            return {};
        const double most = mostMs(QRectF(rect()));
        return u"newest presentations; closer than %1: curves"_s.arg(
            countsIterations(scene()->frame) ? u"%1 iterations"_s.arg(most, 0, 'f', 0)
                                             : valueText(most) + u" ms"_s);
    }

protected:
    std::vector<Strip> describe(const Scene&) const override;
    QRectF stackArea(const QRectF& area) const override
    {
        return area.adjusted(imageRoom(area) + kBars + 2 * kPad, 4, 0, 0);
    }

private:
    const LaneFrame* lane() const
    {
        if (!scene()) // the strips are placed before the first refresh is done
            return nullptr;
        const auto& lanes = scene()->frame.lanes;
        const auto i = static_cast<std::size_t>(std::max(0, scene()->shownLane));
        return i < lanes.size() ? &lanes[i] : nullptr;
    }
    QString emptyText() const
    {
        if (QString none = noTaskText(*scene()); !none.isEmpty())
            return none;
        const int classes = lane() ? lane()->task.classes : 0;
        if (classes == 0)
            return u"Targets are numbers here, not classes."_s;
        if (classes > kMostClasses)
            return u"%1 classes are too many to be told apart here: \u201cAnswers\u201d and \u201cConfusion\u201d show them."_s
                .arg(classes);
        return {};
    }
    double imageSide(const QRectF& area) const
    {
        const LaneFrame* from = lane();
        const bool room =
            area.width() >= kNarrow && from && from->anatomy && pictureSide(*from->anatomy) > 0;
        return room ? std::min(kMostImage, area.height() - kCaption - 2 * kPad) : 0;
    }
    double imageRoom(const QRectF& area) const
    {
        const double side = imageSide(area);
        return side > 0 ? side + kPad : 0;
    }
    /// How long an image is shown now; iterations where these are counted. Lanes wait for the
    /// slowest.
    double presentationMs() const
    {
        const Parameters& own = lane()->parameters;
        const int steps =
            presentationSteps(scene()->frame, lane()->task.shown.block == Block::Train);
        return steps > 0 ? steps * own.dt : own.presentationTime;
    }
    /// The longest range of time in which a presentation is as wide as kWidth.
    double mostMs(const QRectF& area) const
    {
        return lane() ? presentationMs() * stackArea(area).width() / kWidth : 0;
    }
    /// Whether single presentations can be seen in the range of time that is shown.
    bool curvesTellApart(const QRectF& area) const
    {
        return scene()->viewEndMs - scene()->viewBeginMs <= mostMs(area);
    }
    bool fliesPast() const
    {
        return scene() && emptyText().isEmpty() && !curvesTellApart(QRectF(rect()));
    }
    double paintNow(QPainter&, const QRectF& area) const;
    void paintNewest(QPainter&, const QRectF& area, double row) const;
};

std::vector<Strip> ClassesView::describe(const Scene& scene) const
{
    Strip strip;
    strip.id = u"classes"_s;
    strip.legend = false;
    strip.axisName = u"output (1)"_s;
    strip.shortAxisName = u"out (1)"_s;
    const auto& lanes = scene.frame.lanes;
    const auto at = static_cast<std::size_t>(std::max(0, scene.shownLane));
    if (at >= lanes.size() || !lanes[at].anatomy || lanes[at].answer < 0)
        return {strip};
    const LaneFrame& from = lanes[at];
    const auto& quantity = from.anatomy->quantities[static_cast<std::size_t>(from.answer)];
    const int classes = std::min(from.task.classes, kMostClasses);
    for (int i = 0; i < classes; ++i) {
        const StripSource source{.name = className(from.task, i),
            .plainName = className(from.task, i),
            .probe = quantity.name,
            .index = i};
        strip.rows.push_back({source.name, source.plainName});
        StripCurve curve;
        curve.channel = scene.history
            ? scene.history->find(static_cast<int>(at), source.probe, source.index)
            : -1;
        curve.color = classColor(i, classes, scene.theme->dark);
        curve.row = i;
        curve.csvName = u"%1[%2]"_s.arg(QString::fromStdString(source.probe)).arg(i);
        curve.read = stripReader(source, at);
        strip.curves.push_back(curve);
    }
    if (std::none_of(strip.curves.begin(), strip.curves.end(),
            [](const StripCurve& c) { return c.channel >= 0; }))
        strip.emptyText = u"Not recorded"_s;
    return {strip};
}

/// A column for each of the newest presentations, in the rows of the bars.
void ClassesView::paintNewest(QPainter& painter, const QRectF& area, double row) const
{
    const Theme& t = theme();
    const LaneFrame& from = *lane();
    const std::vector<Readout>& answers = from.task.answers;
    if (answers.empty() || row <= 0)
        return;
    const ClassScale scale = classScale(from);
    const auto columns = static_cast<double>(TaskScore::kRecentAnswers);
    const QRectF grid(area.left() + kPad, area.top() + kPad - 4, area.width() - 2 * kPad,
        row * from.task.classes);
    const double column = std::floor(grid.width() / columns);
    double x = grid.left() + column * (columns - static_cast<double>(answers.size()));
    for (const Readout& answer : answers) {
        const int best = classOf(answer.mean);
        const std::vector<double> shown = scale.shown(answer.mean);
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const QRectF cell(x, grid.top() + static_cast<double>(i) * row, column, row);
            painter.fillRect(cell.adjusted(0.5, 1, -0.5, -1), scale.color(t, shown[i]));
        }
        if (answer.hasTarget && answer.target.size() == answer.mean.size()) {
            const int asked = classOf(answer.target);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(asked == best ? t.good : t.bad, 2));
            painter.drawRect(
                QRectF(x, grid.top() + asked * row, column, row).adjusted(1.5, 2, -1.5, -2));
        }
        x += column;
    }
    painter.setFont(uiFont(11));
    painter.setPen(t.ink2);
    if (area.bottom() - grid.bottom() >= 14)
        painter.drawText(QRectF(grid.left(), grid.bottom(), grid.width(), 15),
            Qt::AlignRight | Qt::AlignVCenter, u"newest \u2192   framed: asked"_s);
}

double ClassesView::paintNow(QPainter& painter, const QRectF& area) const
{
    const Theme& t = theme();
    const LaneFrame& from = *lane();
    const auto output = from.quantity(from.answer), target = from.quantity("target");
    const double side = imageSide(area);
    if (side > 0) {
        const QRectF at(area.left() + kPad, area.top() + kPad, side, side);
        paintImage(
            painter, inkImage(from.quantity("input.rate"), pictureSide(*from.anatomy), t), at);
        painter.setFont(uiFont(11));
        const auto line = [&](int row, const QString& text, const QColor& color) {
            painter.setPen(color);
            painter.drawText(
                QRectF(at.left() - kPad, at.bottom() + 1 + 14 * row, side + 2 * kPad, 15),
                Qt::AlignCenter, text);
        };
        if (!output.empty()) {
            const int answered = classOf({output.begin(), output.end()});
            const int asked = classOf({target.begin(), target.end()});
            const bool shown =
                from.task.shown.block != Block::Train || from.nudged || from.parameters.targetOn;
            line(0, shown ? u"asked %1"_s.arg(className(from.task, asked)) : QString(), t.ink2);
            line(1, u"answers %1"_s.arg(className(from.task, answered)),
                !shown                  ? t.ink2
                    : answered == asked ? t.good
                                        : t.bad);
        }
    }
    const QRectF bars(area.left() + kPad + imageRoom(area) + kSwatch, area.top() + kPad,
        kBars - kSwatch, area.height() - 2 * kPad - kFoot);
    const ClassScale scale = classScale(from);
    const double row = paintClassBars(painter, *scene(), {output, target, scale}, bars);
    const double foot = bars.top() + row * static_cast<double>(output.size());
    if (area.bottom() - foot >= 12) {
        painter.setFont(uiFont(10));
        painter.setPen(t.ink3);
        painter.drawText(QRectF(bars.left(), foot, bars.width(), 13),
            Qt::AlignHCenter | Qt::AlignVCenter, scale.name());
    }
    const int classes = curvesTellApart(area) ? from.task.classes : 0;
    for (int i = 0; i < classes; ++i)
        painter.fillRect(
            QRectF(bars.left() - kSwatch + 2, bars.top() + i * row + 2, kSwatch, row - 4),
            classColor(i, classes, t.dark));
    return row;
}

} // namespace

View* makeClassesView(QWidget* parent)
{
    return new ClassesView(parent);
}

} // namespace apical
