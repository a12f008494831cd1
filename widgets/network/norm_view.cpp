#include "widgets/network/norm_view.h"

#include "sim/base/error.h"
#include "sim/network/network_parameters.h"
#include "widgets/chart/chart_view.h"
#include "widgets/chart/choice_row.h"
#include "widgets/look/number_text.h"
#include "widgets/network/norm_charts.h"
#include "widgets/network/norm_samples.h"
#include "widgets/view/experiment_user.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <QElapsedTimer>
#include <QPainter>
#include <QResizeEvent>
#include <QSignalBlocker>

#include <algorithm>
#include <cstdint>
#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kWide = 520, kTall = 300, kRows = 460; // px of room for charts that way
constexpr double kLeftShare = 0.56;
constexpr qint64 kLeastMs = 250, kShare = 10; // between two passes, and times what one took
constexpr int kMostJudged = 200, kLeastJudged = 8;
constexpr double kProducts = 3e6; // of the samples judged: a pass of them takes no more than ms
constexpr double kTooMany = 4e8; // of a batch: the window would stand still
enum Statistics { kAsItLearns, kOfBatch, kRunning };

bool normalises(const LaneFrame& lane)
{
    return lane.anatomy && normalisesBatches(*lane.anatomy)
        && lane.parameters.familyIf<NetworkParameters>();
}

/// The lane's net with the weights of the frame; none while there are none.
std::optional<NormCase> caseOf(const LaneFrame& lane, const std::vector<int>& sizes)
{
    NormCase c{.sizes = sizes, .parameters = lane.parameters, .up = {}, .norm = {}};
    for (std::size_t l = 1; l < sizes.size(); ++l) {
        const std::string name = "layer" + std::to_string(l);
        const Matrix* up = lane.matrix(name + ".W_up");
        const Matrix* norm = lane.matrix(name + ".W_norm");
        if (!up || (!norm && l + 1 < sizes.size()))
            return {};
        c.up.push_back(*up);
        if (norm)
            c.norm.push_back(*norm);
    }
    return c;
}

double productsOf(const std::vector<int>& sizes)
{
    double sum = 0;
    for (std::size_t l = 1; l < sizes.size(); ++l)
        sum += static_cast<double>(sizes[l - 1]) * sizes[l];
    return std::max(1.0, sum);
}

class NormView : public ChartView, public ExperimentUser {
public:
    explicit NormView(QWidget* parent);

    QSize sizeHint() const override { return {640, 340}; }
    int periodMs() const override { return 200; }
    bool showsWeights() const override { return true; }
    void take(const Experiment*) override;
    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override { return normCsv(m_picture); }
    QString subtitle() const override;

protected:
    std::vector<QRectF> places(const QRectF& area) const override;
    void resizeEvent(QResizeEvent* event) override
    {
        ChartView::resizeEvent(event);
        draw();
    }

private:
    /// What a picture follows from, besides the choices.
    struct Key {
        std::uint64_t generation = 0, revision = 0, step = 0;
        std::size_t lane = 0;
        bool operator==(const Key&) const = default;
    };

    bool due(const Scene&, const Key&) const;
    void work(const Scene&, const LaneFrame&);
    void workOut(const NormCase&, const SampleColumns& batch, const SampleColumns& judged);
    bool wantsBatch() const;
    void offerChoices();
    void follow(const Selection&);
    NormLook look() const;
    bool fusionFits(const QRectF& room) const
    {
        return room.width() >= kWide || room.height() >= kRows;
    }
    void draw();

    ChoiceRow* m_choices;
    QComboBox *m_layer, *m_units, *m_statistics;
    std::optional<NormSamples> m_samples;
    NormPicture m_picture;
    QString m_problem = u"Nothing runs yet."_s;
    Key m_key;
    bool m_ofBatchInRun = true;
    Selection m_selected;
    QString m_lane; ///< of several, whose net it is
    QElapsedTimer m_since;
    qint64 m_costMs = 0;
};

