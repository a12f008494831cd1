#include "app/cli/program.h"

#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/base/version.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/files/fetch.h"
#include "sim/model/kernels.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <vector>

namespace apical {
namespace {

/// CLI11 reads "-5" as a huge unsigned number.
CLI::Validator wholeNumber()
{
    return CLI::Validator(
        [](std::string& text) {
            std::uint64_t value = 0;
            const char* end = text.data() + text.size();
            const auto result = std::from_chars(text.data(), end, value);
            return result.ec == std::errc() && result.ptr == end
                ? std::string()
                : text + " is not a whole number from 0 to 2^64 - 1";
        },
        "");
}

/// An unset variable of a shell would lose the files of a long run.
CLI::Validator nameOfSomething()
{
    return CLI::Validator(
        [](std::string& text) { return std::string(text.empty() ? "the name is empty" : ""); }, "");
}

/// The command line of every subcommand; parsing fills the options and chooses what to call.
class CommandLine {
public:
    CommandLine()
    {
        m_app.name("apical-cli");
        m_app.allow_extras();
        m_app.require_subcommand(0, 1);
        m_app.set_help_flag("-h,--help", "Print this help and exit");
        m_app.add_flag("--version", m_version, "Print version, compiler and instruction set");
        addList();
        addShow();
        addParams();
        addCheck();
        addRun();
        addSweep();
        addData();
        addBench();
    }

    int call(int argc, char** argv)
    {
        for (int i = 0; i < argc; ++i)
            m_run.commandLine += (i ? " " : "") + std::string(argv[i]);
        try {
            m_app.parse(argc, argv);
        } catch (const CLI::Success& success) { // --help
            m_app.exit(success);
            return kDone;
        } catch (const CLI::RequiredError& error) {
            throwUnknownWord(); // a misspelt option explains a missing argument better
            throw InputError({.problem = error.what() + usage()});
        } catch (const CLI::ParseError& error) {
            throw InputError({.problem = error.what() + usage()});
        }
        throwUnknownWord();
        if (!m_data.empty()) { // first, so that --set can say more about it
            const std::string data = "stimulus.data=" + std::filesystem::absolute(m_data).string();
            for (std::vector<std::string>* set : m_sets)
                set->insert(set->begin(), data);
        }
        if (m_version) {
            print("apical-cli " + std::string(programVersion()) + '\n' + std::string(compilerText())
                + "\ninstruction set " + simdTarget() + '\n');
            return kDone;
        }
        if (!m_call)
            throw InputError({.problem = "no command given", .allowed = commandNames()});
        return m_call();
    }

private:
    CLI::App* add(const std::string& name, const std::string& help, std::function<int()> call)
    {
        CLI::App* command = m_app.add_subcommand(name, help);
        command->allow_extras();
        command->callback([this, call = std::move(call)] { m_call = call; });
        return command;
    }

    void addOverrides(CLI::App& command, std::vector<std::string>& set)
    {
        m_sets.push_back(&set);
        command
            .add_option("--data", m_data,
                "Folder of a data set in MNIST's format, for a stimulus of pictures")
            ->check(nameOfSomething())
            ->type_name("DIR");
        command.add_option("--set", set, "KEY=VALUE: a parameter key or any path of the preset")
            ->type_name("KEY=VALUE")
            ->expected(1)
            ->take_all();
    }

    void addList()
    {
        CLI::App* command =
            add("list", "List the embedded presets", [this] { return listPresets(m_list); });
        command->add_flag("--json", m_list.json, "One JSON array");
    }

    void addShow()
    {
        CLI::App* command = add("show", "Print a whole experiment as JSON, defaults filled in",
            [this] { return showPreset(m_show); });
        command->add_option("PRESET", m_show.preset, "Embedded name, path, or - for standard input")
            ->required();
        addOverrides(*command, m_show.set);
    }

    void addParams()
    {
        CLI::App* command =
            add("params", "List every parameter: key, symbol, unit, default, range, help, source",
                [this] { return listParameters(m_params); });
        command->add_option("MODEL", m_params.model, "Only what this model has");
        auto* json = command->add_flag("--json", m_params.json, "One JSON array");
        command->add_flag("--markdown", m_params.markdown, "A reference in Markdown")
            ->excludes(json);
    }

