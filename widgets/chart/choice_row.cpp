#include "widgets/chart/choice_row.h"

#include "widgets/look/number_text.h"
#include "widgets/look/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>

#include <algorithm>

namespace apical {
namespace {

constexpr int kLow = 200, kVeryLow = 130; // px

} // namespace

ChoiceRow::ChoiceRow(QWidget* parent)
    : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 2, 10, 0);
    row->setSpacing(6);
    row->addStretch();
    setFixedHeight(kHeight);
    parent->installEventFilter(this);
}

bool ChoiceRow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        setGeometry(0, 0, parentWidget()->width(), kHeight);
    return QWidget::eventFilter(watched, event);
}

QComboBox* ChoiceRow::add(const QString& name, const QString& label, const QString& tip)
{
    auto* row = static_cast<QHBoxLayout*>(layout());
    if (!label.isEmpty()) {
        auto* text = new QLabel(label, this);
        text->setFont(uiFont(11));
        row->addWidget(text);
    }
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setToolTip(tip);
    box->setAccessibleName(tip);
    box->setFocusPolicy(Qt::StrongFocus);
    box->setFont(uiFont(11));
    box->setFixedHeight(kHeight - 6);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    row->addWidget(box);
    return box;
}

void makeRoom(std::vector<Chart>& charts, int height)
{
    if (height >= kLow)
        return;
    for (Chart& chart : charts) {
        if (chart.series.empty())
            continue;
        chart.note.clear();
        // Several series without names say nothing: rather their names than the title.
        chart.title.clear();
        if (chart.series.size() > 1 && height >= kVeryLow)
            continue;
        chart.legend = Chart::Legend::None;
        chart.margins.setTop(4);
    }
}

void offer(QComboBox& box, const Choices& choices)
{
    bool same = box.count() == static_cast<int>(choices.size());
    for (int i = 0; same && i < box.count(); ++i) {
        const auto& [name, value] = choices[static_cast<std::size_t>(i)];
        same = box.itemText(i) == name && box.itemData(i) == value;
    }
    if (same)
        return;
    const QSignalBlocker quiet(box);
    const QVariant chosen = box.currentData();
    box.clear();
    for (const auto& [name, value] : choices)
        box.addItem(name, value);
    box.setCurrentIndex(std::max(0, chosen.isValid() ? box.findData(chosen) : 0));
}

void offerDurations(QComboBox& box, std::span<const double> ms, int usual)
{
    Choices choices;
    for (const double each : ms)
        choices.emplace_back(durationText(each), each);
    offer(box, choices);
    box.setCurrentIndex(usual);
}

} // namespace apical
