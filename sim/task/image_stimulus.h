// Labelled pictures as a task: a data set in files, or digits drawn by the program.
#pragma once

#include "sim/experiment/image_set.h"
#include "sim/task/sample_order.h"
#include "sim/task/stimulus.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Pictures by their number. May be asked from several threads at once.
class ImageSource {
public:
    virtual ~ImageSource() = default;
    virtual int label(int n) const = 0;
    /// Pixels row by row, 0 to 1.
    virtual void read(int n, std::span<double> out) const = 0;
};

/// Shows every picture of a set once in a block, training pictures in a fresh order. The target is
/// target.high for the output of its class and target.low for the others.
class ImageStimulus final : public Stimulus {
public:
    /// Where the pictures of one kind of block come from: `size` of them, from number `first` on.
    struct Set {
        std::shared_ptr<const ImageSource> source;
        int first = 0, size = 0;
    };
    ImageStimulus(std::array<Set, 3> sets, std::vector<std::string> classNames, std::uint64_t seed);

    bool pattern(const Presentation&, const Parameters&, std::span<double> input,
        std::span<double> target) const override;
    int samples(Block block) const override { return set(block).size; }
    int sample(const Presentation&) const override;
    int classes() const override { return static_cast<int>(m_classNames.size()); }
    std::vector<std::string> classNames() const override { return m_classNames; }

private:
    int inSet(const Presentation&) const; ///< which of its set, from 0
    const Set& set(Block block) const { return m_sets[static_cast<std::size_t>(block)]; }

    std::array<Set, 3> m_sets; ///< samples are numbered through all three
    std::vector<std::string> m_classNames;
    SampleOrder m_order, m_inOrder;
};

/// What the pictures are, in a few words: "generated digits", "Fashion-MNIST", the folder's name;
/// "" of other stimuli.
std::string pictureSetName(const StimulusSpec&);

std::unique_ptr<Stimulus> makeIdx(const Experiment&); ///< stimulus.kind "idx"
std::unique_ptr<Stimulus> makeDigits(const Experiment&); ///< stimulus.kind "digits"

} // namespace apical
