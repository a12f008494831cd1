// What every picture in the window is: it is refreshed with the scene at frame rate and can paint
// itself anywhere (screen, PNG, SVG, PDF). It owns no data of the run.
#pragma once

#include "sim/insight/diagnosis.h"
#include "sim/live/frame.h"
#include "sim/watch/history.h"
#include "widgets/look/theme.h"
#include "widgets/view/weight_ranges.h"

#include <QWidget>

#include <vector>

class QPainter;

namespace apical {

class SpikeHistory;

/// A neuron that is selected, in every view at once.
struct Selection {
    enum class Population { None, Input, Pyramidal, Interneuron };
    Population population = Population::None;
    int layer = 0; ///< 0 = input, 1..N; for interneurons the hidden layer they sit in
    int index = 0;
    bool operator==(const Selection&) const = default;
    /// "x2", "h3" (one hidden layer) or "h1.3", "i2", "o1": 1-based names people say.
    QString name(const std::vector<int>& sizes) const;
};

/// Of a task with classes: who is taken for whom.
struct ClassPair {
    int asked = -1, answered = -1;
    bool chosen() const { return asked >= 0; }
    bool operator==(const ClassPair&) const = default;
};

/// Everything a view may show. Owned by the session, stable in memory, window thread; views keep a
/// pointer.
struct Scene {
    Frame frame; ///< the instant shown: the newest, or an earlier one while scrubbed
    const History* history = nullptr;
    std::vector<Event> events;
    Selection selection;
    ClassPair pair; ///< whose answers are looked at; not chosen: all wrong ones
    int shownLane = 0; ///< whose neurons circuit, inspector, doctor and lists show
    int editLane = -1; ///< that edits go to; -1: all lanes
    const Theme* theme = &Theme::light();
    bool live = true; ///< false: scrubbed back
    double nowMs = 0; ///< newest simulated time
    double shownMs = 0; ///< time of `frame`
    double viewBeginMs = 0, viewEndMs = 0; ///< the strips' shared x range
    double crosshairMs = -1; ///< shared crosshair, -1 = none
    bool crosshairOn = true, gridOn = true;
    WeightRanges weightRanges;
    Diagnosis diagnosis;
    std::vector<std::vector<SelfPredictionErrors>>
        startErrors; ///< per lane, per hidden layer, at step 0
    /// Some past frames, oldest first, for trails.
    const std::vector<Frame>* past = nullptr;
    bool textDue = true; ///< digits change at 10 Hz, pictures at 60
    /// A person did something (selected, edited, stepped, scrubbed): every view shows it at once.
    bool urgent = true;
    QString hint; ///< the sentence above the circuit
    QString layout; ///< of the preset: which strips there are
    QString parametersText; ///< "apical 0.1.0, preset, seed, changed parameters": goes into
                            ///< exported files
    const SpikeHistory* spikes = nullptr; ///< of the models that count them
};

class View : public QWidget {
    Q_OBJECT
public:
    explicit View(QWidget* parent = nullptr);

    /// Called at most once per frame, only while visible.
    virtual void refresh(const Scene&);
    /// How often the picture is worth renewing, in ms; 0 = with every frame.
    virtual int periodMs() const { return 0; }
    /// Whether the picture is made of weights: those of a large network are copied only while such
    /// a view can be seen.
    virtual bool showsWeights() const { return false; }
    /// Whether it shows the pictures of a block's answers: they are made only for such a view.
    virtual bool showsExamples() const { return false; }
    /// Instead of refresh(): the view waits for its turn and keeps in mind that its digits are due.
    void postpone(const Scene& scene) { m_textPending = m_textPending || scene.textDue; }
    /// Paints the view into `area`, in logical pixels.
    virtual void paint(QPainter&, const QRectF& area) = 0;
    /// The numbers behind the picture, C locale; "" if there are none.
    virtual QString csv() const { return {}; }
    /// A few words beside the dock's title, e.g. "min/max of 10 samples"; "" if there are none.
    virtual QString subtitle() const { return {}; }

Q_SIGNALS:
    void selected(const apical::Selection&);
    void laneChosen(int lane); ///< show this lane, in every view at once
    void editRequested(const QString& key, const apical::ParameterValue& value); ///< a lock, a fix
    void pairChosen(const apical::ClassPair&); ///< look at these answers
    void taught(const std::vector<double>& sample); ///< inputs, then targets: to be learned once
    void actionRequested(const QString& action); ///< "self_predicting", "rewind_halve_dt", ...
    void timeRangeRequested(double beginMs, double endMs, bool followLive);
    void crosshairMoved(double timeMs); ///< -1 = left
    void helpRequested(const QString& anchor);

protected:
    void paintEvent(QPaintEvent*) override;
    const Scene* scene() const { return m_scene; } ///< nullptr before the first refresh
    const Theme& theme() const; ///< of the scene; before the first refresh the program's
    bool textDue() const { return m_textDue; } ///< at this refresh: digits may change

private:
    const Scene* m_scene = nullptr;
    bool m_textDue = true, m_textPending = false;
};

/// One row per view: gives its dock, menu entry, export and smoke test.
struct ViewRow {
    QString id; ///< "circuit"; stays the same, layouts are saved under it
    QString title;
    QString help; ///< one sentence
    QString
        area; ///< "centre-top", "centre", "right", "bottom-left", "bottom-centre", "bottom-right"
    View* (*make)(QWidget* parent);
    /// Whether a model has what the view draws; a view is there if any lane's model has.
    bool (*applies)(const Anatomy&);
};
const std::vector<ViewRow>& viewTable();

} // namespace apical
