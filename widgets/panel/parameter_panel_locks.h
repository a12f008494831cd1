// The plasticity switchboard: one lock per pathway, open = plastic.
#pragma once

#include "sim/experiment/parameters.h"

#include <QAbstractButton>

#include <vector>

namespace apical {

/// A lock of one pathway; checked = fixed.
class PathwayLock : public QAbstractButton {
    Q_OBJECT
public:
    explicit PathwayLock(const ParameterRow&, QWidget* parent = nullptr);
    const ParameterRow& row() const { return m_row; }
    bool isChanged() const { return m_otherChanged || isChecked() != m_baseline; }
    void setBaseline(bool fixed);
    void setFixed(bool fixed); ///< shows it; emits nothing
    bool refresh(bool fixed); ///< as ParameterRowWidget::refresh
    void setNote(const QString&);
    /// What another lane has where it differs ("B on"), and whether a reset has to do with it.
    void setOtherLane(const QString& text, bool changed);

Q_SIGNALS:
    void edited(const QString& key, const apical::ParameterValue& value, bool continuous);
    void changedFlagChanged();

protected:
    void paintEvent(QPaintEvent*) override;

private:
    void describe();

    const ParameterRow& m_row;
    QString m_pathway; ///< "lateral"
    QString m_note;
    QString m_other;
    bool m_baseline = false, m_otherChanged = false;
    int m_waiting = 0;
};

class LockBoard : public QWidget {
    Q_OBJECT
public:
    explicit LockBoard(QWidget* parent = nullptr);
    void add(PathwayLock*);
    const std::vector<PathwayLock*>& locks() const { return m_locks; }
    QSize sizeHint() const override { return {240, 68}; }

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    std::vector<PathwayLock*> m_locks;
};

} // namespace apical
