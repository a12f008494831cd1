#include "widgets/panel/parameter_panel_lanes.h"

#include "sim/experiment/lanes.h"
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"
#include "widgets/panel/parameter_row_parts.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/parameter_text.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kSymbolX = 12, kNameX = 48, kSwatch = 8;

QIcon swatch(const QColor& color, double ratio)
{
    QPixmap picture(QSize(10, 10) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(color);
    return picture;
}

} // namespace

LaneSelector::LaneSelector(QWidget* parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
    , m_label(new QLabel(this))
    , m_buttons(new QButtonGroup(this))
{
    setObjectName(u"parameters.lanes"_s);
    setStyleSheet(u"QToolButton { padding: 4px; } QToolButton:focus { padding: 3px; }"_s);
    m_row->setContentsMargins(12, 0, 8, 6);
    m_row->setSpacing(2);
    m_label->setFont(uiFont(11));
    m_row->addWidget(m_label);
    m_row->addStretch(1);
    connect(m_buttons, &QButtonGroup::idClicked, this, [this](int id) {
        Q_EMIT chosen(id == 0 ? -1 : id - 1); // ids below 0 mean "find one" to a button group
    });
}

int LaneSelector::widthWith(const QStringList& texts) const
{
    int all = 0;
    for (int id = 0; id < texts.size(); ++id) {
        const QAbstractButton* button = m_buttons->button(id);
        const QFontMetrics metrics(button->font());
        all += button->sizeHint().width() + m_row->spacing() + metrics.horizontalAdvance(texts[id])
            - metrics.horizontalAdvance(button->text());
    }
    return all;
}

QSize LaneSelector::minimumSizeHint() const
{
    const QMargins margins = m_row->contentsMargins();
    return {margins.left() + margins.right() + widthWith(m_letters),
        QWidget::minimumSizeHint().height()};
}

void LaneSelector::fitWords()
{
    const QMargins margins = m_row->contentsMargins();
    int room = width() - margins.left() - margins.right() - m_row->spacing();
    const QFontMetrics metrics(m_label->font());
    const int word = metrics.horizontalAdvance(u"Edits"_s);
    const QStringList& texts = widthWith(m_titles) + word <= room ? m_titles
        : widthWith(m_names) <= room                              ? m_names
                                                                  : m_letters;
    for (int id = 0; id < texts.size(); ++id)
        m_buttons->button(id)->setText(texts[id]);
    room -= widthWith(texts);
    for (const QString& words : {u"Edits go to"_s, u"Edits to"_s, u"Edits"_s, QString()}) {
        if (metrics.horizontalAdvance(words) <= room) {
            m_label->setText(words);
            return;
        }
    }
    m_label->clear();
}

void LaneSelector::present(const Frame& lanes, int chosen)
{
    const QStringList key = laneKey(lanes)
        << QString::number(activeTheme().dark) << QString::number(lanes.lanes.size());
    if (key != m_key) {
        m_key = key;
        const QList<QAbstractButton*> old = m_buttons->buttons();
        if (old.size() != static_cast<qsizetype>(lanes.lanes.size()) + 1) {
            qDeleteAll(old);
            for (int id = 0; id <= static_cast<int>(lanes.lanes.size()); ++id) {
                auto* button = new QToolButton(this);
                button->setObjectName(u"parameters.lane%1"_s.arg(id));
                button->setCheckable(true);
                button->setFixedHeight(24);
                button->setProperty("framed", true);
                button->setFocusPolicy(Qt::TabFocus);
                button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
                m_buttons->addButton(button, id);
                m_row->addWidget(button);
            }
        }
        m_letters = m_names = m_titles = {lanes.lanes.size() == 2 ? u"Both"_s : u"All"_s};
        for (int id = 0; id <= static_cast<int>(lanes.lanes.size()); ++id) {
            auto* button = qobject_cast<QToolButton*>(m_buttons->button(id));
            if (id == 0) {
                button->setToolTip(u"What is set here is set in all lanes."_s);
                button->setAccessibleName(u"edits go to all lanes"_s);
                continue;
            }
            const auto lane = static_cast<std::size_t>(id - 1);
            m_letters << laneLetter(lane);
            m_titles << laneTitle(lanes, lane);
            const QString name = laneName(lanes, lane);
            m_names << (name.isEmpty() ? laneLetter(lane) : name);
            button->setIcon(swatch(laneColor(activeTheme(), lanes, lane), devicePixelRatioF()));
            button->setIconSize({10, 10});
            button->setToolTip(
                u"What is set here is set in lane %1 only. Circuit, inspector and doctor show it."_s
                    .arg(laneTitle(lanes, lane)));
            button->setAccessibleName(u"edits go to lane "_s + laneTitle(lanes, lane));
        }
    }
    if (QAbstractButton* button = m_buttons->button(chosen + 1))
        button->setChecked(true);
    fitWords();
}

LaneDifference::LaneDifference(const ParameterRow& row, QWidget* parent)
    : QAbstractButton(parent)
    , m_row(row)
    , m_equal(new ResetButton(this))
{
    setObjectName(u"difference."_s + keyText(row));
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(sizeHint().height());
    setToolTip(u"Go to this parameter"_s);
    m_equal->setObjectName(u"equal."_s + keyText(row));
    connect(m_equal, &QAbstractButton::clicked, this,
        [this] { Q_EMIT equalRequested(keyText(m_row)); });
}

void LaneDifference::present(const Frame& lanes)
{
    QStringList values;
    std::vector<QColor> colors;
    for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
        const auto value = valueLike(lanes.lanes[i].parameters, m_row);
        if (!value)
            continue; // its model has none
        values << laneLetter(i) + u' ' + valueText(m_row, *value);
        colors.push_back(laneColor(activeTheme(), lanes, i));
    }
    if (values == m_values && colors == m_colors)
        return;
    m_values = values;
    m_colors = colors;
    setAccessibleName(accessibleText(m_row) + u", "_s + values.join(u", "_s));
    m_equal->setAccessibleName(u"make "_s + keyText(m_row) + u" equal in all lanes"_s);
    const QString first = values.value(0);
    m_equal->setToolTip(u"Make it %1 in all lanes, as in %2"_s.arg(
        first.section(u' ', 1), first.section(u' ', 0, 0)));
    update();
}

