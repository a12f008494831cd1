// The plausibility table: complete, true to the comparison it follows, and every verdict about
// terms of its equations.
#include "app/help/plausibility_equations.h"
#include "app/help/plausibility_text.h"
#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "tests/window/plausible_methods.h"
#include "widgets/view/view.h"

#include <QFile>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray tableText()
{
    QFile file(u":/help/plausibility.json"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class PlausibilityTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void verdictsAreThoseOfTheComparison();
    void everyCellHasAReasonAndTermsOfItsEquations();
    void everyPresetIsEmbeddedOrNamedInTheContract();
    void faultyTablesAreRefusedWithTheirPlace_data();
    void faultyTablesAreRefusedWithTheirPlace();
    void everyMarkedTermIsFramedWithinThePanel();
};

/// The published comparison, row by row; – does not apply.
void PlausibilityTableTest::verdictsAreThoseOfTheComparison()
{
    const std::vector<std::pair<QString, QString>> rows{
        {u"weight-transport"_s, u"N Y/Y P P P N P"_s},
        {u"derivative"_s, u"N N P P P N P"_s},
        {u"linear-feedback"_s, u"N N N N P N P"_s},
        {u"spikes"_s, u"N N N N N P Y/P"_s},
        {u"timing"_s, u"N N/P P/Y N/P Y \u2013 P"_s},
        {u"target"_s, u"N N P N N/P N N"_s},
        {u"dale"_s, u"N N N N N N N"_s},
        {u"mixing"_s, u"N N Y Y Y N Y"_s},
        {u"locality"_s, u"N P Y Y Y N Y"_s},
        {u"one-way"_s, u"N Y P P Y N Y"_s},
    };
    const QStringList columns{u"backprop"_s, u"feedback-alignment"_s, u"predictive-coding"_s,
        u"z-il"_s, u"microcircuit"_s, u"conversion"_s, u"spiking-predictive-coding"_s};
    QCOMPARE(methods().size(), static_cast<std::size_t>(columns.size()));
    for (std::size_t m = 0; m < methods().size(); ++m)
        QCOMPARE(methods()[m].id, columns[static_cast<qsizetype>(m)]);
    QCOMPARE(plausibility().problems.size(), rows.size());
    for (std::size_t p = 0; p < rows.size(); ++p) {
        QCOMPARE(plausibility().problems[p].id, rows[p].first);
        QStringList letters;
        for (const PlausibilityMethod& method : methods())
            letters << lettersOf(method.cells[p]);
        QCOMPARE(letters.join(u' '), rows[p].second);
    }
    QVERIFY(methods()[4].judgement); // and the other columns are none
    QCOMPARE(std::ranges::count_if(methods(), &PlausibilityMethod::judgement), 1);
}

void PlausibilityTableTest::everyCellHasAReasonAndTermsOfItsEquations()
{
    QSet<QString> reasons;
    for (const PlausibilityProblem& problem : plausibility().problems)
        QVERIFY2(problem.question.endsWith(u'?') || problem.question.endsWith(u'.'),
            qPrintable(problem.id));
    for (const PlausibilityMethod& method : methods()) {
        QCOMPARE(method.cells.size(), plausibility().problems.size());
        for (std::size_t p = 0; p < method.cells.size(); ++p) {
            const PlausibilityCell& cell = method.cells[p];
            const QString where = method.id + u' ' + plausibility().problems[p].id;
            QVERIFY2(cell.reason.size() > 40 && cell.reason.endsWith(u'.'), qPrintable(where));
            reasons.insert(cell.reason);
            QCOMPARE(
                cell.marks.empty(), cell.verdicts.front() == PlausibilityVerdict::NotApplicable);
            for (const int mark : cell.marks) {
                const bool found = std::ranges::any_of(method.equations, [&](const auto& e) {
                    return std::ranges::any_of(
                        e.pieces, [&](const EquationPiece& piece) { return piece.term == mark; });
                });
                QVERIFY2(found, qPrintable(where));
                const QString words = method.terms[static_cast<std::size_t>(mark)].words;
                const QString html = reasonHtml(static_cast<int>(p), indexOf(method.id));
                QVERIFY2(html.contains(words.toHtmlEscaped()), qPrintable(where));
            }
        }
        for (const PlausibilityTerm& term : method.terms)
            for (const QString& id : term.views)
                QVERIFY2(std::ranges::any_of(
                             viewTable(), [&id](const ViewRow& row) { return row.id == id; }),
                    qPrintable(id));
    }
    QVERIFY(reasons.size() > 60); // hardly two cells say the same
}

void PlausibilityTableTest::everyPresetIsEmbeddedOrNamedInTheContract()
{
    const QStringList contract{u"conversion"_s, u"spiking-pc-mnist"_s, u"predictive-coding"_s,
        u"z-il-clock"_s, u"rosetta"_s};
    for (const PlausibilityMethod& method : methods())
        for (const PlausibilityCell& cell : method.cells)
            QVERIFY2(embeddedNames().contains(cell.preset) || contract.contains(cell.preset),
                qPrintable(cell.preset));
}

void PlausibilityTableTest::faultyTablesAreRefusedWithTheirPlace_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const char* from, const char* to, const char* problem) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(problem);
    };
    row("no such term", R"("marks": ["slope"])", R"("marks": ["slop"])", "no term \"slop\"");
    row("no such verdict", R"("verdict": "Y/Y")", R"("verdict": "Y/M")", "verdict \"M\"");
    row("a verdict about nothing", R"("marks": ["slope"])", R"("marks": [])", "about no term");
    row("a term for nothing", R"("marks": [])", R"("marks": ["spikes"])", "does not apply");
    row("a term of no equation", "[update|", "[rate|", "no equation");
    row("a bracket left open", "f\xe2\x80\xb2(z_{l})]", "f\xe2\x80\xb2(z_{l})", "bracket");
    row("an unknown key", R"("inferred")", R"("infered")", "infered");
    row("a missing cell", R"("dale": {)", R"("dales": {)", "dales");
    row("forms without verdicts", R"("of": ["FA", "DFA"])", R"("of": ["FA"])", "as many forms");
    row("an unknown unit", R"("unit": "hidden")", R"("unit": "hiden")", "hiden");
}

