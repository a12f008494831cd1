#include "app/session/autosave.h"

#include "app/session/session.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <csignal>

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
    m_timer.start(kPeriodMs);
}

Autosave::~Autosave()
{
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
    const bool saved =
        folder().mkpath(QStringLiteral(".")) && m_session.save(m_path, m_view(), true);
    if (!saved && !m_unable)
        Q_EMIT unable(folder().path());
    m_unable = !saved;
}

void Autosave::keepForNextStart()
{
    saveNow();
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
