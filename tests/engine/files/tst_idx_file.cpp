// MNIST's format: read as it is, refused in words, and never a crash whatever the bytes.
#include "sim/base/error.h"
#include "sim/files/idx_file.h"
#include "sim/files/preset.h"
#include "sim/task/stimulus.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include <filesystem>
#include <random>

using namespace apical;

namespace {

constexpr int kMutations = 20000;

std::string number(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(value >> shift));
    return bytes;
}

/// Pixel k of picture n is (7 n + k) mod 256.
std::string images(std::uint32_t count, std::uint32_t rows = 3, std::uint32_t cols = 2)
{
    std::string bytes = number(2051) + number(count) + number(rows) + number(cols);
    for (std::uint32_t n = 0; n < count; ++n) {
        for (std::uint32_t k = 0; k < rows * cols; ++k)
            bytes.push_back(static_cast<char>(7 * n + k));
    }
    return bytes;
}

/// Label n is n mod classes.
std::string labels(std::uint32_t count, std::uint32_t classes = 4)
{
    std::string bytes = number(2049) + number(count);
    for (std::uint32_t n = 0; n < count; ++n)
        bytes.push_back(static_cast<char>(n % classes));
    return bytes;
}

std::string packed(const std::string& bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

ImageSet read(const std::string& imageBytes, const std::string& labelBytes)
{
    return readIdx(imageBytes, "I", labelBytes, "L");
}

std::string errorOf(const std::string& imageBytes, const std::string& labelBytes)
{
    try {
        read(imageBytes, labelBytes);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

void write(const QString& path, const std::string& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
}

const char* const kPreset =
    R"({"apical": 1, "model": "microcircuit", "network": {"layers": [6, 5, 4]},
    "stimulus": {"kind": "idx", "data": ".", "samples": 9, "validation_samples": 3},
    "parameters": {"protocol.validation": 3}})";

} // namespace

class IdxFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainAndPackedAreTheSame()
    {
        const ImageSet set = read(images(12), labels(12));
        QCOMPARE(set.size(), 12);
        QCOMPARE(set.rows, 3);
        QCOMPARE(set.cols, 2);
        QCOMPARE(set.classes, 4);
        QCOMPARE(int(set.image(5)[3]), 38);
        QCOMPARE(int(set.labels[5]), 1);
        QVERIFY(read(packed(images(12)), packed(labels(12))) == set);
        QVERIFY(read(packed(images(12)), labels(12)) == set);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<std::string>("imageBytes");
        QTest::addColumn<std::string>("labelBytes");
        QTest::addColumn<std::string>("says");
        const std::string i = images(12), l = labels(12);
        const auto row = [](const char* name, const std::string& a, const std::string& b,
                             const std::string& says) { QTest::newRow(name) << a << b << says; };
        row("swapped", l, i, "L: it holds images; the files of images and labels are swapped");
        row("magic", "\x01\x02\x03\x04" + i.substr(4), l, "I: its magic number is 16909060");
        row("nothing", "", l, "I: it has 0 bytes, too few for a header");
        row("cut", i.substr(0, 40), l, "I: its header says 72 bytes of data; there are 24");
        row("too long", i + "x", l, "I: its header says 72 bytes of data; there are more");
        row("labels cut", i, l.substr(0, 15), "L: its header says 12 bytes of data; there are 7");
        row("other count", images(11), l, "L: it has 12 labels; I has 11 images");
        row("empty", images(0), labels(0), "L: it is empty");
        row("huge", number(2051) + number(4000000000U) + number(4000) + number(4000), l,
            "I: its header says 64000000000000000 bytes");
        row("no side", number(2051) + number(1) + number(0) + number(3), labels(1), "0 x 3 pixels");
        row("packed, cut", packed(i).substr(0, 30), l, "I: the packed file is cut off after 30");
        std::string damaged = packed(i);
        damaged[20] = static_cast<char>(damaged[20] ^ 0x55);
        QTest::newRow("packed, damaged") << damaged << l << std::string("I: ");
        std::string bomb = images(12);
        bomb.resize(50'000'000); // of zeros
        row("bomb", packed(bomb), l, "I: its header says 72 bytes of data; there are more");
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(std::string, imageBytes);
        QFETCH(std::string, labelBytes);
        QFETCH(std::string, says);
        const std::string error = errorOf(imageBytes, labelBytes);
        QVERIFY2(contains(error, says), error.c_str());
    }

    void mutatedFilesAreReadOrRefused()
    {
        std::mt19937_64 random(7);
        const std::string sound[] = {
            images(12), packed(images(12)), labels(12), packed(labels(12))};
        int read12 = 0, refused = 0;
        for (int n = 0; n < kMutations; ++n) {
            const std::size_t which = random() % 4;
            std::string bytes = sound[which];
            for (std::uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
                const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
                switch (random() % 4) {
                case 0:
                    bytes.resize(at);
                    break;
                case 1:
                    bytes.insert(at, number(static_cast<std::uint32_t>(random())));
                    break;
                default:
                    if (!bytes.empty())
                        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
                }
            }
            try {
                const ImageSet set = which < 2 ? read(bytes, sound[2]) : read(sound[0], bytes);
                QCOMPARE(set.pixels.size(),
                    static_cast<std::size_t>(set.size())
                        * static_cast<std::size_t>(set.pixelsEach()));
                ++read12;
            } catch (const InputError& error) {
                QVERIFY(!std::string(error.what()).empty());
                ++refused;
            }
        }
        QVERIFY(read12 > kMutations / 10 && refused > kMutations / 3);
    }

    void aPresetNamesFolderOrFiles()
    {
        QTemporaryDir folder;
        write(folder.filePath("train-images-idx3-ubyte.gz"), packed(images(12)));
        write(folder.filePath("train-labels-idx1-ubyte"), labels(12));
        const std::string file = folder.filePath("p.json").toStdString();
        const Experiment e = readPreset(kPreset, file);
        const auto stimulus = makeStimulus(e);
        QCOMPARE(stimulus->samples(Block::Train), 9);
        QCOMPARE(stimulus->samples(Block::Validation), 3);
        QCOMPARE(stimulus->samples(Block::Test), 0);
        QCOMPARE(stimulus->classes(), 4);
        std::vector<double> input(6), target(4);
        Presentation shown{.block = Block::Validation, .index = 1, .size = 3};
        QVERIFY(stimulus->pattern(shown, e.parameters, input, target));
        QCOMPARE(stimulus->sample(shown), 10);
        QCOMPARE(input[2], (7 * 10 + 2) / 255.0);
        QCOMPARE(target[2], e.parameters.targetHigh);
        QCOMPARE(target[1], e.parameters.targetLow);

        // What is written names the files, and that they are still the same.
        const std::string written = writePreset(e);
        QVERIFY2(contains(written, "train-images-idx3-ubyte.gz"), written.c_str());
        QVERIFY(readPreset(written, "elsewhere.json").stimulus == e.stimulus);
        write(folder.filePath("train-labels-idx1-ubyte"), labels(12, 3));
        try {
            readPreset(written, "elsewhere.json");
            QFAIL("a changed file was read");
        } catch (const InputError& error) {
            QVERIFY2(contains(error.what(), "has changed"), error.what());
        }
    }

    void aFolderThatCannotBeReadIsNotCalledEmpty()
    {
        QTemporaryDir folder;
        std::filesystem::create_symlink("round", folder.filePath("round").toStdString());
        const auto errorOf = [&folder](const char* data) {
            const QString text = QString::fromLatin1(kPreset).replace("\".\"", data);
            try {
                readPreset(text.toStdString(), folder.filePath("p.json").toStdString());
            } catch (const InputError& error) {
                return std::string(error.what());
            }
            return std::string();
        };
        std::string error = errorOf("\"round\"");
        QVERIFY2(contains(error, "round\" cannot be read: "), error.c_str());
        QVERIFY(QDir(folder.path()).mkdir("closed"));
        QVERIFY(QFile::setPermissions(folder.filePath("closed"), {}));
        if (QFileInfo(folder.filePath("closed")).isReadable())
            QSKIP("root reads everything");
        error = errorOf("\"closed\"");
        QVERIFY2(contains(error, "closed\" cannot be read: "), error.c_str());
    }

    void whatDoesNotFitIsRefused_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* name, const char* from, const char* to, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(from) << QString::fromLatin1(to)
                                << std::string(says);
        };
        row("inputs", "[6,", "[7,", "3 x 2 pixels; the network has 7 inputs");
        row("outputs", "5, 4]", "5, 3]", "4 classes; the network has 3 outputs");
        row("samples", "\"samples\": 9", "\"samples\": 13", "there are 12 training pictures");
        row("left", "\"validation_samples\": 3", "\"validation_samples\": 4",
            "there are 3 training pictures left");
        row("tests", "\"samples\": 9", "\"samples\": 9, \"test_samples\": 1",
            "there are 0 test pictures");
        row("folder", "\".\"", "\"nowhere\"", "there is no data set in");
        row("both", "\"data\": \".\"", "\"data\": \".\", \"images\": \"a\"", "contradicts");
        row("one file", "\"data\": \".\"", "\"images\": \"a\"", "there is no file");
    }
    void whatDoesNotFitIsRefused()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(std::string, says);
        QTemporaryDir folder;
        write(folder.filePath("train-images-idx3-ubyte"), images(12));
        write(folder.filePath("train-labels-idx1-ubyte"), labels(12));
        const QString text = QString::fromLatin1(kPreset).replace(from, to);
        try {
            makeStimulus(readPreset(text.toStdString(), folder.filePath("p.json").toStdString()));
            QFAIL("it was accepted");
        } catch (const InputError& error) {
            QVERIFY2(contains(error.what(), says), error.what());
        }
    }

    void dataStandsInForGeneratedDigits()
    {
        QTemporaryDir folder;
        write(folder.filePath("train-images-idx3-ubyte"), images(20, 28, 28));
        write(folder.filePath("train-labels-idx1-ubyte"), labels(20, 10));
        QTemporaryDir elsewhere;
        const QString preset = elsewhere.filePath("p.json");
        write(preset, R"({"apical": 1, "model": "microcircuit", "network": {"layers": [784, 5, 10]},
            "stimulus": {"kind": "digits", "samples": 15, "test_samples": 0, "seed": 3}})");
        const std::string data = "stimulus.data=" + folder.path().toStdString();
        const Experiment e = loadPreset(preset.toStdString(), {data});
        QCOMPARE(e.stimulus.kind, std::string("idx"));
        QCOMPARE(makeStimulus(e)->samples(Block::Train), 15);
    }

    void foldersAreSearchedInOrder()
    {
        qputenv("APICAL_DATA", "/one");
        qputenv("XDG_DATA_HOME", "/two");
        const std::vector<std::string> folders = dataFolders();
        QCOMPARE(folders.size(), std::size_t{3});
        QCOMPARE(folders[0], std::string("/one"));
        QCOMPARE(folders[1], std::string("/two/apical/mnist"));
        qunsetenv("APICAL_DATA");
        qunsetenv("XDG_DATA_HOME");
    }
};

QTEST_APPLESS_MAIN(IdxFileTest)
#include "tst_idx_file.moc"