void PlausibilityTableTest::faultyTablesAreRefusedWithTheirPlace()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, problem);
    QByteArray text = tableText();
    const qsizetype at = text.indexOf(from);
    QVERIFY(at >= 0);
    text.replace(at, from.size(), to);
    try {
        readPlausibility(text.toStdString(), "table.json");
        QFAIL("it was taken");
    } catch (const InputError& error) {
        const QString what = QString::fromUtf8(error.what());
        QVERIFY2(what.contains(problem), qPrintable(what));
        QVERIFY2(error.fields().line > 1 && error.fields().file == "table.json", qPrintable(what));
    }
}

void PlausibilityTableTest::everyMarkedTermIsFramedWithinThePanel()
{
    for (const int width : {500, 620, 900}) {
        EquationPanel panel;
        for (const PlausibilityMethod& method : methods()) {
            for (const PlausibilityCell& cell : method.cells) {
                panel.show(method, cell);
                panel.resize(width, panel.heightForWidth(width));
                const std::vector<QRectF> frames = panel.frames();
                QCOMPARE(frames.empty(), cell.marks.empty());
                for (const QRectF& frame : frames)
                    QVERIFY2(QRectF(panel.rect()).contains(frame) && frame.width() > 8,
                        qPrintable(method.id));
                for (const int mark : cell.marks)
                    QVERIFY(panel.accessibleDescription().contains(
                        u'[' + method.terms[static_cast<std::size_t>(mark)].words + u": "_s));
            }
        }
    }
}

QTEST_MAIN(PlausibilityTableTest)
#include "tst_plausibility_table.moc"
