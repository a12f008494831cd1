// The points of a study as a table, those still to run included.
#pragma once

#include "sim/study/journal.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

namespace apical {

class StudyTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Both outlive the model, or the next call; nullptr: an empty table.
    void setStudy(const Study*, const StudyResults*);
    void refresh(); ///< results arrived
    bool isNumber(int column) const; ///< of a result

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex&, int role) const override;
    QVariant headerData(int section, Qt::Orientation, int role) const override;

private:
    QVariant cell(std::size_t point, std::size_t column) const;

    const Study* m_study = nullptr;
    const StudyResults* m_results = nullptr;
    std::vector<std::string> m_metrics;
};

} // namespace apical
