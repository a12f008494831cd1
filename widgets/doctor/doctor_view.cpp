#include "widgets/doctor/doctor_view.h"

#include "sim/insight/diagnosis_words.h"
#include "widgets/doctor/doctor_view_text.h"
#include "widgets/doctor/remedy_button.h"
#include "widgets/look/rich_text.h"
#include "widgets/view/lane_words.h"

#include <QElapsedTimer>
#include <QFrame>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kTextMs = 250; ///< words change at most four times a second
constexpr double kLeft = 16, kRight = 10;

/// Edge, icon, verdict, two lines, evidence, one button and the reason why.
class DoctorView : public View {
public:
    explicit DoctorView(QWidget* parent);
    void refresh(const Scene&) override;
    int periodMs() const override { return kTextMs; }
    void paint(QPainter&, const QRectF&) override;
    QString csv() const override;
    QString subtitle() const override { return scene() ? shownCircuitText(*scene()) : QString(); }
    QSize sizeHint() const override { return {292, 144}; }
    QSize minimumSizeHint() const override { return {240, 126}; }

protected:
    bool event(QEvent*) override;
    void resizeEvent(QResizeEvent*) override { arrange(); }

private:
    void present(const Diagnosis&);
    void sayWhenOnTheWall();
    void arrange();
    void act();
    void explain();
    QColor verdictColor() const;
    std::vector<Evidence> evidenceFor(std::size_t lines) const;
    void paintIcon(QPainter&, QPointF centre) const;

    Diagnosis m_shown;
    bool m_any = false;
    QElapsedTimer m_sinceText;
    RemedyButton* m_button;
    QPushButton* m_why;
};

DoctorView::DoctorView(QWidget* parent)
    : View(parent)
    , m_button(new RemedyButton(this))
    , m_why(new QPushButton(u"Why?"_s, this))
{
    setAccessibleName(u"Doctor"_s);
    m_button->setObjectName(u"remedy"_s);
    m_button->setProperty("primary", true);
    // What was clicked with the mouse must not be what the space bar presses next.
    m_button->setFocusPolicy(Qt::TabFocus);
    m_why->setFocusPolicy(Qt::TabFocus);
    m_why->setObjectName(u"why"_s);
    m_why->setProperty("link", true);
    m_why->setFlat(true);
    m_why->setCursor(Qt::PointingHandCursor);
    m_why->setAccessibleName(u"Why this verdict?"_s);
    connect(m_button, &QPushButton::clicked, this, &DoctorView::act);
    connect(m_why, &QPushButton::clicked, this, &DoctorView::explain);
    m_button->hide();
    m_why->hide();
}

void DoctorView::refresh(const Scene& next)
{
    View::refresh(next);
    const bool due = !m_any || next.urgent || next.diagnosis.verdict != m_shown.verdict
        || next.diagnosis.remedy.label != m_shown.remedy.label || m_sinceText.elapsed() >= kTextMs;
    if (due)
        present(next.diagnosis);
}

void DoctorView::present(const Diagnosis& diagnosis)
{
    m_shown = diagnosis;
    // Of two lanes the verdict is about one: it says which.
    if (const LaneFrame* of = scene() ? shownCircuit(*scene()) : nullptr;
        of && scene()->frame.lanes.size() > 1)
        m_shown.title =
            laneLetter(static_cast<std::size_t>(of - scene()->frame.lanes.data())).toStdString()
            + ": " + m_shown.title;
    sayWhenOnTheWall();
    m_any = true;
    m_sinceText.start();
    setAccessibleDescription(
        QString::fromStdString(diagnosis.title + ". " + diagnosis.text).replace(u'\n', u' '));

    const Remedy& remedy = diagnosis.remedy;
    const bool lit = remedy.kind != Remedy::Kind::None;
    const bool onTheWay =
        diagnosis.verdict == Verdict::Waiting || diagnosis.verdict == Verdict::Converging;
    const LaneFrame* lane = scene() ? shownCircuit(*scene()) : nullptr;
    const bool targetOff = lane && !lane->parameters.targetOn;
    const QString label = lit ? QString::fromStdString(remedy.label) : u"Switch the target on"_s;
    if (m_button->text() != label)
        m_button->setText(label);
    // What comes next stays in sight; it lights up when it makes sense.
    m_button->setVisible(lit || (onTheWay && targetOff));
    m_button->setEnabled(lit);
    m_button->setAccessibleName(label);
    m_button->setToolTip(lit ? label : u"Lights up once the circuit is self-predicting"_s);
    m_why->setVisible(!diagnosis.why.empty());
    arrange();
    update();
}

