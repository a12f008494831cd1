#include "widgets/raster/view.h"

#include "widgets/look/number_text.h"
#include "widgets/raster/painter.h"
#include "widgets/strips/axes.h"
#include "widgets/strips/phases.h"
#include "widgets/view/lane_words.h"

#include <QAction>
#include <QMenu>
#include <QPaintEngine>
#include <QPainter>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kGap = 3; // px between populations
constexpr double kLeastBand = 14; // px in which a name can be read
constexpr double kVectorRatio = 2; // device px of a logical one in SVG and PDF

double deviceRatio(const QPainter& painter)
{
    const bool raster =
        painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
    return raster ? std::clamp(std::abs(painter.deviceTransform().m11()), 0.25, 8.0) : kVectorRatio;
}

QString spikesText(std::uint64_t count)
{
    if (count == 0)
        return u"no spike"_s;
    return QString::number(count) + (count == 1 ? u" spike"_s : u" spikes"_s);
}

} // namespace

RasterView::RasterView(QWidget* parent)
    : StripPlotView(false, parent)
    , m_button(new QToolButton(this))
{
    setObjectName(u"raster"_s);
    setAccessibleName(u"Raster"_s);
    setAccessibleDescription(
        u"Spikes of every neuron over time, one row per neuron, inputs at the bottom"_s);
    setMinimumSize(300, 110);
    m_button->setObjectName(u"populations"_s);
    m_button->setText(u"Populations"_s);
    m_button->setFont(uiFont(11));
    m_button->setStyleSheet(u"QToolButton { padding: 0 16px 0 6px; }"_s);
    m_button->setAccessibleName(u"Populations shown"_s);
    m_button->setToolTip(u"Which populations have rows"_s);
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setFocusPolicy(Qt::TabFocus);
    m_button->setMenu(new QMenu(m_button));
}

QRectF RasterView::stackArea(const QRectF& area) const
{
    return area.adjusted(0, kRasterHead, 0, 0);
}

void RasterView::refresh(const Scene& scene)
{
    const int lane = rasterLane(scene);
    std::vector<RasterGroup> groups;
    if (lane >= 0)
        groups = rasterGroups(*scene.spikes, lane);
    const bool same = std::equal(groups.begin(), groups.end(), m_groups.begin(), m_groups.end(),
        [](const RasterGroup& a, const RasterGroup& b) {
            return a.group == b.group && a.name == b.name;
        });
    if (!same) {
        const bool sameRows = rasterRows(groups, m_hidden) == rasterRows(m_groups, m_hidden);
        m_groups = std::move(groups);
        if (!sameRows)
            m_rows = {};
        buildMenu();
    }
    if (lane != m_lane || scene.frame.run != m_run)
        m_cells.refit();
    m_lane = lane;
    m_run = scene.frame.run;
    StripPlotView::refresh(scene);
}

void RasterView::buildMenu()
{
    QMenu* menu = m_button->menu();
    menu->clear();
    for (auto g = m_groups.rbegin(); g != m_groups.rend(); ++g) {
        const QString name = g->name;
        QAction* action = menu->addAction(name + u" ("_s + QString::number(g->group.size) + u')');
        action->setObjectName(name);
        action->setCheckable(true);
        action->setChecked(!m_hidden.contains(name));
        connect(
            action, &QAction::toggled, this, [this, name](bool on) { showPopulation(name, on); });
    }
    m_button->setVisible(m_groups.size() > 1);
    placeButton();
}

void RasterView::placeButton()
{
    const QSize size(m_button->sizeHint().width(), static_cast<int>(kRasterHead) - 4);
    m_button->setGeometry(
        QRect(QPoint(width() - static_cast<int>(kStripRight) - size.width(), 2), size));
}

void RasterView::showPopulation(const QString& name, bool on)
{
    if (on)
        m_hidden.remove(name);
    else
        m_hidden.insert(name);
    m_rows = {};
    if (QAction* action = m_button->menu()->findChild<QAction*>(name))
        action->setChecked(on);
    update();
}

QString RasterView::sentence() const
{
    if (m_groups.empty())
        return u"No model here sends spikes"_s;
    if (m_bands.empty())
        return u"No population is switched on"_s;
    return scene()->spikes->empty() ? u"Run or step to see spikes"_s : QString();
}

