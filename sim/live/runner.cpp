#include "sim/live/runner.h"

#include "sim/live/loop.h"

#include <thread>
#include <utility>

namespace apical {

std::shared_ptr<BinRing> RunnerHandover::ring() const
{
    const std::lock_guard lock(m_ringMutex);
    return m_ring;
}

void RunnerHandover::setRing(std::shared_ptr<BinRing> ring)
{
    const std::lock_guard lock(m_ringMutex);
    m_ring.swap(ring);
}

StepReports RunnerHandover::stepReports() const
{
    const std::lock_guard lock(m_stepsMutex);
    return m_stepReports;
}

void RunnerHandover::setStepReports(StepReports reports)
{
    const std::lock_guard lock(m_stepsMutex);
    m_stepReports.swap(reports); // the old ones are destroyed when the lock is gone
}

void RunnerHandover::wake()
{
    {
        const std::lock_guard lock(m_wakeMutex);
        m_awake = true;
    }
    m_wakeCondition.notify_one();
}

void RunnerHandover::sleep()
{
    std::unique_lock lock(m_wakeMutex);
    m_wakeCondition.wait(lock, [this] { return m_awake; });
    m_awake = false;
}

void RunnerHandover::sleepUntil(std::chrono::steady_clock::time_point time)
{
    std::unique_lock lock(m_wakeMutex);
    m_wakeCondition.wait_until(lock, time, [this] { return m_awake; });
    m_awake = false;
}

struct Runner::Impl {
    RunnerHandover shared;
    RunnerLoop loop;
    std::mutex
        sending; ///< between threads that send commands; the simulation thread never takes it
    // Window thread:
    std::uint64_t seen = 0; ///< generation of the newest frame taken
    std::shared_ptr<BinRing> drained;
    std::shared_ptr<SpikeRing> spikes;
    StepWish steps; ///< as last told
    std::jthread thread;

    explicit Impl(Experiment experiment)
        : loop(std::move(experiment), shared)
        , thread([this](const std::stop_token& stop) { loop.run(stop); })
    {
    }
    ~Impl()
    {
        thread.request_stop();
        shared.wake();
        thread.join();
    }

    void send(command::Any command)
    {
        {
            const std::lock_guard lock(sending);
            shared.commands.push(std::move(command));
        }
        shared.wake();
    }
};

Runner::Runner(Experiment experiment)
    : m_impl(std::make_unique<Impl>(std::move(experiment)))
{
}

Runner::~Runner() = default;

void Runner::run()
{
    m_impl->send(command::Run{});
}

void Runner::pause()
{
    m_impl->send(command::Pause{});
}

void Runner::stepOnce(int steps)
{
    if (steps > 0)
        m_impl->send(command::Step{static_cast<std::uint64_t>(steps)});
}

void Runner::stepToNextPattern()
{
    m_impl->send(command::NextPattern{});
}

void Runner::reset()
{
    m_impl->send(command::Reset{});
}

void Runner::reset(std::uint64_t newSeed)
{
    m_impl->send(command::Reset{newSeed});
}

void Runner::setPace(double realTimeFactor)
{
    m_impl->send(command::Pace{realTimeFactor});
}

void Runner::edit(int lane, std::string key, ParameterValue value)
{
    m_impl->send(command::SetParameter{lane, std::move(key), std::move(value)});
}

void Runner::rebuild(Experiment experiment, bool keepWeights)
{
    m_impl->send(command::Rebuild{std::move(experiment), keepWeights});
}

void Runner::duplicateLane()
{
    m_impl->send(command::DuplicateLane{});
}

void Runner::removeLane(int lane)
{
    m_impl->send(command::RemoveLane{lane});
}

void Runner::rewindTo(std::uint64_t step)
{
    m_impl->send(command::Rewind{step});
}

void Runner::restore(std::vector<State> states)
{
    m_impl->send(command::Restore{std::move(states)});
}

void Runner::setWish(FrameWish wish)
{
    m_impl->send(command::Wish{wish});
}

void Runner::watchSteps(const StepWish& wish)
{
    if (wish == m_impl->steps)
        return;
    m_impl->steps = wish;
    m_impl->send(command::WatchSteps{wish});
}

StepReports Runner::stepReports() const
{
    return m_impl->shared.stepReports();
}

bool Runner::takeFrame(Frame& frame)
{
    if (!m_impl->shared.frames.take())
        return false;
    std::swap(frame, m_impl->shared.frames.front()); // the old one's memory is used again
    m_impl->seen = frame.generation;
    return true;
}

std::size_t Runner::drain(History& history)
{
    std::shared_ptr<BinRing> ring = m_impl->shared.ring();
    // Bins of another run have to wait until the window knows about it.
    if (ring->generation() > m_impl->seen)
        return 0;
    if (ring != m_impl->drained) {
        if (m_impl->drained && m_impl->drained->run() == ring->run()) {
            m_impl->drained->drain(history); // what was still on its way
            history = history.withChannels(ring->channels());
        } else if (history.channels() == ring->channels()) {
            history.clear();
        } else {
            history = History(ring->channels());
        }
        m_impl->drained = ring;
    }
    return ring->drain(history);
}

std::size_t Runner::drain(SpikeHistory& history)
{
    // Lanes that came and went between two looks have rings, too: none is left out.
    std::shared_ptr<SpikeRing>& ring = m_impl->spikes;
    while (const std::shared_ptr<SpikeRing>* next = m_impl->shared.spikes.peek()) {
        if ((*next)->generation() > m_impl->seen)
            break; // of lanes that the window does not know yet
        std::shared_ptr<SpikeRing> before = std::exchange(ring, *next);
        std::shared_ptr<SpikeRing> taken;
        m_impl->shared.spikes.pop(taken);
        if (before && before->run() == ring->run()) {
            before->drain(history); // what was still on its way
            history.regroup(ring->groups(), ring->origins());
        } else {
            history = SpikeHistory(ring->groups());
        }
    }
    return ring ? ring->drain(history) : 0;
}

std::vector<Channel> Runner::channels() const
{
    return m_impl->shared.ring()->channels();
}

bool Runner::takeEvent(Event& event)
{
    return m_impl->shared.events.pop(event);
}

bool Runner::takeError(std::string& error)
{
    return m_impl->shared.errors.pop(error);
}

Experiment Runner::experiment() const
{
    return m_impl->loop.timeline().experiment();
}

std::vector<State> Runner::states()
{
    return askStates().get();
}

std::future<std::vector<State>> Runner::askStates()
{
    command::AskStates ask;
    std::future<std::vector<State>> answer = ask.answer.get_future();
    m_impl->send(std::move(ask));
    return answer;
}

std::uint64_t Runner::stepsDone() const
{
    return m_impl->shared.stepsDone.load(std::memory_order_relaxed);
}

} // namespace apical
