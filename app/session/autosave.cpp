#include "app/session/autosave.h"

#include "app/session/session.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QtConcurrentRun>

#include <csignal>
#include <future>

namespace apical {
namespace {

const QString kPrefix = QStringLiteral("autosave-");
const QString kEnded = QStringLiteral(".ended.apical");

QDir folder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
}

bool alive(qint64 process)
{
    return process > 0 && ::kill(static_cast<pid_t>(process), 0) == 0;
}

} // namespace

Autosave::Autosave(Session& session, std::function<QByteArray()> view, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_view(std::move(view))
    , m_path(folder().filePath(kPrefix + QString::number(QCoreApplication::applicationPid())
          + QStringLiteral(".apical")))
{
    connect(&m_timer, &QTimer::timeout, this, &Autosave::saveNow);
    connect(&m_writing, &QFutureWatcherBase::finished, this, &Autosave::settle);
    m_timer.start(kPeriodMs);
}

Autosave::~Autosave()
{
    finish();
    discard(m_path);
}

void Autosave::saveNow()
{
    if (!m_session.isOpen())
        return;
    if (m_kept) { // whoever wanted to end the program has thought better of it
        discard(keptPath());
        m_kept = false;
    }
    settle();
    if (m_pending)
        return; // a disk that slow gets the next copy when it has taken this one
    if (!folder().mkpath(QStringLiteral("."))) {
        note(false);
        return;
    }
    m_pending = true;
    m_writing.setFuture(QtConcurrent::run([write = m_session.copyTo(m_path, m_view())] {
        try {
            write();
        } catch (const std::future_error&) { // another run was opened: its own copy comes
        } catch (const std::exception&) {
            return false;
        }
        return true;
    }));
}

void Autosave::finish()
{
    m_writing.waitForFinished();
    settle();
}

void Autosave::settle()
{
    if (!m_pending || !m_writing.future().isFinished())
        return;
    m_pending = false;
    note(m_writing.result());
}

void Autosave::note(bool written)
{
    if (!written && !m_unable)
        Q_EMIT unable(folder().path());
    m_unable = !written;
}

void Autosave::keepForNextStart()
{
    finish();
    saveNow();
    finish();
    if (!m_session.isOpen() || m_unable)
        return;
    QFile::remove(keptPath());
    m_kept = QFile::rename(m_path, keptPath());
}

QString Autosave::keptPath() const
{
    return m_path.chopped(QStringLiteral(".apical").size()) + kEnded;
}

bool Autosave::endedInGoodOrder(const QString& path)
{
    return path.endsWith(kEnded);
}

QString Autosave::leftBehind()
{
    const QStringList names =
        folder().entryList({kPrefix + QStringLiteral("*.apical")}, QDir::Files, QDir::Time);
    for (const QString& name : names) {
        const QString digits = name.mid(kPrefix.size()).section(u'.', 0, 0);
        if (!alive(digits.toLongLong()))
            return folder().filePath(name);
    }
    return {};
}

QString Autosave::setAside(const QString& path)
{
    const QString aside = path + QStringLiteral(".damaged");
    QFile::remove(aside);
    return QFile::rename(path, aside) ? aside : path;
}

void Autosave::discard(const QString& path)
{
    QFile::remove(path);
}

} // namespace apical
