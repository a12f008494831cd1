// A copy of the session twice a minute, and the offer to restore it after a crash.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>

namespace apical {

class Session;

/// One file per process below the application's data folder; gone when a person ends the program.
/// What is found there was left behind by a crash or, under a name of its own, by a log-out.
class Autosave : public QObject {
    Q_OBJECT
public:
    Autosave(Session&, std::function<QByteArray()> view, QObject* parent = nullptr);
    ~Autosave() override; ///< an orderly end: removes the copy

    /// Begins a copy; it is written beside the window. One that is still under way counts as this
    /// one.
    void saveNow();
    void finish(); ///< waits for the copy that is under way
    /// The end comes from outside: the copy stays, and the next start offers it.
    void keepForNextStart();
    QString path() const { return m_path; }
    /// The newest copy of a process that is no longer there, or "".
    static QString leftBehind();
    /// Whether the program that left this copy was asked to end, as at a log-out.
    static bool endedInGoodOrder(const QString& path);
    static void discard(const QString& path);
    /// Puts a copy that cannot be read out of the way of the next start. @return where it is now
    static QString setAside(const QString& path);

    static constexpr int kPeriodMs = 30000;

Q_SIGNALS:
    void unable(const QString& folder); ///< a crash would lose the session; once per failure

private:
    void settle();
    void note(bool written);
    QString keptPath() const;

    Session& m_session;
    std::function<QByteArray()> m_view;
    QString m_path;
    QTimer m_timer;
    QFutureWatcher<bool> m_writing; ///< whether it could be written
    bool m_pending = false; ///< a copy was begun and its end not yet noted
    bool m_unable = false, m_kept = false;
};

} // namespace apical
