#include "sim/experiment/schedule.h"

namespace apical {

const char* blockName(Block block)
{
    switch (block) {
    case Block::Train:
        return "train";
    case Block::Validation:
        return "validation";
    case Block::Test:
        break;
    }
    return "test";
}

Schedule::Schedule(const Parameters& p, int trainingSamples)
    : m_train(static_cast<std::uint64_t>(p.protocolTrain > 0 ? p.protocolTrain : trainingSamples))
    , m_validation(static_cast<std::uint64_t>(p.protocolValidation))
    , m_test(static_cast<std::uint64_t>(p.protocolTest))
    , m_testInterval(static_cast<std::uint64_t>(p.protocolTestInterval))
    , m_hasEpochs(m_train > 0)
    , m_testSame(p.testSame)
{
    if (m_train == 0)
        m_train = 1;
}

Presentation Schedule::at(std::uint64_t number) const
{
    const std::uint64_t epoch = m_train + m_validation;
    const std::uint64_t period = m_testInterval * epoch + m_test;
    const std::uint64_t round = number / period, within = number % period;
    Presentation p{.number = number};
    if (within >= m_testInterval * epoch) { // the test block belongs to the epoch before it
        p.epoch = (round + 1) * m_testInterval - 1;
        p.block = Block::Test;
        p.ordinal = round;
        p.index = within - m_testInterval * epoch;
        p.size = m_test;
        p.same = m_testSame;
        return p;
    }
    p.epoch = round * m_testInterval + within / epoch;
    p.ordinal = p.epoch;
    p.index = within % epoch;
    p.size = m_train;
    if (p.index >= m_train) {
        p.block = Block::Validation;
        p.index -= m_train;
        p.size = m_validation;
    }
    return p;
}

std::uint64_t Schedule::presentations(std::uint64_t epochs) const
{
    return epochs * (m_train + m_validation) + epochs / m_testInterval * m_test;
}

std::uint64_t Schedule::size(Block block) const
{
    switch (block) {
    case Block::Train:
        return m_train;
    case Block::Validation:
        return m_validation;
    case Block::Test:
        break;
    }
    return m_test;
}

} // namespace apical
