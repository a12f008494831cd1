// What every neuron of the first hidden layer looks for: its weights as a picture, and what has
// changed in them since the picture before.
#include "widgets/picture/gallery_view.h"

#include "widgets/look/number_text.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/view/task_words.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTile = 44, kLeastTile = 36, kGap = 3, kPad = 8, kHeader = 26;
constexpr std::size_t kEvery = 7; // weights looked at for the range: it need not be exact

class GalleryView : public View {
public:
    explicit GalleryView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"gallery"_s);
        setAccessibleName(u"Weight images"_s);
        setMinimumSize(200, 110);
        m_changes = new QToolButton(this);
        m_changes->setObjectName(u"changes"_s);
        m_changes->setText(u"Changes"_s);
        m_changes->setCheckable(true);
        m_changes->setFocusPolicy(Qt::NoFocus);
        m_changes->setToolTip(u"Shows what has changed since the picture before; step pattern by "
                              "pattern to see what one image does"_s);
        m_changes->move(static_cast<int>(kPad), 2);
        connect(m_changes, &QToolButton::toggled, this, [this] { update(); });
    }
    QSize sizeHint() const override { return {440, 240}; }
    int periodMs() const override { return 200; }
    bool showsWeights() const override { return true; }

    void refresh(const Scene& scene) override
    {
        View::refresh(scene);
        const auto lane = static_cast<std::size_t>(std::max(0, scene.shownLane));
        const LaneFrame* from =
            lane < scene.frame.lanes.size() ? &scene.frame.lanes[lane] : nullptr;
        const Matrix* up = from ? from->matrix("layer1.W_up") : nullptr;
        m_side = from && from->anatomy ? pictureSide(*from->anatomy) : 0;
        if (!up || m_side == 0) {
            m_now = {};
            return;
        }
        const bool other = scene.frame.run != m_run || up->rows != m_now.rows || lane != m_lane;
        if (other)
            m_before = {};
        const std::uint64_t pattern = from->clock.pattern;
        if (!other && (pattern != m_pattern || scene.frame.revision != m_revision)) {
            std::swap(m_before, m_now);
            m_patterns = pattern >= m_pattern ? pattern - m_pattern : 0;
        }
        m_run = scene.frame.run;
        m_lane = lane;
        m_pattern = pattern;
        m_revision = scene.frame.revision;
        m_now = *up;
    }

    void paint(QPainter&, const QRectF&) override;
    QString subtitle() const override { return m_now.empty() ? QString() : m_subtitle; }

    QString csv() const override
    {
        if (m_now.empty())
            return {};
        QString out = u"neuron,input,weight\n"_s;
        for (int i = 0; i < m_now.rows; ++i)
            for (int j = 0; j < m_now.cols; ++j)
                out += u"%1,%2,%3\n"_s.arg(i + 1).arg(j + 1).arg(m_now(i, j), 0, 'g', 9);
        return out;
    }

protected:
    void mousePressEvent(QMouseEvent* event) override
    {
        if (const int i = neuronAt(event->position()); i >= 0 && event->button() == Qt::LeftButton)
            Q_EMIT selected({Selection::Population::Pyramidal, 1, i});
    }
    void wheelEvent(QWheelEvent* event) override
    {
        const Grid g = grid(QRectF(rect()));
        const int rows = event->angleDelta().y() > 0 ? -1 : 1;
        m_first = std::clamp(m_first + rows * g.columns, 0,
            std::max(0, (m_now.rows - 1) / g.columns * g.columns - (g.rows - 1) * g.columns));
        update();
        event->accept();
    }
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ToolTip) {
            const auto* help = static_cast<QHelpEvent*>(event);
            const int i = neuronAt(QPointF(help->pos()));
            QToolTip::showText(help->globalPos(),
                i < 0 ? QString() : u"hidden neuron %1 of %2"_s.arg(i + 1).arg(m_now.rows), this);
            return true;
        }
        return View::event(event);
    }

