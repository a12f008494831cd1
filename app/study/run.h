// A study that runs beside the window: its threads, its results so far, its journal on disk.
#pragma once

#include "sim/study/journal.h"
#include "sim/study/pool.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <mutex>
#include <vector>

namespace apical {

/// Window thread. The threads of the pool hand results over through a short list; the window
/// fetches them ten times a second and never waits for a step.
class StudyRun : public QObject {
    Q_OBJECT
public:
    /// Opens the journal and what it already holds; runs nothing yet.
    /// @throws InputError, OutputError
    StudyRun(std::shared_ptr<const Study>, const QString& journal, QObject* parent = nullptr);
    ~StudyRun() override; ///< stops; whole results stay in the journal

    const Study& study() const { return *m_study; }
    const StudyResults& results() const { return m_results; }
    bool running() const { return m_pool != nullptr; }
    bool complete() const { return m_results.size() == m_study->size(); }
    StudyProgress progress() const; ///< of the present start

    void start(int jobs); ///< or goes on
    void stop(); ///< ended() follows soon
    void stopAndWait();

Q_SIGNALS:
    void resultsArrived();
    void progressed();
    void ended(const QString& problem); ///< "" = complete, or stopped on demand

private:
    void fetch();
    void finish();

    std::shared_ptr<const Study> m_study;
    StudyResults m_results;
    QString m_path;
    StudyJournal m_journal; ///< of the pool's threads while they run
    QTimer m_timer;
    std::mutex m_mutex; // guards m_arrived
    std::vector<StudyResult> m_arrived;
    StudyProgress m_last;
    std::unique_ptr<StudyPool> m_pool;
};

} // namespace apical
