// What can be done to an inference that is looked at: go through its reads, and try another rate,
// other precisions, more or fewer moves.
#pragma once

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace apical {

class DraggedNumber;

/// Groups side by side, in as many rows as the width wants.
class InferenceControls : public QWidget {
    Q_OBJECT
public:
    explicit InferenceControls(QWidget* parent = nullptr);

    struct Shown {
        int t = 0, last = 0;
        bool following = true; ///< what the run shows
        bool playing = false;
        double rate = 0; ///< gamma
        int steps = 0; ///< T
        std::vector<double> precision; ///< pi_1..pi_N
        bool rateChanged = false, stepsChanged = false, precisionChanged = false;
    };
    void showState(const Shown&);
    int heightFor(int width) const;

Q_SIGNALS:
    void readChosen(int t);
    void playAsked();
    void followAsked(bool);
    void rateChosen(double);
    void stepsChosen(int);
    void precisionChosen(int layer, double); ///< layer 1..N, 0: all of them
    void resetAsked(); ///< back to what the run has
    void applyAsked(); ///< let the run have it

protected:
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;

private:
    QToolButton* button(const QString& name, const QString& text, const QString& tip);
    QWidget* group(const std::vector<QWidget*>&);
    void buildReads();
    void buildNumbers();
    void tint();
    void showPrecision();
    /// Places the groups, or only measures. @return the height
    int place(int width, bool move) const;

    std::vector<QWidget*> m_groups; ///< the first one takes what is left of its row
    QToolButton *m_back, *m_play, *m_step, *m_follow, *m_reset, *m_apply;
    QSlider* m_reads = nullptr;
    QLabel* m_read = nullptr;
    QComboBox* m_layer = nullptr;
    DraggedNumber *m_rate = nullptr, *m_steps = nullptr, *m_precision = nullptr;
    Shown m_shown;
};

} // namespace apical
