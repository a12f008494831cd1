#include "widgets/panel/parameter_panel_network.h"

#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_row.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyle>

namespace apical {
namespace {

constexpr int kMostLayers = 32;
constexpr int kLargestLayer = 4096;
constexpr int kEditX = 136;

} // namespace

QString layersText(const std::vector<int>& layers)
{
    QStringList parts;
    for (const int size : layers)
        parts << QString::number(size);
    return parts.join(u'-');
}

std::optional<std::vector<int>> readLayers(const QString& text, QString& problem)
{
    static const QRegularExpression separators(
        QStringLiteral("\\s*[-\u2212\u2013,x\u00d7]\\s*|\\s+"));
    const QString allowed =
        QStringLiteral(" Write 2 to %1 layer sizes of 1 to %2, input first: 8-6-3.")
            .arg(kMostLayers)
            .arg(kLargestLayer);
    const QStringList parts = text.trimmed().split(separators);
    std::vector<int> layers;
    for (const QString& part : parts) {
        bool number = false;
        const int size = part.toInt(&number);
        if (!number || size < 1 || size > kLargestLayer) {
            problem =
                (part.isEmpty() ? QStringLiteral("A layer size is missing.")
                                : QStringLiteral("\u201c%1\u201d is no layer size.").arg(part))
                + allowed;
            return std::nullopt;
        }
        layers.push_back(size);
    }
    if (layers.size() < 2 || layers.size() > kMostLayers) {
        problem =
            QStringLiteral("%1 is %2 layers.").arg(text.trimmed()).arg(layers.size()) + allowed;
        return std::nullopt;
    }
    return layers;
}

NetworkEditor::NetworkEditor(QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_note(new QLabel(this))
    , m_rebuild(new QPushButton(QStringLiteral("Rebuild"), this))
    , m_cancel(new QPushButton(QStringLiteral("Cancel"), this))
{
    setObjectName(QStringLiteral("network.layers"));
    m_edit->setObjectName(QStringLiteral("network.layers.edit"));
    m_edit->setAccessibleName(QStringLiteral("network.layers, layer sizes, input to output"));
    m_edit->setToolTip(QStringLiteral("<b>layer sizes</b><br>Input, hidden layers, output. Hidden "
                                      "layer l has as many interneurons as "
                                      "layer l+1 has pyramidal neurons.<br>Allowed: 2 to %1 layers "
                                      "of 1 to %2<br>Key: network.layers")
                           .arg(kMostLayers)
                           .arg(kLargestLayer));
    m_edit->setText(layersText(m_layers));
    m_note->setObjectName(QStringLiteral("network.layers.note"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setFont(uiFont(11));
    m_rebuild->setObjectName(QStringLiteral("network.layers.rebuild"));
    m_rebuild->setFocusPolicy(Qt::TabFocus); // after a click the space bar is the window's
    m_cancel->setProperty("link", true);
    connect(m_edit, &QLineEdit::textEdited, this, &NetworkEditor::textEdited);
    connect(m_edit, &QLineEdit::returnPressed, this, &NetworkEditor::textEdited);
    connect(m_rebuild, &QPushButton::clicked, this, &NetworkEditor::apply);
    connect(m_cancel, &QPushButton::clicked, this, &NetworkEditor::revert);
    say(QString(), false, false);
}

bool NetworkEditor::isEdited() const
{
    return m_edit->text() != layersText(m_layers);
}

void NetworkEditor::setLayers(const std::vector<int>& layers)
{
    if (layers == m_layers)
        return;
    const bool keep = isEdited() && m_edit->hasFocus();
    m_layers = layers;
    if (!keep)
        revert();
}

void NetworkEditor::revert()
{
    m_edit->setText(layersText(m_layers));
    say(QString(), false, false);
}

void NetworkEditor::showError(const QString& message)
{
    say(message, true, false);
}

void NetworkEditor::textEdited()
{
    QString problem;
    const auto layers = readLayers(m_edit->text(), problem);
    if (!layers)
        say(problem, true, false);
    else if (*layers == m_layers)
        say(QString(), false, false);
    else
        say(QStringLiteral(
                "Rebuilds the network and starts it anew. Weights are kept where sizes match."),
            false, true);
}

void NetworkEditor::apply()
{
    QString problem;
    const auto layers = readLayers(m_edit->text(), problem);
    if (!layers) {
        say(problem, true, false);
        return;
    }
    say(QString(), false, false);
    Q_EMIT rebuildRequested(*layers);
}

void NetworkEditor::say(const QString& text, bool error, bool confirm)
{
    m_note->setProperty("note", error ? QStringLiteral("error") : QStringLiteral("remark"));
    m_note->style()->unpolish(m_note);
    m_note->style()->polish(m_note);
    m_note->setText(error ? QStringLiteral("\u26a0 ") + text : text);
    m_note->setVisible(!text.isEmpty());
    m_rebuild->setVisible(confirm);
    m_cancel->setVisible(confirm);
    setStyleFlag(*m_edit, "error", error);
    place();
}

void NetworkEditor::place()
{
    const int extra = ParameterRowWidget::stretchOf(width());
    m_edit->setGeometry(kEditX + extra / 2, 4, width() - kEditX - extra / 2 - 22, 24);
    int y = ParameterRowWidget::kHeight;
    if (!m_note->isHidden()) {
        const int height = m_note->heightForWidth(width() - 24);
        m_note->setGeometry(12, y, width() - 24, height);
        y += height + 4;
    }
    if (!m_rebuild->isHidden()) {
        m_rebuild->setGeometry(12, y, 84, 28);
        m_cancel->setGeometry(100, y, 64, 28);
        y += 32;
    }
    setFixedHeight(y);
}

bool NetworkEditor::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isEdited()
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void NetworkEditor::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && isEdited())
        revert();
    else
        QWidget::keyPressEvent(event);
}

void NetworkEditor::resizeEvent(QResizeEvent*)
{
    place();
}

void NetworkEditor::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    const QFont font = uiFont(13, QFont::Medium, true);
    const QString symbol = QStringLiteral("N<sub style=\"font-style:normal\">l</sub>");
    drawRich(painter, {12, (ParameterRowWidget::kHeight - richSize(symbol, font).height()) / 2},
        symbol, font, t.ink);
    painter.setFont(uiFont(12));
    painter.setPen(t.ink);
    painter.drawText(QRect(ParameterRowWidget::kNameX, 0, 88, ParameterRowWidget::kHeight),
        Qt::AlignVCenter, QStringLiteral("layer sizes"));
}

} // namespace apical
