// Images that the converted net is shown: those of the experiment's task by their number, or the
// one that its run is shown now.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/spiking_net/conversion_survey.h"
#include "sim/task/stimulus.h"
#include "widgets/view/view.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace apical {

struct ConversionSample {
    std::vector<double> input;
    int label = -1; ///< class; -1: nobody says
    QString name; ///< "test image 12"
    std::vector<double> target{}; ///< of a sample of the set; empty: nobody asks
};

/// The set that a net is judged by: the test set, where there is none the validation set, else the
/// training set.
class SampleSet {
public:
    explicit SampleSet(const Experiment&);

    int size() const { return m_stimulus ? m_stimulus->samples(m_block) : 0; }
    bool hasClasses() const { return m_stimulus && m_stimulus->classes() > 0; }
    QString name() const; ///< "test images"
    ConversionSample at(int number) const;
    /// The same for a thread of its own, which may outlive this.
    LabelledImage images() const;
    const std::string& precision() const { return m_experiment->precision; }

private:
    std::shared_ptr<const Experiment> m_experiment; ///< without its weights
    std::unique_ptr<Stimulus> m_stimulus;
    Block m_block = Block::Test;
};

/// The lane whose net is converted: the one shown, or where that has none the first that has;
/// nullptr: none has.
const LaneFrame* convertedLane(const Scene&);
/// Whether a model answers as a net of rates and by spikes, with the same weights.
bool answersTwice(const Anatomy&);
/// With the weights of the frame; empty while there are none.
std::optional<ConversionNet> netOf(const LaneFrame&, const Frame&, const std::string& precision);
/// What the lane is shown now.
ConversionSample shownNow(const LaneFrame&);

} // namespace apical
