// Opening and saving: whatever is wrong with a file, the run before it goes on.
#include "app/session.h"

#include "sim/error.h"
#include "sim/preset.h"
#include "sim/runner.h"

namespace apical {

template <typename Load> bool Session::tryOpen(Load&& load)
{
    try {
        load();
        return true;
    } catch (const InputError& error) {
        Q_EMIT failed(QString::fromStdString(error.what()));
    } catch (const std::exception& error) {
        Q_EMIT failed(tr("Opening failed: %1").arg(QString::fromUtf8(error.what())));
    }
    return false;
}

bool Session::openExperiment(const Experiment& experiment, bool keepWeights)
{
    return tryOpen([&] {
        if (keepWeights && m_runner) {
            validate(experiment);
            m_runner->rebuild(experiment, true);
            m_experiment = experiment;
            m_seed = experiment.seed;
            m_parameters = experiment.laneParameters(0);
            m_scene.selection = {};
            selectFirst();
            Q_EMIT opened();
            return;
        }
        start(std::make_unique<Runner>(experiment), experiment, true);
        m_fileName.clear();
        m_savedView.clear();
    });
}

bool Session::openPreset(const QString& nameOrPath)
{
    Experiment experiment;
    return tryOpen([&] { experiment = loadPreset(nameOrPath.toStdString()); })
        && openExperiment(experiment);
}

} // namespace apical
