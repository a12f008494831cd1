// The thread in which both phases of a sample are traced, so that the window never waits for it.
#pragma once

#include "sim/spiking_predictive/phases_trace.h"

#include <QObject>
#include <QString>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace apical {

/// A sample that is traced, and what is to be said of it.
struct PhasesQuestion {
    PhasesCase asked;
    int label = -1; ///< class; -1: nobody says
    QString name; ///< "test image 12"
    bool operator==(const PhasesQuestion&) const = default;
};

struct PhasesAnswer {
    PhasesQuestion question;
    PhasesTrace trace;
};

/// Owned and asked by the window thread. A thread of low priority answers; it is started with the
/// first question, and ends with its owner after one trace at most.
class PhasesWorker : public QObject {
    Q_OBJECT
public:
    explicit PhasesWorker(QObject* parent = nullptr);
    ~PhasesWorker() override;

    void ask(PhasesQuestion); ///< in place of one that waits still
    void forget(); ///< question and answer: they are of another experiment
    std::shared_ptr<const PhasesAnswer> answer() const; ///< the newest; nullptr: none yet
    QString problem() const; ///< why the last question has no answer; "" else

Q_SIGNALS:
    void arrived(); ///< one of the above changed; window thread

private:
    struct Waiting {
        std::uint64_t time;
        PhasesQuestion question;
    };
    void work(const std::stop_token&);
    void answerTo(Waiting);
    void tell();

    mutable std::mutex m_mutex; // guards all but the thread
    std::condition_variable_any m_asked;
    std::optional<Waiting> m_waiting;
    std::uint64_t m_time = 0; ///< counts what was forgotten
    bool m_told = false; ///< the window was told, and has not looked yet
    std::shared_ptr<const PhasesAnswer> m_answer;
    QString m_problem;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace apical
