// The plausibility window, and where in the network its terms are.
#include "app/window/main_window.h"

#include "app/help/plausibility_window.h"
#include "widgets/circuit/view.h"
#include "widgets/weights/view.h"
#include "widgets/weights/view_tables.h"

#include <QWindow>

#include <string>

namespace apical {
namespace {

/// The neuron a term is about, in a network with these layers; none if it has no such neuron.
Selection unitOf(const PlausibilityTerm& term, const Session& session)
{
    using Unit = PlausibilityTerm::Unit;
    using Population = Selection::Population;
    const int outputs = session.experiment().targetLayers();
    const int hidden = outputs - 1;
    const Selection unit = term.unit == Unit::Input ? Selection{Population::Input, 0, 0}
        : term.unit == Unit::Output                 ? Selection{Population::Pyramidal, outputs, 0}
        : term.unit == Unit::Interneuron            ? Selection{Population::Interneuron, hidden, 0}
                                                    : Selection{Population::Pyramidal, hidden, 0};
    return session.exists(unit) ? unit : Selection();
}

} // namespace

PlausibilityWindow& MainWindow::showPlausibility()
{
    if (!m_plausibility) {
        m_plausibility = new PlausibilityWindow(this);
        const auto tell = [this] {
            std::vector<Parameters> lanes;
            for (int lane = 0; lane < m_session->laneCount(); ++lane)
                lanes.push_back(m_session->parameters(lane));
            m_plausibility->setRun(lanes);
        };
        connect(m_session, &Session::opened, m_plausibility, tell);
        connect(m_session, &Session::lanesChanged, m_plausibility, tell);
        connect(m_session, &Session::parametersChanged, m_plausibility, tell);
        connect(m_plausibility, &PlausibilityWindow::presetChosen, this, &MainWindow::open);
        connect(m_plausibility, &PlausibilityWindow::placeChosen, this, &MainWindow::showPlace);
        if (m_session->isOpen())
            tell();
    }
    m_plausibility->show();
    m_plausibility->windowHandle()->setTransientParent(nullptr); // either may be in front
    m_plausibility->raise();
    m_plausibility->activateWindow();
    return *m_plausibility;
}

void MainWindow::showPlace(const PlausibilityTerm& term, int lane)
{
    m_session->showLane(lane);
    m_session->select(unitOf(term, *m_session));
    const int outputs = m_session->experiment().targetLayers();
    const int layer = term.layer == PlausibilityTerm::Layer::Output ? outputs : outputs - 1;
    const std::string pathway = term.pathway.toStdString();
    bool raised = false;
    for (const QString& id : term.views) {
        const DockEntry* entry = m_docks->find(id);
        if (!entry || !entry->there)
            continue;
        if (!raised)
            m_docks->raise(id);
        raised = true;
        entry->view->refresh(m_session->scene()); // it may never have been seen
        showPathway(*entry->view, {{pathway}, layer, lane});
        markPathway(*entry->view, pathway, layer);
    }
    say(tr("Here: %1.").arg(term.words));
    raise(); // the table may cover the place
    activateWindow();
}

} // namespace apical
