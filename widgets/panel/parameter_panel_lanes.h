// What the parameter panel shows while there are several lanes: which of them edits go to, and in
// what they differ.
#pragma once

#include "sim/live/frame.h"

#include <QAbstractButton>

#include <vector>

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace apical {

class ResetButton;

/// "Edits go to [All] [A] [B]".
class LaneSelector : public QWidget {
    Q_OBJECT
public:
    explicit LaneSelector(QWidget* parent = nullptr);
    QSize minimumSizeHint() const override; ///< with letters only
    void present(
        const Frame& lanes, int chosen); ///< names, colours, and which one is chosen; -1: all

Q_SIGNALS:
    void chosen(int lane);

protected:
    void resizeEvent(QResizeEvent*) override { fitWords(); }

private:
    void fitWords(); ///< as many of them as there is room for, names of lanes first
    int widthWith(const QStringList& texts) const; ///< of all buttons

    QHBoxLayout* m_row;
    QLabel* m_label;
    QButtonGroup* m_buttons;
    QStringList m_key;
    QStringList m_titles, m_names, m_letters; ///< "A BP", "BP", "A": what may stand on the buttons
};

/// One parameter that differs: the lanes' values; a click goes to its row, the arrow makes all
/// equal to the first.
class LaneDifference : public QAbstractButton {
    Q_OBJECT
public:
    LaneDifference(const ParameterRow&, QWidget* parent);
    const ParameterRow& row() const { return m_row; }
    void present(const Frame& lanes);
    void setLocked(bool);
    QSize sizeHint() const override { return {240, 34}; }

Q_SIGNALS:
    void equalRequested(const QString& key);

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    const ParameterRow& m_row;
    ResetButton* m_equal;
    QStringList m_values; ///< "A 0.1", of each lane whose model has it
    std::vector<QColor> m_colors;
};

/// All of them, in the order of the tables: first what the first lane has.
class LaneDifferences : public QWidget {
    Q_OBJECT
public:
    explicit LaneDifferences(QWidget* parent = nullptr);
    void present(const Frame& lanes);
    void setLocked(bool);
    const std::vector<LaneDifference*>& rows() const { return m_rows; }

Q_SIGNALS:
    void revealRequested(const QString& key);
    void equalRequested(const QString& key);

private:
    QVBoxLayout* m_column;
    std::vector<LaneDifference*> m_rows;
    bool m_locked = false;
};

} // namespace apical