/// Simulated time is what the axes show; who waits wants to know how long.
void DoctorView::sayWhenOnTheWall()
{
    const double factor = scene() ? scene()->frame.realTimeFactor : 0;
    const std::size_t line = m_shown.text.find('\n');
    if (m_shown.verdict != Verdict::Converging || !(m_shown.timeToGoMs > 0) || !(factor > 0)
        || !std::isfinite(factor) || !scene()->live || scene()->frame.state != RunState::Running
        || line == std::string::npos)
        return;
    m_shown.text = m_shown.text.substr(0, line + 1) + "self-predicting in about "
        + timeSpanText(std::max(1000.0, 1000 * std::round(m_shown.timeToGoMs / factor / 1000)))
        + ", at t = " + timeSpanText(m_shown.goalMs) + '.';
}

void DoctorView::arrange()
{
    const bool low = height() < 136;
    const int h = low ? 24 : 28;
    const int y = height() - h - (low ? 5 : 8);
    const int whyWidth = m_why->sizeHint().width();
    int x = static_cast<int>(kLeft);
    if (m_button->isVisibleTo(this)) {
        const int width = std::min(m_button->sizeHint().width(), this->width() - x - whyWidth - 8);
        m_button->setGeometry(x, y, width, h);
        x += width + 4;
    } else
        x -= 6; // a link has no frame: its text starts where the others do
    m_why->setGeometry(x, y, whyWidth, h);
}

void DoctorView::act()
{
    const Remedy remedy = m_shown.remedy;
    switch (remedy.kind) {
    case Remedy::Kind::None:
        break;
    case Remedy::Kind::SwitchTargetOn:
        Q_EMIT editRequested(u"target.on"_s, true);
        break;
    case Remedy::Kind::SetParameter:
        Q_EMIT editRequested(QString::fromStdString(remedy.key), remedy.value);
        break;
    case Remedy::Kind::RewindAndHalveDt:
        Q_EMIT actionRequested(u"rewind_halve_dt"_s);
        break;
    case Remedy::Kind::UndoAndRewind:
        Q_EMIT actionRequested(u"undo_suspect"_s);
        break;
    case Remedy::Kind::JumpToSelfPrediction:
        Q_EMIT actionRequested(u"self_predicting"_s);
        break;
    }
}

/// The paragraph with all evidence, in a popup that the next click anywhere closes.
void DoctorView::explain()
{
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setObjectName(u"whyPopup"_s);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QVBoxLayout(popup);
    layout->setContentsMargins(12, 12, 12, 12);
    QString html = u"<p><b>"_s + doctorRich(QString::fromStdString(m_shown.title))
        + u"</b></p><p>"_s + doctorRich(QString::fromStdString(m_shown.why)) + u"</p>"_s;
    for (const Evidence& evidence : m_shown.evidence)
        html += u"<div>"_s + (evidence.good ? QChar(0x2713) : QChar(0x2717)) + u"&nbsp; "_s
            + doctorRich(QString::fromStdString(evidence.text)) + u"</div>"_s;
    auto* label = new QLabel(html, popup);
    label->setObjectName(u"whyText"_s);
    label->setFont(uiFont(12));
    label->setWordWrap(true);
    label->setFixedWidth(330);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(label);
    layout->setSizeConstraint(QLayout::SetFixedSize); // the text's height follows from its width
    popup->ensurePolished(); // the style's frame counts
    popup->adjustSize();
    const QPoint link = m_why->mapToGlobal(QPoint());
    const QScreen* on = QGuiApplication::screenAt(link);
    const QRect room = (on ? on : screen())->availableGeometry();
    const auto place = [popup, link, room] {
        const auto inside = [](int wanted, int low, int high) {
            return std::max(low, std::min(wanted, high));
        };
        popup->move(inside(link.x(), room.left(), room.right() + 1 - popup->width()),
            inside(
                link.y() - popup->height() - 4, room.top(), room.bottom() + 1 - popup->height()));
    };
    place();
    popup->show();
    place(); // only now all sizes are final
}

QColor DoctorView::verdictColor() const
{
    const Theme& t = theme();
    switch (m_shown.verdict) {
    case Verdict::Waiting:
        return t.ink3;
    case Verdict::Converging:
    case Verdict::SelfPredicting:
    case Verdict::Learning:
        return t.good;
    case Verdict::Plateau:
    case Verdict::NoiseFloor:
        return t.amber;
    case Verdict::Diverging:
    case Verdict::Diverged:
        return t.bad;
    }
    return t.ink3;
}

std::vector<Evidence> DoctorView::evidenceFor(std::size_t lines) const
{
    std::vector<Evidence> out(m_shown.evidence.begin(),
        m_shown.evidence.begin()
            + static_cast<std::ptrdiff_t>(std::min(lines, m_shown.evidence.size())));
    const auto bad = [](const Evidence& e) { return !e.good; };
    // Where room is short, what is wrong must not be what is left out.
    if (!out.empty() && std::none_of(out.begin(), out.end(), bad)) {
        const auto first = std::find_if(m_shown.evidence.begin(), m_shown.evidence.end(), bad);
        if (first != m_shown.evidence.end())
            out.back() = *first;
    }
    return out;
}

