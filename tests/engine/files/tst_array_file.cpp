// Arrays in files of others: read to the same numbers, refused with what and where, never a crash.
#include "sim/base/error.h"
#include "sim/files/array_file.h"
#include "sim/files/preset.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"
#include "sim/watch/task_score.h"

#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace apical;

namespace {

std::string bytesOf(std::uint64_t value, std::size_t size, bool big = false)
{
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += static_cast<char>(value >> 8 * (big ? size - 1 - i : i) & 0xFF);
    return text;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data,
    bool fortran = false, int version = 1)
{
    const std::string header = "{'descr': '" + type
        + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
    return "\x93NUMPY" + std::string{static_cast<char>(version), '\0'}
    + bytesOf(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string doubles(const std::vector<double>& values, bool big = false)
{
    std::string text;
    for (const double v : values)
        text += bytesOf(std::bit_cast<std::uint64_t>(v), 8, big);
    return text;
}

std::string npz(const std::vector<std::pair<std::string, std::string>>& arrays, bool deflated)
{
    std::string text, list;
    for (const auto& [name, data] : arrays) {
        std::string packed = data;
        if (deflated) {
            packed.resize(data.size() + 100);
            z_stream stream{};
            deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
            std::string in = data;
            stream.next_in = reinterpret_cast<Bytef*>(in.data());
            stream.avail_in = static_cast<uInt>(in.size());
            stream.next_out = reinterpret_cast<Bytef*>(packed.data());
            stream.avail_out = static_cast<uInt>(packed.size());
            deflate(&stream, Z_FINISH);
            packed.resize(stream.total_out);
            deflateEnd(&stream);
        }
        const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size());
        const std::string common = bytesOf(0, 2) + bytesOf(deflated ? 8 : 0, 2) + bytesOf(0, 4)
            + bytesOf(crc, 4) + bytesOf(packed.size(), 4) + bytesOf(data.size(), 4)
            + bytesOf(name.size() + 4, 2) + bytesOf(0, 2);
        list += "PK\x01\x02" + bytesOf(20, 2) + bytesOf(20, 2) + common + bytesOf(0, 2)
            + bytesOf(0, 2) + bytesOf(0, 2) + bytesOf(0, 4) + bytesOf(text.size(), 4) + name
            + ".npy";
        text += "PK\x03\x04" + bytesOf(20, 2) + common + name + ".npy" + packed;
    }
    return text + list + "PK\x05\x06" + bytesOf(0, 4) + bytesOf(arrays.size(), 2)
        + bytesOf(arrays.size(), 2) + bytesOf(list.size(), 4) + bytesOf(text.size(), 4)
        + bytesOf(0, 2);
}

std::string errorOf(
    const std::string& bytes, const std::string& file, const std::string& array = {})
{
    try {
        readArray(bytes, file, array);
    } catch (const InputError& error) {
        return error.what();
    }
    return "read";
}

void compare(const Matrix& m, int rows, int cols, const std::vector<double>& values)
{
    QCOMPARE(m.rows, rows);
    QCOMPARE(m.cols, cols);
    QVERIFY(m.values == values);
}

const std::string kTwoByThree = npy("<f8", "(2, 3)", doubles({1, 2, 3, 4, 5, 1e-300}));

} // namespace

class ArrayFileTest : public QObject {
    Q_OBJECT
private slots:
    void numbersOfEveryKindAreRead();
    void axesAreRowsAndWhatFollows();
    void archivesHoldArraysByName();
    void textInRowsIsRead();
    void errorsSayFileWhatAndWhere();
    void damagedFilesNeverCrash();
    void presetsTakeDataAndWeightsFromFiles();
    void patternsWithClassesReportAccuracy();
};

void ArrayFileTest::numbersOfEveryKindAreRead()
{
    compare(readArray(kTwoByThree, "x.npy", {}), 2, 3, {1, 2, 3, 4, 5, 1e-300});
    compare(readArray(npy(">f8", "(1, 2)", doubles({-1.5, 2}, true), false, 2), "x.NPY", {}), 1, 2,
        {-1.5, 2});
    const auto half = std::bit_cast<std::uint32_t>(0.5f);
    compare(readArray(npy("<f4", "(1,)", bytesOf(half, 4)), "x.npy", {}), 1, 1, {0.5});
    compare(readArray(npy(">f4", "(1,)", bytesOf(half, 4, true)), "x.npy", {}), 1, 1, {0.5});
    for (const std::size_t size : {1u, 2u, 4u, 8u}) {
        for (const bool big : {false, true}) {
            const std::string data = bytesOf(~std::uint64_t{2}, size, big) + bytesOf(7, size, big);
            const std::string order = big ? ">" : size == 1 ? "|" : "<";
            compare(readArray(npy(order + "i" + std::to_string(size), "(2,)", data), "x.npy", {}),
                2, 1, {-3, 7});
            compare(readArray(npy(order + "u" + std::to_string(size), "(2,)", data), "x.npy", {}),
                2, 1,
                {static_cast<double>(~std::uint64_t{2} << (64 - 8 * size) >> (64 - 8 * size)), 7});
        }
    }
    compare(readArray(npy("|b1", "(1, 2)", bytesOf(1, 2)), "x.npy", {}), 1, 2, {1, 0});
}

void ArrayFileTest::axesAreRowsAndWhatFollows()
{
    compare(readArray(npy("<f8", "(2, 3)", doubles({1, 4, 2, 5, 3, 6}), true), "x.npy", {}), 2, 3,
        {1, 2, 3, 4, 5, 6});
    compare(readArray(npy("<f8", "(2, 2, 2)", doubles({1, 2, 3, 4, 5, 6, 7, 8})), "x.npy", {}), 2,
        4, {1, 2, 3, 4, 5, 6, 7, 8});
    compare(
        readArray(npy("<f8", "(2, 2, 2)", doubles({1, 5, 3, 7, 2, 6, 4, 8}), true), "x.npy", {}), 2,
        4, {1, 2, 3, 4, 5, 6, 7, 8});
}

void ArrayFileTest::archivesHoldArraysByName()
{
    const std::string other = npy("<f8", "(1,)", doubles({9}));
    for (const bool deflated : {false, true}) {
        const std::string two = npz({{"a", kTwoByThree}, {"b", other}}, deflated);
        compare(readArray(two, "x.npz", "b"), 1, 1, {9});
        compare(readArray(two, "x.npz", "a"), 2, 3, {1, 2, 3, 4, 5, 1e-300});
        compare(readArray(npz({{"a", other}}, deflated), "x.npz", {}), 1, 1, {9});
        const std::string error = errorOf(two, "x.npz", "c");
        QVERIFY2(error.starts_with("x.npz: there is no array \"c\" in the archive")
                && error.find("a, b") != std::string::npos,
            error.c_str());
        QVERIFY(errorOf(two, "x.npz").find("names none") != std::string::npos);
    }
}

void ArrayFileTest::textInRowsIsRead()
{
    compare(readArray("# made by hand\nx,y\n1, +2\r\n\n-3e-1,0.5", "x.csv", {}), 2, 2,
        {1, 2, -0.3, 0.5});
    compare(readArray("1;2\n3;4\n", "x.csv", {}), 2, 2, {1, 2, 3, 4});
    compare(readArray("\xEF\xBB\xBF\x31\t2\n", "x.csv", {}), 1, 2, {1, 2});
    QVERIFY(errorOf("1,2\n3,x\n", "x.csv").starts_with("x.csv:2:3: \"x\" is not a number"));
    QVERIFY(errorOf("1,2\n3\n", "x.csv").starts_with("x.csv:2:1: the line has 1 numbers"));
    QVERIFY(errorOf("1,\n", "x.csv").starts_with("x.csv:1:3: a number is missing"));
    QVERIFY(errorOf("a,b\n", "x.csv").starts_with("x.csv: there is no number"));
}

void ArrayFileTest::errorsSayFileWhatAndWhere()
{
    const auto says = [](const std::string& bytes, const char* words) {
        const std::string error = errorOf(bytes, "x.npy");
        QVERIFY2(
            error.starts_with("x.npy: ") && error.find(words) != std::string::npos, error.c_str());
    };
    says("", "not a .npy file");
    says(npy("|O", "(1,)", "\x80\x04N."), "pickle");
    says(npy("<c16", "(1,)", doubles({1, 2})), "type \"<c16\", in the header");
    says(npy("<f8", "(2, 3)", doubles({1, 2})), "ends before the last number");
    says(npy("<f8", "(1,)", doubles({1, 2})), "8 bytes follow");
    says(npy("<f8", "()", doubles({1})), "single number");
    says(npy("<f8", "(0, 3)", ""), "empty");
    says(npy("<f8", "(1099511627776, 1099511627776)", ""), "ends before");
    says(kTwoByThree.substr(0, 30), "within its header");
    QVERIFY(errorOf(kTwoByThree, "x.dat").find(".npy, .npz or .csv") != std::string::npos);
    QVERIFY(errorOf(kTwoByThree, "x.npy", "a").find("only .npz") != std::string::npos);
}

void ArrayFileTest::damagedFilesNeverCrash()
{
    const std::pair<std::string, std::string> files[] = {{"x.npy", kTwoByThree},
        {"x.npz", npz({{"a", kTwoByThree}}, false)}, {"x.npz", npz({{"a", kTwoByThree}}, true)},
        {"x.csv", "x,y\n1,2\n3,4e5\n"}};
    std::mt19937 random(7);
    for (const auto& [name, whole] : files) {
        for (int i = 0; i < 20000; ++i) {
            std::string bytes = whole;
            for (std::uint32_t k = random() % 4 + 1; k-- > 0;)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            if (random() % 4 == 0)
                bytes.resize(random() % bytes.size());
            const std::string outcome = errorOf(bytes, name);
            QVERIFY2(outcome == "read" || outcome.starts_with(name), outcome.c_str());
        }
    }
}

void ArrayFileTest::presetsTakeDataAndWeightsFromFiles()
{
    QTemporaryDir folder;
    const auto path = [&](const char* name) {
        return folder.filePath(QString::fromLatin1(name)).toStdString();
    };
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(path(name), std::ios::binary) << text;
    };
    write("in.npy", npy("<f8", "(2, 1)", doubles({0.5, 1})));
    write("data.npz", npz({{"t", npy("<f8", "(2, 2)", doubles({1, 0, NAN, NAN}))}}, true));
    write("w.csv", "0.25\n-0.5\n");
    write("p.json", R"({"apical": 1, "model": "microcircuit", "network": {"layers": [1, 2]},
        "weights": {"up": [{"file": "w.csv"}], "down": [], "ip": [], "pi": []},
        "stimulus": {"kind": "patterns", "inputs": {"file": "in.npy"},
            "targets": {"file": "data.npz", "array": "t"}, "test_inputs": [[0.1]],
            "test_targets": [[0, 2]]}})");
    const Experiment e = loadPreset(path("p.json"));
    QVERIFY(e.stimulus.inputs == (InputList{{0.5}, {1.0}}));
    QVERIFY(e.stimulus.targets == (TargetList{std::vector<double>{1, 0}, std::nullopt}));
    QVERIFY(e.stimulus.testInputs == (InputList{{0.1}}));
    QVERIFY(e.weights.given[0].matrix.values == (std::vector<double>{0.25, -0.5}));
    const auto stimulus = makeStimulus(e);
    QCOMPARE(stimulus->samples(Block::Train), 2);
    QCOMPARE(stimulus->samples(Block::Test), 1);
    QCOMPARE(stimulus->sample({.block = Block::Test, .size = 1}), 2);
    // What is written reads back from anywhere, as long as the data are the same.
    Experiment again = readPreset(writePreset(e), "elsewhere/experiment.json");
    again.name = e.name;
    QVERIFY(again == e);
    const auto errorHere = [&](const std::string& text) -> std::string {
        try {
            readPreset(text, path("p.json"));
        } catch (const InputError& error) {
            return error.what();
        }
        return "read";
    };
    const std::string text = writePreset(e);
    write("in.npy", npy("<f8", "(2, 1)", doubles({0.5, 3e7})));
    QVERIFY(errorHere(text).find("has changed") != std::string::npos);
    std::ifstream stream(path("p.json"));
    const std::string original{std::istreambuf_iterator<char>(stream), {}};
    QVERIFY2(errorHere(original).find("in.npy: 3e+07 is outside its range, in row 2, column 1")
                != std::string::npos
            || errorHere(original).find("in row 2, column 1") != std::string::npos,
        errorHere(original).c_str());
    write("in.npy", npy("<f8", "(1, 2)", doubles({0.5, 3})));
    QVERIFY(errorHere(original).find("in.npy: the rows have 2 numbers") != std::string::npos);
}

void ArrayFileTest::patternsWithClassesReportAccuracy()
{
    Experiment e = newExperiment();
    e.layers = {1, 2};
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{0.5}, {1.0}};
    e.stimulus.targets = {std::vector<double>{1, 0}, std::vector<double>{0.1, 0.2}};
    QCOMPARE(TaskScore(Simulation(e)).classes(), 2);
    e.stimulus.targets = {std::vector<double>{1, 0}, std::nullopt};
    QCOMPARE(TaskScore(Simulation(e)).classes(), 2);
    e.stimulus.targets = {std::vector<double>{1, 0}, std::vector<double>{0.2, 0.2}};
    QVERIFY(!TaskScore(Simulation(e)).hasAccuracy());
    e.stimulus.targets = {};
    QVERIFY(!TaskScore(Simulation(e)).hasAccuracy());
    e.stimulus.targets = {std::vector<double>{1, 0}, std::vector<double>{0, 1}};
    e.stimulus.testInputs = {{0.7}};
    e.stimulus.testTargets = {std::vector<double>{0.3, 0.3}};
    QVERIFY(!TaskScore(Simulation(e)).hasAccuracy());
}

QTEST_APPLESS_MAIN(ArrayFileTest)
#include "tst_array_file.moc"