NormView::NormView(QWidget* parent)
    : ChartView(parent)
    , m_choices(new ChoiceRow(this))
    , m_layer(m_choices->add(u"layer"_s, {}, u"Whose units receive it"_s))
    , m_units(m_choices->add(u"units"_s, {}, u"All units together, or one"_s))
    , m_statistics(m_choices->add(
          u"statistics"_s, u"by"_s, u"Whose mean and variance the batch is normalised with"_s))
{
    setObjectName(u"batchNorm"_s);
    setMinimumSize(240, 150);
    offer(*m_statistics,
        {{u"statistics as it learns"_s, int{kAsItLearns}}, {u"this batch"_s, int{kOfBatch}},
            {u"running statistics"_s, int{kRunning}}});
    connect(m_layer, &QComboBox::currentIndexChanged, this, [this] {
        resetZoom();
        offerChoices();
        draw();
    });
    connect(m_units, &QComboBox::currentIndexChanged, this, [this] {
        resetZoom();
        draw();
    });
    connect(m_statistics, &QComboBox::currentIndexChanged, this, [this] {
        m_picture = {};
        showAnew();
    });
}

void NormView::take(const Experiment* experiment)
{
    m_samples.reset();
    m_picture = {};
    m_key = {};
    m_since.invalidate();
    if (experiment)
        m_samples.emplace(*experiment);
}

bool NormView::due(const Scene& scene, const Key& key) const
{
    return m_picture.empty() || key.generation != m_key.generation || key.lane != m_key.lane
        || (key != m_key
            && (scene.urgent || !m_since.isValid()
                || m_since.elapsed() >= std::max(kLeastMs, kShare * m_costMs)));
}

void NormView::refresh(const Scene& scene)
{
    View::refresh(scene);
    const auto shown = shownLaneThat(scene, normalises);
    if (!shown) {
        m_picture = {};
        m_problem = u"No lane here normalises: norm.kind = batch does."_s;
        return draw();
    }
    const LaneFrame& lane = scene.frame.lanes[*shown];
    const Key key{scene.frame.generation, scene.frame.revision, lane.clock.step, *shown};
    if (due(scene, key)) {
        m_key = key;
        m_lane = scene.frame.lanes.size() > 1 ? laneTitle(scene.frame, *shown) : QString();
        QElapsedTimer cost;
        cost.start();
        work(scene, lane);
        m_costMs = cost.elapsed();
        m_since.start();
    }
    offerChoices();
    if (scene.selection != m_selected)
        follow(scene.selection);
    draw();
}

/// Who selects a hidden unit, in whichever view, looks at that one.
void NormView::follow(const Selection& selection)
{
    m_selected = selection;
    if (m_picture.empty())
        return;
    const QSignalBlocker layer(m_layer), units(m_units);
    const bool hidden = selection.population == Selection::Population::Pyramidal
        && selection.layer >= 1 && selection.layer <= m_picture.layers();
    if (hidden)
        m_layer->setCurrentIndex(selection.layer - 1);
    offerChoices();
    if (hidden)
        m_units->setCurrentIndex(1);
}

void NormView::work(const Scene& scene, const LaneFrame& lane)
{
    m_picture = {};
    m_ofBatchInRun = lane.parameters.family<NetworkParameters>().batchStatistics();
    const std::optional<NormCase> net = caseOf(lane, scene.frame.sizes);
    if (!net || !m_samples) {
        m_problem = scene.live
            ? u"Waits for the weights."_s
            : u"The weights of this instant were not remembered: no view showed them."_s;
        return;
    }
    const double products = productsOf(net->sizes);
    if (products * lane.anatomy->samples > kTooMany) {
        m_problem = u"This batch is too large to be followed beside the run."_s;
        return;
    }
    const int most = std::clamp(static_cast<int>(kProducts / products), kLeastJudged, kMostJudged);
    try {
        workOut(*net, m_samples->batch(lane), m_samples->judged(lane.parameters, most));
    } catch (const InputError& e) {
        m_picture = {};
        m_problem = QString::fromUtf8(e.what());
    }
}

