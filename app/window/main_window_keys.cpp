#include "app/window/main_window_keys.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTabBar>
#include <QTextEdit>

namespace apical {
namespace {

bool typesText(const QWidget* w)
{
    if (const auto* text = qobject_cast<const QTextEdit*>(w))
        return !text->isReadOnly();
    return qobject_cast<const QLineEdit*>(w) || qobject_cast<const QAbstractSpinBox*>(w);
}

bool needs(const QWidget* w, const QKeyEvent& key)
{
    const bool plain =
        !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (!plain)
        return false;
    const int k = key.key();
    const bool arrows =
        k == Qt::Key_Left || k == Qt::Key_Right || k == Qt::Key_Up || k == Qt::Key_Down;
    const bool ends = k == Qt::Key_Home || k == Qt::Key_End;
    if (typesText(w))
        return k != Qt::Key_Escape && (k < Qt::Key_F1 || k > Qt::Key_F35);
    if (qobject_cast<const QAbstractSlider*>(w) || qobject_cast<const QTabBar*>(w))
        return arrows || ends;
    if (qobject_cast<const QAbstractItemView*>(w) || qobject_cast<const QComboBox*>(w))
        return arrows || ends || k == Qt::Key_Space;
    if (qobject_cast<const QTextEdit*>(w))
        return arrows || ends;
    return qobject_cast<const QAbstractButton*>(w) && k == Qt::Key_Space;
}

} // namespace

KeyRules::KeyRules(QObject* parent)
    : QObject(parent)
{
    QCoreApplication::instance()->installEventFilter(this);
}

bool KeyRules::eventFilter(QObject* object, QEvent* e)
{
    switch (e->type()) {
    case QEvent::KeyPress: {
        const int key = static_cast<QKeyEvent*>(e)->key();
        m_tab = key == Qt::Key_Tab || key == Qt::Key_Backtab;
        break;
    }
    case QEvent::KeyRelease:
    case QEvent::MouseButtonPress:
    case QEvent::WindowDeactivate:
        m_tab = false;
        break;
    case QEvent::ShortcutOverride:
        if (const auto* widget = qobject_cast<QWidget*>(object);
            widget && needs(widget, *static_cast<QKeyEvent*>(e))) {
            e->accept(); // the key goes to the widget, not to a shortcut
            return true;
        }
        break;
    default:
        break;
    }
    return QObject::eventFilter(object, e);
}

} // namespace apical
