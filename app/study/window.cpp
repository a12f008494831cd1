#include "app/study/window.h"

#include "app/help/browser.h"
#include "app/study/form.h"
#include "app/study/table_model.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "widgets/look/number_text.h"
#include "widgets/look/style.h"
#include "widgets/study/plot.h"

#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kSideWidth = 288;

QString remainingText(double seconds)
{
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    if (whole < 60)
        return QObject::tr("%1 s").arg(whole);
    if (whole < 3600)
        return QObject::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

QString largeNumber(double value)
{
    if (value >= 1e6)
        return valueText(value / 1e6, 3) + u" M"_s;
    return value >= 1e4 ? valueText(value / 1e3, 3) + u" k"_s : QString::number(std::round(value));
}

QPushButton* button(const QString& name, const QString& text)
{
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAutoDefault(false);
    return made;
}

} // namespace

StudyWindow::StudyWindow(QString folder, std::function<Experiment()> shown, QWidget* parent)
    : QDialog(parent)
    , m_folder(std::move(folder))
    , m_form(new StudyForm(std::move(shown)))
    , m_plot(new StudyPlot)
    , m_model(new StudyTableModel(this))
    , m_table(new QTableView)
    , m_lesson(new HelpBrowser)
    , m_pages(new QTabWidget)
    , m_metric(new QComboBox)
    , m_x(new QComboBox)
    , m_start(button(u"start"_s, tr("Run")))
    , m_over(button(u"over"_s, tr("Start over")))
    , m_open(button(u"open"_s, tr("Open point")))
    , m_export(button(u"export"_s, tr("Export\u2026")))
    , m_bar(new QProgressBar)
    , m_status(new QLabel)
{
    if (m_folder.isEmpty()) {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = m_temporary->path();
    }
    setWindowTitle(tr("Study"));
    setWindowFlag(Qt::WindowMinMaxButtonsHint);
    setModal(false);
    resize(QSize(1120, 720).boundedTo(screen()->availableSize()));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeSide());
    row->addWidget(makeResults(), 1);
    connect(m_form, &StudyForm::edited, this, &StudyWindow::prepare);
    connect(m_form, &StudyForm::chosen, this, &StudyWindow::showLesson);
    connect(m_start, &QPushButton::clicked, this, &StudyWindow::startOrStop);
    connect(m_over, &QPushButton::clicked, this, &StudyWindow::startOver);
    prepare();
    showLesson();
}

StudyWindow::~StudyWindow()
{
    m_model->setStudy(nullptr, nullptr); // a table that is hidden asks for its headers again
}

QWidget* StudyWindow::makeSide()
{
    auto* side = new QWidget;
    side->setFixedWidth(kSideWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_form, 1);
    m_bar->setRange(0, 1000);
    m_bar->setAccessibleName(tr("Progress of the study"));
    m_status->setObjectName(u"status"_s);
    m_status->setWordWrap(true);
    m_status->setMinimumHeight(32);
    m_status->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    setStyleFlag(*m_start, "primary", true);
    m_over->setToolTip(tr("Forgets the results of this study and begins with none."));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start, 1);
    buttons->addWidget(m_over);
    column->addWidget(m_bar);
    column->addWidget(m_status);
    column->addLayout(buttons);
    return side;
}

QString StudyWindow::journalOf(const Study& study) const
{
    const std::string cause = study.declaration() + std::string(programVersion());
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(cause.data(), static_cast<qsizetype>(cause.size())),
            QCryptographicHash::Sha1);
    return QDir(m_folder).filePath(QString::fromLatin1(hash.toHex().left(16)) + u".study"_s);
}

