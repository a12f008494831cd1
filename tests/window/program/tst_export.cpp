// Every view of the table paints something and can be saved in every format, with its origin
// inside.
#include "app/session/export.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "sim/base/error.h"
#include "sim/files/preset.h"

#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>
#include <memory>
#include <set>
#include <vector>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::size_t colours(const QImage& image)
{
    std::set<QRgb> found;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found.insert(image.pixel(x, y));
    }
    return found.size();
}

} // namespace

class ExportTest : public QObject {
    Q_OBJECT
    std::unique_ptr<MainWindow> m_window;
    QTemporaryDir m_folder;

    void viewRows() const
    {
        QTest::addColumn<QString>("id");
        for (const ViewRow& row : viewTable())
            if (row.applies(m_window->session().anatomies().front()))
                QTest::newRow(qPrintable(row.id)) << row.id;
    }
    QString file(const QString& id, const char* suffix) const
    {
        return m_folder.filePath(id + u'.' + QLatin1String(suffix));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_window = std::make_unique<MainWindow>(WindowOptions{false, u"light"_s});
        m_window->open(u"bars"_s); // has something to show in every view
        m_window->session().setPace(20);
        m_window->show();
        QTRY_VERIFY(m_window->session().scene().nowMs > 600);
        m_window->session().pause();
        QTRY_COMPARE(m_window->session().newest().state, RunState::Paused);
    }
    void cleanupTestCase() { m_window.reset(); }

    void everyViewPaintsAPicture_data() { viewRows(); }
    void everyViewPaintsAPicture()
    {
        QFETCH(QString, id);
        QVERIFY(m_window->exportTo(id, file(id, "png")));
        const QImage image(file(id, "png"));
        QVERIFY(!image.isNull());
        QVERIFY2(colours(image) > 8, qPrintable(QString::number(colours(image))));
        QVERIFY(image.text(u"Description"_s).contains(u"seed 1"_s));
        QVERIFY(image.text(u"Description"_s).contains(u"eta.pi = "_s));
        QVERIFY(image.text(u"Title"_s).contains(u"t = "_s));
    }

    void everyViewBecomesADrawing_data() { viewRows(); }
    void everyViewBecomesADrawing()
    {
        QFETCH(QString, id);
        QVERIFY(m_window->exportTo(id, file(id, "svg")));
        const QByteArray svg = contents(file(id, "svg"));
        QVERIFY(QSvgRenderer(svg).isValid());
        QVERIFY(svg.contains("<desc>") && svg.contains("seed 1"));
        QVERIFY(m_window->exportTo(id, file(id, "pdf")));
        const QByteArray pdf = contents(file(id, "pdf"));
        QVERIFY(pdf.startsWith("%PDF") && pdf.size() > 1000);
        QVERIFY(pdf.contains("/Title"));
    }

    void numbersCarryTheirOrigin_data() { viewRows(); }
    void numbersCarryTheirOrigin()
    {
        QFETCH(QString, id);
        View& view = *m_window->docks().find(id)->view;
        view.refresh(m_window->session().scene());
        QVERIFY2(!view.csv().isEmpty(), qPrintable(id));
        QVERIFY(m_window->exportTo(id, file(id, "csv")));
        const QByteArray csv = contents(file(id, "csv"));
        QVERIFY(csv.startsWith("# "));
        QVERIFY(csv.contains("\n# seed 1\n"));
        QVERIFY2(csv.contains(','), csv.right(200).constData());
    }

    void whatCannotBeWrittenIsSaid()
    {
        View& view = *m_window->docks().find(u"circuit"_s)->view;
        QVERIFY_EXCEPTION_THROWN(exportView(view, u"/nowhere/at/all.png"_s, {}), InputError);
        QVERIFY_EXCEPTION_THROWN(exportView(view, u"/nowhere/at/all.svg"_s, {}), InputError);
        QVERIFY_EXCEPTION_THROWN(exportView(view, u"/nowhere/at/all.pdf"_s, {}), InputError);
        QVERIFY_EXCEPTION_THROWN(exportView(view, m_folder.filePath(u"a.gif"_s), {}), InputError);
        QVERIFY(!m_window->exportTo(u"circuit"_s, u"/nowhere/at/all.png"_s));
        QVERIFY(m_window->messages().text().contains(u"/nowhere/at/all.png"_s));
    }

    void aFullDiskLeavesTheOldFile()
    {
        const QString old = m_folder.filePath(u"old.svg"_s);
        QVERIFY(m_window->exportTo(u"circuit"_s, old));
        const QByteArray before = contents(old);
        // A limit on the size of files is as good as a full disk: writing fails in the middle.
        rlimit limit{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &limit), 0);
        const rlimit small{1000, limit.rlim_max};
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        std::vector<const char*> accepted;
        for (const char* suffix : {"old.svg", "new.pdf", "new.png"}) {
            if (m_window->exportTo(u"circuit"_s, m_folder.filePath(QLatin1String(suffix))))
                accepted.push_back(suffix);
        }
        const bool weights = m_window->session().saveWeights(m_folder.filePath(u"w.json"_s));
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &limit), 0);
        std::signal(SIGXFSZ, handler);
        QVERIFY2(accepted.empty(), accepted.empty() ? "" : accepted.front());
        QVERIFY(!weights);
        QCOMPARE(contents(old), before);
        QVERIFY(!QFile::exists(m_folder.filePath(u"new.png"_s)));
        QVERIFY(!QFile::exists(m_folder.filePath(u"w.json"_s)));
    }

    void weightsGoOutAndComeBackToTheBit()
    {
        Session& session = m_window->session();
        const QString path = m_folder.filePath(u"weights.json"_s);
        QVERIFY(session.saveWeights(path));
        const std::vector<NamedMatrix> saved =
            readWeights(contents(path).toStdString(), "weights.json", session.replay());
        session.reset();
        QVERIFY(session.loadWeights(path));
        session.pause();
        const Experiment experiment = session.replay();
        QVERIFY(experiment.weights.given == saved);
        QCOMPARE(experiment.title, std::string("Bars, Latent Equilibrium"));

        // Another network's weights are refused, and the run stays what it was.
        const QString wrong = m_folder.filePath(u"wrong.json"_s);
        QFile file(wrong);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"up": [[[1, 2]], [[1]]], "down": [[[1]]], "ip": [[[1]]], "pi": [[[1]]]})");
        file.close();
        QSignalSpy failed(&session, &Session::failed);
        QVERIFY(!session.loadWeights(wrong));
        QCOMPARE(failed.size(), 1);
        QVERIFY2(failed.front().front().toString().contains(u"wrong.json"_s),
            qPrintable(failed.front().front().toString()));
        QVERIFY(session.replay().weights.given == saved);
    }
};

QTEST_MAIN(ExportTest)
#include "tst_export.moc"
