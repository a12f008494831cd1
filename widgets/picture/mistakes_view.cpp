// The pictures that were answered wrong in the last complete block, or those of one cell of the
// confusion.
#include "widgets/picture/mistakes_view.h"

#include "sim/watch/task_score.h"
#include "widgets/look/number_text.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/view/task_words.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTile = 44, kLeastTile = 34, kCaption = 14, kGap = 6, kPad = 8, kHeader = 26;

class MistakesView : public View {
public:
    explicit MistakesView(QWidget* parent)
        : View(parent)
    {
        setObjectName(u"mistakes"_s);
        setAccessibleName(u"Misclassified"_s);
        setMinimumSize(200, 110);
        m_all = new QToolButton(this);
        m_all->setObjectName(u"allWrong"_s);
        m_all->setText(u"All wrong"_s);
        m_all->setFocusPolicy(Qt::NoFocus);
        m_all->setToolTip(u"Shows every kind of mistake again"_s);
        m_all->move(static_cast<int>(kPad), 2);
        m_all->hide();
        connect(m_all, &QToolButton::clicked, this, [this] { Q_EMIT pairChosen({}); });
    }
    QSize sizeHint() const override { return {440, 240}; }
    int periodMs() const override { return 500; } // pictures to look at, not a film
    bool showsExamples() const override { return true; }

    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF&) override;
    QString csv() const override;

protected:
    void wheelEvent(QWheelEvent* event) override
    {
        scroll(event->angleDelta().y() > 0 ? -1 : 1);
        event->accept();
    }
    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip)
            return View::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        const int at = tileAt(QPointF(help->pos()));
        QToolTip::showText(help->globalPos(), at < 0 ? QString() : words(at), this);
        return true;
    }

private:
    struct Grid {
        int columns = 1, rows = 1;
        double tile = kTile;
        QPointF origin;
        QRectF at(int place) const
        {
            const int column = place % columns, row = place / columns;
            return {origin.x() + column * (tile + kGap),
                origin.y() + row * (tile + kCaption + kGap), tile, tile};
        }
    };
    /// Whole rows: a little smaller where one more has room then.
    Grid grid(const QRectF& area) const
    {
        const auto fit = [](double room, double each) {
            return std::max(1, static_cast<int>((room + kGap) / (each + kGap)));
        };
        const double height = area.height() - kHeader - kPad / 2;
        const int rows = fit(height, kLeastTile + kCaption);
        const double tile =
            std::clamp(std::floor((height + kGap) / rows - kGap - kCaption), kLeastTile, kTile);
        return {.columns = fit(area.width() - 2 * kPad, tile),
            .rows = rows,
            .tile = tile,
            .origin = {area.left() + kPad, area.top() + kHeader}};
    }
    int size() const { return static_cast<int>(m_shown.size()); }
    const Readout& answer(int i) const
    {
        return m_examples->answers[m_shown[static_cast<std::size_t>(i)]];
    }
    int tileAt(QPointF) const;
    void scroll(int rows);
    QString words(int tile) const;
    QString title() const;

    QToolButton* m_all;
    std::shared_ptr<const BlockAnswers> m_examples;
    Confusion m_confusion;
    ClassPair m_pair;
    TaskFrame m_names; ///< of the classes only
    std::vector<std::size_t> m_shown; ///< of m_examples
    int m_side = 0, m_first = 0;
};

void MistakesView::refresh(const Scene& scene)
{
    const auto lane = static_cast<std::size_t>(std::max(0, scene.shownLane));
    // The same block as before: hundreds of pictures need not be painted again.
    if (!scene.urgent && &scene == this->scene() && m_examples && m_pair == scene.pair
        && lane < scene.frame.lanes.size() && scene.frame.lanes[lane].task.examples == m_examples)
        return;
    View::refresh(scene);
    m_shown.clear();
    if (lane >= scene.frame.lanes.size())
        return;
    const LaneFrame& from = scene.frame.lanes[lane];
    m_side = from.anatomy ? pictureSide(*from.anatomy) : 0;
    m_examples = from.task.examples;
    m_confusion = from.task.confusion;
    m_names.classes = from.task.classes;
    m_names.classNames = from.task.classNames;
    if (m_pair != scene.pair)
        m_first = 0;
    m_pair = scene.pair;
    m_all->setVisible(m_pair.chosen());
    if (!m_examples || m_examples->inputs.size() != m_examples->answers.size())
        return;
    for (std::size_t i = 0; i < m_examples->answers.size(); ++i) {
        const ClassPair pair{
            classOf(m_examples->answers[i].target), classOf(m_examples->answers[i].mean)};
        if (m_pair.chosen() ? pair == m_pair : pair.asked != pair.answered)
            m_shown.push_back(i);
    }
    scroll(0);
}

void MistakesView::scroll(int rows)
{
    const Grid g = grid(QRectF(rect()));
    const int lines = (size() + g.columns - 1) / g.columns;
    m_first = std::clamp(m_first / g.columns + rows, 0, std::max(0, lines - g.rows)) * g.columns;
    update();
}

int MistakesView::tileAt(QPointF at) const
{
    const Grid g = grid(QRectF(rect()));
    const int column = static_cast<int>(std::floor((at.x() - g.origin.x()) / (g.tile + kGap)));
    const int row =
        static_cast<int>(std::floor((at.y() - g.origin.y()) / (g.tile + kCaption + kGap)));
    const int i = m_first + row * g.columns + column;
    return column >= 0 && column < g.columns && row >= 0 && row < g.rows && i < size() ? i : -1;
}

