// The words beside the tabs of a group of docks: whole sentences, as many as have room.
#include "app/window/dock_title.h"

#include <QLabel>
#include <QTabBar>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace apical;

class DockTitlesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sentencesAreNotCutWhereOneFits()
    {
        QTabBar bar;
        bar.addTab(u"Circuit"_s);
        TabButtons buttons(&bar, [](const QString&) { return nullptr; });
        const auto* words = bar.findChild<QLabel*>();
        const QString first = u"Watch it climb. "_s, second = u"Does it wait? "_s,
                      last = u"It falls to nothing, and nobody knows why."_s;
        const auto shownWith = [&](const QString& room) {
            const int left = bar.tabRect(0).right() + 12 + 54;
            bar.resize(left + words->fontMetrics().horizontalAdvance(room) + 1, 30);
            buttons.setSubtitle(first + second + last);
            return words->isHidden() ? QString() : words->text();
        };
        bar.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bar));
        QCOMPARE(shownWith(first + second + last), first + second + last);
        QVERIFY(bar.toolTip().isEmpty());
        QCOMPARE(shownWith(first + second + u"It falls"_s), (first + second).trimmed());
        QCOMPARE(bar.toolTip(), first + second + last);
        QCOMPARE(shownWith(first + u"Does"_s), first.trimmed());
        QCOMPARE(shownWith(u"Watch it"_s), QString());
        buttons.setSubtitle(last); // one sentence: its beginning, if most of it fits
        bar.resize(bar.width()
                + words->fontMetrics().horizontalAdvance(u"It falls to nothing, and nobody"_s)
                - words->fontMetrics().horizontalAdvance(u"Watch it"_s),
            30);
        QVERIFY2(
            words->text().startsWith(u"It falls to nothing"_s) && words->text().endsWith(u'\u2026'),
            qPrintable(words->text()));
    }
};

QTEST_MAIN(DockTitlesTest)
#include "tst_dock_titles.moc"
