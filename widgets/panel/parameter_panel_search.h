// The search field on top of the parameter panel, with the "k changed" link inside.
#pragma once

#include <QLineEdit>

namespace apical {

class LinkButton;

class ParameterSearch : public QLineEdit {
    Q_OBJECT
public:
    explicit ParameterSearch(QWidget* parent = nullptr);
    void setParameterCount(int);
    void setChangedCount(int);
    bool changedOnly() const { return m_changedOnly; }
    void setChangedOnly(bool);

Q_SIGNALS:
    void filterChanged();

protected:
    bool event(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;

private:
    void place();

    LinkButton* m_link;
    int m_changed = 0;
    bool m_changedOnly = false;
};

} // namespace apical