private:
    struct Grid {
        int columns = 1, rows = 1;
        double tile = kTile;
        QPointF origin;
    };
    Grid grid(const QRectF& area) const
    {
        Grid g;
        const double width = area.width() - 2 * kPad, height = area.height() - kHeader - kPad;
        // As large as all of them fit, but never so small that nothing can be seen.
        for (g.tile = 84; g.tile > kTile; g.tile -= 4) {
            const int columns = static_cast<int>((width + kGap) / (g.tile + kGap));
            const int rows = static_cast<int>((height + kGap) / (g.tile + kGap));
            if (columns * rows >= m_now.rows)
                break;
        }
        if (g.tile <= kTile) { // they do not: whole rows of about that size
            const double rows = std::max(1.0, std::round((height + kGap) / (kTile + kGap)));
            g.tile = std::max(kLeastTile, std::floor((height + kGap) / rows - kGap));
        }
        g.columns = std::max(1, static_cast<int>((width + kGap) / (g.tile + kGap)));
        g.rows = std::max(1, static_cast<int>((height + kGap) / (g.tile + kGap)));
        g.origin = {area.left() + kPad, area.top() + kHeader};
        return g;
    }
    int neuronAt(QPointF at) const
    {
        const Grid g = grid(QRectF(rect()));
        const int column = static_cast<int>(std::floor((at.x() - g.origin.x()) / (g.tile + kGap)));
        const int row = static_cast<int>(std::floor((at.y() - g.origin.y()) / (g.tile + kGap)));
        const int i = m_first + row * g.columns + column;
        return column >= 0 && column < g.columns && row >= 0 && row < g.rows && i < m_now.rows ? i
                                                                                               : -1;
    }

    QToolButton* m_changes = nullptr;
    /// Of neuron i: its weights, or what has changed in them.
    std::span<const double> picture(int i)
    {
        const auto size = static_cast<std::size_t>(m_side) * static_cast<std::size_t>(m_side);
        const std::size_t from = static_cast<std::size_t>(i) * static_cast<std::size_t>(m_now.cols);
        const std::span<const double> now(m_now.values.data() + from, size);
        if (!m_changes->isChecked())
            return now;
        m_change.resize(size);
        for (std::size_t j = 0; j < size; ++j)
            m_change[j] = now[j] - m_before.values[from + j];
        return m_change;
    }

    Matrix m_now, m_before; ///< before: empty until something has changed
    std::vector<double> m_change; ///< of one neuron
    int m_side = 0, m_first = 0;
    std::size_t m_lane = 0;
    std::uint64_t m_run = 0, m_pattern = 0, m_revision = 0, m_patterns = 0;
    QString m_subtitle;
};

void GalleryView::paint(QPainter& painter, const QRectF& area)
{
    const Theme& t = theme();
    if (m_now.empty())
        return paintNotice(
            painter, t, u"No pictures: the inputs of this network are none."_s, area);
    const bool changes = m_changes->isChecked();
    if (changes && m_before.values.size() != m_now.values.size())
        return paintNotice(painter, t, u"Nothing has changed yet."_s, area);
    std::vector<double> some;
    some.reserve(m_now.values.size() / kEvery + 1);
    for (std::size_t i = 0; i < m_now.values.size(); i += kEvery)
        some.push_back(m_now.values[i] - (changes ? m_before.values[i] : 0));
    const double usual = usualMagnitude(some);
    const double range = usual > 0 ? niceStep(usual) : 0;
    const Grid g = grid(area);
    const int last = std::min(m_now.rows, m_first + g.columns * g.rows);
    m_subtitle = u"%1\u2013%2 of %3, \u00b1%4 (1)"_s.arg(m_first + 1)
                     .arg(last)
                     .arg(m_now.rows)
                     .arg(valueText(range));
    painter.setFont(uiFont(11));
    painter.setPen(t.ink2);
    const QString said = !changes ? u"weights, "_s
        : m_patterns == 1         ? u"by the last image, "_s
                                  : u"over %1 images, "_s.arg(m_patterns);
    painter.drawText(QRectF(area.left() + kPad + m_changes->sizeHint().width() + 8, area.top(),
                         area.width() - 2 * kPad, kHeader),
        Qt::AlignVCenter, said + m_subtitle);
    const Selection& selection = scene()->selection;
    for (int i = m_first; i < last; ++i) {
        const int place = i - m_first;
        const int column = place % g.columns, line = place / g.columns;
        const QRectF tile(g.origin.x() + column * (g.tile + kGap),
            g.origin.y() + line * (g.tile + kGap), g.tile, g.tile);
        paintImage(painter, signedImage(picture(i), m_side, range, t), tile);
        const bool chosen = selection == Selection{Selection::Population::Pyramidal, 1, i};
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(chosen ? t.accent : t.line, chosen ? 2 : 1));
        painter.drawRect(tile);
    }
}

} // namespace

View* makeGalleryView(QWidget* parent)
{
    return new GalleryView(parent);
}

} // namespace apical
