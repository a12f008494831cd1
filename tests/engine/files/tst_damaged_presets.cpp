// 20,000 presets damaged with a fixed seed: each reads and writes back equal, or throws InputError.
// Nothing else happens.
#include "sim/base/error.h"
#include "sim/files/embedded_presets.h"
#include "sim/files/preset.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <random>

using namespace apical;

namespace {

constexpr int kPresets = 20000;

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n)
{
    return n == 0 ? 0 : static_cast<std::size_t>(random() % n);
}

const char* const kWords[] = {"NaN", "-Infinity", "null", "true", "{}", "[]", "\"\"", "-1", "0",
    "1e999", "1e-999", "-0", "18446744073709551616", "99999999999999999999999", "0.5", "\"none\"",
    "\"max\"", "[[]]", "\xFF\xFE", "\\u0000", "\"\\ud800\"", ",", ":", "}", "]", "\"weights\"",
    "\"file\": \"/dev/zero\"", "\"file\": \".\"", "\"mimic\"", "\"bars\"", "\"steps\"",
    "\"patterns\"", "self-predicting", "1000000", "0.001"};

bool isDelimiter(char c)
{
    return std::string_view("{}[],: \n").find(c) != std::string_view::npos;
}

/// A token: a run of characters between delimiters.
std::pair<std::size_t, std::size_t> token(const std::string& text, Random& random)
{
    std::size_t from = below(random, text.size());
    while (from > 0 && !isDelimiter(text[from - 1]))
        --from;
    std::size_t to = from;
    while (to < text.size() && !isDelimiter(text[to]))
        ++to;
    return {from, to - from};
}

void damage(std::string& text, Random& random)
{
    const std::size_t at = below(random, text.size());
    switch (below(random, 9)) {
    case 0: // one bit
        if (!text.empty())
            text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
        break;
    case 1:
        text.resize(at);
        break;
    case 2: { // another word
        const auto [from, length] = token(text, random);
        text.replace(from, length, kWords[below(random, std::size(kWords))]);
        break;
    }
    case 3: { // two words exchanged
        const auto [a, aLength] = token(text, random);
        const auto [b, bLength] = token(text, random);
        const std::string word = text.substr(b, bLength);
        text.replace(a, aLength, word);
        break;
    }
    case 4: { // a number blown up
        const auto digit = text.find_first_of("0123456789", at);
        if (digit != text.npos)
            text.insert(digit,
                std::string(1 + below(random, 30), static_cast<char>('0' + below(random, 10))));
        break;
    }
    case 5: // a chunk twice
        text.insert(below(random, text.size()), text.substr(at, below(random, 200)));
        break;
    case 6: // a chunk gone
        text.erase(at, below(random, 60));
        break;
    case 7: { // nested deeply
        const std::size_t depth = below(random, 200);
        const bool closed = below(random, 2) == 0;
        const auto [from, length] = token(text, random);
        text.replace(
            from, length, std::string(depth, '[') + '1' + std::string(closed ? depth : 0, ']'));
        break;
    }
    default:
        text.insert(at, kWords[below(random, std::size(kWords))]);
    }
}

std::vector<std::string> soundPresets()
{
    std::vector<std::string> texts;
    for (const EmbeddedFile& file : embeddedFiles()) {
        if (file.name.ends_with(".json"))
            texts.emplace_back(file.text);
    }
    texts.push_back(writePreset(golden::experiment("G1e_le_2-3-2_target_bias")));
    texts.push_back(writePreset(loadPreset("self-predicting",
        {"stimulus.kind=steps", "stimulus.inputs=[[1,2,3,4,5,6,7,8]]", "stimulus.times=[5]",
            "lanes=[{\"name\": \"a\", \"parameters\": {\"eta.pi\": 1}}]",
            "record=[\"layer1.pyr.apical\"]"})));
    return texts;
}

} // namespace

class DamagedPresets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDamagedPresetReadsAndWritesBackEqualOrIsAnInputError()
    {
        const auto texts = soundPresets();
        Random random(20260101);
        int read = 0;
        int placed = 0;
        for (int i = 0; i < kPresets; ++i) {
            std::string text = texts[below(random, texts.size())];
            for (std::size_t times = 1 + below(random, 3); times > 0; --times)
                damage(text, random);
            try {
                const Experiment e = readPreset(text, "damaged.json");
                ++read;
                if (!(readPreset(writePreset(e), "damaged.json") == e))
                    QFAIL(("does not read back equal:\n" + text).c_str());
            } catch (const InputError& error) {
                const auto& fields = error.fields();
                placed += fields.line > 0 && fields.column > 0 ? 1 : 0;
                if (fields.problem.empty() || fields.file.empty())
                    QFAIL(("an error that says nothing:\n" + text).c_str());
            } catch (const std::exception& error) {
                QFAIL((std::string(error.what()) + ":\n" + text).c_str());
            }
        }
        // Both happen, and nearly every error knows its place; else the damage would test nothing.
        QVERIFY2(read > kPresets / 50, std::to_string(read).c_str());
        QVERIFY2(placed > (kPresets - read) * 99 / 100, std::to_string(placed).c_str());
        qInfo("%d read, %d refused with a place", read, placed);
    }
};

QTEST_APPLESS_MAIN(DamagedPresets)
#include "tst_damaged_presets.moc"