    void addCheck()
    {
        CLI::App* command =
            add("check", "Validate a preset", [this] { return checkPreset(m_check); });
        command->add_option("FILE", m_check.file, "Path of a preset, or - for standard input")
            ->required();
    }

    void addRun()
    {
        CLI::App* command =
            add("run", "Run a preset without a window", [this] { return runPreset(m_run); });
        command->add_option("PRESET", m_run.preset, "Embedded name, path, or - for standard input")
            ->required();
        addOverrides(*command, m_run.set);
        command->add_option("--seed", m_run.seed, "Seed instead of the preset's")
            ->check(wholeNumber())
            ->type_name("N");
        addLength(*command, m_run.length, " (default 40000)");
        command
            ->add_option(
                "--record", m_run.record, "Probes for traces.csv, comma-separated, or \"all\"")
            ->type_name("PROBES");
        command
            ->add_option("--every", m_run.every, "A row of traces and metrics for each K-th step")
            ->check(wholeNumber())
            ->type_name("K");
        command
            ->add_option("--checkpoint", m_run.checkpoint,
                "Every K epochs the whole state goes into DIR/checkpoint.apical; \"run\" that file "
                "to go on")
            ->check(wholeNumber())
            ->type_name("K");
        command
            ->add_option("--patience", m_run.patience,
                "Stop once K epochs brought no better test (or validation) score")
            ->check(wholeNumber())
            ->type_name("K");
        command->add_option("--out", m_run.out, "Directory for the files of the run")
            ->check(nameOfSomething())
            ->type_name("DIR");
        command->add_flag("--json", m_run.json, "One JSON object on standard output");
        command->add_flag("--quiet", m_run.quiet, "No table, no progress bar");
        command->add_flag(
            "--progress", m_run.progress, "Show progress even where standard error is no terminal");
        command
            ->add_option(
                "--threads", m_run.threads, "Threads for the lanes; the results are the same")
            ->type_name("N");
    }

    static void addLength(CLI::App& command, RunLength& length, const std::string& timeDefault)
    {
        command.add_option("--steps", length.steps, "Length in steps")
            ->check(wholeNumber())
            ->type_name("N");
        command.add_option("--time", length.timeMs, "Length in simulated ms" + timeDefault)
            ->type_name("MS");
        command.add_option("--samples", length.samples, "Length in presentations")
            ->check(wholeNumber())
            ->type_name("N");
        command.add_option("--epochs", length.epochs, "Length in passes through the stimulus' set")
            ->check(wholeNumber())
            ->type_name("N");
    }

    void addSweep()
    {
        CLI::App* command = add("sweep", "Run a preset for every combination of some values",
            [this] { return sweepPreset(m_sweep); });
        const auto text = [command](const char* name, std::string& value, const char* help,
                              const char* type) {
            command->add_option(name, value, help)->check(nameOfSomething())->type_name(type);
        };
        command->add_option(
            "PRESET", m_sweep.preset, "Embedded name, path, or - for standard input");
        text("--study", m_sweep.study, "A study by name, or its file, instead of PRESET",
            "NAME|FILE");
        command
            ->add_option("--vary", m_sweep.vary,
                "KEY=A,B,C: every combination is run; KEY1,KEY2=A1:A2,B1:B2 change together")
            ->type_name("KEY=A,B,C")
            ->expected(1)
            ->take_all();
        addOverrides(*command, m_sweep.set);
        addLength(*command, m_sweep.length, "");
        command->add_option("--seed", m_sweep.seed, "First seed instead of the preset's")
            ->check(wholeNumber())
            ->type_name("N");
        command
            ->add_option("--seeds", m_sweep.seeds,
                "Runs per combination, with seeds one apart; or the seeds: 3,17,42")
            ->type_name("N|A,B,C");
        command->add_option("--jobs", m_sweep.jobs, "Threads (default: cores)")->type_name("N");
        text("--out", m_sweep.out, "The results; the same command again goes on where it stopped",
            "FILE.csv");
        text("--shard", m_sweep.shard, "Only every n-th point, from the i-th on", "i/n");
        text("--slurm", m_sweep.slurm, "Write a job array for Slurm instead of running", "DIR");
        command
            ->add_option("--tasks", m_sweep.tasks, "Tasks of the job array (default: at most 100)")
            ->check(wholeNumber())
            ->type_name("N");
        text("--merge", m_sweep.merge, "Collect the results of a job array", "DIR");
        command->add_flag("--json", m_sweep.json, "One JSON object on standard output");
        command->add_flag("--quiet", m_sweep.quiet, "No table, no progress bar");
        command->add_flag("--progress", m_sweep.progress,
            "Show progress even where standard error is no terminal");
    }

