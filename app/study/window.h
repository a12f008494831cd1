// The Study window: a study runs in threads of its own beside the live run; its results appear as
// they arrive, and any point opens as a preset in the main window.
#pragma once

#include "app/study/run.h"
#include "sim/experiment/experiment.h"

#include <QDialog>
#include <QElapsedTimer>

#include <functional>
#include <memory>

class QComboBox;
class QLabel;
class QModelIndex;
class QProgressBar;
class QPushButton;
class QTabWidget;
class QTableView;
class QTemporaryDir;

namespace apical {

class HelpBrowser;
class StudyForm;
class StudyPlot;
class StudyTableModel;

/// Not modal. Results are kept in `folder`, one journal per study: whoever comes back to a study
/// finds them and goes on.
class StudyWindow : public QDialog {
    Q_OBJECT
public:
    /// @param folder "" = one that goes with the window @param shown the experiment in the main
    /// window
    StudyWindow(QString folder, std::function<Experiment()> shown, QWidget* parent = nullptr);
    ~StudyWindow() override;

    StudyForm& form() { return *m_form; }
    StudyPlot& plot() { return *m_plot; }
    const StudyRun* run() const { return m_run.get(); } ///< nullptr while the form is in error
    bool exportTo(const QString& path); ///< a picture or the table; errors are shown

Q_SIGNALS:
    void pointOpened(const apical::Experiment&); ///< to be shown in the main window

private:
    QWidget* makeSide();
    QWidget* makeResults();
    void prepare(); ///< reads the form, opens the journal
    void startOrStop();
    void startOver();
    void showState();
    void showResults();
    void showLesson();
    void fillChoices();
    void fitColumns();
    void openPoint(const QModelIndex&);
    void chooseExport();
    QString journalOf(const Study&) const;

    std::unique_ptr<QTemporaryDir> m_temporary; ///< without a folder
    QString m_folder;
    StudyForm* m_form;
    StudyPlot* m_plot;
    StudyTableModel* m_model;
    QTableView* m_table;
    HelpBrowser* m_lesson;
    QTabWidget* m_pages; ///< runs and lesson
    QComboBox *m_metric, *m_x;
    QPushButton *m_start, *m_over, *m_open, *m_export;
    QProgressBar* m_bar;
    QLabel* m_status;
    std::unique_ptr<StudyRun> m_run;
    QElapsedTimer m_sinceResults;
    qint64 m_resultsCostMs = 0;
    bool m_resultsDue = false;
};

} // namespace apical
