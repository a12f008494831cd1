// Names that the views of a task share: classes, blocks, samples, lanes.
#pragma once

#include "widgets/view/view.h"

#include <QColor>
#include <QString>

#include <vector>

namespace apical {

inline constexpr Block kBlocks[] = {Block::Train, Block::Validation, Block::Test};

/// "horizontal", or "class 3" where classes have no names.
QString className(const TaskFrame&, int index);
/// The same in at most seven letters: "horiz.", "3".
QString shortClassName(const TaskFrame&, int index);
/// "train", "validation", "test".
QString blockText(Block);
/// "BP" where all lanes have short names, else "A"; "" while there is one lane.
QString laneMark(const Frame&, std::size_t lane);
/// Constant over all views of a lane; only asked for when there are two.
QColor laneMarkColor(const Scene&, std::size_t lane);
/// "7 of 8 right".
QString rightText(double right, double of);

/// Why a lane's task has nothing to show, in one sentence; "" if it has a task.
QString noTaskText(const Scene&);
/// One sentence in the middle of a view, broken where it must be.
void paintNotice(QPainter&, const Theme&, const QString&, const QRectF& area);

} // namespace apical