void LaneDifference::setLocked(bool locked)
{
    m_equal->setEnabled(!locked);
}

void LaneDifference::resizeEvent(QResizeEvent*)
{
    m_equal->move(width() - m_equal->width() - 2, (height() - m_equal->height()) / 2);
}

void LaneDifference::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.fillRect(rect(), underMouse() ? t.hover : t.accentSoft);
    painter.fillRect(QRect(0, 0, 3, height()), t.accent);
    const QString symbol = symbolHtml(m_row);
    QFont symbolFont = uiFont(13, QFont::Medium, true);
    if (richSize(symbol, symbolFont).width() > kNameX - kSymbolX - 2)
        symbolFont = uiFont(11, QFont::Medium, true);
    const QSizeF size = richSize(symbol, symbolFont);
    drawRich(painter, {kSymbolX, (height() - size.height()) / 2}, symbol, symbolFont, t.ink);
    painter.setFont(uiFont(12, QFont::DemiBold));
    painter.setPen(t.ink);
    painter.drawText(QRect(kNameX, 2, width() - kNameX - 24, 15), Qt::AlignVCenter,
        QString::fromUtf8(m_row.name.data(), static_cast<qsizetype>(m_row.name.size())));
    painter.setFont(uiFont(11));
    const int count = std::max(1, static_cast<int>(m_values.size()));
    const int cell = (width() - kNameX - 24) / count;
    for (int i = 0; i < m_values.size(); ++i) {
        const int x = kNameX + i * cell;
        painter.fillRect(QRect(x, 21, kSwatch, kSwatch), m_colors[static_cast<std::size_t>(i)]);
        painter.setPen(t.ink2);
        const QRect text(x + kSwatch + 4, 17, cell - kSwatch - 6, 15);
        painter.drawText(text, Qt::AlignVCenter,
            painter.fontMetrics().elidedText(m_values[i], Qt::ElideRight, text.width()));
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2, 1, -2, -1), 3, 3);
    }
}

LaneDifferences::LaneDifferences(QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(u"parameters.differences"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(1);
}

namespace {

/// Models may differ in what is usual: nobody made that a difference between lanes.
bool standsAsItsModelHasIt(const Parameters& p, const ParameterRow& like)
{
    const ParameterRow* own = p.table().find(like.key);
    return !own || sameValue(parameterValue(p, *own), own->defaultValue);
}

} // namespace

void LaneDifferences::present(const Frame& lanes)
{
    std::vector<const ParameterRow*> differ;
    for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
        const Parameters& own = lanes.lanes[i].parameters;
        for (const ParameterRow& row : own.table()) {
            const auto before = lanes.lanes.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::any_of(lanes.lanes.begin(), before,
                    [&](const auto& lane) { return lane.parameters.table().find(row.key); }))
                continue; // it had its turn
            const bool one = std::any_of(before, lanes.lanes.end(), [&](const auto& lane) {
                const auto there = valueLike(lane.parameters, row);
                return there && !sameValue(*there, parameterValue(own, row));
            });
            if (one && !std::ranges::all_of(lanes.lanes, [&](const auto& lane) {
                    return standsAsItsModelHasIt(lane.parameters, row);
                }))
                differ.push_back(&row);
        }
    }
    const bool same = differ.size() == m_rows.size()
        && std::equal(differ.begin(), differ.end(), m_rows.begin(),
            [](const ParameterRow* row, const LaneDifference* shown) {
                return row == &shown->row();
            });
    if (!same) {
        for (LaneDifference* row : m_rows) {
            row->hide();
            row->deleteLater(); // the one whose arrow was clicked is still at it
        }
        m_rows.clear();
        for (const ParameterRow* row : differ) {
            auto* shown = new LaneDifference(*row, this);
            shown->setLocked(m_locked);
            connect(shown, &QAbstractButton::clicked, this,
                [this, row] { Q_EMIT revealRequested(keyText(*row)); });
            connect(shown, &LaneDifference::equalRequested, this, &LaneDifferences::equalRequested);
            m_column->addWidget(shown);
            m_rows.push_back(shown);
        }
    }
    for (LaneDifference* row : m_rows)
        row->present(lanes);
}

void LaneDifferences::setLocked(bool locked)
{
    m_locked = locked;
    for (LaneDifference* row : m_rows)
        row->setLocked(locked);
}

} // namespace apical
