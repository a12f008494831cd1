// The direction of dependencies: sim <- widgets <- app, and within them from room to room only
// downwards; no Qt in the engine or in the headless program.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <elf.h>

#include <cstring>

using namespace Qt::StringLiterals;

namespace {

QStringList sources(const QString& folder)
{
    QStringList files;
    QDirIterator walk(QStringLiteral(APICAL_SOURCE_DIR "/") + folder, {u"*.h"_s, u"*.cpp"_s},
        QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext())
        files << walk.next();
    files.sort();
    return files;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The rooms, ground floor first; "" is the top of a folder. A file includes files of its own room
/// and of rooms above it in this list.
const QStringList kRooms{u"sim/base"_s, u"sim/experiment"_s, u"sim/json"_s, u"sim/model"_s,
    u"sim/circuit"_s, u"sim/spiking"_s, u"sim/network"_s, u"sim/feedforward"_s, u"sim/predictive"_s,
    u"sim/lif"_s, u"sim/spiking_net"_s, u"sim/spiking_predictive"_s, u"sim/task"_s, u"sim/run"_s,
    u"sim/steps"_s, u"sim/watch"_s, u"sim/live"_s, u"sim/files"_s, u"sim/insight"_s,
    u"sim/study"_s, //
    u"widgets/look"_s, u"widgets/plot"_s, u"widgets/view"_s, u"widgets/chart"_s, u"widgets/panel"_s,
    u"widgets/strips"_s, u"widgets/raster"_s, u"widgets/circuit"_s, u"widgets/doctor"_s,
    u"widgets/spikes"_s, u"widgets/weights"_s, u"widgets/task"_s, u"widgets/picture"_s,
    u"widgets/predictive"_s, u"widgets/conversion"_s, u"widgets/network"_s, u"widgets/union"_s,
    u"widgets/lif"_s, u"widgets/study"_s,
    u"widgets"_s, //
    u"app/cli"_s, u"app/bench"_s, u"app/session"_s, u"app/help"_s, u"app/study"_s, u"app/window"_s,
    u"app/program"_s, u"app"_s};
/// Families of models: they stand side by side and do not know each other.
const QStringList kFamilies{u"sim/circuit"_s, u"sim/feedforward"_s, u"sim/predictive"_s};

/// "sim/base" of a path below the sources or of an include.
QString room(const QString& path)
{
    const QString prefix = QStringLiteral(APICAL_SOURCE_DIR "/");
    return (path.startsWith(prefix) ? path.mid(prefix.size()) : path).section(u'/', 0, -2);
}

/// "file:line: include" of every include that matches.
QStringList includes(const QString& folder, const QRegularExpression& forbidden)
{
    static const QRegularExpression include(u"^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"_s);
    QStringList found;
    for (const QString& path : sources(folder)) {
        const QStringList lines = QString::fromUtf8(contents(path)).split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto match = include.match(lines[i]);
            if (match.hasMatch() && forbidden.match(match.captured(1)).hasMatch())
                found << u"%1:%2: %3"_s.arg(path).arg(i + 1).arg(match.captured(1));
        }
    }
    return found;
}

/// Names of the shared libraries a 64-bit ELF program asks for by itself (DT_NEEDED).
QStringList neededLibraries(const QByteArray& program)
{
    const auto read = [&](auto& record, quint64 offset) {
        if (offset + sizeof record > static_cast<quint64>(program.size()))
            return false;
        std::memcpy(&record, program.constData() + offset, sizeof record);
        return true;
    };
    Elf64_Ehdr header;
    if (!read(header, 0) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return {};
    QStringList names;
    for (quint64 i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr section, strings;
        if (!read(section, header.e_shoff + i * header.e_shentsize)
            || section.sh_type != SHT_DYNAMIC
            || !read(strings, header.e_shoff + quint64{section.sh_link} * header.e_shentsize))
            continue;
        Elf64_Dyn entry;
        for (quint64 at = 0; at < section.sh_size && read(entry, section.sh_offset + at);
             at += sizeof entry) {
            if (entry.d_tag == DT_NEEDED)
                names << QString::fromLatin1(
                    program.constData() + strings.sh_offset + entry.d_un.d_val);
        }
    }
    return names;
}

} // namespace

class TestLayers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSearchFindsAnIncludeThatIsThere()
    {
        QVERIFY(!includes(u"sim"_s, QRegularExpression(u"^sim/"_s)).isEmpty());
        QVERIFY(!includes(u"tests/engine"_s, QRegularExpression(u"^QTest$"_s)).isEmpty());
    }

