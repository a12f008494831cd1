#include "app/help/plausibility_window.h"

#include "app/help/browser.h"
#include "app/help/plausibility_equations.h"
#include "app/help/plausibility_table.h"
#include "app/help/plausibility_text.h"
#include "app/session/export.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/files/preset.h"
#include "widgets/look/style.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

/// What the icons of the table mean.
class VerdictLegend : public QWidget {
public:
    VerdictLegend()
    {
        setFixedHeight(28);
        QStringList words;
        for (const PlausibilityVerdict verdict :
            {PlausibilityVerdict::Solved, PlausibilityVerdict::Partly, PlausibilityVerdict::Not,
                PlausibilityVerdict::NotApplicable})
            words << letterOf(verdict) + u' ' + wordOf(verdict);
        setAccessibleName(words.join(u", "_s));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paintVerdictLegend(painter, QRectF(rect()).adjusted(12, 0, -12, 0), activeTheme());
    }
};

QPushButton* button(const QString& name, const QString& text)
{
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setAutoDefault(false);
    return made;
}

constexpr int kFrame = 36, kEdge = 4; // px: what a window manager draws above and beside a window
constexpr QSize kLeast{720, 480}, kUsual{1160, 740};

} // namespace

PlausibilityWindow::PlausibilityWindow(QWidget* parent)
    : QDialog(parent, Qt::Window) // a dialog would always stand before the network it points at
    , m_table(new PlausibilityTable)
    , m_reason(new HelpBrowser)
    , m_equations(new EquationPanel)
    , m_note(new QLabel)
    , m_open(button(u"open"_s, {}))
    , m_place(button(u"place"_s, tr("Show the &place")))
    , m_export(button(u"export"_s, tr("&Export\u2026")))
    , m_lanes(plausibility().methods.size(), -1)
{
    for (const PresetInfo& preset : embeddedPresets())
        m_presets << QString::fromStdString(preset.name);
    setWindowTitle(tr("Plausibility"));
    setWindowFlag(Qt::WindowMinMaxButtonsHint);
    setModal(false);
    setAttribute(Qt::WA_QuitOnClose, false); // without the main window it is of no use
    const QRect room = (parent ? parent->screen() : screen())->availableGeometry();
    const QSize most(room.width() - 2 * kEdge, room.height() - kFrame - kEdge);
    setMinimumSize(kLeast.boundedTo(most));
    resize(kUsual.boundedTo(most));
    // In the corner where the least of the network is, if the screen is larger than both.
    move(room.right() + 1 - width() - 2 * kEdge, room.bottom() + 1 - height() - kFrame - kEdge);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_table, 6);
    column->addWidget(new VerdictLegend);
    column->addWidget(makeDetail(), 5);
    connect(m_table, &PlausibilityTable::chosen, this, &PlausibilityWindow::showCell);
    connect(m_table, &QTableView::activated, this, &PlausibilityWindow::openPreset);
    connect(m_open, &QPushButton::clicked, this, &PlausibilityWindow::openPreset);
    connect(m_place, &QPushButton::clicked, this, &PlausibilityWindow::showPlace);
    connect(m_export, &QPushButton::clicked, this, &PlausibilityWindow::chooseExport);
    m_table->setFocus();
    showCell();
}

QWidget* PlausibilityWindow::makeDetail()
{
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMinimumHeight(80);
    auto* equations = new QScrollArea;
    equations->setWidget(m_equations);
    equations->setWidgetResizable(true);
    equations->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    equations->setAccessibleName(tr("Learning equations"));
    auto* texts = new QHBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(m_reason, 4);
    texts->addWidget(equations, 6);
    m_note->setObjectName(u"note"_s);
    m_note->setWordWrap(true);
    m_open->setToolTip(tr("Opens it in the main window (or Enter on the cell)."));
    setStyleFlag(*m_open, "primary", true);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(12, 8, 12, 12);
    buttons->setSpacing(8);
    buttons->addWidget(m_open);
    buttons->addWidget(m_place);
    buttons->addWidget(m_note, 1);
    buttons->addWidget(m_export);
    auto* detail = new QWidget;
    auto* column = new QVBoxLayout(detail);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(texts, 1);
    column->addLayout(buttons);
    return detail;
}

