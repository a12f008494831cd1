// Draw a digit: a copy of the network answers while the stroke grows, and learns it on request.
#include "widgets/picture/drawing_view.h"

#include "sim/insight/circuit_frame.h"
#include "sim/insight/sample_probe.h"
#include "widgets/look/number_text.h"
#include "widgets/picture/class_bars.h"
#include "widgets/picture/drawing_canvas.h"
#include "widgets/picture/drawing_layout.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/picture/unit_map.h"
#include "widgets/view/task_words.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kControls = 32; // px below the pictures
constexpr double kPad = DrawingLayout::kPad, kCaption = DrawingLayout::kCaption;
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
            m_units.clear();
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

    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip)
            return View::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }

private:
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

    DrawingLayout places(const QRectF& area) const
    {
        const LaneFrame* from = lane();
        const bool errors = from && m_probe.findsErrors();
        return drawingLayout(
            area.adjusted(kPad, 4, -kPad, -(area == QRectF(rect()) ? kControls : 4)),
            {.hiddenLayers = static_cast<int>(m_answer.hidden.size()),
                .error = errors && from->anatomy && isCircuit(*from->anatomy),
                .delta = errors});
    }

    QString tipAt(QPointF point) const
    {
        for (const auto& picture : places(QRectF(rect())).pictures) {
            const auto layer = static_cast<std::size_t>(picture.layer);
            if (picture.part != DrawingLayout::Part::Hidden || layer >= m_units.size()
                || !picture.at.contains(point))
                continue;
            const UnitMap& map = m_units[layer];
            QString text = u"Hidden layer %1: %2 of its %3 units, row by row, %4"_s.arg(
                QString::number(layer + 1), QString::fromStdString(m_answer.hiddenName),
                QString::number(map.values().size()), map.rangeText());
            if (const int unit = map.unitAt(point, picture.at); unit >= 0)
                text += u"\nunit %1: %2"_s.arg(unit + 1).arg(
                    signedNumber(map.values()[static_cast<std::size_t>(unit)], 3));
            return text;
        }
        return {};
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
            m_units.clear();
            m_throughError.clear();
            m_throughDelta.clear();
            enableControls();
            return;
        }
        m_pixels = m_canvas.pixels();
        m_target = target();
        m_answer = m_probe.show(m_pixels, m_target);
        m_units.resize(m_answer.hidden.size());
        for (std::size_t l = 0; l < m_units.size(); ++l)
            m_units[l].show(m_answer.hidden[l]);
        const Matrix* up = from->matrix("layer1.W_up");
        const int inputs = static_cast<int>(m_pixels.size());
        m_throughError = up ? seenThrough(*up, m_answer.error, inputs) : std::vector<double>();
        m_throughDelta = up ? seenThrough(*up, m_answer.delta, inputs) : std::vector<double>();
        enableControls();
    }

    void paintPicture(QPainter&, const DrawingLayout::Picture&) const;

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
    std::vector<UnitMap> m_units; ///< per hidden layer
    std::vector<double> m_pixels, m_target, m_throughError, m_throughDelta;
    std::vector<double> m_before; ///< the answer before it was taught
    QElapsedTimer m_asked;
    std::uint64_t m_askedVersion = 0, m_run = 0;
    QToolButton *m_undo = nullptr, *m_clear = nullptr, *m_teach = nullptr;
    QComboBox* m_class = nullptr;
};

void DrawingView::paintPicture(QPainter& painter, const DrawingLayout::Picture& picture) const
{
    using Part = DrawingLayout::Part;
    const Theme& t = theme();
    const QRectF& at = picture.at;
    QStringList captions; // then shorter ones
    painter.setFont(uiFont(10));
    const auto signedPicture = [&](const std::vector<double>& values) {
        if (values.empty() || m_target.empty()) {
            painter.fillRect(at, t.band);
            painter.setPen(t.ink3);
            painter.drawText(at, Qt::AlignCenter, u"of a\n\u2026?"_s);
        } else {
            paintImage(painter, signedImage(values, kDigitSide, usualMagnitude(values), t), at);
        }
    };
    switch (picture.part) {
    case Part::Seen:
        captions = {u"as it is seen"_s, u"seen"_s};
        paintImage(painter, inkImage(m_pixels, kDigitSide, t), at);
        break;
    case Part::Hidden: {
        const UnitMap& map = m_units[static_cast<std::size_t>(picture.layer)];
        const QString number =
            m_units.size() > 1 ? u' ' + QString::number(picture.layer + 1) : QString();
        captions = {u"hidden%1 %2, %3"_s.arg(
                        number, QString::fromStdString(m_answer.hiddenName), map.rangeText()),
            u"hidden%1, %2"_s.arg(number, map.rangeText()),
            u"hidden%1 %2"_s.arg(number, map.rangeText(true)),
            u"h%1 %2"_s.arg(number.trimmed(), map.rangeText(true))};
        map.paint(painter, t, at);
        break;
    }
    case Part::Error:
        captions = {u"apical error"_s, u"apical"_s};
        signedPicture(m_throughError);
        break;
    case Part::Delta:
        captions = {u"backprop"_s};
        signedPicture(m_throughDelta);
        break;
    }
    const QRectF line(at.left() - 6, at.bottom(), at.width() + 12, kCaption);
    const QFontMetricsF metrics(painter.font());
    const auto fits = std::ranges::find_if(captions,
        [&](const QString& text) { return metrics.horizontalAdvance(text) <= line.width(); });
    painter.setPen(t.ink2);
    painter.drawText(line, Qt::AlignCenter, fits != captions.end() ? *fits : captions.back());
}

void DrawingView::paint(QPainter& painter, const QRectF& area)
{
    const Theme& t = theme();
    const DrawingLayout p = places(area);
    m_canvas.paint(painter, t, p.canvas);
    if (m_canvas.empty()) {
        painter.setFont(uiFont(12));
        painter.setPen(t.ink3);
        painter.drawText(p.canvas, Qt::AlignCenter | Qt::TextWordWrap, u"Draw a digit here"_s);
        paintNotice(painter, t,
            u"A copy of the network answers while you draw; the run itself is not disturbed. Say which digit it is to see the errors, or to teach it."_s,
            QRectF(QPointF(p.canvas.right() + 2 * kPad, p.bars.top()), p.bars.bottomRight()));
        return;
    }
    if (m_answer.output.empty()) {
        paintNotice(painter, t,
            u"No answer: this network has no picture as its input, or no weights are at hand."_s,
            p.bars);
        return;
    }
    for (const auto& picture : p.pictures)
        paintPicture(painter, picture);
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
