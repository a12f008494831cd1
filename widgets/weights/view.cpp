#include "widgets/weights/view.h"

#include "widgets/look/number_text.h"
#include "widgets/plot/heat_map.h"
#include "widgets/view/lane_words.h"
#include "widgets/weights/refit_button.h"
#include "widgets/weights/view_painter.h"
#include "widgets/weights/view_tables.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Wide enough for three tables, rich enough for two rows of labels: numbers are 10 px.
class WeightsView : public View {
public:
    explicit WeightsView(QWidget* parent);
    void refresh(const Scene&) override;
    int periodMs() const override { return 100; } // weights are the slow part of the circuit
    bool showsWeights() const override { return true; }
    void paint(QPainter&, const QRectF&) override;
    QString csv() const override;
    void show(const WeightsChoice&);
    QSize sizeHint() const override { return {480, 144}; }
    QSize minimumSizeHint() const override { return {300, 120}; }

protected:
    bool event(QEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void resizeEvent(QResizeEvent*) override { placeButton(); }

private:
    void take();
    void choose(const WeightsChoice&);
    void takeRange();
    void placeButton();
    void fillMenu();
    WeightsLayout layoutIn(const QRectF& area) const;
    double rangeOf(const WeightsTable& t) const
    {
        return t.difference ? m_range.difference : m_range.weights;
    }
    const std::vector<int>& sizes() const { return scene()->frame.sizes; }
    QString tipAt(QPointF) const;

    WeightsChoice m_choice;
    bool m_sideBySide = true; ///< the first lane beside the chosen one
    std::vector<WeightsTable> m_tables;
    std::array<HeatMap, 4> m_maps;
    std::array<Matrix, 4>
        m_numbers; ///< as printed: they change with the text, not with the picture
    WeightRange m_range; ///< those of the scene, until turned by hand
    bool m_turned = false;
    std::uint64_t m_rangeChoice = 0;
    QToolButton* m_button;
    RefitButton* m_refit;
    QMenu* m_menu;
};

WeightsView::WeightsView(QWidget* parent)
    : View(parent)
    , m_button(new QToolButton(this))
    , m_refit(new RefitButton(this))
    , m_menu(new QMenu(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(u"Weights"_s);
    m_button->setObjectName(u"pathway"_s);
    m_button->setText(u"pi"_s);
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setMenu(m_menu);
    m_button->setFont(uiFont(11));
    m_button->setAccessibleName(u"Pathway shown"_s);
    m_button->setToolTip(u"Which pathway, layer and lane is shown"_s);
    connect(m_menu, &QMenu::aboutToShow, this, &WeightsView::fillMenu);
    fillMenu();
    connect(m_refit, &QToolButton::clicked, this, [this] {
        m_turned = false;
        Q_EMIT actionRequested(u"refit_ranges"_s);
    });
}

void WeightsView::refresh(const Scene& next)
{
    View::refresh(next);
    take();
}

void WeightsView::take()
{
    if (!scene())
        return;
    const Frame& frame = scene()->frame;
    if (const WeightsChoice moved = withinNetwork(m_choice, frame); moved != m_choice)
        choose(moved);
    takeRange();
    m_tables.clear();
    if (m_sideBySide)
        m_tables = weightsSideBySide(frame, m_choice);
    if (m_tables.empty() && !frame.lanes.empty())
        m_tables = weightsTables(
            frame.lanes[static_cast<std::size_t>(m_choice.lane)], frame.sizes, m_choice);
    for (std::size_t i = 0; i < m_tables.size(); ++i) {
        const Matrix& values = m_tables[i].values;
        m_maps[i].setTheme(theme());
        m_maps[i].setMatrix(values);
        if (textDue() || m_numbers[i].rows != values.rows || m_numbers[i].cols != values.cols)
            m_numbers[i] = values;
    }
    QString name = shortName(m_choice, frame);
    if (m_sideBySide && !m_tables.empty() && m_tables.front().lane >= 0)
        name.chop(2); // two lanes, and each table says whose it is
    if (name != m_button->text()) {
        m_button->setText(name);
        placeButton();
    }
}

void WeightsView::show(const WeightsChoice& choice)
{
    choose(choice);
    m_sideBySide = false;
    take();
    update();
}

/// Another pathway has ranges of its own.
void WeightsView::choose(const WeightsChoice& choice)
{
    if (choice.pathway != m_choice.pathway || choice.layer != m_choice.layer)
        m_turned = false;
    m_choice = choice;
}

void WeightsView::takeRange()
{
    const WeightRanges& chosen = scene()->weightRanges;
    if (m_turned && chosen.choice == m_rangeChoice)
        return;
    m_turned = false;
    m_rangeChoice = chosen.choice;
    m_range = chosen.of(m_choice.pathway, m_choice.layer);
}

void WeightsView::placeButton()
{
    m_refit->move(WeightsLayout::refitButton(rect()).topLeft().toPoint());
    const int w = m_button->sizeHint().width() + 8; // the menu arrow takes its room from the text
    m_button->setGeometry(width() - w - 2, 3, w, 20);
}

void WeightsView::fillMenu()
{
    m_menu->clear();
    const auto addAs = [this](const QString& text, const WeightsChoice& choice, bool both) {
        QAction* action = m_menu->addAction(text, this, [this, choice, both] {
            choose(choice);
            m_sideBySide = both;
            take();
            update();
        });
        action->setCheckable(true);
        action->setChecked(m_choice == choice && m_sideBySide == both);
    };
    const auto add = [&](const QString& text, const WeightsChoice& choice) {
        addAs(text, choice, m_sideBySide);
    };
    const std::map<Pathway, QString> words{
        {Pathway::Pi, u"pi: W_pi against \u2212W_down"_s},
        {Pathway::Ip, u"ip: W_ip against \u03c1 W_up of the next layer"_s},
        {Pathway::Up, u"up: W_up"_s},
        {Pathway::Down, u"down: W_down"_s},
        {{"W_direct"}, u"direct: W_direct, from the output"_s},
        {{"W_fused"}, u"fused: W_fused, normalisation folded in"_s},
        {{"W_norm"}, u"norm: W_norm, gain and shift"_s},
        {{"G_up"}, u"G_up: what the last batch changes in W_up, before the optimiser"_s},
        {{"G_backprop"}, u"G_backprop: the exact gradient"_s},
    };
    const Frame none;
    const Frame& frame = scene() ? scene()->frame : none;
    for (const Pathway& pathway : pathwaysOf(frame, m_choice.lane)) {
        const auto known = words.find(pathway);
        add(known == words.end() ? QString::fromStdString(pathway.name) : known->second,
            withinNetwork({pathway, m_choice.layer, m_choice.lane}, frame));
    }
    const int layers = static_cast<int>(frame.sizes.size()) - 1;
    const std::vector<int> ends = layersOf(frame, m_choice.lane, m_choice.pathway);
    if (ends.size() > 1) {
        m_menu->addSeparator();
        for (const int l : ends)
            add(u"layer "_s + QString::number(l) + (l == layers ? u" (output)"_s : QString()),
                {m_choice.pathway, l, m_choice.lane});
    }
    if (frame.lanes.size() > 1) {
        m_menu->addSeparator();
        if (frame.lanes.size() == 2)
            addAs(u"both lanes"_s, m_choice, true);
        for (std::size_t i = 1; frame.lanes.size() > 2 && i < frame.lanes.size(); ++i)
            addAs(u"lanes A and "_s + laneTitle(frame, i),
                withinNetwork({m_choice.pathway, m_choice.layer, static_cast<int>(i)}, frame),
                true);
        m_menu->addSeparator();
        for (std::size_t i = 0; i < frame.lanes.size(); ++i)
            addAs(u"lane "_s + laneTitle(frame, i),
                withinNetwork({m_choice.pathway, m_choice.layer, static_cast<int>(i)}, frame),
                false);
    }
}

WeightsLayout WeightsView::layoutIn(const QRectF& area) const
{
    return WeightsLayout(area, m_tables, scene() ? sizes() : std::vector<int>{});
}

void WeightsView::paint(QPainter& painter, const QRectF& area)
{
    if (m_tables.empty()) {
        painter.setFont(uiFont(12));
        painter.setPen(theme().ink2);
        painter.drawText(area, Qt::AlignCenter,
            !scene() || scene()->live
                ? u"No weights yet"_s
                : u"The weights of this instant were not remembered: no view showed them"_s);
        return;
    }
    const WeightsLayout layout = layoutIn(area);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const WeightsPainter with(painter, layout, theme(), sizes(), scene()->selection);
    for (std::size_t i = 0; i < m_tables.size(); ++i)
        with.table(i,
            {m_tables[i], m_maps[i], m_numbers[i], rangeOf(m_tables[i]),
                m_tables[i].lane < 0 ? QColor()
                                     : laneColor(theme(), scene()->frame,
                                         static_cast<std::size_t>(m_tables[i].lane))});
    if (m_tables.front().lane < 0)
        with.signs(m_tables.size());
    const bool alike = std::none_of(
        m_tables.begin(), m_tables.end(), [](const WeightsTable& t) { return t.difference; });
    with.colourBar(alike ? m_range.weights : 0);
    if (hasFocus() && area == QRectF(rect())) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.adjusted(1, 1, -1, -1));
    }
    painter.restore();
}

