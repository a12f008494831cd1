// The verdict on a run with a target: how the task is learned, and what stands in its way.
#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/diagnosis_case.h"
#include "sim/insight/diagnosis_words.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <string_view>

namespace apical {
namespace {

constexpr std::size_t kBlock = 20; // epochs that are compared with those before them
constexpr std::size_t kRecent = 5; // epochs that are told as "now"
constexpr std::uint64_t kManySamples = 100; // a block of so many tells it alone
constexpr std::uint64_t kPatience = 200; // epochs without progress that count as a standstill
constexpr double kProgress = 0.97; // of the best loss: less than that is none
constexpr double kFarFromFixedPoint = 0.1;

/// The course of what was not trained on (validation, else test), or of the training where nothing
/// else is measured.
struct Course {
    AnswerScore first, now, best; ///< means over blocks of epochs, NaN where unknown
    std::uint64_t epoch = 0, bestEpoch = 0;
    std::size_t blocks = 0; ///< that `now` is the mean of
    const char* block = "training";
    bool known = false;
    bool stalled() const
    {
        return known && now.loss > 1e-6 && epoch >= bestEpoch + kPatience && !(now.correct >= 1);
    }
};

AnswerScore meanOf(const std::vector<EpochScore>& epochs, std::size_t from, std::size_t to,
    AnswerScore EpochScore::*which)
{
    AnswerScore sum{0, 0};
    for (std::size_t i = from; i < to; ++i) {
        sum.loss += (epochs[i].*which).loss;
        sum.correct += (epochs[i].*which).correct;
    }
    const auto n = static_cast<double>(to - from);
    return {sum.loss / n, sum.correct / n};
}

Course courseOf(const TaskFrame& task)
{
    Course c;
    if (!task.epochs || task.epochs->empty())
        return c;
    const auto scored = [&](AnswerScore EpochScore::*which) {
        return std::any_of(task.epochs->begin(), task.epochs->end(),
            [which](const EpochScore& e) { return std::isfinite((e.*which).loss); });
    };
    auto which = &EpochScore::train;
    Block kind = Block::Train;
    if (scored(&EpochScore::validation))
        which = &EpochScore::validation, kind = Block::Validation;
    else if (scored(&EpochScore::test))
        which = &EpochScore::test, kind = Block::Test;
    c.block = kind == Block::Train ? "training" : blockName(kind);
    // The last epoch may still lack its block, and not every epoch has a test.
    std::vector<EpochScore> epochs;
    std::copy_if(task.epochs->begin(), task.epochs->end(), std::back_inserter(epochs),
        [which](const EpochScore& e) { return std::isfinite((e.*which).loss); });
    const std::size_t end = epochs.size();
    if (end == 0)
        return c;
    c.known = true;
    c.first = epochs.front().*which;
    c.epoch = epochs[end - 1].epoch;
    c.best = {HUGE_VAL, 0};
    const std::size_t block = std::min(kBlock, end);
    for (std::size_t to = block;; to = std::min(to + block, end)) {
        c.now = meanOf(epochs, to - block, to, which);
        if (c.now.loss < kProgress * c.best.loss || c.now.correct > c.best.correct) {
            c.best = {std::min(c.now.loss, c.best.loss), std::max(c.now.correct, c.best.correct)};
            c.bestEpoch = epochs[to - 1].epoch;
        }
        if (to == end)
            break;
    }
    const std::size_t recent = task.schedule.size(kind) >= kManySamples ? 1 : kRecent;
    c.blocks = std::min(recent, end);
    c.now = meanOf(epochs, end - c.blocks, end, which);
    return c;
}

std::string lossText(const Course& c)
{
    return std::string(c.block) + " loss " + errorText(c.now.loss) + ", was "
        + errorText(c.first.loss) + " at first";
}

/// What `now` tells of; epochs count from 0.
std::string nowText(const Course& c)
{
    if (c.blocks < 2)
        return "Epoch " + std::to_string(c.epoch) + ": ";
    const std::string_view block = c.block;
    return "Last " + std::to_string(c.blocks) + ' '
        + std::string(block == "training" ? "epoch" : block) + "s: ";
}

void describe(Diagnosis& out, const Course& c)
{
    const std::string now = nowText(c);
    const bool classes = std::isfinite(c.now.correct);
    if (classes && c.now.correct >= 1) {
        out.title = "The task is learned";
        out.text = now + "every " + c.block + " sample is\nanswered right.";
    } else if (c.stalled()) {
        out.verdict = Verdict::Plateau;
        out.title = "Learning has stalled";
        out.text = now
            + (classes ? percentText(1 - c.now.correct) + " wrong;"
                       : "the loss stays at " + errorText(c.now.loss) + ';')
            + "\nno progress since epoch " + std::to_string(c.bestEpoch) + '.';
    } else {
        out.title = "Learning, target on";
        out.text = now
            + (classes ? percentText(1 - c.now.correct) + " wrong.\n"
                       : "loss " + errorText(c.now.loss) + ".\n")
            + "What is left of the apical error teaches W_up.";
    }
    out.evidence.push_back({!c.stalled() && !(c.now.loss > c.first.loss), lossText(c)});
}

} // namespace

Diagnosis DiagnosisCase::learning() const
{
    Diagnosis out;
    out.verdict = Verdict::Learning;
    out.title = "Learning, target on";
    out.text =
        "The apical error now carries the target:\nwhat is left of it is what W_up has to learn.";
    const Course course = courseOf(m_now.task);
    if (course.known)
        describe(out, course);
    const CircuitParameters& c = circuit(m_now.parameters);
    const Trend& apical = m_trends.apical;
    out.evidence.push_back({true,
        "apical error " + errorText(apical.level)
            + (apical.falling()       ? ", falling"
                    : apical.rising() ? ", rising"
                                      : ", steady")});
    const bool upLearns = !c.lockUp
        && std::any_of(c.etaUp.begin(), c.etaUp.end(), [](double rate) { return rate > 0; });
    if (!upLearns || !course.known)
        out.evidence.push_back({upLearns,
            upLearns       ? "W_up learns from it"
                : c.lockUp ? "W_up is locked: nothing learns from it"
                           : "eta up is 0: W_up does not learn from it"});
    double distance = 0;
    for (const SelfPredictionErrors& errors : m_layerErrors)
        distance = std::max(distance, errors.fixedPointDistance);
    out.evidence.push_back({distance < kFarFromFixedPoint,
        "lateral weights " + percentText(distance) + " from their fixed point"});
    const std::vector<Evidence> lint = preflight();
    if (c.lockUp)
        out.remedy = {Remedy::Kind::SetParameter, "Unlock W_up", "lock.up", false};
    else if (course.stalled() && !c.latentEquilibrium && !lint.empty())
        out.remedy = {Remedy::Kind::SetParameter, "Switch the look-ahead on",
            "circuit.latent_equilibrium", true};
    out.evidence.insert(out.evidence.end(), lint.begin(), lint.end());
    out.why = "The target nudges the output away from its own prediction. The feedback of that "
              "difference is not predicted by the interneurons, so it stays in the apical "
              "compartments and shifts the somata: this is the error signal of every hidden "
              "neuron, and W_up learns until it is gone. W_pi learns from the same apical "
              "potential: while it is plastic it also cancels part of the target. The pull of the "
              "target hides what was learned, so answers are judged without it, in the blocks of "
              "validation or test.";
    return out;
}

} // namespace apical
