// The error that arrives in the first hidden layer, seen through that layer's weights, beside what
// backpropagation would send there.
#include "widgets/picture/microscope_view.h"

#include "sim/insight/sample_probe.h"
#include "sim/watch/backprop_angle.h"
#include "widgets/look/number_text.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPad = 10, kLine = 16, kCaption = 3 * kLine;

class MicroscopeView : public View {
public:
    explicit MicroscopeView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"microscope"_s);
        setAccessibleName(u"Error microscope"_s);
        setMinimumSize(240, 110);
    }
    QSize sizeHint() const override { return {400, 200}; }
    int periodMs() const override { return 330; } // as long as an eye needs for a picture
    bool showsWeights() const override { return true; }

    void refresh(const Scene& scene) override
    {
        const LaneFrame* of = shownCircuit(scene);
        // In its first step a picture stands beside the target of the one before.
        if (of && of->clock.stepInPattern == 1 && !scene.urgent && &scene == this->scene()
            && !m_answer.delta.empty())
            return;
        View::refresh(scene);
        m_answer = {};
        if (!of)
            return;
        const LaneFrame& lane = *of;
        m_side = lane.anatomy ? pictureSide(*lane.anatomy) : 0;
        const Matrix* up = lane.matrix("layer1.W_up");
        const auto input = lane.quantity("input.rate"), target = lane.quantity("target");
        if (m_side == 0 || !up || input.empty() || target.empty()
            || !m_probe.take(lane, scene.frame.sizes))
            return;
        m_input.assign(input.begin(), input.end());
        m_answer = m_probe.show(input, target);
        const int inputs = static_cast<int>(m_input.size());
        m_error = seenThrough(*up, m_answer.error, inputs);
        m_delta = seenThrough(*up, m_answer.delta, inputs);
    }

    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override
    {
        if (m_answer.delta.empty())
            return {};
        const QString lane = shownCircuitText(*scene());
        return (lane.isEmpty() ? lane : lane + u", "_s)
            + u"of the image shown, once it has settled"_s;
    }
    QString csv() const override
    {
        if (m_answer.delta.empty())
            return {};
        QString out = u"neuron,apical_error,minus_delta\n"_s;
        for (std::size_t i = 0; i < m_answer.delta.size(); ++i)
            out += u"%1,%2,%3\n"_s.arg(i + 1).arg(
                i < m_answer.error.size() ? exactText(m_answer.error[i]) : QString(),
                exactText(m_answer.delta[i]));
        return out;
    }

private:
    SampleProbe m_probe;
    SampleAnswer m_answer;
    std::vector<double> m_input, m_error, m_delta;
    int m_side = 0;
};

void MicroscopeView::paint(QPainter& painter, const QRectF& area)
{
    const Theme& t = theme();
    if (m_answer.delta.empty())
        return paintNotice(painter, t,
            m_side == 0 ? u"No pictures: the inputs of this network are none."_s
                        : u"No errors: nothing to compare with a target yet."_s,
            area);
    const double side =
        std::max(20.0, std::min((area.width() - 4 * kPad) / 3, area.height() - kCaption - kPad));
    const double left = area.left() + (area.width() - 3 * side - 2 * kPad) / 2;
    const double top = area.top() + std::max(4.0, (area.height() - side - kCaption) / 2);
    const auto place = [&](int i) { return QRectF(left + i * (side + kPad), top, side, side); };
    const auto caption = [&](int i, const QString& what, const QString& more) {
        const QRectF at = place(i);
        const QRectF line(at.left() - kPad / 2, at.bottom() + 2, side + kPad, kLine);
        painter.setFont(uiFont(11));
        painter.setPen(t.ink);
        painter.drawText(line, Qt::AlignCenter, what);
        painter.setPen(t.ink2);
        painter.drawText(line.translated(0, kLine - 1), Qt::AlignCenter, more);
    };
    paintImage(painter, inkImage(m_input, m_side, t), place(0));
    caption(0, u"image"_s, QString());
    const auto signedPicture = [&](int i, const std::vector<double>& values) {
        const double range = usualMagnitude(values);
        paintImage(painter, signedImage(values, m_side, range, t), place(i));
        return u"\u00b1%1 (1)"_s.arg(valueText(range));
    };
    if (m_answer.error.empty()) {
        painter.fillRect(place(1), t.band);
        caption(1, u"no dendrites"_s, QString());
    } else {
        caption(1, u"apical error"_s, signedPicture(1, m_error));
    }
    caption(2, u"backprop\u2019s \u2212\u03b4"_s, signedPicture(2, m_delta));
    const double angle = angleBetween(m_answer.error, m_answer.delta);
    if (m_answer.error.empty() || std::isnan(angle))
        return;
    painter.setFont(uiFont(11, QFont::DemiBold));
    painter.setPen(t.ink);
    painter.drawText(QRectF(place(1).left(), place(1).bottom() + 2 * kLine, 2 * side + kPad, kLine),
        Qt::AlignCenter, u"%1\u00b0 apart, neuron by neuron"_s.arg(angle, 0, 'f', 0));
}

} // namespace

View* makeMicroscopeView(QWidget* parent)
{
    return new MicroscopeView(parent);
}

} // namespace apical
