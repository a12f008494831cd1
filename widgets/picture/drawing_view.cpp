// Draw a digit: a copy of the network answers while the stroke grows, and learns it on request.
#include "widgets/picture/drawing_view.h"

#include "sim/insight/sample_probe.h"
#include "widgets/look/number_text.h"
#include "widgets/picture/class_bars.h"
#include "widgets/picture/drawing_canvas.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/view/task_words.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kControls = 32; // px below the pictures
constexpr double kPad = 8, kCaption = 15;
constexpr int kRenewMs = 200; // while nothing is drawn: the weights move on

class DrawingView : public View {
public:
    explicit DrawingView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"drawing"_s);
        setAccessibleName(u"Draw a digit"_s);
        setMinimumSize(300, 150);
        setFocusPolicy(Qt::StrongFocus);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(static_cast<int>(kPad), 0, static_cast<int>(kPad), 4);
        layout->addStretch();
        auto* row = new QHBoxLayout;
        row->setSpacing(4);
        layout->addLayout(row);
        m_undo = button(u"Undo"_s, u"Takes back the last stroke (Backspace)"_s);
        m_clear = button(u"Clear"_s, u"An empty canvas (Delete)"_s);
        m_class = new QComboBox(this);
        m_class->setObjectName(u"class"_s);
        m_class->setToolTip(u"What the drawing is meant to be: with it, errors can be seen"_s);
        m_class->setFocusPolicy(Qt::ClickFocus);
        m_teach =
            button(u"Teach"_s, u"Lets the running network learn the drawing once, as this class"_s);
        row->addWidget(m_undo);
        row->addWidget(m_clear);
        row->addStretch();
        row->addWidget(m_class);
        row->addWidget(m_teach);
        connect(
            m_undo, &QToolButton::clicked, this, [this] { change([this] { m_canvas.undo(); }); });
        connect(
            m_clear, &QToolButton::clicked, this, [this] { change([this] { m_canvas.clear(); }); });
        connect(m_class, &QComboBox::currentIndexChanged, this, [this] { ask(); });
        connect(m_teach, &QToolButton::clicked, this, [this] { teach(); });
        enableControls();
    }
    QSize sizeHint() const override { return {440, 240}; }
    bool showsWeights() const override { return true; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        if (scene.frame.run != m_run) {
            m_run = scene.frame.run;
            m_before.clear();
        }
        nameClasses();
        const bool due = !m_asked.isValid() || m_asked.elapsed() >= kRenewMs || scene.urgent;
        if (m_askedVersion != m_canvas.version() || due)
            ask();
    }

    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override
    {
        return m_answer.output.empty() ? QString() : u"answer of a copy with the present weights"_s;
    }

    QString csv() const override
    {
        if (m_answer.output.empty())
            return {};
        QString out = u"class,output\n"_s;
        for (std::size_t i = 0; i < m_answer.output.size(); ++i)
            out += u"%1,%2\n"_s.arg(i).arg(m_answer.output[i], 0, 'g', 17);
        return out;
    }

protected:
    void mousePressEvent(QMouseEvent* event) override
    {
        if (event->button() != Qt::LeftButton
            || !places(QRectF(rect())).canvas.contains(event->position()))
            return View::mousePressEvent(event);
        change([&] { m_canvas.press(event->position(), places(QRectF(rect())).canvas); });
    }
    void mouseMoveEvent(QMouseEvent* event) override
    {
        if (m_canvas.drawing())
            change([&] { m_canvas.move(event->position(), places(QRectF(rect())).canvas); });
    }
    void mouseReleaseEvent(QMouseEvent*) override { m_canvas.release(); }

    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Backspace)
            change([this] { m_canvas.undo(); });
        else if (event->key() == Qt::Key_Delete)
            change([this] { m_canvas.clear(); });
        else
            View::keyPressEvent(event);
    }

