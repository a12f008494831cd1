// A row of choices above charts.
#pragma once

#include <QComboBox>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QWidget>

#include <utility>
#include <vector>

class QHBoxLayout;

namespace apical {

/// Stands over the top of its parent, as wide as that.
class ChoiceRow : public QWidget {
public:
    static constexpr int kHeight = 26; ///< px

    explicit ChoiceRow(QWidget* parent);
    /// @param name of the object, for tests @param label before it; "" = none @param tip what it
    /// chooses
    QComboBox* add(const QString& name, const QString& label, const QString& tip);
};

/// Names and what they stand for; the choice is kept if it is still there, else the first one is
/// made. Tells nobody.
using Choices = std::vector<std::pair<QString, QVariant>>;
void offer(QComboBox&, const Choices&);

} // namespace apical