void DoctorView::paint(QPainter& painter, const QRectF& area)
{
    if (!m_any)
        return;
    const Theme& t = theme();
    const bool low = area.height() < 136;
    painter.save();
    painter.fillRect(QRectF(area.left(), area.top(), 4, area.height()), verdictColor());
    const double left = area.left() + kLeft, width = area.width() - kLeft - kRight;
    double y = area.top() + (low ? 3 : 6);
    paintIcon(painter, {left + 12, y + 12});
    drawRich(painter, {left + 30, y + 3}, doctorRich(QString::fromStdString(m_shown.title)),
        uiFont(13, QFont::DemiBold), t.ink);
    y += low ? 24 : 27;

    const QFont body = uiFont(12);
    for (const QString& line : doctorLines(QString::fromStdString(m_shown.text), body, width, 2)) {
        drawRich(painter, {left, y}, doctorRich(line), body, t.ink);
        y += 16;
    }
    y += low ? 1 : 3;

    const QFont small = uiFont(11);
    const bool screen = area.size() == QSizeF(size());
    const bool controls = m_button->isVisibleTo(this) || m_why->isVisibleTo(this);
    const double bottom = screen && controls ? m_why->geometry().top() - 1.0 : area.bottom() - 4;
    const double line = 15;
    const auto room = static_cast<std::size_t>(std::max(0.0, (bottom - y) / line));
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const Evidence& evidence : evidenceFor(room)) {
        const QPointF at(left + 1, y + 8);
        painter.setPen(QPen(evidence.good ? t.good : t.amber, 1.5));
        if (evidence.good)
            painter.drawPolyline(
                QPolygonF({at + QPointF(0, 0), at + QPointF(3, 3), at + QPointF(8.5, -3.5)}));
        else {
            painter.drawLine(at + QPointF(1, -3), at + QPointF(7, 3));
            painter.drawLine(at + QPointF(1, 3), at + QPointF(7, -3));
        }
        const QStringList text =
            doctorLines(QString::fromStdString(evidence.text), small, width - 16, 1);
        drawRich(painter, {left + 16, y}, doctorRich(text.value(0)), small, t.ink2);
        y += line;
    }
    painter.restore();
}

void DoctorView::paintIcon(QPainter& painter, QPointF centre) const
{
    const QColor color = verdictColor();
    QColor soft = color;
    soft.setAlphaF(0.14F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(soft);
    painter.drawEllipse(centre, 12, 12);
    painter.translate(centre);
    painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const auto path = [&painter](std::initializer_list<QPointF> points) {
        painter.drawPolyline(QPolygonF(QList<QPointF>(points)));
    };
    switch (m_shown.verdict) {
    case Verdict::Waiting:
        painter.setBrush(color);
        for (double x : {-5.0, 0.0, 5.0})
            painter.drawEllipse(QPointF(x, 0), 0.8, 0.8);
        break;
    case Verdict::Converging:
        path({{-6, -4}, {-1, 1}, {1, -1}, {6, 4}});
        path({{6, 0}, {6, 4}, {2, 4}});
        break;
    case Verdict::SelfPredicting:
        path({{-5, 0}, {-1.5, 4}, {5.5, -4}});
        break;
    case Verdict::Learning:
        painter.drawEllipse(QPointF(), 5.5, 5.5);
        painter.setBrush(color);
        painter.drawEllipse(QPointF(), 1.4, 1.4);
        break;
    case Verdict::Plateau:
        path({{-6, -4}, {-2.5, 1.5}, {6, 1.5}});
        break;
    case Verdict::NoiseFloor:
        path({{-6, 1}, {-4, -2}, {-2, 3}, {0, -3}, {2, 2}, {4, -2}, {6, 1}});
        break;
    case Verdict::Diverging:
        path({{-6, 4}, {-1, -1}, {1, 1}, {6, -4}});
        path({{2, -4}, {6, -4}, {6, 0}});
        break;
    case Verdict::Diverged:
        path({{-4, -4}, {4, 4}});
        path({{-4, 4}, {4, -4}});
        break;
    }
    painter.restore();
}

bool DoctorView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return View::event(event);
    QString text = QString::fromStdString(m_shown.text);
    for (const Evidence& evidence : m_shown.evidence)
        text += u'\n' + QString(evidence.good ? QChar(0x2713) : QChar(0x2717)) + u' '
            + QString::fromStdString(evidence.text);
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text, this);
    return true;
}

QString DoctorView::csv() const
{
    const auto quoted = [](const std::string& text) {
        return u'"' + QString::fromStdString(text).replace(u'"', u"\"\""_s).replace(u'\n', u' ')
            + u'"';
    };
    QString out = u"item,good,text\nverdict,,"_s + quoted(m_shown.title) + u"\ntext,,"_s
        + quoted(m_shown.text) + u'\n';
    for (const Evidence& evidence : m_shown.evidence)
        out += u"evidence,"_s + (evidence.good ? u"1,"_s : u"0,"_s) + quoted(evidence.text) + u'\n';
    return out;
}

} // namespace

View* makeDoctorView(QWidget* parent)
{
    return new DoctorView(parent);
}

} // namespace apical