const PlausibilityCell& PlausibilityWindow::cell() const
{
    return plausibility().cell(m_table->problem(), m_table->method());
}

int PlausibilityWindow::laneOf(int method) const
{
    return m_lanes[static_cast<std::size_t>(method)];
}

void PlausibilityWindow::setRun(const std::vector<Parameters>& lanes)
{
    std::vector<bool> running;
    for (std::size_t m = 0; m < m_lanes.size(); ++m) {
        const PlausibilityMethod& method = plausibility().methods[m];
        const auto lane = std::ranges::find_if(
            lanes, [&method](const Parameters& p) { return isRunBy(method, p); });
        m_lanes[m] = lane == lanes.end() ? -1 : static_cast<int>(lane - lanes.begin());
        running.push_back(m_lanes[m] >= 0);
    }
    m_table->setRunning(running);
    showButtons();
}

void PlausibilityWindow::showCell()
{
    const int method = m_table->method();
    m_reason->showHtml(reasonHtml(m_table->problem(), method));
    m_equations->show(plausibility().methods[static_cast<std::size_t>(method)], cell());
    showButtons();
}

void PlausibilityWindow::showButtons()
{
    const PlausibilityCell& now = cell();
    const PlausibilityMethod& method =
        plausibility().methods[static_cast<std::size_t>(m_table->method())];
    const bool there = m_presets.contains(now.preset);
    const bool runs = laneOf(m_table->method()) >= 0;
    m_open->setText(tr("&Open preset %1").arg(now.preset));
    m_open->setEnabled(there);
    m_place->setEnabled(runs && !now.marks.empty());
    QStringList reasons;
    if (!there)
        reasons << tr("Preset %1 is not part of this version.").arg(now.preset);
    if (now.marks.empty())
        reasons << tr("No term is concerned, so there is no place to show.");
    else if (!runs)
        reasons << (there
                ? tr("Open the preset first: its network has the place.")
                : tr("%1 does not run now, so there is no place to show.").arg(method.title));
    m_note->setText(reasons.join(u' '));
    m_open->setAccessibleDescription(there ? m_open->toolTip() : reasons.first());
    m_place->setToolTip(m_place->isEnabled()
            ? tr("Points in the main window at %1.")
                  .arg(method.terms[static_cast<std::size_t>(now.marks.front())].words)
            : reasons.last());
}

void PlausibilityWindow::openPreset()
{
    if (m_open->isEnabled())
        Q_EMIT presetChosen(cell().preset);
}

void PlausibilityWindow::showPlace()
{
    const int method = m_table->method();
    const auto& terms = plausibility().methods[static_cast<std::size_t>(method)].terms;
    Q_EMIT placeChosen(terms[static_cast<std::size_t>(cell().marks.front())], laneOf(method));
}

void PlausibilityWindow::chooseExport()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export the table"), u"plausibility.png"_s, exportFilters(true));
    if (!path.isEmpty())
        exportTo(path);
}

bool PlausibilityWindow::exportTo(const QString& path)
{
    try {
        PlausibilityPicture picture;
        exportView(picture, path,
            {tr("Plausibility of learning methods"),
                u"apical "_s
                    + QString::fromUtf8(
                        programVersion().data(), static_cast<qsizetype>(programVersion().size()))});
    } catch (const InputError& error) {
        m_note->setText(QString::fromUtf8(error.what()));
        return false;
    }
    m_note->setText(tr("Exported %1").arg(QFileInfo(path).fileName()));
    return true;
}

bool PlausibilityWindow::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept(); // closes this window; the main window has another use for the key
        return true;
    }
    return QDialog::event(event);
}

void PlausibilityWindow::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        showCell(); // its HTML has the colours of the theme
}

} // namespace apical