void StudyWindow::prepare()
{
    if (m_run && m_run->running())
        return;
    QString problem;
    try {
        auto study = std::make_shared<const Study>(m_form->spec());
        if (m_run && m_run->study().declaration() == study->declaration())
            return showState();
        m_model->setStudy(nullptr, nullptr);
        m_run.reset();
        if (!QDir().mkpath(m_folder))
            throw InputError(
                {.problem = "the folder cannot be made", .file = m_folder.toStdString()});
        const QString journal = journalOf(*study);
        m_run = std::make_unique<StudyRun>(std::move(study), journal);
        connect(m_run.get(), &StudyRun::progressed, this, [this] {
            showState();
            // Large studies must not cost the window more than a tenth of its time.
            if (m_resultsDue && m_sinceResults.elapsed() >= 10 * m_resultsCostMs)
                showResults();
        });
        connect(m_run.get(), &StudyRun::resultsArrived, this, [this] { m_resultsDue = true; });
        connect(m_run.get(), &StudyRun::ended, this, [this](const QString& text) {
            showState();
            showResults();
            if (!text.isEmpty())
                m_form->showRemark(text, true);
        });
        m_model->setStudy(&m_run->study(), &m_run->results());
    } catch (const std::exception& error) {
        problem = QString::fromUtf8(error.what());
        m_model->setStudy(nullptr, nullptr);
        m_run.reset();
    }
    fillChoices();
    showState();
    showResults();
    fitColumns();
    if (!problem.isEmpty())
        m_form->showRemark(problem, true);
}

void StudyWindow::startOrStop()
{
    if (m_run && m_run->running()) {
        m_run->stop();
        m_start->setEnabled(false);
        m_status->setText(tr("Stopping\u2026"));
        return;
    }
    prepare(); // what was typed a moment ago counts
    if (m_run && !m_run->complete())
        m_run->start(m_form->jobs());
}

void StudyWindow::startOver()
{
    if (!m_run || m_run->running())
        return;
    const QString journal = journalOf(m_run->study());
    m_model->setStudy(nullptr, nullptr);
    m_run.reset();
    QFile::remove(journal);
    prepare();
}

void StudyWindow::showState()
{
    const bool running = m_run && m_run->running();
    m_form->setEditable(!running);
    const std::size_t had = m_run ? m_run->results().size() : 0;
    m_start->setText(running ? tr("Stop") : had && !m_run->complete() ? tr("Resume") : tr("Run"));
    m_start->setEnabled(m_run && !m_run->complete());
    m_start->setToolTip(!m_run  ? tr("Something is wrong with the study: see above.")
            : m_run->complete() ? tr("Every point has its result.")
                                : QString());
    m_over->setEnabled(m_run && !running && had > 0);
    m_export->setEnabled(had > 0);
    m_bar->setEnabled(m_run != nullptr);
    if (!m_run) {
        m_bar->setValue(0);
        m_status->clear();
        return;
    }
    const Study& study = m_run->study();
    double steps = 0, left = 0;
    for (std::size_t point = 0; point < study.size(); ++point) {
        steps += study.expectedSteps(point);
        if (!m_run->results().contains(point))
            left += study.expectedSteps(point);
    }
    m_form->showRemark(
        tr("%1 runs, about %2 steps together").arg(study.size()).arg(largeNumber(steps)), false);
    const StudyProgress now = m_run->progress();
    if (running) // with what the threads have done of their present points
        left = now.expected * (1 - now.fraction);
    const double share = 1 - left / steps;
    m_bar->setValue(static_cast<int>(1000 * std::clamp(share, 0.0, 1.0)));
    QString text = tr("%1 of %2 points").arg(had).arg(study.size());
    const auto diverged = std::count_if(m_run->results().begin(), m_run->results().end(),
        [](const auto& item) { return item.second.diverged; });
    if (diverged)
        text += tr(", %1 diverged").arg(diverged);
    if (running && now.seconds > 0) {
        text +=
            tr(" \u00b7 %1 steps/s").arg(largeNumber(static_cast<double>(now.steps) / now.seconds));
        if (now.fraction > 0)
            text += tr(" \u00b7 %1 left")
                        .arg(remainingText(now.seconds * (1 - now.fraction) / now.fraction));
    }
    m_status->setText(text);
}

} // namespace apical
