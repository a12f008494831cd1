#include "app/program/screenshot.h"

#include "app/window/main_window.h"
#include "sim/base/error.h"

#include <QCoreApplication>
#include <QImage>
#include <QTimer>

#include <cmath>
#include <cstdio>

namespace apical {

void screenshotAndQuit(MainWindow& window, const QString& path, double seconds)
{
    QTimer::singleShot(static_cast<int>(std::lround(seconds * 1000)), &window, [&window, path] {
        int code = 0;
        try {
            window.session().tick();
            exportImage(window.grab().toImage(), path,
                {window.windowTitle(), window.session().scene().parametersText});
        } catch (const InputError& error) {
            std::fprintf(stderr, "apical: %s\n", error.what());
            code = 2;
        }
        QCoreApplication::exit(code);
    });
}

} // namespace apical
