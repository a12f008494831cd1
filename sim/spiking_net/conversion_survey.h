// How often the converted net is right, against the time it is given, for several encoders and
// synapses.
#pragma once

#include "sim/spiking_net/conversion_trace.h"

#include <functional>

namespace apical {

/// Synapses of 0, 2, 5 and 10 ms, with constant currents and with Poisson spikes.
std::vector<ConversionVariant> usualVariants();

/// So far; each curve is made of the images that its variant was shown.
struct ConversionSurvey {
    struct Curve {
        ConversionVariant variant;
        std::vector<double> right; ///< images whose running mean is right after step k
        double shown = 0; ///< images
        double spikes = 0; ///< of hidden neurons, all images together
    };
    double dt = 1; ///< ms
    std::vector<Curve> curves;
    double annRight = 0, annShown = 0; ///< images that the net of rates answers
    int done = 0, total = 0; ///< presentations, of all variants together
    bool finished() const { return done == total; }
    double seconds = 0; ///< that it took
};

/// Writes an image by its number and says of which class it is. Any thread.
using LabelledImage = std::function<int(int number, std::span<double> input)>;

/// Shows the first so many images to every variant, a few at a time, so that all curves grow
/// together and who waits for it can stop at any moment. Decisions are those of the model's own
/// test: the argmax of the running mean, in which biases speak before the first spike.
class ConversionSurveyor {
public:
    /// @param together images side by side: the random numbers of an encoder depend on it
    /// @throws InputError as convertedModel()
    ConversionSurveyor(const ConversionNet&, std::vector<ConversionVariant>, int images,
        LabelledImage, int together = kTogether);

    /// The next few images of the next variant. @return false if there are none left
    bool advance();
    const ConversionSurvey& survey() const { return m_survey; }

    static constexpr int kTogether = 10;

private:
    void loadImages();
    void answerWithRates();
    void present(ConversionSurvey::Curve&);
    /// Of images first..end of those side by side, how many are answered with their label.
    double rightIn(int quantity) const;

    std::vector<ConversionVariant> m_variants;
    int m_images, m_together;
    LabelledImage m_image;
    std::unique_ptr<Model> m_model;
    ConversionSurvey m_survey;
    std::size_t m_variant = 0; ///< of the next presentation
    int m_first = 0; ///< image of the next presentation
    int m_skip = 0; ///< of the images side by side, those that were counted already
    std::vector<double> m_input, m_noTarget; ///< [unit][image]
    std::vector<int> m_labels;
};

} // namespace apical