    void addData()
    {
        CLI::App* command =
            add("data", "fetch: get MNIST, verified; list: where data sets are looked for",
                [this] { return dataCommand(m_dataOptions); });
        command->add_option("WHAT", m_dataOptions.what, "fetch or list")->required();
        command->add_option("--to", m_dataOptions.to, "Folder (default: the user's data folder)")
            ->check(nameOfSomething())
            ->type_name("DIR");
        command
            ->add_option("--mirror", m_dataOptions.mirror,
                "Where the four files are, instead of the known places")
            ->check(nameOfSomething())
            ->type_name("URL");
        command->add_flag("--quiet", m_dataOptions.quiet, "No progress");
    }

    void addBench()
    {
        CLI::App* command = add(
            "bench", "Measure the engine's own cases", [this] { return runBenchmarks(m_bench); });
        command->add_option("NAME", m_bench.names, "Cases to measure (default: all)");
        command->add_flag("--json", m_bench.json, "One JSON object");
    }

    CLI::App* chosen() const
    {
        const auto commands = m_app.get_subcommands();
        return commands.empty() ? nullptr : commands.front();
    }

    std::string usage() const
    {
        const CLI::App* command = chosen();
        return " (see apical-cli " + (command ? command->get_name() + ' ' : "") + "--help)";
    }

    std::string commandNames() const
    {
        std::string names;
        for (const CLI::App* command : m_app.get_subcommands(nullptr))
            names += (names.empty() ? "" : ", ") + command->get_name();
        return names;
    }

    void throwUnknownWord() const
    {
        const CLI::App* command = chosen();
        std::vector<std::string> rest = m_app.remaining(false);
        if (command && rest.empty())
            rest = command->remaining(false);
        if (rest.empty())
            return;
        const std::string word = rest.front().substr(0, rest.front().find('='));
        std::vector<std::string> names;
        const bool option = word.starts_with('-');
        if (option) {
            const CLI::App& owner = command ? *command : m_app;
            for (const CLI::Option* candidate : owner.get_options()) {
                for (const std::string& name : candidate->get_lnames())
                    names.push_back("--" + name);
            }
        } else if (!command) {
            for (const CLI::App* candidate : m_app.get_subcommands(nullptr))
                names.push_back(candidate->get_name());
        }
        const std::vector<std::string_view> candidates(names.begin(), names.end());
        const std::string kind = option ? "option" : command ? "argument" : "command";
        throw InputError(
            {.problem = "unknown " + kind + " \"" + word + '"' + (command ? usage() : ""),
                .allowed = command ? "" : commandNames(),
                .nearest = nearest(word, candidates)});
    }

    CLI::App m_app{"Runs cortical microcircuits without a window."};
    std::function<int()> m_call;
    bool m_version = false;
    std::string m_data;
    std::vector<std::vector<std::string>*> m_sets; ///< of all commands
    ListOptions m_list;
    ShowOptions m_show;
    ParamsOptions m_params;
    CheckOptions m_check;
    RunOptions m_run;
    SweepOptions m_sweep;
    BenchOptions m_bench;
    DataOptions m_dataOptions;
};

void complain(const char* what)
{
    std::fprintf(stderr, "%s\n", what);
}

} // namespace

int runHeadlessProgram(int argc, char** argv)
{
    occupyStandardStreams();
    int code = kFailed;
    try {
        code = CommandLine().call(argc, argv);
    } catch (const InputError& error) {
        complain(error.what());
        return kBadInput;
    } catch (const FetchError& error) {
        complain(error.what());
        return kFailed;
    } catch (const OutputError& error) {
        complain(error.what());
        return kFailed;
    } catch (const std::bad_alloc&) {
        complain("there is not enough memory for this network and its files");
        return kFailed;
    } catch (const std::exception& error) {
        complain((std::string("apical-cli failed: ") + error.what()).c_str());
        return kFailed;
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
        complain("cannot write to standard output");
        return kFailed;
    }
    return code;
}

} // namespace apical