QString MistakesView::words(int tile) const
{
    const Readout& r = answer(tile);
    const int asked = classOf(r.target), answered = classOf(r.mean);
    QString text = r.sample < 0 ? QString() : u"sample %1: "_s.arg(r.sample + 1);
    text += asked == answered
        ? u"%1, answered right"_s.arg(className(m_names, asked))
        : u"%1, answered as %2"_s.arg(className(m_names, asked), className(m_names, answered));
    const auto output = [&](int k) { return valueText(r.mean[static_cast<std::size_t>(k)]); };
    return asked == answered ? text + u" (%1)"_s.arg(output(asked))
                             : text + u" (%1 against %2)"_s.arg(output(answered), output(asked));
}

QString MistakesView::title() const
{
    const Matrix& counts = m_confusion.counts;
    double of = 0, found = 0;
    for (int r = 0; r < counts.rows; ++r)
        for (int c = 0; c < counts.cols; ++c) {
            const bool wanted =
                m_pair.chosen() ? r == m_pair.asked && c == m_pair.answered : r != c;
            found += wanted ? counts(r, c) : 0;
            of += !m_pair.chosen() || r == m_pair.asked ? counts(r, c) : 0;
        }
    QString text = u"%1, epoch %2: "_s.arg(blockText(m_confusion.block)).arg(m_confusion.epoch);
    text += u"%1 of %2 "_s.arg(found, 0, 'f', 0).arg(of, 0, 'f', 0);
    if (!m_pair.chosen())
        text += u"wrong"_s;
    else if (m_pair.asked == m_pair.answered)
        text += u"answered %1 rightly"_s.arg(className(m_names, m_pair.asked));
    else
        text += u"took %1 for %2"_s.arg(
            className(m_names, m_pair.asked), className(m_names, m_pair.answered));
    if (size() < found)
        text += u", the first %1 of %2 shown"_s.arg(size()).arg(
            m_pair.chosen() ? u"them"_s : u"each kind"_s);
    return text;
}

void MistakesView::paint(QPainter& painter, const QRectF& area)
{
    if (!scene())
        return;
    const Theme& t = theme();
    if (QString none = noTaskText(*scene()); !none.isEmpty())
        return paintNotice(painter, t, none, area);
    if (m_names.classes == 0)
        return paintNotice(painter, t, u"Targets are numbers here, not classes."_s, area);
    if (m_confusion.counts.empty())
        return paintNotice(
            painter, t, u"A block is looked through when it is complete: not yet."_s, area);
    if (!m_examples)
        return paintNotice(painter, t,
            !m_confusion.examples ? u"Of so many classes no pictures are kept."_s
                : scene()->live   ? u"Pictures of this block come with its next moment."_s
                                  : u"No pictures were kept of this moment."_s,
            area);
    if (m_examples->inputs.empty())
        return paintNotice(painter, t, u"The inputs are too large to be shown."_s, area);
    const double left = area.left() + kPad + (m_pair.chosen() ? m_all->width() + kPad : 0);
    const QRectF head(left, area.top() + 2, area.right() - kPad - left, kHeader - 4);
    painter.setFont(uiFont(11, QFont::Medium));
    painter.setPen(t.ink2);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(painter.font())
            .elidedText(size() > grid(area).rows * grid(area).columns
                    ? title() + u"; scroll for more"_s
                    : title(),
                Qt::ElideRight, head.width()));
    if (m_shown.empty())
        return paintNotice(
            painter, t, m_pair.chosen() ? u"None."_s : u"Not one mistake in this block."_s, area);
    const Grid g = grid(area);
    painter.setFont(uiFont(11));
    for (int place = 0; place < g.rows * g.columns && m_first + place < size(); ++place) {
        const int i = m_first + place;
        const QRectF tile = g.at(place);
        paintImage(painter,
            inkImage(m_examples->inputs[m_shown[static_cast<std::size_t>(i)]], m_side, t), tile);
        const int asked = classOf(answer(i).target), answered = classOf(answer(i).mean);
        painter.setPen(asked == answered ? t.good : t.bad);
        const QRectF caption(tile.left() - kGap / 2, tile.bottom(), g.tile + kGap, kCaption);
        const QString pair =
            shortClassName(m_names, asked) + u" \u2192 "_s + shortClassName(m_names, answered);
        painter.drawText(caption, Qt::AlignCenter,
            QFontMetricsF(painter.font()).horizontalAdvance(pair) <= caption.width()
                ? pair
                : shortClassName(m_names, answered));
    }
}

QString MistakesView::csv() const
{
    if (m_shown.empty())
        return {};
    QString out = u"sample,class,answered,loss\n"_s;
    for (int i = 0; i < size(); ++i) {
        const Readout& r = answer(i);
        out += QString::number(r.sample) + u',' + className(m_names, classOf(r.target)) + u','
            + className(m_names, classOf(r.mean)) + u',' + exactText(r.loss) + u'\n';
    }
    return out;
}

} // namespace

View* makeMistakesView(QWidget* parent)
{
    return new MistakesView(parent);
}

} // namespace apical
