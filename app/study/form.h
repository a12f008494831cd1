// What a person says about a study: which one, what is varied, how often, how long.
#pragma once

#include "sim/study/study.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QSpinBox;

namespace apical {

class StudyForm : public QWidget {
    Q_OBJECT
public:
    /// @param shown the experiment in the main window, for a study of one's own
    explicit StudyForm(std::function<Experiment()> shown, QWidget* parent = nullptr);

    StudySpec spec() const; ///< @throws InputError naming the line at fault
    const std::string& lesson() const { return m_chosen.lesson; } ///< Markdown, of the study chosen
    int jobs() const;
    void choose(const QString& name); ///< an embedded study, or "" for one's own
    void setEditable(bool);
    /// Below the fields: the size of the study, or what is wrong with it.
    void showRemark(const QString& text, bool problem);

Q_SIGNALS:
    void edited(); ///< a while after the last key
    void chosen(); ///< another study

private:
    void fill(const StudySpec&);
    void studyChosen();

    std::function<Experiment()> m_shown;
    StudySpec m_chosen; ///< as declared; the fields stand above it
    QComboBox* m_study;
    QLabel* m_summary;
    QPlainTextEdit* m_vary;
    QSpinBox *m_seeds, *m_length, *m_jobs;
    QComboBox* m_unit;
    QLabel* m_remark;
};

} // namespace apical
