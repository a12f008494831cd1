// Opening and saving: whatever is wrong with a file, the run before it goes on.
#include "app/session/session.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/files/session_file.h"
#include "sim/json/file.h"
#include "sim/live/runner.h"
#include "sim/run/experiment_check.h"
#include "sim/run/simulation.h"
#include "sim/task/image_stimulus.h"

#include <QFileInfo>

#include <future>
#include <memory>

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
            takeOwnParameters();
            keepLanesInRange();
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
    return tryOpen([&] {
        experiment = loadPreset(nameOrPath.toStdString());
        if (!m_dataFolder.isEmpty() && !pictureSetName(experiment.stimulus).empty())
            experiment = loadPreset(
                nameOrPath.toStdString(), {"stimulus.data=" + m_dataFolder.toStdString()});
    }) && openExperiment(experiment);
}

bool Session::openSession(const QString& path)
{
    return tryOpen([&] {
        const SavedSession saved = loadSession(path.toStdString());
        auto runner = std::make_unique<Runner>(saved.experiment);
        if (!saved.states.empty())
            runner->restore(saved.states);
        start(std::move(runner), saved.experiment, saved.states.empty());
        m_fileName = path;
        m_savedView = QByteArray::fromStdString(saved.view);
    });
}

bool Session::open(const QString& nameOrPath)
{
    return QFileInfo::exists(nameOrPath) && isSessionFile(nameOrPath.toStdString())
        ? openSession(nameOrPath)
        : openPreset(nameOrPath);
}

bool Session::saveWeights(const QString& path, int lane)
{
    if (!m_runner)
        return false;
    return tryOpen([&] {
        const Experiment experiment = m_runner->experiment();
        const std::vector<State> states = m_runner->states();
        Simulation simulation(experiment, lane);
        simulation.restore(states.at(static_cast<std::size_t>(lane)));
        writeFileAtomically(path.toStdString(), writeWeights(weightsOf(simulation.model())));
        Q_EMIT noticed(tr("Weights saved as %1").arg(QFileInfo(path).fileName()));
    });
}

bool Session::loadWeights(const QString& path)
{
    Experiment changed = asSetNow();
    return tryOpen([&] {
        changed.weights = {.init = WeightSpec::Init::Explicit,
            .given = readWeights(
                readFile(path.toStdString(), kLargestPreset), path.toStdString(), changed)};
        validate(changed);
    }) && openExperiment(changed);
}

bool Session::save(const QString& path, const QByteArray& view)
{
    const auto write = copyTo(path, view);
    if (!write || !tryOpen(write))
        return false;
    m_fileName = path;
    Q_EMIT saved(path);
    return true;
}

std::function<void()> Session::copyTo(const QString& path, const QByteArray& view)
{
    if (!m_runner)
        return {};
    auto session = std::make_shared<SavedSession>();
    session->experiment = m_runner->experiment();
    session->view = view.toStdString();
    auto states = std::make_shared<std::future<std::vector<State>>>(m_runner->askStates());
    return [session, states, file = path.toStdString()] {
        session->states = states->get();
        saveSession(file, *session);
    };
}

} // namespace apical
