// Fetching a data set from a server in this process that stalls, cuts off, redirects and lies.
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/files/fetch.h"
#include "tests/local_server.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <string>
#include <vector>

using namespace apical;

namespace {

/// Sends from where the request asks on.
std::string ranged(const std::string& request, const std::string& body)
{
    const auto at = request.find("Range: bytes=");
    if (at == std::string::npos)
        return ok(body);
    const auto from = static_cast<std::size_t>(std::stoul(request.substr(at + 13)));
    const std::string rest = body.substr(from);
    return "HTTP/1.1 206 Partial Content\r\nContent-Length: " + std::to_string(rest.size())
        + "\r\nContent-Range: bytes " + std::to_string(from) + "-" + std::to_string(body.size() - 1)
        + "/" + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + rest;
}

const std::string kBody(50000, 'x');

RemoteSet setOf(std::vector<std::string> mirrors)
{
    QTemporaryDir folder;
    writeWholeFile(folder.filePath(QStringLiteral("f")).toStdString(), kBody);
    return {"the set",
        {{"file.gz", kBody.size(), sha256Of(folder.filePath(QStringLiteral("f")).toStdString())}},
        std::move(mirrors)};
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const auto kAlways = [](const FetchProgress&) { return true; };

} // namespace

class FetchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void sumsAreThoseOfTheStandard()
    {
        const QString path = m_folder->filePath(QStringLiteral("abc"));
        writeWholeFile(path.toStdString(), "abc");
        QCOMPARE(sha256Of(path.toStdString()),
            std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Of("/no/such/file"), std::string());
    }

    void aWholeFileArrivesAndIsNotFetchedTwice()
    {
        Server server([](const std::string&) { return ok(kBody); });
        std::uint64_t done = 0;
        const RemoteSet set = setOf({server.url()});
        QVERIFY(fetchSet(set, folder(), [&](const FetchProgress& p) {
            done = p.done;
            return true;
        }));
        QCOMPARE(done, kBody.size());
        QCOMPARE(contents(whole()).toStdString(), kBody);
        QVERIFY(!QFile::exists(part()));
        QVERIFY(fetchSet(set, folder(), kAlways));
        QCOMPARE(server.requests().size(), std::size_t{1});
    }

    void aCutOffFileIsGoneOnWith()
    {
        std::atomic<int> asked = 0;
        Server server([&](const std::string& request) {
            if (asked++ == 0) {
                std::string cut = ok(kBody);
                return cut.substr(0, cut.size() - 20000);
            }
            return ranged(request, kBody);
        });
        const RemoteSet set = setOf({server.url()});
        QVERIFY_EXCEPTION_THROWN(fetchSet(set, folder(), kAlways), FetchError);
        QVERIFY(!QFile::exists(whole()));
        QVERIFY(QFile::exists(part()));
        QVERIFY(fetchSet(set, folder(), kAlways));
        QCOMPARE(contents(whole()).toStdString(), kBody);
        QVERIFY(server.requests().back().find("Range: bytes=30000-") != std::string::npos);
    }

    void aServerWithoutRangesStartsAnew()
    {
        Server server([](const std::string&) { return ok(kBody); });
        writeWholeFile(part().toStdString(), "beginning");
        QVERIFY(fetchSet(setOf({server.url()}), folder(), kAlways));
        QCOMPARE(contents(whole()).toStdString(), kBody);
    }

    void aWrongBeginningIsThrownAway()
    {
        Server server([](const std::string& request) { return ranged(request, kBody); });
        writeWholeFile(part().toStdString(), "another beginning");
        QVERIFY(fetchSet(setOf({server.url()}), folder(), kAlways));
        QCOMPARE(contents(whole()).toStdString(), kBody);
    }

    void liesAreFoundOut_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("said");
        QTest::newRow("another file")
            << QString::fromStdString(ok(std::string(kBody.size(), 'y'))) << "another file";
        QTest::newRow("too long") << QString::fromStdString(ok(kBody + "more")) << "more than";
        QTest::newRow("too short") << QString::fromStdString(ok("short")) << "ended after 5 of";
        QTest::newRow("not there") << "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                                   << "404";
        QTest::newRow("another protocol")
            << "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"
            << "file";
        QTest::newRow("no answer") << ""
                                   << "127.0.0.1";
    }
    void liesAreFoundOut()
    {
        QFETCH(QString, answer);
        QFETCH(QString, said);
        Server server([&](const std::string&) { return answer.toStdString(); });
        try {
            fetchSet(setOf({server.url()}), folder(), kAlways, 3);
            QFAIL("it was believed");
        } catch (const FetchError& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(said), error.what());
        }
        QVERIFY(!QFile::exists(whole()));
    }

    void redirectsAreFollowedButNotForEver()
    {
        Server server([](const std::string& request) {
            return request.starts_with("GET /file.gz")
                ? "HTTP/1.1 302 Found\r\nLocation: /moved\r\nContent-Length: 0\r\n"
                  "Connection: close\r\n\r\n"
                : ok(kBody);
        });
        QVERIFY(fetchSet(setOf({server.url()}), folder(), kAlways));
        m_folder = std::make_unique<QTemporaryDir>();
        Server circle([](const std::string&) {
            return std::string("HTTP/1.1 302 Found\r\nLocation: /file.gz\r\nContent-Length: 0\r\n"
                               "Connection: close\r\n\r\n");
        });
        QVERIFY_EXCEPTION_THROWN(fetchSet(setOf({circle.url()}), folder(), kAlways), FetchError);
        QVERIFY(circle.requests().size() <= 7);
    }

    void aStallingMirrorIsLeftForTheNext()
    {
        Server stalls([](const std::string&) { return std::string("stall"); });
        Server good([](const std::string& request) { return ranged(request, kBody); });
        QVERIFY(fetchSet(setOf({stalls.url(), good.url()}), folder(), kAlways, 1));
        QCOMPARE(contents(whole()).toStdString(), kBody);
    }

    void itStopsWhenAsked()
    {
        Server stalls([](const std::string&) { return std::string("stall"); });
        int calls = 0;
        QVERIFY(!fetchSet(
            setOf({stalls.url()}), folder(), [&](const FetchProgress&) { return ++calls < 3; }));
        QVERIFY(!QFile::exists(whole()));
    }

    void badFoldersAreNamed()
    {
        Server server([](const std::string&) { return ok(kBody); });
        const RemoteSet set = setOf({server.url()});
        QVERIFY_EXCEPTION_THROWN(fetchSet(set, "/proc/no/such", kAlways), OutputError);
        if (QFile::exists(QStringLiteral("/dev/full"))) {
            // A disk that is full: the part is a link to a device that takes nothing.
            QVERIFY(QFile::link(QStringLiteral("/dev/full"), part()));
            try {
                fetchSet(set, folder(), kAlways);
                QFAIL("a full disk was not noticed");
            } catch (const OutputError& error) {
                QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("space")));
            }
            QVERIFY(!QFile::exists(whole()));
        }
        const DirectoryLock other(folder());
        QVERIFY_EXCEPTION_THROWN(fetchSet(set, folder(), kAlways), InputError);
    }

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    QString whole() const { return m_folder->filePath(QStringLiteral("file.gz")); }
    QString part() const { return m_folder->filePath(QStringLiteral("file.gz.part")); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(FetchTest)
#include "tst_fetch.moc"
