// Theme, layout and what a saved session keeps of the window.
#include "app/window/main_window.h"

#include "app/window/tool_bar.h"
#include "sim/run/model_table.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QAction>
#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

namespace apical {

bool MainWindow::systemIsDark()
{
    static const bool dark = [] {
        const QPalette desktop = QGuiApplication::palette();
        return desktop.color(QPalette::WindowText).lightness()
            > desktop.color(QPalette::Window).lightness();
    }();
    return dark;
}

void MainWindow::chooseTheme(const QString& choice)
{
    const bool systemDark = systemIsDark(); // asked before the first theme is put on
    QString name = choice;
    if (name.isEmpty())
        name = m_options.persistent ? QSettings().value(QStringLiteral("theme")).toString()
                                    : QString();
    if (name != QLatin1String("light") && name != QLatin1String("dark"))
        name = QStringLiteral("system");
    const bool dark =
        name == QLatin1String("dark") || (name == QLatin1String("system") && systemDark);
    const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
    applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), theme);
    m_session->setTheme(theme);
    for (const char* each : {"system", "light", "dark"})
        (*m_actions)[QStringLiteral("view.theme_") + QLatin1String(each)]->setChecked(
            name == QLatin1String(each));
    if (m_options.persistent && m_options.theme.isEmpty())
        QSettings().setValue(QStringLiteral("theme"), name);
}

QString MainWindow::layoutKey() const
{
    return QStringLiteral("layouts/%1%2/%3")
        .arg(m_layout, m_layoutModels,
            m_compact ? QStringLiteral("compact") : QStringLiteral("wide"));
}

void MainWindow::storeLayout()
{
    if (m_options.persistent && m_arranged && !m_layout.isEmpty())
        QSettings().setValue(layoutKey(), m_docks->save());
}

void MainWindow::restoreLayout()
{
    const Experiment& experiment = m_session->experiment();
    const std::string& name = experiment.layout.empty() ? experiment.name : experiment.layout;
    m_layout = QString::fromStdString(name).section(u'/', -1);
    if (m_layout.isEmpty())
        m_layout = QStringLiteral("self-predicting");
    // Other models have other docks: what stands where is kept for each by itself.
    m_layoutModels.clear();
    for (int lane = 0; lane < experiment.laneCount(); ++lane) {
        const std::string& model = experiment.laneTable(lane).model();
        if (model != modelTable().front().name)
            m_layoutModels += u'.' + QString::fromStdString(model);
    }
    m_toolBar->setCompact(m_compact);
    m_docks->adapt(m_session->anatomies());
    m_docks->arrange(m_compact, m_layout);
    if (m_options.persistent)
        m_docks->restore(QSettings().value(layoutKey()).toByteArray());
}

void MainWindow::settleLayout()
{
    if (!m_options.persistent || !QSettings().contains(layoutKey()))
        m_docks->size(m_compact);
}

void MainWindow::resetLayout()
{
    if (m_options.persistent)
        QSettings().remove(layoutKey());
    m_docks->arrange(m_compact, m_layout);
}

QByteArray MainWindow::viewText() const
{
    const Scene& scene = m_session->scene();
    const QJsonObject selection{
        {QStringLiteral("population"), static_cast<int>(scene.selection.population)},
        {QStringLiteral("layer"), scene.selection.layer},
        {QStringLiteral("index"), scene.selection.index}};
    const QJsonObject view{
        {QStringLiteral("docks"), QString::fromLatin1(m_docks->save().toBase64())},
        {QStringLiteral("selection"), selection}, {QStringLiteral("grid"), scene.gridOn},
        {QStringLiteral("crosshair"), scene.crosshairOn}, {QStringLiteral("compact"), m_compact}};
    return QJsonDocument(view).toJson(QJsonDocument::Compact);
}

void MainWindow::applyViewText(const QByteArray& text)
{
    const QJsonObject view = QJsonDocument::fromJson(text).object();
    if (view.isEmpty())
        return;
    if (view[QStringLiteral("compact")].toBool() == m_compact)
        m_docks->restore(
            QByteArray::fromBase64(view[QStringLiteral("docks")].toString().toLatin1()));
    const QJsonObject chosen = view[QStringLiteral("selection")].toObject();
    Selection selection;
    selection.population = static_cast<Selection::Population>(
        std::clamp(chosen[QStringLiteral("population")].toInt(), 0, 3));
    selection.layer = chosen[QStringLiteral("layer")].toInt();
    selection.index = chosen[QStringLiteral("index")].toInt();
    if (m_session->exists(selection))
        m_session->select(selection);
    m_session->setGridOn(view[QStringLiteral("grid")].toBool(true));
    m_session->setCrosshairOn(view[QStringLiteral("crosshair")].toBool(true));
}

} // namespace apical
