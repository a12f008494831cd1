#include "widgets/view/background_worker.h"

#include "sim/base/background.h"

#include <utility>

namespace apical {

QString BackgroundWorker::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

void BackgroundWorker::wake()
{
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& stop) {
            giveWay();
            work(stop);
        });
    m_asked.notify_one();
}

void BackgroundWorker::end()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void BackgroundWorker::tell()
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

} // namespace apical
