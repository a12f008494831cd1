// A parameter panel of 264 x 506 px whose edits are written down; shared by its tests.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"
#include "widgets/panel/parameter_panel.h"
#include "widgets/panel/parameter_row.h"
#include "widgets/panel/value_editor.h"

#include <QApplication>
#include <QKeyEvent>
#include <QTest>

#include <memory>

namespace apical {

struct Edited {
    QString key;
    ParameterValue value;
    bool continuous;
};

template <class T> T* part(QWidget& panel, const QString& name)
{
    T* found = panel.findChild<T*>(name);
    if (!found)
        qFatal("there is no %s", qPrintable(name));
    return found;
}

inline void type(NumberBox& box, const QString& text)
{
    box.setFocus();
    box.selectAll();
    QKeyEvent typed(
        QEvent::KeyPress, Qt::Key_unknown, Qt::NoModifier, text); // QTest types Latin-1 only
    QApplication::sendEvent(&box, &typed);
    QTest::keyClick(&box, Qt::Key_Return);
}

inline QString keyOf(const ParameterRow& row)
{
    return QString::fromStdString(std::string(row.key));
}

class PanelBench : public QObject {
protected:
    void open()
    {
        applyTheme(*qApp, Theme::light());
        panel = std::make_unique<ParameterPanel>();
        edits.clear();
        connect(panel.get(), &ParameterPanel::edited, this,
            [this](const QString& key, const ParameterValue& value, bool continuous) {
                edits.push_back({key, value, continuous});
            });
        panel->setValues(circuitParameterTable().defaults(), 2);
        panel->resize(264, 506);
        panel->setCollapsedGroups({});
        panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(panel.get()));
        panel->activateWindow();
    }
    ParameterPanel& p() { return *panel; }
    ParameterRowWidget& rowOf(const char* key)
    {
        return *panel->rowWidget(QString::fromLatin1(key));
    }

    std::unique_ptr<ParameterPanel> panel;
    std::vector<Edited> edits;
};

} // namespace apical
