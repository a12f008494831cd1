// Ctrl-C and "please end" from outside become an ordinary event of the window thread.
#pragma once

#include <QObject>

namespace apical {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is turned into asked(); the next of its kind
/// ends the program as usual. One per process.
class ExitSignals : public QObject {
    Q_OBJECT
public:
    explicit ExitSignals(QObject* parent = nullptr);
    ~ExitSignals() override;

Q_SIGNALS:
    void asked(int signal); ///< window thread

private:
    void read();
    int m_ends[2] = {-1, -1}; ///< of a pipe: all that a signal handler may do is write
};

} // namespace apical
