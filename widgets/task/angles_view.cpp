#include "widgets/task/angles_view.h"

#include "widgets/plot/angle_scale.h"
#include "widgets/strips/axes.h"
#include "widgets/strips/plot_view.h"
#include "widgets/task/angles_table.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kPad = 12;
constexpr double kOften = 8; // presentations between two measurements that the button asks for

/// What keeps the view empty, and what to do about it.
struct Remedy {
    QString sentence, button, key;
    ParameterValue value = true;
};

Remedy remedy(const Scene& scene)
{
    if (scene.frame.lanes.empty())
        return {};
    const Parameters& p = scene.frame.lanes.front().parameters;
    if (p.angleInterval == 0)
        return {u"Not measured: angle.interval is 0"_s, u"Measure every 8th presentation"_s,
            u"angle.interval"_s, kOften};
    if (!p.targetOn)
        return {u"Without a target there is no error to descend"_s, u"Switch the target on"_s,
            u"target.on"_s, true};
    const auto& lanes = scene.frame.lanes;
    if (std::all_of(lanes.begin(), lanes.end(), [](const auto& l) { return l.angles.empty(); }))
        return {u"The first measured presentation has not ended yet"_s, {}, {}};
    return {};
}

/// Angles and step sizes over time, the newest ones as a table.
class AnglesView : public StripPlotView {
public:
    explicit AnglesView(QWidget* parent)
        : StripPlotView(false, parent)
        , m_remedy(new QPushButton(this))
    {
        setObjectName(u"angles"_s);
        setAccessibleName(u"Angle to backpropagation"_s);
        setAccessibleDescription(
            u"Per layer: angle between the weight change and the exact gradient, their ratio, and angle between apical potential and backpropagated error"_s);
        setMinimumSize(400, 110);
        m_remedy->setObjectName(u"remedy"_s);
        m_remedy->hide();
        connect(m_remedy, &QPushButton::clicked, this, [this] {
            if (scene())
                if (const Remedy r = remedy(*scene()); !r.key.isEmpty())
                    Q_EMIT editRequested(r.key, r.value);
        });
    }
    QSize sizeHint() const override { return {520, 150}; }

    void refresh(const Scene& scene) override
    {
        const Remedy r = remedy(scene);
        m_remedy->setVisible(!r.button.isEmpty());
        if (m_remedy->text() != r.button) {
            m_remedy->setText(r.button);
            m_remedy->setAccessibleName(r.button);
        }
        m_remedy->setEnabled(scene.live);
        m_remedy->setToolTip(scene.live
                ? QString()
                : u"Locked: the window shows the past. Go back to live first."_s);
        StripPlotView::refresh(scene);
        placeButton(); // other lanes, another width of the table
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        StripPlotView::paint(painter, area);
        if (!scene())
            return;
        const QRectF side(area.right() - this->side() + kPad, area.top() + 6,
            this->side() - 2 * kPad, area.height() - 12);
        const Remedy r = remedy(*scene());
        if (r.sentence.isEmpty())
            paintAnglesTable(painter, *scene(), side);
        else
            paintSide(painter, side, r.sentence);
    }

    QString subtitle() const override
    {
        if (!scene() || scene()->frame.lanes.empty())
            return {};
        const int interval = scene()->frame.lanes.front().parameters.angleInterval;
        return interval > 1 ? u"1 of %1 presentations measured"_s.arg(interval) : QString();
    }

protected:
    std::vector<Strip> describe(const Scene&) const override;
    QRectF stackArea(const QRectF& area) const override { return area.adjusted(0, 4, -side(), 0); }
    void resizeEvent(QResizeEvent* event) override
    {
        StripPlotView::resizeEvent(event);
        placeButton();
    }
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ToolTip) {
            const auto* help = static_cast<QHelpEvent*>(event);
            if (help->pos().x() > width() - side()) {
                QToolTip::showText(help->globalPos(),
                    u"\u2220 \u0394W: angle between what a presentation changed in W_up and minus the exact gradient of \u00bd|T \u2212 u|\u00b2 at the weights before it. Below 90\u00b0 the error falls, 0\u00b0 is backpropagation.\n|\u0394W| / |\u2207|: the step along that gradient it amounts to.\n\u2220 v_A: angle between the apical potential at the end of the presentation and minus the backpropagated error dL/du."_s,
                    this);
                return true;
            }
        }
        return StripPlotView::event(event);
    }