QString WeightsView::csv() const
{
    QString out = u"matrix,post,pre,value\n"_s;
    for (const WeightsTable& table : m_tables)
        for (int r = 0; r < table.values.rows; ++r)
            for (int c = 0; c < table.values.cols; ++c)
                out += table.plain + u',' + table.rows.label(r, sizes()) + u','
                    + table.cols.label(c, sizes()) + u',' + exactText(table.values(r, c)) + u'\n';
    return out.replace(QChar(0x2212), u'-').replace(QChar(0x03c1), u"rho"_s);
}

QString WeightsView::tipAt(QPointF at) const
{
    if (m_tables.empty())
        return {};
    const WeightsLayout layout = layoutIn(rect());
    if (layout.colourBar().adjusted(-6, -8, 40, 8).contains(at))
        return u"Weights \u00b1%1, difference \u00b1%2 (dimensionless).\nWheel: change the ranges. Double click: back to what they were."_s
            .arg(m_range.weights)
            .arg(m_range.difference);
    const auto hit = layout.hit(at);
    if (hit.table < 0 || hit.row < 0 || hit.col < 0)
        return {};
    QString text;
    for (const WeightsTable& table : m_tables)
        text += (text.isEmpty() ? QString() : u"\n"_s)
            + u"%1 [%2 \u2190 %3] = %4"_s.arg(table.plain, table.rows.label(hit.row, sizes()),
                table.cols.label(hit.col, sizes()),
                signedNumber(table.values(hit.row, hit.col), 6));
    return text;
}

