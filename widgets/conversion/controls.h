// What can be chosen in the view of a conversion, above, beside and below its pictures.
#pragma once

#include "sim/spiking_net/conversion_trace.h"
#include "widgets/chart/choice_row.h"

#include <QObject>
#include <QTimer>

#include <optional>

class QButtonGroup;
class QLabel;
class QSlider;
class QSpinBox;
class QToolButton;

namespace apical {

/// Pages, the settings of the simulation, which image, the time cursor, and the measurement. Stands
/// in the view and is placed by it.
class ConversionControls : public QObject {
    Q_OBJECT
public:
    enum Page { Digit, Rates, Accuracy };
    enum Source { Now, Set, Drawing };

    explicit ConversionControls(QWidget& view);

    static constexpr int kHead = ChoiceRow::kHeight, kFoot = 30, kColumn = 204; ///< px
    void place(const QSize& view);

    Page page() const;
    Source source() const;
    ConversionVariant variant() const;
    int number() const; ///< of the image in its set
    bool sorted() const;
    int images() const; ///< to be measured
    double shareOfTime() const { return m_share; } ///< of the presentation, at the cursor

    /// Images that there are to choose from. @param drawable a drawing can be shown, too
    void offerSamples(const QString& set, int size, bool drawable);
    /// What a lane is set to; a choice made here holds until the lane is set anew.
    void follow(const ConversionVariant&);
    void setShareOfTime(double);
    void choose(Source);
    void setUndo(bool possible);
    /// @param progress 0 to 1 while it goes on
    void showMeasuring(bool possible, std::optional<double> progress);
    void showTime(const QString&);
    void setTheme(const QColor& ink);
    bool playing() const { return m_play.isActive(); }
    void play(bool);

Q_SIGNALS:
    void pageChanged();
    void questionChanged(); ///< another image or setting: to be simulated anew
    void lookChanged(); ///< only the picture of it is another
    void undone();
    void measureAsked();
    void stopAsked();

private:
    QToolButton* button(QWidget* in, const QString& name, const QString& text, const QString& tip);
    void makeHead();
    void offerTaus(double own);
    void makeColumn();
    void makeFoot();
    void showPage();
    void advance();

    QWidget& m_view;
    ChoiceRow* m_head;
    QButtonGroup* m_pages = nullptr;
    QComboBox *m_encoder = nullptr, *m_synapse = nullptr, *m_images = nullptr;
    QToolButton *m_sorted = nullptr, *m_measure = nullptr, *m_random = nullptr, *m_undo = nullptr,
                *m_playing = nullptr;
    QWidget *m_column = nullptr, *m_foot = nullptr;
    QComboBox* m_source = nullptr;
    QSpinBox* m_number = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_time = nullptr;
    QTimer m_play;
    double m_share = 1;
    std::optional<ConversionVariant> m_lane; ///< what it is set to
    QColor m_ink;
};

} // namespace apical
