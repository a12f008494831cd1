// The thread in which the converted net is simulated, so that the window never waits for it.
#pragma once

#include "widgets/conversion/samples.h"
#include "widgets/view/background_worker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace apical {

/// One image in one net, and what came of it.
struct ConversionAnswer {
    ConversionSample sample;
    ConversionTrace trace;
};

/// Ends after a few images at most. An image is answered before a survey goes on.
class ConversionWorker : public BackgroundWorker {
    Q_OBJECT
public:
    struct Survey {
        ConversionNet net;
        std::vector<ConversionVariant> variants;
        int images = 0;
        LabelledImage image;
    };
    using BackgroundWorker::BackgroundWorker;
    ~ConversionWorker() override { end(); }

    /// In place of an image that waits still.
    void show(ConversionNet, ConversionSample);
    /// In place of the survey under way.
    void measure(Survey);
    void stopMeasuring(); ///< what was measured stays
    void forget(); ///< all questions and answers: they are of another experiment

    bool showing() const; ///< an image waits, or is under way
    bool measuring() const;
    std::shared_ptr<const ConversionAnswer> answer() const; ///< the newest; nullptr: none yet
    std::shared_ptr<const ConversionSurvey> survey() const; ///< as it stands; nullptr: none yet

private:
    struct Image {
        std::uint64_t time;
        ConversionNet net;
        ConversionSample sample;
    };
    void work(const std::stop_token&) override;
    void simulate(const Image&);
    bool goOn(ConversionSurveyor&, std::uint64_t number);
    template <class Act> void guarded(const Act&);

    std::optional<Image> m_image;
    std::optional<Survey> m_survey; ///< not begun yet
    bool m_busy = false, m_measuring = false;
    std::uint64_t m_time = 0; ///< counts what was forgotten
    std::uint64_t m_surveyNumber = 0; ///< another one: the survey under way is of no use
    std::shared_ptr<const ConversionAnswer> m_answer;
    std::shared_ptr<const ConversionSurvey> m_surveyed;
};

} // namespace apical