void RasterView::paint(QPainter& painter, const QRectF& area)
{
    StripPlotView::paint(painter, area);
    if (!scene() || !scene()->spikes)
        return;
    const TimeAxis& axis = stack().axis();
    const Theme& t = theme();
    const QRectF inside = stackArea(area);
    m_plot = QRectF(axis.left(), inside.top(), axis.right() - axis.left(),
        std::max(20.0, inside.height() - kAxisHeight));
    m_ratio = deviceRatio(painter);
    const QSize pixels(static_cast<int>(std::ceil(m_plot.width() * m_ratio)),
        static_cast<int>(std::floor(m_plot.height() * m_ratio)));
    const auto px = [this](double logical) {
        return static_cast<int>(std::lround(logical * m_ratio));
    };
    m_bands = rasterBands(m_groups, m_hidden, m_rows, pixels.height(), px(kGap), px(kLeastBand));
    m_cells.gather(*scene()->spikes, m_bands, axis.beginMs(), axis.endMs(),
        static_cast<int>(std::ceil(m_plot.width())));

    painter.save();
    painter.setClipRect(m_plot);
    painter.fillRect(m_plot, t.panel);
    paintEventsBehind(painter, *scene(), axis, m_plot);
    if (const auto row = rowOfSelected())
        painter.fillRect(*row, t.accentSoft);
    painter.restore();
    const QString text = sentence();
    if (text.isEmpty())
        painter.drawImage(
            QRectF(m_plot.topLeft(), QSizeF(pixels) / m_ratio), m_cells.image(pixels, m_ratio, t));
    else
        paintSentence(painter, t, text, m_plot);
    painter.setPen(t.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(m_plot.adjusted(-0.5, -0.5, 0.5, 0.5));
    const std::optional<QRectF> selectedRow = rowOfSelected();
    const QString name = scene()->selection.name(scene()->frame.sizes);
    const QRectF tag = selectedRow ? rowTagBox(name, selectedRow->center().y(), m_plot) : QRectF();
    paintBandNames(painter, t, m_bands, m_plot, m_ratio, tag);
    if (selectedRow)
        paintRowTag(painter, t, name, tag);
    paintShades(painter, t, m_bands, m_cells.full(),
        QRectF(m_plot.left(), area.top(), m_plot.width(), kRasterHead));
    paintRowRange(painter, t, m_rows, static_cast<double>(rasterRows(m_groups, m_hidden)), m_plot);
    paintOver(painter);
    const double flag = scene()->crosshairOn ? scene()->crosshairMs : -1;
    axis.paint(painter, t, m_plot.bottom(), area.left(), area.left() + kStripMargin - 8, flag);
}

std::optional<QRectF> RasterView::rowOfSelected() const
{
    const auto [group, neuron] = neuronOf(*scene()->spikes, m_lane, scene()->selection);
    for (const RasterBand& band : m_bands) {
        if (!group || band.group.quantity != group->quantity || !band.shows(neuron))
            continue;
        const auto [top, bottom] = band.pixelsOf(band.cellOf(neuron));
        const double height = std::max(3.0, (bottom - top) / m_ratio);
        const double middle = m_plot.top() + (top + bottom) / (2 * m_ratio);
        return QRectF(m_plot.left(), middle - height / 2, m_plot.width(), height);
    }
    return {};
}

void RasterView::paintOver(QPainter& painter) const
{
    const Theme& t = theme();
    const TimeAxis& axis = stack().axis();
    const auto vertical = [&](double ms, const QColor& color) {
        const double x = std::floor(axis.x(ms)) + 0.5;
        painter.setPen(QPen(color, 1));
        painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
    };
    painter.save();
    painter.setClipRect(m_plot);
    paintEventsOver(painter, *scene(), axis, m_plot, true);
    if (scene()->crosshairOn && scene()->crosshairMs >= 0 && axis.contains(scene()->crosshairMs))
        vertical(scene()->crosshairMs, t.crosshair);
    if (axis.contains(scene()->shownMs))
        vertical(scene()->shownMs, scene()->live ? t.ink : t.amber);
    painter.restore();
    if (const QString text = hoverText(); !text.isEmpty())
        paintHover(painter, t, text, *m_hover, m_plot);
}

std::optional<RasterView::Spot> RasterView::spotAt(const QPointF& at) const
{
    const int line = static_cast<int>(std::floor((at.y() - m_plot.top()) * m_ratio));
    for (const RasterBand& band : m_bands) {
        if (m_plot.contains(at) && line >= band.top && line < band.top + band.height)
            return Spot{&band, band.cellAt(line)};
    }
    return {};
}

std::size_t RasterView::neuronAt(const Spot& spot, double y) const
{
    const auto [first, end] = spot.band->neuronsOf(spot.cell);
    const auto [top, bottom] = spot.band->pixelsOf(spot.cell);
    const double share = ((y - m_plot.top()) * m_ratio - top) / std::max(1, bottom - top);
    const auto within =
        static_cast<std::size_t>(std::clamp(share, 0.0, 0.999) * static_cast<double>(end - first));
    return first + within;
}

QString RasterView::hoverText() const
{
    if (!m_hover || !scene())
        return {};
    const std::optional<Spot> spot = spotAt(*m_hover);
    const int stripe = m_cells.stripeAt(static_cast<int>(std::floor(m_hover->x() - m_plot.left())));
    if (!spot || stripe < 0)
        return {};
    const auto name = [&](std::size_t neuron) {
        return selectionOf(spot->band->group, neuron).name(scene()->frame.sizes);
    };
    const auto [first, end] = spot->band->neuronsOf(spot->cell);
    QString who = name(first);
    if (end - first > 1)
        who += u"\u2013"_s + name(end - 1);
    const Bin& bin = m_cells.stripes()[static_cast<std::size_t>(stripe)].bin;
    const TimeAxis& axis = stack().axis();
    const std::uint32_t count =
        m_cells.count(static_cast<std::size_t>(stripe), spot->band->firstCell + spot->cell);
    QString when =
        u"in step "_s + QString::number(bin.firstStep + 1) + u", "_s + axis.text(bin.timeMs);
    if (bin.steps > 1)
        when = u"in %1 steps to "_s.arg(bin.steps) + axis.text(bin.timeMs);
    return who + u": "_s + spikesText(count) + u' ' + when;
}

QString RasterView::subtitle() const
{
    if (!scene() || m_bands.empty() || m_cells.stripes().empty())
        return {};
    QString text;
    if (scene()->frame.lanes.size() > 1)
        text = u"lane "_s + laneTitle(scene()->frame, static_cast<std::size_t>(m_lane)) + u", "_s;
    std::size_t most = 1;
    for (const RasterBand& band : m_bands)
        most =
            std::max(most, (band.neurons + band.cells - 1) / std::max<std::size_t>(band.cells, 1));
    const Bin& bin = m_cells.stripes()[m_cells.stripes().size() / 2].bin;
    if (most == 1 && bin.steps == 1)
        return text + u"every spike"_s;
    text += u"a mark is "_s + (most > 1 ? u"up to %1 neurons, "_s.arg(most) : u"1 neuron, "_s);
    if (countsIterations(scene()->frame) || bin.steps == 1)
        return text + QString::number(bin.steps) + (bin.steps == 1 ? u" step"_s : u" steps"_s);
    return text + valueText(bin.durationMs) + u" ms"_s;
}

QString RasterView::csv() const
{
    if (!scene() || !scene()->spikes || m_bands.empty())
        return {};
    QString text = u"step,layer,population,index,count,steps\n"_s;
    const TimeAxis& axis = stack().axis();
    scene()->spikes->forEachBin(
        axis.beginMs(), axis.endMs(), [&](const Bin& bin, std::span<const SpikeEvent> events) {
            for (const RasterGroup& g : m_groups) {
                if (m_hidden.contains(g.name))
                    continue;
                const QString population =
                    QString::fromStdString(g.group.population).section(u'.', -1);
                for (const SpikeEvent& event : events) {
                    if (event.row < g.group.first || event.row >= g.group.end())
                        continue;
                    text += QString::number(bin.firstStep) + u',' + QString::number(g.group.layer)
                        + u',' + population + u',' + QString::number(event.row - g.group.first)
                        + u',' + QString::number(event.count) + u',' + QString::number(bin.steps)
                        + u'\n';
                }
            }
        });
    return text;
}

View* makeRasterView(QWidget* parent)
{
    return new RasterView(parent);
}

} // namespace apical
