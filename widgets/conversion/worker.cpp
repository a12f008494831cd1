#include "widgets/conversion/worker.h"

#include <exception>
#include <utility>

namespace apical {

void ConversionWorker::show(ConversionNet net, ConversionSample sample)
{
    {
        const std::lock_guard lock(m_mutex);
        m_image = Image{m_time, std::move(net), std::move(sample)};
    }
    wake();
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
    wake();
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
