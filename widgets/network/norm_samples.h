// The samples that a normalising net is looked at with: the batch it last learned from, and those
// it is judged by.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/task/stimulus.h"
#include "widgets/view/view.h"

#include <QString>

#include <memory>
#include <vector>

namespace apical {

/// Samples as columns.
struct SampleColumns {
    std::vector<double> input; ///< [unit][sample]
    int count = 0;
    QString name; ///< "batch 2 of epoch 3", "8 test samples"
};

/// Of an experiment, as long as that is open.
class NormSamples {
public:
    explicit NormSamples(const Experiment&);

    /// The batch that the lane learned from last; before it learned, the first one.
    SampleColumns batch(const LaneFrame&) const;
    /// The first of the test set, where there is none of the validation set, else of the training
    /// set; of an endless set none. @param most that are wanted
    SampleColumns judged(const Parameters&, int most) const;
    const std::string& precision() const { return m_experiment.precision; }

private:
    Experiment m_experiment; ///< without its weights
    std::unique_ptr<Stimulus> m_stimulus; ///< nullptr: what the run says is wrong with it
};

} // namespace apical
