#include "app/window/status_line.h"

#include "app/session/session.h"
#include "sim/task/image_stimulus.h"
#include "widgets/look/style.h"
#include "widgets/view/lane_words.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr int kMessageMs = 8000;
constexpr double kReadableSeconds = 0.5;

} // namespace

QString stepRateText(double rate)
{
    const auto text = [](double v, const char* unit) {
        return QString::number(v, 'f', v < 10 ? 2 : v < 100 ? 1 : 0) + QLatin1String(unit);
    };
    if (!(rate >= 1000))
        return QString::number(std::isfinite(rate) ? rate : 0, 'f', 0) + QStringLiteral(" steps/s");
    return rate < 1e6 ? text(rate / 1e3, " k steps/s") : text(rate / 1e6, " M steps/s");
}

QString epochText(const Frame& frame)
{
    if (frame.lanes.empty())
        return {};
    const TaskFrame& task = frame.lanes.front().task;
    if (!task.hasTask || !task.schedule.hasEpochs())
        return {};
    QString epoch = QStringLiteral("epoch %1").arg(task.shown.epoch);
    // A block that is over at once is not worth a word that flickers.
    const double seconds = static_cast<double>(task.shown.size)
        * frame.lanes.front().parameters.presentationTime
        / (1000 * std::max(frame.realTimeFactor, 1e-9));
    if (frame.state == RunState::Running && seconds < kReadableSeconds)
        return epoch;
    return epoch + QStringLiteral(", ") + QLatin1String(blockName(task.shown.block));
}

namespace {

QString imageRateText(double rate)
{
    return rate >= 1000
        ? QStringLiteral("%1 k images/s").arg(rate / 1000, 0, 'f', rate < 1e4 ? 1 : 0)
        : QStringLiteral("%1 images/s").arg(rate, 0, 'f', 0);
}

} // namespace

StatusLine::StatusLine(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
{
    setFixedHeight(24);
    setAccessibleName(tr("Status"));
    connect(&session, &Session::textDue, this, &StatusLine::showRates);
    connect(&session, &Session::noticed, this, &StatusLine::say);
    connect(&session, &Session::saved, this, [this](const QString& path) {
        m_savedText = tr("saved");
        say(tr("Saved %1").arg(path.section(u'/', -1)));
    });
    connect(&session, &Session::parametersChanged, this, [this] { m_savedText.clear(); });
    connect(&session, &Session::opened, this, [this] { // what was said was said of another run
        m_savedText.clear();
        m_message.clear();
        update();
    });
}

void StatusLine::say(const QString& message)
{
    m_message = message;
    m_since.restart();
    update();
}

void StatusLine::showRates()
{
    const Frame& f = m_session.newest();
    const bool iterations = countsIterations(f);
    QStringList rates{iterations ? tr("iteration %1").arg(f.timeMs(), 0, 'f', 0)
                                 : tr("t = %1 s").arg(f.timeMs() / 1000, 0, 'f', 2)};
    if (!iterations)
        rates += tr("%1× real time").arg(f.realTimeFactor, 0, 'f', f.realTimeFactor < 10 ? 2 : 0);
    rates << tr("%1 fps").arg(m_session.pulse().framesPerSecond(), 0, 'f', 0)
          << stepRateText(f.stepsPerSecond);
    if (const QString epoch = epochText(f); !epoch.isEmpty())
        rates += epoch;
    const std::optional<double> images = m_imageRate.see(f);
    const std::string pictures = pictureSetName(m_session.experiment().stimulus);
    if (!pictures.empty()) {
        if (images)
            rates += imageRateText(*images);
        rates += QString::fromStdString(pictures);
    }
    if (f.droppedBins > 0)
        rates += tr("%1 history bins dropped").arg(f.droppedBins);
    if (!m_message.isEmpty() && m_since.elapsed() > kMessageMs)
        m_message.clear();
    m_rates = rates;
    update();
}

void StatusLine::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.fillRect(rect(), t.bar);
    painter.fillRect(QRect(0, 0, width(), 1), t.line);
    painter.setFont(uiFont(12));
    const QFontMetrics metrics(painter.font());
    // Room for the widest number each entry may reach, so that nothing jumps while digits change.
    static const int kWidths[]{78, 108, 48, 108, 128, 100, 110, 160};
    int x = 12;
    for (qsizetype i = 0; i < m_rates.size(); ++i) {
        const int width =
            std::max(kWidths[std::min<qsizetype>(i, 7)], metrics.horizontalAdvance(m_rates[i]));
        painter.setPen(t.ink2);
        painter.drawText(QRect(x, 1, width, height() - 1), Qt::AlignVCenter, m_rates[i]);
        x += width + 8;
        painter.fillRect(QRect(x, 5, 1, height() - 9), t.line);
        x += 12;
    }
    painter.setPen(m_message.isEmpty() ? t.ink3 : t.ink2);
    const QString text = m_message.isEmpty() ? m_savedText : m_message;
    painter.drawText(QRect(x, 1, width() - x - 12, height() - 1), Qt::AlignVCenter,
        metrics.elidedText(text, Qt::ElideRight, width() - x - 12));
}

} // namespace apical
