// Files: opening, saving, exporting, restoring.
#include "app/window/main_window.h"

#include "app/session/autosave.h"
#include "app/session/export.h"
#include "app/window/fetch_dialog.h"
#include "app/window/menus.h"
#include "app/window/message_bar.h"
#include "app/window/status_line.h"
#include "sim/base/error.h"
#include "sim/task/image_stimulus.h"

#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>

namespace apical {

void MainWindow::open(const QString& nameOrPath)
{
    if (!m_session->open(nameOrPath))
        return;
    if (m_messages->isVisible())
        m_messages->dismiss();
    if (m_options.persistent && QFileInfo::exists(nameOrPath))
        rememberRecent(QFileInfo(nameOrPath).absoluteFilePath());
}

void MainWindow::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a preset or a session"), {},
        tr("Presets and sessions (*.json *.apical);;All files (*)"));
    if (!path.isEmpty())
        open(path);
}

void MainWindow::getMnist()
{
    auto* dialog = new FetchDialog(mnistRemote(), fetchedDataFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &FetchDialog::fetched, this, &MainWindow::useDataFolder);
    dialog->open();
    dialog->start();
}

void MainWindow::chooseDataFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this,
        tr("A folder with train-images-idx3-ubyte and its companions"), m_session->dataFolder());
    if (!folder.isEmpty())
        useDataFolder(folder);
}

void MainWindow::useDataFolder(const QString& folder)
{
    const QString before = m_session->dataFolder();
    m_session->setDataFolder(folder);
    if (pictureSetName(m_session->experiment().stimulus).empty()) {
        say(tr("Presets with pictures use %1 from now on.").arg(folder));
        return;
    }
    if (!m_session->open(QString::fromStdString(m_session->experiment().name)))
        m_session->setDataFolder(before); // the session has said what is wrong with it
    else
        say(tr("Pictures come from %1.").arg(folder));
}

void MainWindow::saveSession(bool ask)
{
    QString path = m_session->fileName();
    if (ask || path.isEmpty())
        path = QFileDialog::getSaveFileName(this, tr("Save the session"),
            baseName() + QStringLiteral(".apical"), tr("Sessions (*.apical)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".apical");
    if (m_session->save(path, viewText()) && m_options.persistent)
        rememberRecent(QFileInfo(path).absoluteFilePath());
}

QString MainWindow::baseName() const
{
    return QFileInfo(m_session->title()).completeBaseName();
}

Provenance MainWindow::provenance(const QString& what) const
{
    const QString time = QString::number(m_session->scene().shownMs / 1000, 'f', 3);
    return {tr("%1, %2, t = %3 s")
                .arg(what, QString::fromStdString(m_session->experiment().title), time),
        m_session->scene().parametersText};
}

void MainWindow::exportView(const QString& id)
{
    const DockEntry* entry = m_docks->find(id);
    if (!entry || !entry->view)
        return;
    const QString proposal = baseName() + u'-' + id + QStringLiteral(".png");
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export “%1”").arg(entry->dock->windowTitle()),
            proposal, exportFilters(!entry->view->csv().isEmpty()));
    if (!path.isEmpty())
        exportTo(id, path);
}

bool MainWindow::exportTo(const QString& id, const QString& path)
{
    const DockEntry* entry = m_docks->find(id);
    try {
        if (!entry || !entry->view)
            throw InputError({.problem = "there is no view \"" + id.toStdString() + "\""});
        entry->view->refresh(m_session->scene());
        apical::exportView(*entry->view, path, provenance(entry->dock->windowTitle()));
    } catch (const InputError& error) {
        m_messages->show(MessageBar::Kind::Error, QString::fromStdString(error.what()));
        return false;
    }
    say(tr("Exported %1").arg(QFileInfo(path).fileName()));
    return true;
}

void MainWindow::chooseWeightsToSave()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the weights"),
        baseName() + QStringLiteral("-weights.json"), tr("Weights (*.json)"));
    if (!path.isEmpty())
        m_session->saveWeights(path, m_session->scene().shownLane);
}

void MainWindow::chooseWeightsToLoad()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Import weights"), {}, tr("Weights (*.json);;All files (*)"));
    if (!path.isEmpty())
        m_session->loadWeights(path);
}

void MainWindow::exportWindow()
{
    const QPixmap picture = grab();
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the window"),
        baseName() + QStringLiteral("-window.png"), tr("PNG picture (*.png)"));
    if (path.isEmpty())
        return;
    try {
        exportImage(picture.toImage(), path, provenance(tr("Window")));
        say(tr("Exported %1").arg(QFileInfo(path).fileName()));
    } catch (const InputError& error) {
        m_messages->show(MessageBar::Kind::Error, QString::fromStdString(error.what()));
    }
}

void MainWindow::say(const QString& message)
{
    m_status->say(message);
}

void MainWindow::startAutosave()
{
    m_autosave = std::make_unique<Autosave>(*m_session, [this] { return viewText(); });
    connect(m_autosave.get(), &Autosave::unable, this, [this](const QString& folder) {
        m_messages->show(MessageBar::Kind::Error,
            tr("No copy of this session can be kept in %1: a crash would lose it.").arg(folder));
    });
}

void MainWindow::endFromOutside(bool keepSession)
{
    if (keepSession)
        keepForNextStart();
    close();
}

void MainWindow::keepForNextStart()
{
    if (m_autosave)
        m_autosave->keepForNextStart();
}

void MainWindow::offerRestore()
{
    const QString path = Autosave::leftBehind();
    if (path.isEmpty())
        return;
    m_messages->show(MessageBar::Kind::Offer,
        Autosave::endedInGoodOrder(path)
            ? tr("The last session was still open when the computer ended it. Its copy is here.")
            : tr("The last session did not end in good order. Its copy is still here."),
        tr("Restore it"), [this, path] {
            if (!m_session->openSession(path)) {
                if (QFile::exists(path))
                    m_messages->show(MessageBar::Kind::Error,
                        tr("%1. The copy is kept as %2")
                            .arg(m_messages->text(), Autosave::setAside(path)));
                return;
            }
            Autosave::discard(path);
            m_session->forgetFileName();
        });
}

} // namespace apical