private:
    void placeButton()
    {
        const QSize size = m_remedy->sizeHint();
        const int room = static_cast<int>(side());
        m_remedy->setGeometry(width() - room + kPad, height() - kPad / 2 - size.height(),
            std::min(size.width(), room - 2 * kPad), size.height());
    }
    void paintSide(QPainter& painter, const QRectF& side, const QString& sentence) const
    {
        painter.setFont(uiFont(12));
        painter.setPen(theme().ink2);
        painter.drawText(side, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, sentence);
    }
    double side() const { return anglesTableWidth(scene() ? scene()->frame : Frame()) + 2 * kPad; }

    QPushButton* m_remedy;
};

std::vector<Strip> AnglesView::describe(const Scene& scene) const
{
    const Theme& t = *scene.theme;
    const auto tint = [](QColor color, int alpha) {
        color.setAlpha(alpha);
        return color;
    };
    Strip angles;
    angles.id = u"angles"_s;
    angles.axisName = u"angle to backprop (\u00b0)"_s;
    angles.shortAxisName = u"angle (\u00b0)"_s;
    angles.format = StripFormat::Degrees;
    angles.legend = false;
    angles.share = 1.6;
    angles.bands = {{0, 45, tint(t.good, 26)}, {90, 180, tint(t.bad, 16)}};
    angles.goals = {
        {45, u"45\u00b0 close"_s, u"45\u00b0"_s}, {90, u"90\u00b0 unrelated"_s, u"90\u00b0"_s}};
    angles.goals.back().color = t.ink3;
    angles.rows = {{u"\u0394<i>W</i><sub>up</sub>"_s, u"weight change"_s},
        {u"<i>v</i><sub>A</sub>"_s, u"apical potential"_s}};
    Strip ratios;
    ratios.id = u"ratios"_s;
    ratios.axisName = u"|\u0394W| / |\u2207| (1)"_s;
    ratios.shortAxisName = u"ratio (1)"_s;
    ratios.format = StripFormat::Scientific;
    ratios.logarithmic = true;
    ratios.low = 1e-3, ratios.high = 1, ratios.lowest = 1e-12;
    ratios.legend = false;
    ratios.rows = {{u"|\u0394<i>W</i>| / |\u2207|"_s, u"step size"_s}};

    const int targets = static_cast<int>(scene.frame.sizes.size()) - 1;
    for (std::size_t lane = 0; lane < scene.frame.lanes.size(); ++lane) {
        for (int layer = 1; layer <= targets; ++layer) {
            const AngleLook style = angleLook(scene, lane, layer);
            for (const BackpropAngleRow& row : kBackpropAngleTable) {
                const bool ofError = row.of == BackpropAngleRow::Of::Error;
                if (row.of == BackpropAngleRow::Of::Comparison || (ofError && layer == targets))
                    continue; // comparisons have a view of their own
                const std::string name = "layer" + std::to_string(layer) + '.' + row.name;
                StripCurve curve;
                curve.channel =
                    scene.history ? scene.history->find(static_cast<int>(lane), name) : -1;
                curve.color = ofError ? style.apical : style.weights;
                const CurveDash& dash = ofError ? style.apicalDash : style.dash;
                curve.dash = dash.on, curve.gap = dash.off;
                curve.row = ofError ? 1 : 0;
                curve.variant = style.name;
                curve.csvName = QString::fromStdString(name);
                if (scene.frame.lanes.size() > 1)
                    curve.csvName.prepend(u"lane"_s + QString::number(lane + 1) + u'.');
                curve.read = [lane, layer, value = row.value](const Frame& frame) {
                    const auto at = static_cast<std::size_t>(layer - 1);
                    return lane < frame.lanes.size() && at < frame.lanes[lane].angles.size()
                        ? frame.lanes[lane].angles[at].*value
                        : BackpropAngle::kNone;
                };
                const bool ratio = row.value == &BackpropAngle::normRatio;
                (ratio ? ratios : angles).curves.push_back(curve);
            }
        }
    }
    return {std::move(angles), std::move(ratios)};
}

} // namespace

View* makeAnglesView(QWidget* parent)
{
    return new AnglesView(parent);
}

} // namespace apical
