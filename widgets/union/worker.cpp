#include "widgets/union/worker.h"

#include <exception>
#include <utility>

namespace apical {

void PhasesWorker::ask(PhasesQuestion question)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting = Waiting{m_time, std::move(question)};
    }
    wake();
}

void PhasesWorker::forget()
{
    const std::lock_guard lock(m_mutex);
    ++m_time;
    m_waiting.reset();
    m_answer.reset();
    m_problem.clear();
}

std::shared_ptr<const PhasesAnswer> PhasesWorker::answer() const
{
    const std::lock_guard lock(m_mutex);
    return m_answer;
}

void PhasesWorker::chooseWorst(PhasesQuestion& question)
{
    const ConversionSample* worst = nullptr;
    double most = 0;
    for (const ConversionSample& sample : *question.among) {
        question.asked.input = sample.input;
        question.asked.target = sample.target;
        if (const double loss = rateLoss(question.asked); !worst || loss > most) {
            worst = &sample;
            most = loss;
        }
    }
    if (!worst)
        return;
    question.asked.input = worst->input;
    question.asked.target = worst->target;
    question.label = worst->label;
    question.name = worst->name;
}

void PhasesWorker::answerTo(Waiting waiting)
{
    std::shared_ptr<PhasesAnswer> answer;
    QString problem;
    try {
        waiting.question.asked =
            plainCase(std::move(waiting.question.asked)); // once for all samples
        if (waiting.question.among)
            chooseWorst(waiting.question);
        PhasesTrace trace = tracePhases(waiting.question.asked);
        answer = std::make_shared<PhasesAnswer>(
            PhasesAnswer{std::move(waiting.question), std::move(trace)});
    } catch (const std::exception& error) { // said where the picture would be
        problem = QString::fromUtf8(error.what());
    }
    const std::lock_guard lock(m_mutex);
    if (waiting.time != m_time)
        return;
    m_problem = problem;
    m_answer = std::move(answer);
}

void PhasesWorker::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::optional<Waiting> next;
        {
            std::unique_lock lock(m_mutex);
            m_asked.wait(lock, stop, [&] { return m_waiting.has_value(); });
            if (stop.stop_requested())
                return;
            next = std::exchange(m_waiting, std::nullopt);
        }
        answerTo(std::move(*next));
        tell();
    }
}

} // namespace apical
