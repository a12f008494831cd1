// Draws answers against targets: a row per output, a column per sample.
#pragma once

#include "widgets/task/answers_columns.h"

#include <QRectF>

#include <vector>

class QPainter;

namespace apical {

/// Where groups, columns and rows stand in a view.
class AnswersLayout {
public:
    struct Group {
        const AnswerGroup* group = nullptr;
        QRectF box; ///< all columns of it, from its title down to its marks
        double column = 0; ///< width of one
        std::size_t shown = 0; ///< columns that have room
    };
    /// @param now its one column is the widest; nullptr: none
    AnswersLayout(const QRectF& area, const AnswerGroup* now,
        const std::vector<AnswerGroup>& blocks, const Frame&);

    const std::vector<Group>& groups() const { return m_groups; }
    int rows() const { return m_rows; } ///< outputs that have room
    QRectF row(int output) const; ///< over the whole width
    QRectF picture(const Group&, std::size_t column) const; ///< of the input, above the rows
    QRectF cell(const Group&, std::size_t column, int output) const;
    QRectF mark(const Group&, std::size_t column, std::size_t lane) const; ///< right or wrong
    bool hasMarks() const { return m_marks > 0; }

private:
    std::vector<Group> m_groups;
    QRectF m_area;
    double m_top = 0, m_height = 0, m_pictures = 0, m_marks = 0;
    int m_rows = 0;
    std::size_t m_lanes = 1;
};

/// Values on the rows, the same in every row. It stands still while the answers fit and use more
/// than half of it.
struct AnswerRange {
    double low = 0, high = 1;
    void fit(const AnswerGroup& now, const std::vector<AnswerGroup>&);
    double y(double value, const QRectF& cell) const;
};

void paintAnswers(QPainter&, const Scene&, const AnswersLayout&, const AnswerRange&);

} // namespace apical
