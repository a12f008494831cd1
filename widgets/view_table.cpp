// The table of views: a row here is all it takes to get a dock, a menu entry, an export and a smoke
// test.
#include "sim/insight/circuit_frame.h"
#include "sim/network/norm_trace.h"
#include "sim/predictive/inference_trace.h"
#include "sim/spiking_predictive/phases_trace.h"
#include "widgets/circuit/inspector_view.h"
#include "widgets/circuit/view.h"
#include "widgets/conversion/samples.h"
#include "widgets/conversion/view.h"
#include "widgets/doctor/distance_view.h"
#include "widgets/doctor/doctor_view.h"
#include "widgets/doctor/lag_view.h"
#include "widgets/doctor/loudest_view.h"
#include "widgets/doctor/rosetta_view.h"
#include "widgets/lif/bench_lane.h"
#include "widgets/lif/encoder_view.h"
#include "widgets/lif/filter_view.h"
#include "widgets/lif/membrane_view.h"
#include "widgets/lif/rate_view.h"
#include "widgets/network/norm_view.h"
#include "widgets/picture/classes_view.h"
#include "widgets/picture/drawing_view.h"
#include "widgets/picture/gallery_view.h"
#include "widgets/picture/microscope_view.h"
#include "widgets/picture/mistakes_view.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/predictive/clock_view.h"
#include "widgets/predictive/inference_view.h"
#include "widgets/raster/view.h"
#include "widgets/spikes/bridge_view.h"
#include "widgets/spikes/statistics_view.h"
#include "widgets/spikes/synapse_view.h"
#include "widgets/strips/strips_view.h"
#include "widgets/task/angles_view.h"
#include "widgets/task/answers_view.h"
#include "widgets/task/confusion_view.h"
#include "widgets/task/learning_view.h"
#include "widgets/union/view.h"
#include "widgets/weights/alignment_view.h"
#include "widgets/weights/view.h"

#include "sim/task/strokes.h"

#include <algorithm>