bool WeightsView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }
    return View::event(event);
}

void WeightsView::mousePressEvent(QMouseEvent* event)
{
    if (m_tables.empty() || event->button() != Qt::LeftButton)
        return View::mousePressEvent(event);
    const auto hit = layoutIn(rect()).hit(event->position());
    if (hit.table < 0)
        return;
    const WeightsTable& table = m_tables[static_cast<std::size_t>(hit.table)];
    const Selection unit = hit.row >= 0 ? table.rows.unit(hit.row) : table.cols.unit(hit.col);
    if (unit.population != Selection::Population::None)
        Q_EMIT selected(unit);
}

void WeightsView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (m_tables.empty()
        || !layoutIn(rect()).colourBar().adjusted(-6, -8, 40, 8).contains(event->position()))
        return;
    m_turned = false;
    takeRange();
    update();
}

void WeightsView::wheelEvent(QWheelEvent* event)
{
    const int turn = event->angleDelta().y();
    if (m_tables.empty() || turn == 0)
        return event->ignore();
    const WeightsLayout layout = layoutIn(rect());
    const bool bar = layout.colourBar().adjusted(-6, -8, 40, 8).contains(event->position());
    const int table = layout.hit(event->position()).table;
    const bool fine = table >= 0 && m_tables[static_cast<std::size_t>(table)].difference;
    const auto turned = [turn](double range) {
        return std::clamp(niceStep(turn > 0 ? range / 3 : range * 1.5), 1e-9, 1e9);
    };
    if (bar || (table >= 0 && !fine))
        m_range.weights = turned(m_range.weights);
    if (bar || fine)
        m_range.difference = turned(m_range.difference);
    if (bar || table >= 0) {
        m_turned = true;
        update();
    }
    event->accept();
}

void WeightsView::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step == 0 || m_tables.empty())
        return View::keyPressEvent(event);
    const WeightsAxis& rows = m_tables.front().rows;
    const int now = rows.find(scene()->selection);
    const int next = now < 0 ? 0 : std::clamp(now + step, 0, rows.size - 1);
    Q_EMIT selected(rows.unit(next));
}

} // namespace

View* makeWeightsView(QWidget* parent)
{
    return new WeightsView(parent);
}

void showPathway(View& weights, const WeightsChoice& choice)
{
    if (auto* view = dynamic_cast<WeightsView*>(&weights))
        view->show(choice);
}

} // namespace apical
