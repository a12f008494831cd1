#include "widgets/view/view.h"

#include "widgets/look/style.h"

#include <QPaintEvent>
#include <QPainter>

namespace apical {

QString Selection::name(const std::vector<int>& sizes) const
{
    const int last = static_cast<int>(sizes.size()) - 1;
    const QString number = QString::number(index + 1);
    const QString layerPart = last > 2 ? QString::number(layer) + u'.' : QString();
    switch (population) {
    case Population::None:
        return {};
    case Population::Input:
        return u'x' + number;
    case Population::Interneuron:
        return u'i' + layerPart + number;
    case Population::Pyramidal:
        return layer == last ? u'o' + number : u'h' + layerPart + number;
    }
    return {};
}

View::View(QWidget* parent)
    : QWidget(parent)
{
    setAutoFillBackground(false);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void View::refresh(const Scene& scene)
{
    m_scene = &scene;
    m_textDue = scene.textDue || m_textPending;
    m_textPending = false;
    update();
}

const Theme& View::theme() const
{
    return m_scene ? *m_scene->theme : activeTheme();
}

void View::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().panel);
    paint(painter, QRectF(rect()));
}

} // namespace apical