    void theEngineIncludesNoQt()
    {
        const auto found = includes(u"sim"_s, QRegularExpression(u"^(Q[A-Z]|Qt)"_s));
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void theEngineIncludesNothingAboveIt()
    {
        const auto found = includes(u"sim"_s, QRegularExpression(u"^(widgets|app|tests)/"_s));
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void theWidgetsIncludeNothingOfTheProgram()
    {
        const auto found = includes(u"widgets"_s, QRegularExpression(u"^(app|tests)/"_s));
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void everySourceStandsInARoomOfTheList()
    {
        QSet<QString> used;
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            for (const QString& path : sources(folder)) {
                QVERIFY2(kRooms.contains(room(path)), qPrintable(path));
                used << room(path);
            }
        }
        for (const QString& name : kRooms)
            QVERIFY2(used.contains(name), qPrintable(name + u" is empty"_s));
        for (const QString& family : kFamilies)
            QVERIFY2(kRooms.contains(family), qPrintable(family));
    }

    void noRoomIncludesARoomAboveIt()
    {
        const QRegularExpression own(u"^(sim|widgets|app)/"_s);
        int arrows = 0;
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            for (const QString& place : includes(folder, own)) {
                const QString from = room(place.section(u':', 0, 0));
                const QString to = room(place.section(u": "_s, 1));
                QVERIFY2(kRooms.contains(to), qPrintable(place));
                QVERIFY2(kRooms.indexOf(to) <= kRooms.indexOf(from), qPrintable(place));
                QVERIFY2(from == to || !kFamilies.contains(from) || !kFamilies.contains(to),
                    qPrintable(place));
                arrows += from != to;
            }
        }
        QVERIFY2(arrows > 300, qPrintable(QString::number(arrows)));
    }

    /// Qt gave Qt Charts up in favour of another module: what replaces it has one place to go to.
    void onlyTheChartIncludesQtCharts()
    {
        const QDir headers(QLibraryInfo::path(QLibraryInfo::HeadersPath) + u"/QtCharts"_s);
        QStringList names = headers.entryList(QDir::Files);
        QVERIFY2(names.contains(u"QLineSeries"_s), qPrintable(headers.path()));
        for (QString& name : names)
            name = QRegularExpression::escape(name);
        const QRegularExpression charts(u"^((%1)$|QtCharts/)"_s.arg(names.join(u'|')));
        int found = 0;
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s, u"tests"_s}) {
            for (const QString& place : includes(folder, charts)) {
                QVERIFY2(place.contains(u"/widgets/chart/chart_scene."_s), qPrintable(place));
                ++found;
            }
        }
        QVERIFY(found > 0);
    }

    void noFolderHoldsMoreFilesThanAPersonCanSurvey()
    {
        for (const QString& name : kRooms) {
            const QDir folder(QStringLiteral(APICAL_SOURCE_DIR "/") + name);
            const auto files = folder.entryList(QDir::Files).size();
            QVERIFY2(files <= 30, qPrintable(u"%1 has %2 files"_s.arg(name).arg(files)));
        }
    }

    void theHeadlessProgramIncludesNoQt()
    {
        const QRegularExpression qt(u"^(Q[A-Z]|Qt|widgets/)"_s);
        for (const QString& room : {u"app/cli"_s, u"app/bench"_s}) {
            QVERIFY(!sources(room).isEmpty());
            QCOMPARE(includes(room, qt), QStringList());
        }
        for (const QString& place : includes(u"app"_s, qt))
            QVERIFY2(!place.contains(u"/app/main_cli"_s), qPrintable(place));
    }

    void everyIncludeNamesItsFolder()
    {
        QSet<QString> names; // of all own headers, and as somebody inside a room would write them
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            for (const QString& path : sources(folder))
                names << path.section(u'/', -1) << path.section(u'/', -2);
        }
        QVERIFY(names.contains(u"base/error.h"_s));
        const QRegularExpression relative(u"^(?!(sim|widgets|app)/)[a-z_0-9/]+\\.(h|hpp)$"_s);
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            for (const QString& place : includes(folder, relative))
                QVERIFY2(!names.contains(place.section(u": "_s, 1)), qPrintable(place));
        }
    }

    void noSourceIsLongerThanAPersonCanHold()
    {
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            for (const QString& path : sources(folder)) {
                const auto lines = contents(path).count('\n');
                QVERIFY2(lines <= 400, qPrintable(u"%1 has %2 lines"_s.arg(path).arg(lines)));
            }
        }
    }

    void theHeadlessProgramLinksNoQt()
    {
        const QByteArray program = contents(QStringLiteral(APICAL_BINARY_DIR "/apical-cli"));
        const QStringList needed = neededLibraries(program);
        QVERIFY2(needed.contains(u"libc.so.6"_s), qPrintable(needed.join(u' ')));
        for (const QString& library : needed)
            QVERIFY2(!library.startsWith(u"libQt"_s), qPrintable(library));
    }
};

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_layers.moc"
