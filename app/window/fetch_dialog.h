// "Get MNIST...": fetches the data set in the background, with progress and a way out.
#pragma once

#include "sim/files/fetch.h"

#include <QDialog>
#include <QFutureWatcher>
#include <QTimer>

#include <atomic>
#include <mutex>

class QDialogButtonBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace apical {

/// Starts when it is shown. Closing it stops the transfer; what has come is kept for the next time.
class FetchDialog : public QDialog {
    Q_OBJECT
public:
    FetchDialog(RemoteSet set, std::filesystem::path folder, QWidget* parent);
    ~FetchDialog() override;
    void start();

Q_SIGNALS:
    void fetched(const QString& folder); ///< the data set is there, whole

private:
    struct Outcome {
        bool whole = false;
        QString problem;
    };
    void finish();
    void showProgress();

    RemoteSet m_set;
    std::filesystem::path m_folder;
    QLabel* m_text = nullptr;
    QProgressBar* m_bar = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    QPushButton* m_again = nullptr;
    QTimer m_timer;
    QFutureWatcher<Outcome> m_watcher;
    std::mutex m_access;
    FetchProgress m_progress; ///< guarded by m_access
    std::atomic<bool> m_stop = false;
};

} // namespace apical
