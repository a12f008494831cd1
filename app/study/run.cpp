#include "app/study/run.h"

#include <QFile>

#include <utility>

namespace apical {
namespace {

constexpr int kPeriodMs = 100;

} // namespace

StudyRun::StudyRun(std::shared_ptr<const Study> study, const QString& journal, QObject* parent)
    : QObject(parent)
    , m_study(std::move(study))
    , m_path(journal)
    , m_journal(journal.toStdString(), *m_study)
{
    m_results = m_journal.results();
    m_timer.setInterval(kPeriodMs);
    connect(&m_timer, &QTimer::timeout, this, &StudyRun::fetch);
}

StudyRun::~StudyRun()
{
    m_pool.reset();
    if (m_journal.results().empty()) // looking at a study leaves nothing behind
        QFile::remove(m_path);
}

StudyProgress StudyRun::progress() const
{
    return m_pool ? m_pool->progress() : m_last;
}

void StudyRun::start(int jobs)
{
    if (m_pool)
        return;
    std::vector<std::size_t> todo;
    for (std::size_t point = 0; point < m_study->size(); ++point) {
        if (!m_results.contains(point))
            todo.push_back(point);
    }
    m_pool = std::make_unique<StudyPool>(m_study, std::move(todo),
        StudyPool::Options{.jobs = jobs, .background = true}, [this](StudyResult result) {
            m_journal.append(result);
            const std::lock_guard lock(m_mutex);
            m_arrived.push_back(std::move(result));
        });
    m_timer.start();
    Q_EMIT progressed();
}

void StudyRun::stop()
{
    if (m_pool)
        m_pool->stop();
}

void StudyRun::stopAndWait()
{
    if (!m_pool)
        return;
    m_pool->stop();
    while (!m_pool->waitFor(std::chrono::seconds(1))) { }
    fetch();
}

void StudyRun::fetch()
{
    const bool over = m_pool && m_pool->waitFor(std::chrono::milliseconds(0));
    std::vector<StudyResult> arrived;
    {
        const std::lock_guard lock(m_mutex);
        arrived.swap(m_arrived);
    }
    for (StudyResult& result : arrived) {
        const std::size_t point = result.point;
        m_results.insert_or_assign(point, std::move(result));
    }
    if (!arrived.empty())
        Q_EMIT resultsArrived();
    Q_EMIT progressed();
    if (over)
        finish();
}

void StudyRun::finish()
{
    m_timer.stop();
    m_last = m_pool->progress();
    const std::exception_ptr failure = m_pool->failure();
    m_pool.reset();
    QString problem;
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        problem = QString::fromUtf8(error.what());
    }
    Q_EMIT progressed();
    Q_EMIT ended(problem);
}

} // namespace apical
