// A row of choices above charts.
#pragma once

#include "widgets/chart/chart.h"

#include <QComboBox>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QWidget>

#include <span>
#include <utility>
#include <vector>

class QHBoxLayout;

namespace apical {

/// Stands over the top of its parent, as wide as that.
class ChoiceRow : public QWidget {
public:
    static constexpr int kHeight = 32; ///< px

    explicit ChoiceRow(QWidget* parent);
    /// @param name of the object, for tests @param label before it; "" = none @param tip what it
    /// chooses
    QComboBox* add(const QString& name, const QString& label, const QString& tip);

protected:
    bool eventFilter(QObject*, QEvent*) override;
};

/// In a low place charts keep their plots, and leave names and legend to the values under the
/// mouse.
void makeRoom(std::vector<Chart>&, int height);

/// Names and what they stand for; the choice is kept if it is still there, else the first one is
/// made. Tells nobody.
using Choices = std::vector<std::pair<QString, QVariant>>;
void offer(QComboBox&, const Choices&);
/// Durations in ms, the usual one of them chosen.
void offerDurations(QComboBox&, std::span<const double> ms, int usual);

} // namespace apical
