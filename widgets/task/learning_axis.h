// The axis along which learning is drawn, and the button that chooses it.
#pragma once

#include "widgets/chart/chart.h"
#include "widgets/task/learning_curves.h"

#include <QAbstractButton>
#include <QString>

#include <vector>

class QMenu;

namespace apical {

struct LearningAxisWords {
    QString id; ///< of the entry in the menu
    QString button; ///< short, with its unit
    QString name; ///< "samples seen"
    QString unit; ///< "ms"; "" = none
    QString entry; ///< in the menu
    QString csv; ///< first column
};
LearningAxisWords wordsOf(LearningAxis);
/// Its name and range, so that all of the curves fit and the newest point has room.
void layOutAxis(ChartAxis&, LearningAxis, const std::vector<EpochCurve>&);
/// Where the moment stands that the window shows; NaN: nobody knows.
double shownOn(const Scene&, LearningAxis);
/// Which lanes have no points on an axis of what they do not spend; "" where all have.
QString leftOutText(const Scene&, LearningAxis, const std::vector<EpochCurve>&);

/// Where an axis has its name: text like the labels beside it, lit under the pointer. A click opens
/// a menu of the axes.
class LearningAxisButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit LearningAxisButton(QWidget* parent);
    /// What there is to choose from, epochs first.
    void offer(const std::vector<LearningAxis>&);
    /// The one that was chosen, while it is among those, else the first.
    LearningAxis axis() const;

Q_SIGNALS:
    void axisChosen();

protected:
    void paintEvent(QPaintEvent*) override;

private:
    void choose(LearningAxis);
    void fill();

    std::vector<LearningAxis> m_offered{LearningAxis::Epochs};
    LearningAxis m_chosen = LearningAxis::Epochs;
    QMenu* m_menu;
};

} // namespace apical