private:
    struct Places {
        QRectF canvas, seen, error, delta, bars;
    };

    QToolButton* button(const QString& text, const QString& help)
    {
        auto* made = new QToolButton(this);
        made->setText(text);
        made->setToolTip(help);
        made->setFocusPolicy(Qt::NoFocus);
        return made;
    }

    const LaneFrame* lane() const
    {
        if (!scene() || scene()->frame.lanes.empty())
            return nullptr;
        const auto last = static_cast<int>(scene()->frame.lanes.size()) - 1;
        return &scene()->frame.lanes[static_cast<std::size_t>(
            std::clamp(scene()->shownLane, 0, last))];
    }

    /// Pictures beside the canvas as far as there is room: what is seen, then the errors.
    Places places(const QRectF& area) const
    {
        const QRectF room =
            area.adjusted(kPad, 4, -kPad, -(area == QRectF(rect()) ? kControls : 4));
        Places p;
        const double side = std::max(40.0, std::min(room.height(), room.width() * 0.42));
        p.canvas = QRectF(room.left(), room.top() + (room.height() - side) / 2, side, side);
        double left = p.canvas.right() + kPad;
        const double small = std::min(96.0, (room.height() - 3 * kCaption) / 3);
        if (room.right() - left > small + 130 && small > 28) {
            const auto stacked = [&](int i) {
                return QRectF(left, room.top() + i * (small + kCaption), small, small);
            };
            p.seen = stacked(0);
            p.error = stacked(1);
            p.delta = stacked(2);
            left += small + kPad + 4;
        }
        p.bars = QRectF(left, room.top(), room.right() - left, room.height());
        return p;
    }

    template <class Act> void change(Act&& act)
    {
        act();
        m_before.clear();
        enableControls();
        ask();
        update();
    }

    void enableControls()
    {
        m_undo->setEnabled(!m_canvas.empty());
        m_clear->setEnabled(!m_canvas.empty());
        m_teach->setEnabled(
            !m_canvas.empty() && m_class->currentIndex() > 0 && !m_answer.output.empty());
    }

    void nameClasses()
    {
        const LaneFrame* from = lane();
        const int classes = from ? from->task.classes : 0;
        if (m_class->count() == classes + 1)
            return;
        const QSignalBlocker quiet(m_class);
        m_class->clear();
        m_class->addItem(u"is a \u2026"_s);
        for (int i = 0; i < classes; ++i)
            m_class->addItem(u"is a "_s + className(from->task, i));
    }

    std::vector<double> target() const
    {
        const LaneFrame* from = lane();
        if (!from || m_class->currentIndex() <= 0)
            return {};
        std::vector<double> values(
            static_cast<std::size_t>(scene()->frame.sizes.back()), from->parameters.targetLow);
        values[static_cast<std::size_t>(m_class->currentIndex()) - 1] = from->parameters.targetHigh;
        return values;
    }

    void ask()
    {
        m_askedVersion = m_canvas.version();
        m_asked.start();
        const LaneFrame* from = lane();
        if (!from || m_canvas.empty() || !m_probe.take(*from, scene()->frame.sizes)) {
            m_answer = {};
            m_throughError.clear();
            m_throughDelta.clear();
            enableControls();
            return;
        }
        m_pixels = m_canvas.pixels();
        m_target = target();
        m_answer = m_probe.show(m_pixels, m_target);
        const Matrix* up = from->matrix("layer1.W_up");
        const int inputs = static_cast<int>(m_pixels.size());
        m_throughError = up ? seenThrough(*up, m_answer.error, inputs) : std::vector<double>();
        m_throughDelta = up ? seenThrough(*up, m_answer.delta, inputs) : std::vector<double>();
        enableControls();
    }

    void teach()
    {
        if (m_canvas.empty() || m_target.empty())
            return;
        m_before = m_answer.output;
        std::vector<double> sample = m_pixels;
        sample.insert(sample.end(), m_target.begin(), m_target.end());
        Q_EMIT taught(sample);
    }

    DrawingCanvas m_canvas;
    SampleProbe m_probe;
    SampleAnswer m_answer;
    std::vector<double> m_pixels, m_target, m_throughError, m_throughDelta;
    std::vector<double> m_before; ///< the answer before it was taught
    QElapsedTimer m_asked;
    std::uint64_t m_askedVersion = 0, m_run = 0;
    QToolButton *m_undo = nullptr, *m_clear = nullptr, *m_teach = nullptr;
    QComboBox* m_class = nullptr;
};

void DrawingView::paint(QPainter& painter, const QRectF& area)
{
    const Theme& t = theme();
    const Places p = places(area);
    m_canvas.paint(painter, t, p.canvas);
    if (m_canvas.empty()) {
        painter.setFont(uiFont(12));
        painter.setPen(t.ink3);
        painter.drawText(p.canvas, Qt::AlignCenter | Qt::TextWordWrap, u"Draw a digit here"_s);
        paintNotice(painter, t,
            u"A copy of the network answers while you draw; the run itself is not disturbed. Say which digit it is to see the errors, or to teach it."_s,
            p.bars);
        return;
    }
    if (m_answer.output.empty()) {
        paintNotice(painter, t,
            u"No answer: this network has no picture as its input, or no weights are at hand."_s,
            p.bars);
        return;
    }
    const auto captioned = [&](const QRectF& at, const QImage& image, const QString& caption,
                               const QString& shorter) {
        if (at.isEmpty())
            return;
        painter.setFont(uiFont(10));
        if (image.isNull()) {
            painter.fillRect(at, t.band);
            painter.setPen(t.ink3);
            painter.drawText(at, Qt::AlignCenter, u"of a\n\u2026?"_s);
        } else {
            paintImage(painter, image, at);
        }
        const QRectF line(at.left() - 6, at.bottom(), at.width() + 12, kCaption);
        painter.setPen(t.ink2);
        painter.drawText(line, Qt::AlignCenter,
            QFontMetricsF(painter.font()).horizontalAdvance(caption) <= line.width() ? caption
                                                                                     : shorter);
    };
    captioned(p.seen, inkImage(m_pixels, kDigitSide, t), u"as it is seen"_s, u"seen"_s);
    const auto signedPicture = [&](const std::vector<double>& values) {
        return values.empty() || m_target.empty()
            ? QImage()
            : signedImage(values, kDigitSide, usualMagnitude(values), t);
    };
    captioned(p.error, signedPicture(m_throughError), u"apical error"_s, u"apical"_s);
    captioned(p.delta, signedPicture(m_throughDelta), u"backprop"_s, u"backprop"_s);
    const LaneFrame* from = lane();
    ClassScale scale = classScale(*from);
    scale.include(m_answer.output);
    scale.include(m_before);
    paintClassBars(painter, *scene(), {m_answer.output, m_target, scale}, p.bars, m_before);
}

} // namespace

View* makeDrawingView(QWidget* parent)
{
    return new DrawingView(parent);
}

} // namespace apical
