#include "widgets/doctor/distance_view.h"

#include "sim/circuit/self_prediction.h"
#include "sim/insight/circuit_frame.h"
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/strips/plot_view.h"

#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kSide = 226; // px of the text beside the plot
constexpr int kPad = 12;

/// "12 % off", in words that say what the number means.
QString meaning(double distance)
{
    if (!std::isfinite(distance))
        return u"not known yet"_s;
    if (distance < 0.01)
        return u"self-predicting"_s;
    if (distance < 1)
        return valueText(distance * 100) + u" % away"_s;
    return u"as far as from zero weights"_s;
}

/// The distance over time, what it means, and the way there.
class DistanceView : public StripPlotView {
public:
    explicit DistanceView(QWidget* parent)
        : StripPlotView(false, parent)
        , m_jump(new QPushButton(u"Jump to the self-predicting state"_s, this))
    {
        setObjectName(u"distance"_s);
        setAccessibleName(u"Distance to the fixed point"_s);
        setMinimumSize(360, 110);
        m_jump->setObjectName(u"jump"_s);
        m_jump->setAccessibleName(u"Jump to the self-predicting state"_s);
        connect(m_jump, &QPushButton::clicked, this,
            [this] { Q_EMIT actionRequested(u"self_predicting"_s); });
        m_jump->setEnabled(false);
    }
    QSize sizeHint() const override { return {480, 140}; }

    void refresh(const Scene& scene) override
    {
        QString reason;
        if (!scene.live)
            reason = u"Locked: the window shows the past. Go back to live first."_s;
        else if (scene.frame.sizes.size() < 3)
            reason = u"There is no hidden layer, so there is no self-predicting state."_s;
        m_jump->setEnabled(reason.isEmpty());
        m_jump->setToolTip(reason.isEmpty()
                ? u"Jump to the self-predicting state: sets W_pi = \u2212W_down and W_ip = \u03c1 W_up"_s
                : reason);
        StripPlotView::refresh(scene);
    }

    void paint(QPainter& painter, const QRectF& area) override
    {
        StripPlotView::paint(painter, area);
        if (scene())
            paintSide(painter,
                QRectF(area.right() - kSide, area.top() + 8, kSide - kPad, area.height() - 16));
    }

protected:
    std::vector<Strip> describe(const Scene& scene) const override
    {
        return {describeDistance(scene)};
    }
    QRectF stackArea(const QRectF& area) const override { return area.adjusted(0, 4, -kSide, 0); }
    void resizeEvent(QResizeEvent* event) override
    {
        StripPlotView::resizeEvent(event);
        const QSize size = m_jump->sizeHint();
        m_jump->setGeometry(width() - static_cast<int>(kSide), height() - kPad / 2 - size.height(),
            static_cast<int>(kSide) - kPad, size.height());
    }

private:
    void paintSide(QPainter& painter, const QRectF& side) const
    {
        const Theme& t = theme();
        double y = side.top();
        drawRich(painter, {side.left(), y},
            u"\u2016<i>W</i> \u2212 <i>W</i>*\u2016 / \u2016<i>W</i>*\u2016"_s, uiFont(11), t.ink2);
        y += 17;
        const double last = side.bottom() - m_jump->sizeHint().height() - 14;
        const Frame& frame = scene()->frame;
        const int targets = static_cast<int>(frame.sizes.size()) - 1;
        for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane) {
            const LaneFrame& from = frame.lanes[lane];
            const std::vector<SelfPredictionErrors> errors = circuitErrors(from);
            for (std::size_t i = 0; i < errors.size() && y <= last; ++i) {
                const int hidden = static_cast<int>(i) + 1;
                const double distance = errors[i].fixedPointDistance;
                QString name = targets > 2 ? u"h"_s + QString::number(hidden) + u"  "_s : QString();
                if (frame.lanes.size() > 1)
                    name = QChar(static_cast<char16_t>(u'A' + lane)) + u" "_s + name;
                const QString number = name + scientificRich(distance);
                drawRich(painter, {side.left(), y}, number, uiFont(12, QFont::DemiBold), t.ink);
                const double width = richSize(number, uiFont(12, QFont::DemiBold)).width();
                drawRich(painter, {side.left() + width + 8, y + 1}, meaning(distance), uiFont(11),
                    distance < 0.01 ? t.good : t.ink2);
                const double rho = selfPredictingScale(from.parameters, hidden, targets);
                const QString scale = u"<i>\u03c1</i>"_s
                    + (targets > 2 ? subscript(hidden) : QString()) + u" = "_s
                    + QString::number(rho, 'f', 3);
                drawRich(painter, {side.right() - richSize(scale, uiFont(11)).width(), y + 1},
                    scale, uiFont(11), t.ink3);
                y += 17;
            }
        }
    }
    static QString subscript(int hidden)
    {
        return u"<sub>"_s + QString::number(hidden) + u"</sub>"_s;
    }

    QPushButton* m_jump;
};

} // namespace

View* makeDistanceView(QWidget* parent)
{
    return new DistanceView(parent);
}

} // namespace apical
