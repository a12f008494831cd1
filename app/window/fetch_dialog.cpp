#include "app/window/fetch_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrent>

namespace apical {
namespace {

constexpr int kShowMs = 100;

QString megabytes(std::uint64_t bytes)
{
    return QStringLiteral("%1 MB").arg(static_cast<double>(bytes) / 1e6, 0, 'f', 1);
}

} // namespace

FetchDialog::FetchDialog(RemoteSet set, std::filesystem::path folder, QWidget* parent)
    : QDialog(parent)
    , m_set(std::move(set))
    , m_folder(std::move(folder))
    , m_text(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
{
    setWindowTitle(tr("Get %1").arg(QString::fromStdString(m_set.name)));
    setMinimumWidth(440);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_again = m_buttons->addButton(tr("Try again"), QDialogButtonBox::ActionRole);
    m_again->hide();
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_again, &QPushButton::clicked, this, &FetchDialog::start);
    connect(&m_watcher, &QFutureWatcher<Outcome>::finished, this, &FetchDialog::finish);
    connect(&m_timer, &QTimer::timeout, this, &FetchDialog::showProgress);
    m_timer.setInterval(kShowMs);
}

FetchDialog::~FetchDialog()
{
    m_stop = true;
    m_watcher.waitForFinished();
}

void FetchDialog::start()
{
    m_again->hide();
    m_stop = false;
    m_progress = {};
    m_timer.start();
    showProgress();
    m_watcher.setFuture(QtConcurrent::run([this]() -> Outcome {
        try {
            return {fetchSet(m_set, m_folder,
                        [this](const FetchProgress& progress) {
                            const std::lock_guard lock(m_access);
                            m_progress = progress;
                            return !m_stop;
                        }),
                {}};
        } catch (const std::exception& error) {
            return {false, QString::fromStdString(error.what())};
        }
    }));
}

void FetchDialog::showProgress()
{
    FetchProgress now;
    {
        const std::lock_guard lock(m_access);
        now = m_progress;
    }
    m_bar->setRange(0, now.total > 0 ? 1000 : 0);
    if (now.total > 0)
        m_bar->setValue(static_cast<int>(now.done * 1000 / now.total));
    m_text->setText(now.file.empty()
            ? tr("Looking for what is there already\u2026")
            : tr("%1 of %2: %3\nfrom %4\ninto %5")
                  .arg(megabytes(now.done), megabytes(now.total), QString::fromStdString(now.file),
                      QString::fromStdString(now.mirror),
                      QDir::toNativeSeparators(QString::fromStdString(m_folder.string()))));
}

void FetchDialog::finish()
{
    m_timer.stop();
    const Outcome outcome = m_watcher.result();
    if (outcome.whole) {
        Q_EMIT fetched(QString::fromStdString(m_folder.string()));
        accept();
        return;
    }
    m_bar->setRange(0, 1000);
    m_bar->setValue(0);
    m_text->setText(outcome.problem.isEmpty() ? tr("Stopped.") : outcome.problem);
    m_again->show();
}

} // namespace apical