namespace apical {
namespace {

/// A hidden layer of a microcircuit: something to predict and to cancel.
bool cancelsFeedback(const Anatomy& a)
{
    return isCircuit(a)
        && std::any_of(a.projections.begin(), a.projections.end(),
            [](const auto& p) { return p.pathway == "W_pi"; });
}

/// Neurons whose events are counted, one sample at a time.
bool spikes(const Anatomy& a)
{
    return std::any_of(a.quantities.begin(), a.quantities.end(),
        [](const Anatomy::Quantity& q) { return q.form == Anatomy::Form::Count && !q.perSample; });
}

/// A microcircuit whose potentials come to rest: spikes never do.
bool settles(const Anatomy& a)
{
    return isCircuit(a) && !spikes(a);
}

/// Rates whose errors can be told from those of other theories, neuron by neuron.
bool sendsErrors(const Anatomy& a)
{
    return cancelsFeedback(a) && settles(a);
}

bool hasTask(const Anatomy& a)
{
    return a.quantity("target") >= 0;
}

bool seesPictures(const Anatomy& a)
{
    return pictureSide(a) > 0 && hasTask(a);
}

/// Pictures, and dendrites in which errors arrive.
bool seesErrors(const Anatomy& a)
{
    return seesPictures(a) && isCircuit(a);
}

/// What can be drawn: a picture of the size that strokes are made into.
bool seesDigits(const Anatomy& a)
{
    return pictureSide(a) == kDigitSide && hasTask(a);
}

bool hasWeights(const Anatomy& a)
{
    return !a.projections.empty();
}

bool changes(const Anatomy& a)
{
    return !a.measures.empty()
        || std::any_of(a.quantities.begin(), a.quantities.end(),
            [](const Anatomy::Quantity& q) { return q.watched; });
}

} // namespace

const std::vector<ViewRow>& viewTable()
{
    using namespace Qt::Literals::StringLiterals;
    static const std::vector<ViewRow> table{
        {u"circuit"_s, u"Circuit"_s, u"Neurons and pathways with their live activity."_s,
            u"centre-top"_s, makeCircuitView, isCircuit},
        {u"strips"_s, u"Time strips"_s, u"Voltages and errors over one shared time axis."_s,
            u"centre"_s, makeStripsView, changes},
        {u"raster"_s, u"Raster"_s, u"Who spiked when, neuron by neuron."_s, u"centre"_s,
            makeRasterView, spikes},
        {u"rate-curve"_s, u"Rate curve"_s,
            u"Rates over the current: theory, soft-LIF, and the neurons of the run."_s, u"centre"_s,
            makeRateView, isBench},
        {u"membrane"_s, u"Membrane"_s,
            u"The potential of one neuron: threshold, silence, spikes between the steps."_s,
            u"centre"_s, makeMembraneView, isBench},
        {u"encoder"_s, u"Encoder"_s,
            u"Numbers as spikes: the picture they add up to, counts and their distribution."_s,
            u"centre"_s, makeEncoderView, isBench},
        {u"synaptic-filter"_s, u"Synaptic filter"_s,
            u"What a synapse makes of one spike and of a train, beside the closed forms."_s,
            u"centre"_s, makeFilterView, isBench},
        {u"answers"_s, u"Answers"_s,
            u"What the outputs answer, against their targets, sample by sample."_s,
            u"bottom-left"_s, makeAnswersView, hasTask},
        {u"inference"_s, u"Inference"_s,
            u"One inference, read by read: values, predictions, errors and where energy goes."_s,
            u"centre"_s, makeInferenceView, infersStepByStep},
        {u"clock"_s, u"Clock of learning"_s,
            u"Which layer errs at which read, and when its weights learn: where Z-IL is backprop."_s,
            u"centre"_s, makeClockView, infersStepByStep},
        {u"classes"_s, u"Class potentials"_s,
            u"What the output says of each class: now, as bars, and over time."_s, u"centre"_s,
            makeClassesView, hasTask},
        {u"drawing"_s, u"Draw a digit"_s,
            u"A canvas: the network answers while the stroke grows, and can be taught it."_s,
            u"centre-top"_s, makeDrawingView, seesDigits},
        {u"conversion"_s, u"Conversion"_s,
            u"An image crosses the net as spikes: rasters, decision, rates, accuracy over time."_s,
            u"centre"_s, makeConversionView, answersTwice},
        {u"batch-norm"_s, u"Batch norm"_s,
            u"What units receive before and after normalisation, and what fusing it changes."_s,
            u"centre"_s, makeNormView, normalisesBatches},
        {u"phases"_s, u"Two phases"_s,
            u"One sample, predicted and corrected with spikes: rasters, the latch, and backprop."_s,
            u"centre"_s, makePhasesView, hasTwoPhases},
        {u"gallery"_s, u"Weight images"_s,
            u"What each hidden neuron looks for, as a picture, and what changes in it."_s,
            u"centre-top"_s, makeGalleryView, seesPictures},
        {u"microscope"_s, u"Error microscope"_s,
            u"Apical errors seen through the first weights, beside backpropagation's."_s,
            u"bottom-left"_s, makeMicroscopeView, seesErrors},
        {u"learning"_s, u"Loss and accuracy"_s,
            u"Loss and error per epoch: training, validation and test."_s, u"bottom-left"_s,
            makeLearningView, hasTask},
        {u"weights"_s, u"Weights"_s,
            u"Weights, their self-predicting targets and the difference."_s, u"bottom-left"_s,
            makeWeightsView, hasWeights},
        {u"alignment"_s, u"Alignment"_s,
            u"Lateral weights against the feedback they should cancel."_s, u"bottom-centre"_s,
            makeAlignmentView, cancelsFeedback},
        {u"distance"_s, u"Fixed point"_s,
            u"Relative distance to the analytic self-predicting weights."_s, u"bottom-left"_s,
            makeDistanceView, cancelsFeedback},
        {u"angles"_s, u"Angle to backprop"_s,
            u"Local weight changes against the exact gradient, layer by layer."_s,
            u"bottom-centre"_s, makeAnglesView, hasTask},
        {u"rosetta"_s, u"Rosetta"_s,
            u"One error in three languages: microcircuit, predictive coding, backpropagation."_s,
            u"centre"_s, makeRosettaView, sendsErrors},
        {u"confusion"_s, u"Confusion"_s, u"Which class was answered for which."_s,
            u"bottom-centre"_s, makeConfusionView, hasTask},
        {u"mistakes"_s, u"Misclassified"_s,
            u"Pictures that were answered wrong, or those of one cell of the confusion."_s,
            u"bottom-centre"_s, makeMistakesView, seesPictures},
        {u"loudest"_s, u"Loudest ten"_s, u"The apical compartments that are least silent."_s,
            u"bottom-centre"_s, makeLoudestView, cancelsFeedback},
        {u"spike-statistics"_s, u"Spike statistics"_s,
            u"Rates, intervals and Fano factors of a population, against Poisson spikes."_s,
            u"bottom-centre"_s, makeStatisticsView, spikes},
        {u"rate-bridge"_s, u"Rates and spikes"_s,
            u"Filtered spikes over what the neurons send on average, and beside a lane of rates."_s,
            u"bottom-left"_s, makeBridgeView, spikes},
        {u"synapse"_s, u"Synapse"_s,
            u"Spikes, trace, error, integrals and weight of one synapse, step by step."_s,
            u"right"_s, makeSynapseView, spikes},
        {u"inspector"_s, u"Inspector"_s,
            u"The selected neuron: voltages, equation, apical decomposition."_s, u"right"_s,
            makeInspectorView, isCircuit},
        {u"lag"_s, u"Lag meter"_s, u"How late each layer answers a pattern change, lane by lane."_s,
            u"right"_s, makeLagView, settles},
        {u"doctor"_s, u"Doctor"_s, u"A plain verdict on the run, its evidence and one next step."_s,
            u"bottom-right"_s, makeDoctorView, isCircuit},
    };
    return table;
}

} // namespace apical
