#include "app/study/table_model.h"

#include "sim/study/table.h"
#include "widgets/look/number_text.h"

#include <algorithm>

namespace apical {
namespace {

constexpr int kDigits = 3;

} // namespace

void StudyTableModel::setStudy(const Study* study, const StudyResults* results)
{
    beginResetModel();
    m_study = study;
    m_results = results;
    m_metrics = results ? metricNames(*results) : std::vector<std::string>();
    endResetModel();
}

void StudyTableModel::refresh()
{
    if (!m_study)
        return;
    auto names = metricNames(*m_results);
    if (names != m_metrics) {
        beginResetModel();
        m_metrics = std::move(names);
        endResetModel();
        return;
    }
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

bool StudyTableModel::isNumber(int column) const
{
    return m_study && static_cast<std::size_t>(column) > m_study->keys().size() + 2;
}

int StudyTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_study ? 0 : static_cast<int>(m_study->size());
}

int StudyTableModel::columnCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_study)
        return 0;
    return static_cast<int>(m_study->keys().size() + m_metrics.size()) + 4;
}

QVariant StudyTableModel::cell(std::size_t index, std::size_t column) const
{
    const StudyPoint point = m_study->point(index);
    const std::size_t keys = point.values.size();
    if (column == 0) {
        QString text = QString::number(index);
        if (m_study->hasLanes())
            text += QStringLiteral(" ")
                + QString::fromStdString(
                    m_study->base().lanes[static_cast<std::size_t>(point.lane)].name);
        return text;
    }
    if (column <= keys)
        return QString::fromStdString(point.values[column - 1]);
    if (column == keys + 1)
        return QString::number(point.seed);
    const auto found = m_results->find(index);
    if (column == keys + 2)
        return found == m_results->end() ? tr("waiting")
            : found->second.diverged     ? tr("diverged")
                                         : tr("done");
    if (found == m_results->end())
        return {};
    if (column == keys + 3)
        return QString::number(found->second.steps);
    for (const auto& [name, value] : found->second.metrics) {
        if (name == m_metrics[column - keys - 4])
            return valueText(value, kDigits);
    }
    return {};
}

QVariant StudyTableModel::data(const QModelIndex& at, int role) const
{
    if (!m_study || !at.isValid())
        return {};
    const auto column = static_cast<std::size_t>(at.column());
    if (role == Qt::DisplayRole)
        return cell(static_cast<std::size_t>(at.row()), column);
    if (role == Qt::TextAlignmentRole) {
        return QVariant(
            Qt::AlignVCenter | (isNumber(at.column()) ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

QVariant StudyTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal || !m_study)
        return {};
    const auto column = static_cast<std::size_t>(section);
    const std::size_t keys = m_study->keys().size();
    if (column == 0)
        return m_study->hasLanes() ? tr("point, lane") : tr("point");
    if (column <= keys)
        return QString::fromStdString(m_study->keys()[column - 1]);
    const QStringList words{tr("seed"), tr("state"), tr("steps")};
    if (column <= keys + 3)
        return words[static_cast<qsizetype>(column - keys - 1)];
    return QString::fromStdString(m_metrics[column - keys - 4]);
}

} // namespace apical
