// A thread that works something out for a view, so that the window never waits for it.
#pragma once

#include <QObject>
#include <QString>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace apical {

/// Owned and asked by the window thread. A thread of low priority answers; it is started with the
/// first question, and ends with its owner. What is asked and answered is the heir's.
class BackgroundWorker : public QObject {
    Q_OBJECT
public:
    QString problem() const; ///< why the last question has no answer; "" else

Q_SIGNALS:
    void arrived(); ///< there is something new; window thread

protected:
    using QObject::QObject;

    void wake(); ///< something was asked
    /// Ends the thread after what it is at. Heirs call it first in their destructor, as the thread
    /// uses what is theirs.
    void end();
    /// At most one message waits for the window, however quickly answers come.
    void tell();
    /// The thread: waits on m_asked until it is asked or stopped.
    virtual void work(const std::stop_token&) = 0;

    mutable std::mutex m_mutex; // guards what both threads touch
    std::condition_variable_any m_asked;
    QString m_problem;

private:
    bool m_told = false; ///< the window was told, and has not looked yet
    std::jthread m_thread;
};

} // namespace apical
