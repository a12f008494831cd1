#include "app/program/window_program.h"

#include "app/program/exit_signals.h"
#include "app/program/measure.h"
#include "app/program/screenshot.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "sim/model/kernels.h"
#include "widgets/look/rendering.h"
#include "widgets/look/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QRegularExpression>
#include <QScreen>
#include <QSessionManager>
#include <QSurfaceFormat>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace apical {
namespace {

const QString kDefaultPreset = QStringLiteral("self-predicting");

struct CommandLine {
    QString open;
    QString theme, data;
    bool software = false;
    std::optional<QSize> size;
    std::optional<double> pace;
    QString screenshot;
    double after = 2;
    double measure = 0;
};

QString versionText()
{
    return QStringLiteral("apical " APICAL_VERSION "\nQt %1\ninstruction set %2")
        .arg(QLatin1String(qVersion()), QString::fromStdString(std::string(simdTarget())));
}

int complain(const QString& text)
{
    std::fprintf(stderr, "apical: %s\nTry \"apical --help\".\n", qPrintable(text));
    return 2;
}

void describe(QCommandLineParser& parser)
{
    parser.setApplicationDescription(QStringLiteral("Watch cortical microcircuits learn."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("PRESET|SESSION"),
        QStringLiteral("An embedded preset or a file; without it \"self-predicting\"."),
        QStringLiteral("[PRESET|SESSION]"));
    const auto add = [&parser](const char* name, const char* text, const char* value = "") {
        parser.addOption({QLatin1String(name), QLatin1String(text), QLatin1String(value)});
    };
    add("software", "Draw everything with QPainter, without OpenGL.");
    add("dark", "Dark colours.");
    add("light", "Light colours.");
    add("data", "Folder of a data set in MNIST's format, for presets with pictures.", "DIR");
    add("size", "Size of the window, e.g. 1280x800.", "WxH");
    add("pace", "Simulated time per time on the wall, from 0.001, or max.", "X|max");
    add("screenshot", "Save a picture of the window, then quit.", "FILE.png");
    add("after", "Wall time before the screenshot (default 2).", "SECONDS");
    add("measure", "Run as fast as possible, print frame and step rates as JSON, then quit.",
        "SECONDS");
}

/// @return what was wrong, or ""
QString read(const QCommandLineParser& parser, CommandLine& line)
{
    const auto given = [&parser](const char* name) { return parser.isSet(QLatin1String(name)); };
    const auto value = [&parser](const char* name) { return parser.value(QLatin1String(name)); };
    const auto number = [&](const char* name, double low, double& out) -> QString {
        bool good = false;
        const double x = value(name).toDouble(&good);
        if (!good || !std::isfinite(x) || x < low)
            return QStringLiteral("--%1 %2: not a number of at least %3")
                .arg(QLatin1String(name), value(name))
                .arg(low);
        out = x;
        return {};
    };
    if (parser.positionalArguments().size() > 1)
        return QStringLiteral("one preset or session at a time, got %1")
            .arg(parser.positionalArguments().size());
    line.open = parser.positionalArguments().value(0);
    line.software = given("software");
    line.data = given("data") ? QDir(value("data")).absolutePath() : QString();
    if (given("dark") && given("light"))
        return QStringLiteral("--dark and --light exclude each other");
    line.theme = given("dark") ? QStringLiteral("dark")
        : given("light")       ? QStringLiteral("light")
                               : QString();
    if (given("size")) {
        const auto match =
            QRegularExpression(QStringLiteral("^(\\d{3,4})x(\\d{3,4})$")).match(value("size"));
        if (!match.hasMatch())
            return QStringLiteral("--size %1: expected WIDTHxHEIGHT, e.g. 1280x800")
                .arg(value("size"));
        line.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    }
    if (given("pace")) {
        double pace = std::numeric_limits<double>::infinity();
        if (value("pace") != QLatin1String("max")) {
            if (QString wrong = number("pace", 0.001, pace); !wrong.isEmpty())
                return wrong + QStringLiteral(", or max");
        }
        line.pace = pace;
    }
    line.screenshot = value("screenshot");
    if (given("screenshot")
        && !line.screenshot.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return QStringLiteral("--screenshot %1: expected a file name that ends in .png")
            .arg(line.screenshot);
    if (given("after")) {
        if (QString wrong = number("after", 0, line.after); !wrong.isEmpty())
            return wrong;
    }
    return given("measure") ? number("measure", 0.5, line.measure) : QString();
}

/// As large as suits the views, and no larger than the screen with room for frame and title.
QSize startSize()
{
    constexpr QSize wanted(1280, 800), decoration(8, 40);
    const QScreen* screen = QGuiApplication::primaryScreen();
    return screen ? wanted.boundedTo(screen->availableGeometry().size() - decoration) : wanted;
}

int runWindow(QApplication& app, const CommandLine& line)
{
    forceSoftwareRendering(line.software);
    MainWindow::systemIsDark();
    applyTheme(app, Theme::light()); // fonts and style before the first widget is made
    const bool checked = !line.screenshot.isEmpty() || line.measure > 0;
    const WindowOptions options{!checked,
        !line.theme.isEmpty() ? line.theme
            : checked         ? QStringLiteral("light")
                              : QString()};
    MainWindow window(options);
    window.resize(line.size ? *line.size : startSize());
    window.session().setDataFolder(line.data);
    QString problem;
    QObject::connect(&window.session(), &Session::failed, &window,
        [&problem](const QString& text) { problem = text; });
    window.open(line.open.isEmpty() ? kDefaultPreset : line.open);
    if (!problem.isEmpty()) {
        std::fprintf(stderr, "apical: %s\n", qPrintable(problem));
        if (checked)
            return 2;
        const QString first = std::exchange(problem, {});
        if (!window.session().openPreset(kDefaultPreset))
            return 2;
        window.messages().show(MessageBar::Kind::Error, first);
    } else if (!checked && line.open.isEmpty()) {
        window.offerRestore();
    }
    ExitSignals endings;
    QObject::connect(&endings, &ExitSignals::asked, &window, [&window](int signal) {
        window.endFromOutside(signal != SIGINT);
        QCoreApplication::quit(); // also when a dialog is open
    });
    QObject::connect(
        &app, &QGuiApplication::commitDataRequest, &window,
        [&window](QSessionManager&) {
            window.keepForNextStart(); // the desktop ends the program next, if nobody objects
        },
        Qt::DirectConnection);
    if (line.pace)
        window.session().setPace(*line.pace);
    window.show();
    if (line.measure > 0)
        new Measurement(window, line.measure);
    else if (!line.screenshot.isEmpty())
        screenshotAndQuit(window, line.screenshot, line.after);
    return QApplication::exec();
}

/// Without a display Qt ends the program with abort(); that is no way to tell a person.
void explainFatal(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, text)));
    if (type != QtFatalMsg)
        return;
    std::fputs("apical: no window can be opened here; allowed: a display (DISPLAY, "
               "WAYLAND_DISPLAY), xvfb-run apical, or one of the platforms above in "
               "QT_QPA_PLATFORM. apical-cli needs none.\n",
        stderr);
    std::_Exit(1);
}

} // namespace