void NormView::workOut(const NormCase& net, const SampleColumns& batch, const SampleColumns& judged)
{
    if (batch.count < 1) {
        m_problem = u"This task has no samples to normalise."_s;
        return;
    }
    m_picture.ofBatch = wantsBatch();
    m_picture.norm = net.norm;
    m_picture.batch = batch.name;
    m_picture.samples = batch.count;
    m_picture.trace = traceNorm(net, batch.input, batch.count, m_picture.ofBatch);
    if (judged.count < 1)
        return;
    m_picture.judged = judged.name;
    const auto ofBatch =
        m_picture.ofBatch ? m_picture.trace : traceNorm(net, batch.input, batch.count, true);
    m_picture.inDouble = fusionDifference(net, judged.input, judged.count, "double");
    m_picture.inFloat = fusionDifference(net, judged.input, judged.count, "float");
    m_picture.wrong = fusionDifference(net, judged.input, judged.count, "double", ofBatch.layers);
}

bool NormView::wantsBatch() const
{
    const int chosen = m_statistics->currentData().toInt();
    return chosen == kOfBatch || (chosen == kAsItLearns && m_ofBatchInRun);
}

/// The layers there are, and of the one shown all units or one: the selected one, else the first.
void NormView::offerChoices()
{
    if (m_picture.empty())
        return;
    Choices layers;
    for (int l = 1; l <= m_picture.layers(); ++l)
        layers.emplace_back(u"layer %1"_s.arg(l), l);
    offer(*m_layer, layers);
    const int layer = m_layer->currentData().toInt();
    const int size = m_picture.norm[static_cast<std::size_t>(layer - 1)].rows;
    const bool mine = m_selected.population == Selection::Population::Pyramidal
        && m_selected.layer == layer && m_selected.index < size;
    const int unit = mine ? m_selected.index : 0;
    const bool one = m_units->currentIndex() == 1;
    offer(*m_units, {{u"all units"_s, -1}, {u"unit %1"_s.arg(unit + 1), unit}});
    if (one && m_units->currentIndex() != 1) { // another one, but one
        const QSignalBlocker quiet(m_units);
        m_units->setCurrentIndex(1);
    }
}

NormLook NormView::look() const
{
    NormLook look{m_layer->currentData().toInt(), m_units->currentData().toInt()};
    look.layer = std::clamp(look.layer, 1, m_picture.layers());
    const int size = m_picture.norm[static_cast<std::size_t>(look.layer - 1)].rows;
    look.unit = std::min(look.unit, size - 1);
    return look;
}

std::vector<QRectF> NormView::places(const QRectF& area) const
{
    const QRectF room = area.adjusted(0, ChoiceRow::kHeight, 0, 0);
    if (room.width() < kWide)
        return room.height() >= kTall ? rows(room, std::vector<double>(count(), 1.0))
                                      : ChartView::places(room);
    if (room.height() < kTall || count() < 3)
        return ChartView::places(room);
    QRectF left = room, right = room;
    left.setWidth(std::round(kLeftShare * room.width()));
    right.setLeft(left.right());
    std::vector<QRectF> all = rows(left, {1, 1});
    all.push_back(right);
    return all;
}

void NormView::draw()
{
    m_choices->setVisible(!m_picture.empty());
    if (m_picture.empty())
        return setCharts({});
    const QRectF room = QRectF(rect()).adjusted(0, ChoiceRow::kHeight, 0, 0);
    std::vector<Chart> charts{beforeChart(m_picture, look()), afterChart(m_picture, look())};
    if (fusionFits(room))
        charts.push_back(fusionChart(m_picture));
    const bool twoRows = room.height() >= kTall;
    makeRoom(charts, static_cast<int>(twoRows ? room.height() / 2 + 60 : room.height()));
    setCharts(std::move(charts));
}

void NormView::paint(QPainter& painter, const QRectF& area)
{
    if (m_picture.empty())
        return paintNotice(painter, theme(), m_problem, area);
    ChartView::paint(painter, area);
}

QString NormView::subtitle() const
{
    if (m_picture.empty())
        return {};
    QString text = m_lane.isEmpty() ? QString() : u"lane %1, "_s.arg(m_lane);
    text += m_picture.batch;
    if (!m_picture.inDouble.empty()) {
        const bool inFloat = m_samples && m_samples->precision() == "float";
        text += u", fused: largest difference %1"_s.arg(
            valueText(m_picture.largest(inFloat ? m_picture.inFloat : m_picture.inDouble), 2));
    }
    return zoomed() ? text + u", "_s + ChartView::subtitle() : text;
}

} // namespace

View* makeNormView(QWidget* parent)
{
    return new NormView(parent);
}

} // namespace apical
