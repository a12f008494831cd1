// The direction of dependencies: sim <- widgets <- app, and no Qt in the engine or in the headless
// program.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
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

    void theHeadlessProgramIncludesNoQt()
    {
        const auto found = includes(u"app"_s, QRegularExpression(u"^(Q[A-Z]|Qt|widgets/)"_s));
        for (const QString& place : found)
            QVERIFY2(!place.contains(u"/app/cli_"_s) && !place.contains(u"/app/main_cli"_s),
                qPrintable(place));
    }

    void everyIncludeNamesItsFolder()
    {
        for (const QString& folder : {u"sim"_s, u"widgets"_s, u"app"_s}) {
            const QRegularExpression bare(u"^(?!.*/)[a-z_0-9]+\\.(h|hpp)$"_s);
            for (const QString& place : includes(folder, bare)) {
                const QString name = place.section(u": "_s, 1);
                QVERIFY2(
                    !QFile::exists(QStringLiteral(APICAL_SOURCE_DIR "/") + folder + u'/' + name),
                    qPrintable(place));
            }
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
