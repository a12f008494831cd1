// The thread in which both phases of a sample are traced, so that the window never waits for it.
#pragma once

#include "sim/spiking_predictive/phases_trace.h"
#include "widgets/conversion/samples.h"
#include "widgets/view/background_worker.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace apical {

/// A sample that is traced, and what is to be said of it.
struct PhasesQuestion {
    PhasesCase asked;
    int label = -1; ///< class; -1: nobody says
    QString name; ///< "test image 12"
    /// In place of all that: the one of these that the net of rates answers worst.
    std::shared_ptr<const std::vector<ConversionSample>> among{};
    bool operator==(const PhasesQuestion&) const = default;
};

struct PhasesAnswer {
    PhasesQuestion question;
    PhasesTrace trace;
};

/// Ends after one trace at most.
class PhasesWorker : public BackgroundWorker {
    Q_OBJECT
public:
    using BackgroundWorker::BackgroundWorker;
    ~PhasesWorker() override { end(); }

    void ask(PhasesQuestion); ///< in place of one that waits still
    void forget(); ///< question and answer: they are of another experiment
    std::shared_ptr<const PhasesAnswer> answer() const; ///< the newest; nullptr: none yet

private:
    struct Waiting {
        std::uint64_t time;
        PhasesQuestion question;
    };
    void work(const std::stop_token&) override;
    static void chooseWorst(PhasesQuestion&);
    void answerTo(Waiting);

    std::optional<Waiting> m_waiting;
    std::uint64_t m_time = 0; ///< counts what was forgotten
    std::shared_ptr<const PhasesAnswer> m_answer;
};

} // namespace apical
