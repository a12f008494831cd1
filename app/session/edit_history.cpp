#include "app/session/edit_history.h"

#include "widgets/panel/parameter_panel_network.h"

#include <QStringList>

#include <algorithm>
#include <utility>

namespace apical {
namespace {

constexpr int kParameterEdit = 1; // QUndoCommand id: only these merge

class ParameterEdit : public QUndoCommand {
public:
    ParameterEdit(const EditHistory::ApplyParameter& apply, QString key,
        std::vector<LaneValue> oldValues, LaneValue newValue, bool open)
        : m_apply(apply)
        , m_key(std::move(key))
        , m_old(std::move(oldValues))
        , m_new(std::move(newValue))
        , m_open(open)
    {
        describe();
    }

    int id() const override { return kParameterEdit; }

    bool mergeWith(const QUndoCommand* command) override
    {
        const auto* next = static_cast<const ParameterEdit*>(command);
        if (!m_open || next->m_key != m_key || next->m_new.lane != m_new.lane)
            return false;
        m_new = next->m_new;
        m_open = next->m_open;
        describe();
        setObsolete(!m_open // dragged away and back
            && std::all_of(m_old.begin(), m_old.end(),
                [this](const LaneValue& old) { return old.value == m_new.value; }));
        return true;
    }

    void redo() override
    {
        if (std::exchange(m_applied, false))
            return; // pushed after it was applied
        m_apply(m_new.lane, m_key, m_new.value);
    }

    void undo() override
    {
        m_open = false;
        for (const LaneValue& old : m_old)
            m_apply(old.lane, m_key, old.value);
    }

private:
    void describe()
    {
        const auto text = [](const ParameterValue& value) {
            return QString::fromStdString(parameterText(value));
        };
        QStringList old;
        for (const LaneValue& each : m_old)
            old += text(each.value);
        setText(QStringLiteral("%1 %2 \u2192 %3")
                    .arg(m_key, old.join(QStringLiteral(", ")), text(m_new.value)));
    }

    const EditHistory::ApplyParameter& m_apply;
    QString m_key;
    std::vector<LaneValue> m_old;
    LaneValue m_new;
    bool m_open; ///< a drag goes on
    bool m_applied = true;
};

class LayersEdit : public QUndoCommand {
public:
    LayersEdit(const EditHistory::ApplyLayers& apply, std::vector<int> oldLayers,
        std::vector<int> newLayers)
        : QUndoCommand(
            QStringLiteral("layers %1 \u2192 %2").arg(layersText(oldLayers), layersText(newLayers)))
        , m_apply(apply)
        , m_old(std::move(oldLayers))
        , m_new(std::move(newLayers))
    {
    }

    void redo() override
    {
        if (!std::exchange(m_applied, false))
            m_apply(m_new);
    }

    void undo() override { m_apply(m_old); }

private:
    const EditHistory::ApplyLayers& m_apply;
    std::vector<int> m_old, m_new;
    bool m_applied = true;
};

} // namespace

EditHistory::EditHistory(ApplyParameter applyParameter, ApplyLayers applyLayers)
    : m_applyParameter(std::move(applyParameter))
    , m_applyLayers(std::move(applyLayers))
{
    m_stack.setUndoLimit(1000);
}

void EditHistory::push(
    const QString& key, std::vector<LaneValue> old, const LaneValue& newValue, bool continuous)
{
    m_stack.push(new ParameterEdit(m_applyParameter, key, std::move(old), newValue, continuous));
}

void EditHistory::pushLayers(const std::vector<int>& oldLayers, const std::vector<int>& newLayers)
{
    if (oldLayers != newLayers)
        m_stack.push(new LayersEdit(m_applyLayers, oldLayers, newLayers));
}

} // namespace apical