int runWindowProgram(int argc, char** argv)
{
    QCoreApplication::setOrganizationName(QStringLiteral("Apical"));
    QCoreApplication::setApplicationName(QStringLiteral("Apical"));
    QCoreApplication::setApplicationVersion(QStringLiteral(APICAL_VERSION));
    QCommandLineParser parser;
    describe(parser);
    for (int i = 1; i < argc; ++i) { // these two need no display
        const std::string_view word = argv[i];
        if (word == "--help" || word == "-h") {
            QCoreApplication core(argc, argv);
            std::printf("%s", qPrintable(parser.helpText()));
            return 0;
        }
        if (word == "--version" || word == "-v") {
            std::printf("%s\n", qPrintable(versionText()));
            return 0;
        }
    }
    // OpenGL in software would draw with a thread per core, next to the simulation. The maps are
    // small: the window's own thread draws them sooner than others wake up.
    if (!qEnvironmentVariableIsSet("LP_NUM_THREADS"))
        qputenv("LP_NUM_THREADS", "0");
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    QSurfaceFormat format;
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    QSurfaceFormat::setDefaultFormat(format);
    qInstallMessageHandler(explainFatal);
    QGuiApplication::setDesktopFileName(QStringLiteral("apical")); // Wayland finds the icon by it
    QApplication app(argc, argv);
    qInstallMessageHandler(nullptr);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/apical.svg")));
    if (!parser.parse(QCoreApplication::arguments()))
        return complain(parser.errorText());
    CommandLine line;
    if (QString wrong = read(parser, line); !wrong.isEmpty())
        return complain(wrong);
    try {
        return runWindow(app, line);
    } catch (const std::bad_alloc&) {
        std::fputs("apical: there is not enough memory for this network\n", stderr);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "apical: %s\n", error.what());
    }
    return 1;
}

} // namespace apical
