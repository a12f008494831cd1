// Studies beside the run.
#include "app/window/main_window.h"

#include "app/study/window.h"
#include "app/window/message_bar.h"
#include "sim/experiment/lanes.h"

#include <QDir>
#include <QStandardPaths>

#include <algorithm>

namespace apical {
namespace {

/// The preset in the window with the parameters it has now: what was edited while it ran holds from
/// the start, what belongs to the preset keeps its time.
Experiment studied(const Session& session)
{
    Experiment experiment = session.experiment();
    for (const Edit& edit : session.replay().edits) {
        const bool own = std::find(experiment.edits.begin(), experiment.edits.end(), edit)
            != experiment.edits.end();
        if (!own)
            setOver(experiment, edit);
    }
    return experiment;
}

} // namespace

StudyWindow& MainWindow::showStudies()
{
    if (!m_studies) {
        const QString folder = m_options.persistent
            ? QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
                  .filePath(QStringLiteral("studies"))
            : QString();
        m_studies = new StudyWindow(
            folder, [this] { return studied(*m_session); }, this);
        connect(m_studies, &StudyWindow::pointOpened, this, [this](const Experiment& point) {
            if (!m_session->openExperiment(point))
                return;
            if (m_messages->isVisible())
                m_messages->dismiss();
            say(tr("A point of the study is open: %1").arg(m_session->title()));
        });
    }
    m_studies->show();
    m_studies->raise();
    m_studies->activateWindow();
    return *m_studies;
}

} // namespace apical
