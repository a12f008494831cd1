// Data sets in the window: fetched with progress and a way out, used by presets with pictures.
#include "app/window/fetch_dialog.h"
#include "app/window/main_window.h"
#include "sim/base/output_file.h"
#include "sim/task/image_stimulus.h"
#include "tests/local_server.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

const std::string kBody(30000, 'z');

std::string bigEndian(std::uint32_t n)
{
    return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
        static_cast<char>(n)};
}

/// Twenty pictures of 28 x 28 pixels, and their labels 0 to 9.
void writeSet(const QString& folder)
{
    const auto put = [&](const char* name, const std::string& bytes) {
        writeWholeFile((folder + u'/' + QLatin1String(name)).toStdString(), bytes);
    };
    std::string pixels, labels;
    for (std::uint32_t i = 0; i < 20; ++i) {
        pixels += std::string(784, static_cast<char>(i * 5));
        labels += static_cast<char>(i % 10);
    }
    const std::string images =
        bigEndian(2051) + bigEndian(20) + bigEndian(28) + bigEndian(28) + pixels;
    const std::string names = bigEndian(2049) + bigEndian(20) + labels;
    put("train-images-idx3-ubyte", images);
    put("train-labels-idx1-ubyte", names);
    put("t10k-images-idx3-ubyte", images);
    put("t10k-labels-idx1-ubyte", names);
}

} // namespace

class DataSetsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSetIsFetchedAndAnnounced()
    {
        QTemporaryDir folder, scratch;
        Server server([](const std::string&) { return ok(kBody); });
        FetchDialog dialog(setOf(scratch, server.url()), folder.path().toStdString(), nullptr);
        QSignalSpy fetched(&dialog, &FetchDialog::fetched);
        dialog.open();
        dialog.start();
        QTRY_COMPARE(fetched.size(), 1);
        QCOMPARE(fetched.front().front().toString(), folder.path());
        QTRY_VERIFY(!dialog.isVisible());
        QVERIFY(QFile::exists(folder.filePath(u"file.gz"_s)));
    }

    void whatWentWrongIsSaidAndCanBeTriedAgain()
    {
        QTemporaryDir folder, scratch;
        std::atomic<bool> there = false;
        Server server([&](const std::string&) {
            return there ? ok(kBody)
                         : std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        });
        FetchDialog dialog(setOf(scratch, server.url()), folder.path().toStdString(), nullptr);
        QSignalSpy fetched(&dialog, &FetchDialog::fetched);
        dialog.open();
        dialog.start();
        QPushButton* again = nullptr;
        for (auto* button : dialog.findChildren<QPushButton*>())
            again = button->text() == u"Try again"_s ? button : again;
        QVERIFY(again);
        QTRY_VERIFY(again->isVisible());
        QVERIFY(dialog.findChild<QLabel*>()->text().contains(u"404"_s));
        QVERIFY(dialog.isVisible());
        there = true;
        again->click();
        QTRY_COMPARE(fetched.size(), 1);
    }

    void closingStopsAStallingTransfer()
    {
        QTemporaryDir folder, scratch;
        Server server([](const std::string&) { return std::string("stall"); });
        {
            FetchDialog dialog(setOf(scratch, server.url()), folder.path().toStdString(), nullptr);
            dialog.open();
            dialog.start();
            QTest::qWait(100);
        }
        QVERIFY(!QFile::exists(folder.filePath(u"file.gz"_s)));
    }

    void presetsWithPicturesUseTheFolder()
    {
        QTemporaryDir folder;
        MainWindow window(WindowOptions{false, u"light"_s});
        window.open(u"bars"_s);
        window.useDataFolder(folder.path()); // nothing in it, but nothing needs it yet
        QCOMPARE(window.session().experiment().name, std::string("bars"));
        QSignalSpy failed(&window.session(), &Session::failed);
        window.open(u"mnist-small"_s);
        QCOMPARE(failed.size(), 1); // the run before goes on
        QCOMPARE(window.session().experiment().name, std::string("bars"));
        writeSet(folder.path());
        QFile preset(folder.filePath(u"small.json"_s));
        QVERIFY(preset.open(QIODevice::WriteOnly));
        preset.write(R"({"apical": 1, "model": "microcircuit", "network": {"layers": [784, 8, 10]},
            "stimulus": {"kind": "digits", "samples": 20, "test_samples": 20}})");
        preset.close();
        window.open(preset.fileName());
        QCOMPARE(failed.size(), 1);
        QCOMPARE(window.session().experiment().stimulus.kind, std::string("idx"));
        QCOMPARE(window.session().experiment().stimulus.images->size(), 20);
        QVERIFY(pictureSetName(window.session().experiment().stimulus).starts_with("pictures of"));
    }

private:
    static RemoteSet setOf(const QTemporaryDir& scratch, const std::string& mirror)
    {
        const std::string copy = scratch.filePath(u"copy"_s).toStdString();
        writeWholeFile(copy, kBody);
        return {"the set", {{"file.gz", kBody.size(), sha256Of(copy)}}, {mirror}};
    }
};

QTEST_MAIN(DataSetsTest)
#include "tst_data_sets.moc"
