#include "widgets/conversion/worker.h"

#include "sim/base/background.h"
#include "sim/base/error.h"

#include <exception>
#include <utility>

namespace apical {

ConversionWorker::ConversionWorker(QObject* parent)
    : QObject(parent)
{
}

ConversionWorker::~ConversionWorker()
{
    m_thread.request_stop(); // and joins, before what it uses goes
    if (m_thread.joinable())
        m_thread.join();
}

void ConversionWorker::start()
{
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void ConversionWorker::show(ConversionNet net, ConversionSample sample)
{
    {
        const std::lock_guard lock(m_mutex);
        m_image = Image{m_time, std::move(net), std::move(sample)};
    }
    start();
    m_asked.notify_one();
}

void ConversionWorker::measure(Survey survey)
{
    {
        const std::lock_guard lock(m_mutex);
        m_survey = std::move(survey);
        m_surveyed.reset();
        m_measuring = true;
        ++m_surveyNumber;
    }
    start();
    m_asked.notify_one();
}

void ConversionWorker::stopMeasuring()
{
    const std::lock_guard lock(m_mutex);
    m_survey.reset();
    m_measuring = false;
    ++m_surveyNumber;
}

void ConversionWorker::forget()
{
    const std::lock_guard lock(m_mutex);
    ++m_time;
    ++m_surveyNumber;
    m_image.reset();
    m_survey.reset();
    m_measuring = false;
    m_answer.reset();
    m_surveyed.reset();
    m_problem.clear();
}

bool ConversionWorker::showing() const
{
    const std::lock_guard lock(m_mutex);
    return m_busy || m_image;
}

bool ConversionWorker::measuring() const
{
    const std::lock_guard lock(m_mutex);
    return m_measuring;
}

std::shared_ptr<const ConversionAnswer> ConversionWorker::answer() const
{
    const std::lock_guard lock(m_mutex);
    return m_answer;
}

std::shared_ptr<const ConversionSurvey> ConversionWorker::survey() const
{
    const std::lock_guard lock(m_mutex);
    return m_surveyed;
}

QString ConversionWorker::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

/// At most one message waits for the window, however quickly answers come.
void ConversionWorker::tell()
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_told, true))
            return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            {
                const std::lock_guard lock(m_mutex);
                m_told = false;
            }
            Q_EMIT arrived();
        },
        Qt::QueuedConnection);
}

/// The top of the thread: what cannot be simulated is said where the picture would be.
template <class Act> void ConversionWorker::guarded(const Act& act)
{
    QString problem;
    try {
        act();
    } catch (const std::exception& error) {
        problem = QString::fromUtf8(error.what());
    }
    const std::lock_guard lock(m_mutex);
    m_problem = problem;
}

void ConversionWorker::simulate(const Image& image)
{
    auto answer = std::make_shared<const ConversionAnswer>(
        ConversionAnswer{image.sample, traceConversion(image.net, image.sample.input)});
    const std::lock_guard lock(m_mutex);
    if (image.time == m_time)
        m_answer = std::move(answer);
}

/// @return whether there is more to do of this survey
bool ConversionWorker::goOn(ConversionSurveyor& surveyor, std::uint64_t number)
{
    surveyor.advance();
    auto now = std::make_shared<const ConversionSurvey>(surveyor.survey());
    const std::lock_guard lock(m_mutex);
    if (number != m_surveyNumber)
        return false; // stopped, or another one was asked for meanwhile
    m_measuring = !now->finished();
    m_surveyed = std::move(now);
    return m_measuring;
}

void ConversionWorker::work(const std::stop_token& stop)
{
    giveWay();
    std::unique_ptr<ConversionSurveyor> surveyor;
    std::uint64_t number = 0; // of that survey
    while (!stop.stop_requested()) {
        std::optional<Image> image;
        std::optional<Survey> survey;
        {
            std::unique_lock lock(m_mutex);
            m_asked.wait(lock, stop, [&] { return m_image || m_survey || surveyor; });
            if (stop.stop_requested())
                return;
            image = std::exchange(m_image, std::nullopt);
            m_busy = image.has_value();
            if (!image && m_survey) {
                survey = std::exchange(m_survey, std::nullopt);
                number = m_surveyNumber;
            }
        }
        if (image) {
            guarded([&] { simulate(*image); });
            const std::lock_guard lock(m_mutex);
            m_busy = false;
        } else {
            guarded([&] {
                if (survey)
                    surveyor = std::make_unique<ConversionSurveyor>(
                        survey->net, survey->variants, survey->images, survey->image);
                if (surveyor && !goOn(*surveyor, number))
                    surveyor.reset();
            });
            const std::lock_guard lock(m_mutex);
            if (!m_problem.isEmpty()) {
                surveyor.reset();
                m_measuring = m_survey.has_value();
            }
        }
        tell();
    }
}

} // namespace apical
