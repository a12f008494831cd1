// The learning equations of a method, with the terms of a verdict framed.
#pragma once

#include "app/help/plausibility.h"

#include <QTextLayout>
#include <QWidget>

#include <memory>
#include <vector>

namespace apical {

/// One equation per line, its name in front; as high as its width asks for.
class EquationPanel : public QWidget {
    Q_OBJECT
public:
    explicit EquationPanel(QWidget* parent = nullptr);
    /// @param method of plausibility() @param cell one of its cells: whose terms are framed
    void show(const PlausibilityMethod& method, const PlausibilityCell& cell);
    std::vector<QRectF> frames() const; ///< of the marked terms, in this widget

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;

private:
    /// From and to, in characters, of terms that are framed together.
    struct Marked {
        int begin = 0, end = 0;
    };
    struct Line {
        QString name;
        std::unique_ptr<QTextLayout> text;
        std::vector<Marked> marked;
        QPointF at;
    };
    void make();
    double arrange(double width) const; ///< @return the height
    void framesOf(const Line&, std::vector<QRectF>& frames) const;

    const PlausibilityMethod* m_method = nullptr;
    const PlausibilityCell* m_cell = nullptr;
    mutable std::vector<Line> m_lines;
};

} // namespace apical
