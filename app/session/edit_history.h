// Undo and redo of parameter edits and structural edits.
#pragma once

#include "sim/experiment/parameters.h"

#include <QUndoStack>

#include <functional>
#include <vector>

namespace apical {

/// A value of one lane, or of all (-1).
struct LaneValue {
    int lane = -1;
    ParameterValue value;
};

/// Remembers edits that were already applied; undo and redo apply old and new values again through
/// the functions given here. A drag (continuous pushes of one key, closed by a push that is not
/// continuous) is one step. The run itself is not taken back: an undone edit is a new edit at the
/// current step.
class EditHistory {
public:
    using ApplyParameter = std::function<void(int lane, const QString& key, const ParameterValue&)>;
    using ApplyLayers = std::function<void(const std::vector<int>&)>;

    EditHistory(ApplyParameter, ApplyLayers);

    QUndoStack& stack() { return m_stack; }

    /// @param old what each lane had: an edit of all lanes is taken back lane by lane where they
    /// differed
    void push(const QString& key, std::vector<LaneValue> old, const LaneValue& newValue,
        bool continuous = false);
    void pushLayers(const std::vector<int>& oldLayers, const std::vector<int>& newLayers);
    /// Several edits that are undone together ("reset all parameters").
    void beginGroup(const QString& text) { m_stack.beginMacro(text); }
    void endGroup() { m_stack.endMacro(); }
    void clear() { m_stack.clear(); } ///< another preset

private:
    ApplyParameter m_applyParameter;
    ApplyLayers m_applyLayers;
    QUndoStack m_stack;
};

} // namespace apical
