#include "app/window/main_window.h"

#include "app/help/browser.h"
#include "app/session/autosave.h"
#include "app/session/edit_history.h"
#include "app/window/main_window_keys.h"
#include "app/window/menus.h"
#include "app/window/message_bar.h"
#include "app/window/status_line.h"
#include "app/window/tool_bar.h"
#include "sim/live/runner.h"
#include "widgets/strips/timeline.h"
#include "widgets/view/lane_words.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLabel>
#include <QMenuBar>
#include <QToolBar>
#include <QVBoxLayout>

namespace apical {

MainWindow::MainWindow(const WindowOptions& options)
    : m_options(options)
    , m_session(new Session(this))
    , m_actions(new Actions(this))
    , m_messages(new MessageBar)
    , m_toolBar(new ToolBar(*m_session, *m_actions))
    , m_timeline(new Timeline)
    , m_status(new StatusLine(*m_session))
    , m_docks(nullptr)
    , m_keyRules(new KeyRules(this))
{
    setObjectName(QStringLiteral("apical"));
    setWindowTitle(QStringLiteral("Apical"));
    setContextMenuPolicy(Qt::PreventContextMenu);
    setAnimated(false);
    resize(1280, 800);

    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins({});
    column->setSpacing(0);
    auto* menus = new QMenuBar;
    menus->setFixedHeight(24);
    for (QWidget* part : {static_cast<QWidget*>(menus), static_cast<QWidget*>(m_toolBar),
             static_cast<QWidget*>(m_messages)})
        column->addWidget(part);
    setMenuWidget(top);
    addToolBar(Qt::BottomToolBarArea, makeBottom());

    m_docks = new Docks(*this);
    m_docks->addPanel(QStringLiteral("parameters"), tr("Parameters"), QStringLiteral("left"),
        makeParameterPanel());
    m_docks->addPanel(QStringLiteral("lesson"), tr("Lesson"), QStringLiteral("right"),
        m_lesson = new HelpBrowser, false);
    for (const DockEntry& entry : m_docks->entries()) {
        if (entry.view)
            connectView(*entry.view);
    }
    buildMenus(*this, *menus);
    bindCommands();
    connectSession();
    chooseTheme(options.theme);
    if (options.persistent)
        startAutosave();
}

MainWindow::~MainWindow() = default;

QToolBar* MainWindow::makeBottom()
{
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_timeline);
    column->addWidget(m_status);
    auto* bar = new QToolBar(tr("Timeline and status"));
    bar->setObjectName(QStringLiteral("bottom"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    // The sheet of the program speaks of the 40 px bar at the top.
    bar->setStyleSheet(QStringLiteral("QToolBar { min-height: 56px; max-height: 56px; border: "
                                      "none; padding: 0; margin: 0; spacing: 0; }"));
    bar->layout()->setContentsMargins({});
    content->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bar->addWidget(content);
    return bar;
}

void MainWindow::connectSession()
{
    connect(m_session, &Session::refreshed, this, [this] {
        m_session->wish(m_docks->wish());
        Runner* runner = m_session->runner();
        if (runner)
            m_docks->take(runner->stepReports());
        m_docks->refresh(m_session->scene(), m_session->pulse().costMs());
        if (runner)
            runner->watchSteps(m_docks->stepWish());
    });
    connect(m_session, &Session::textDue, this, [this] {
        showTimeline();
        m_docks->showSubtitles(m_session->scene());
    });
    connect(m_session, &Session::stateChanged, this, &MainWindow::showTimeline);
    connect(m_session, &Session::opened, this, &MainWindow::experimentOpened);
    connect(m_session, &Session::saved, this, &MainWindow::showTitle);
    connect(m_session, &Session::failed, this,
        [this](const QString& text) { m_messages->show(MessageBar::Kind::Error, text); });
    connect(m_session, &Session::warned, this, [this](const QString& text) {
        if (text.isEmpty())
            m_messages->dismissWarning();
        else
            m_messages->show(MessageBar::Kind::Warning, text);
    });
    // An arrangement that comes back may bring the dock with it, after its experiment was opened.
    connect(m_docks->find(QStringLiteral("lesson"))->dock, &QDockWidget::visibilityChanged, this,
        [this](bool visible) {
            if (visible && m_lesson->toPlainText().isEmpty())
                fillLesson();
        });
    connect(m_timeline, &Timeline::scrubRequested, m_session, &Session::scrubTo);
    connect(m_timeline, &Timeline::liveRequested, m_session, &Session::backToLive);
    connect(m_toolBar, &ToolBar::presetChosen, this, &MainWindow::open);
    connect(m_docks, &Docks::exportRequested, this, &MainWindow::exportView);
}

void MainWindow::connectView(View& view)
{
    connect(&view, &View::selected, m_session, &Session::select);
    connect(&view, &View::pairChosen, this, [this](const ClassPair& pair) {
        const QString mistakes = QStringLiteral("mistakes");
        if (!m_docks->find(mistakes)->there)
            return;
        m_session->choosePair(pair);
        if (pair.chosen())
            m_docks->raise(mistakes);
    });
    connect(&view, &View::laneChosen, m_session, &Session::showLane);
    connect(&view, &View::editRequested, this, &MainWindow::edit);
    connect(&view, &View::taught, m_session, &Session::teach);
    connect(&view, &View::actionRequested, m_session, &Session::action);
    connect(&view, &View::timeRangeRequested, m_session, &Session::setTimeRange);
    connect(&view, &View::crosshairMoved, m_session, &Session::setCrosshair);
    connect(&view, &View::helpRequested, this, &MainWindow::showHelp);
}

void MainWindow::showTimeline()
{
    const Scene& scene = m_session->scene();
    TimelineState state;
    state.beginMs =
        m_session->past().frames().empty() ? 0 : m_session->past().frames().front().timeMs();
    state.nowMs = scene.nowMs;
    state.shownMs = scene.shownMs;
    state.live = scene.live;
    state.iterations = countsIterations(scene.frame);
    state.running = m_session->running();
    state.diverged = m_session->newest().state == RunState::Diverged;
    state.bytes = m_session->rememberedBytes();
    state.limitBytes = m_session->rememberedLimit();
    state.events = &scene.events;
    m_timeline->setState(state);
}

void MainWindow::experimentOpened()
{
    showTitle();
    m_docks->take(m_session->experiment(), m_session->anatomies());
    if (!m_arranged)
        return;
    storeLayout();
    restoreLayout();
    applyViewText(m_session->savedView());
}

void MainWindow::showTitle()
{
    const QString title = m_session->title();
    setWindowTitle(title + QStringLiteral(" \u2013 Apical"));
    auto* menus = findChild<QMenuBar*>();
    if (auto* corner = qobject_cast<QLabel*>(menus->cornerWidget())) {
        corner->setText(title);
        corner->setFixedSize(corner->sizeHint().width(), menus->height());
        menus->setCornerWidget(corner); // a menu bar measures its corner only when it is given one
    }
}

bool MainWindow::event(QEvent* e)
{
    // Qt would give the keyboard to the first button, which is Reset.
    if (e->type() == QEvent::WindowActivate && !(focusWidget() && focusWidget()->isVisible()))
        setFocus(Qt::ActiveWindowFocusReason);
    if (e->type() != QEvent::UpdateRequest)
        return QMainWindow::event(e);
    // All painting of the docked views happens in here: it belongs to the frame's cost.
    QElapsedTimer clock;
    clock.start();
    const bool done = QMainWindow::event(e);
    m_session->pulse().addPaint(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
    return done;
}

/// Qt also comes here when what has the focus is hidden or disabled: then the window takes it.
bool MainWindow::focusNextPrevChild(bool next)
{
    if (m_keyRules->tabIsPressed())
        return QMainWindow::focusNextPrevChild(next);
    setFocus(Qt::OtherFocusReason);
    return true;
}

void MainWindow::resizeEvent(QResizeEvent* e)
{
    QMainWindow::resizeEvent(e);
    const bool compact = width() < Docks::kCompactWidth;
    if (compact == m_compact || !m_arranged)
        return;
    storeLayout();
    m_compact = compact;
    // The docks cannot be taken apart while their own layout is being set.
    // What was stored is as squeezed as the window was by then: the docks get their sizes anew.
    QMetaObject::invokeMethod(
        this,
        [this] {
            restoreLayout();
            m_docks->size(m_compact);
        },
        Qt::QueuedConnection);
}

void MainWindow::showEvent(QShowEvent* e)
{
    QMainWindow::showEvent(e);
    if (m_arranged)
        return;
    m_arranged = true;
    m_compact = width() < Docks::kCompactWidth;
    restoreLayout();
    QMetaObject::invokeMethod(this, &MainWindow::settleLayout, Qt::QueuedConnection);
}

void MainWindow::closeEvent(QCloseEvent* e)
{
    storeLayout();
    m_session->pause();
    QMainWindow::closeEvent(e);
}

} // namespace apical
