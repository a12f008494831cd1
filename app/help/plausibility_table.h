// The matrix of problems and methods: on the screen as a table that keys and screen readers can
// walk through, and as a picture that can be exported.
#pragma once

#include "app/help/plausibility.h"
#include "widgets/view/view.h"

#include <QTableView>

#include <vector>

namespace apical {

/// Icon, letter and word of a cell; where there is no room for the word, without it.
void paintVerdicts(QPainter&, const QRectF&, const PlausibilityCell&, const Theme&);
/// What the icons mean, in one line.
void paintVerdictLegend(QPainter&, const QRectF&, const Theme&);

class PlausibilityTable : public QTableView {
    Q_OBJECT
public:
    explicit PlausibilityTable(QWidget* parent = nullptr);
    /// The columns whose method runs in the main window, one flag per method.
    void setRunning(const std::vector<bool>& methods);
    bool isRunning(int method) const;
    void choose(int problem, int method);
    int problem() const { return currentIndex().row(); }
    int method() const { return currentIndex().column(); }

Q_SIGNALS:
    void chosen(int problem, int method); ///< another cell is the current one

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent*) override;

private:
    class Model;
    class Delegate;
    Model* m_model;
};

/// The whole matrix with its heads and its legend, at the size of the widget.
class PlausibilityPicture : public View {
    Q_OBJECT
public:
    explicit PlausibilityPicture(QWidget* parent = nullptr);
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override;
};

} // namespace apical
