// Which keys belong to the widget in focus and which to the shortcuts, and who moves the focus.
#pragma once

#include <QObject>

namespace apical {

/// Watches all keys of the program as long as it lives.
class KeyRules : public QObject {
public:
    explicit KeyRules(QObject* parent);
    /// Whether a person is moving the focus with the Tab key.
    bool tabIsPressed() const { return m_tab; }

protected:
    bool eventFilter(QObject*, QEvent*) override;

private:
    bool m_tab = false;
};

} // namespace apical
