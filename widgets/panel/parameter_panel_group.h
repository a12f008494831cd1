// A collapsible group of the parameter panel: a head of 24 px and the rows below it.
#pragma once

#include <QAbstractButton>

#include <vector>

class QVBoxLayout;

namespace apical {

class ParameterRowWidget;

/// Chevron, title, and what stands at the right ("1 changed", "8-6-3").
class GroupHead : public QAbstractButton {
    Q_OBJECT
public:
    explicit GroupHead(const QString& title, QWidget* parent = nullptr);
    void setDetail(const QString&);
    const QString& detail() const { return m_detail; }
    QSize sizeHint() const override { return {200, 24}; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    QString m_detail;
};

class ParameterGroup : public QWidget {
    Q_OBJECT
public:
    explicit ParameterGroup(const QString& title, QWidget* parent = nullptr);

    const QString& title() const { return m_title; }
    GroupHead& head() { return *m_head; }
    void addRow(ParameterRowWidget*);
    void addPart(QWidget*); ///< something else than a row; shown whenever the group is open
    const std::vector<ParameterRowWidget*>& rows() const { return m_rows; }

    bool isCollapsed() const { return m_collapsed; }
    void setCollapsed(bool);
    /// While a filter is on, matching rows show even in a collapsed group. @param part whether the
    /// extra part matches
    void filter(bool on, const std::vector<ParameterRowWidget*>& matching, bool part);

Q_SIGNALS:
    void collapsedChanged();

private:
    void arrange();

    QString m_title;
    GroupHead* m_head;
    QWidget* m_body;
    QVBoxLayout* m_bodyLayout;
    std::vector<ParameterRowWidget*> m_rows, m_matching;
    QWidget* m_part = nullptr;
    bool m_collapsed = false, m_filtered = false, m_partMatches = false;
};

} // namespace apical
