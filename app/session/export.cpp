#include "app/session/export.h"

#include "sim/base/error.h"
#include "sim/json/file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QImageWriter>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace apical {
namespace {

constexpr double kImageScale = 2;
constexpr int kDotsPerInch = 96;

[[noreturn]] void fail(const QString& path, const QString& problem, const QString& allowed = {})
{
    throw InputError({.problem = problem.toStdString(),
        .allowed = allowed.toStdString(),
        .file = path.toStdString()});
}

void paintOnPaper(View& view, QPainter& painter, const QRectF& area)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(area, view.palette().color(QPalette::Base));
    view.paint(painter, area);
}

// Everything is made in memory and written in one go: a full disk leaves no half of a picture, and
// the file that was there stays.
void write(const QString& path, const QByteArray& bytes)
{
    writeFileAtomically(
        path.toStdString(), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

QByteArray svgOf(View& view, const Provenance& from)
{
    QBuffer bytes;
    QSvgGenerator svg;
    svg.setOutputDevice(&bytes);
    svg.setSize(view.size());
    svg.setViewBox(QRect(QPoint(0, 0), view.size()));
    svg.setResolution(kDotsPerInch);
    svg.setTitle(from.title);
    svg.setDescription(from.description.toHtmlEscaped());
    QPainter painter(&svg);
    paintOnPaper(view, painter, QRectF(QPointF(), QSizeF(view.size())));
    painter.end();
    return bytes.data();
}

QByteArray pdfOf(View& view, const Provenance& from)
{
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&bytes);
    pdf.setTitle(from.title + QStringLiteral(" | ") + from.description);
    pdf.setCreator(QStringLiteral("Apical ") + QCoreApplication::applicationVersion());
    pdf.setResolution(kDotsPerInch);
    pdf.setPageMargins({});
    const QSizeF points = QSizeF(view.size()) * 72.0 / kDotsPerInch;
    pdf.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
    QPainter painter(&pdf);
    paintOnPaper(view, painter, QRectF(QPointF(), QSizeF(view.size())));
    painter.end();
    return bytes.data();
}

QByteArray csvOf(View& view, const QString& path, const Provenance& from)
{
    const QString numbers = view.csv();
    if (numbers.isEmpty())
        fail(path, QStringLiteral("this view has no numbers to save"),
            QStringLiteral("png, svg, pdf"));
    QString head = QStringLiteral("# ") + from.title + u'\n';
    for (const QString& part : from.description.split(QStringLiteral("; ")))
        head += QStringLiteral("# ") + part + u'\n';
    return (head + numbers).toUtf8();
}

} // namespace

void exportImage(QImage image, const QString& path, const Provenance& from)
{
    image.setText(QStringLiteral("Title"), from.title);
    image.setText(QStringLiteral("Description"), from.description);
    image.setText(QStringLiteral("Software"),
        QStringLiteral("Apical ") + QCoreApplication::applicationVersion());
    QBuffer bytes;
    QImageWriter writer(&bytes, QByteArrayLiteral("png"));
    if (!writer.write(image))
        fail(path, QStringLiteral("cannot be drawn: ") + writer.errorString());
    write(path, bytes.data());
}

void exportView(View& view, const QString& path, const Provenance& from)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("svg"))
        return write(path, svgOf(view, from));
    if (suffix == QLatin1String("pdf"))
        return write(path, pdfOf(view, from));
    if (suffix == QLatin1String("csv"))
        return write(path, csvOf(view, path, from));
    if (suffix != QLatin1String("png"))
        fail(path, QStringLiteral("unknown kind of file \"%1\"").arg(suffix),
            QStringLiteral("png, svg, pdf, csv"));
    QImage image((QSizeF(view.size()) * kImageScale).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(kImageScale);
    QPainter painter(&image);
    paintOnPaper(view, painter, QRectF(QPointF(), QSizeF(view.size())));
    painter.end();
    exportImage(image, path, from);
}

QString exportFilters(bool numbers)
{
    QString filters = QCoreApplication::translate(
        "Export", "PNG picture (*.png);;SVG drawing (*.svg);;PDF (*.pdf)");
    if (numbers)
        filters += QCoreApplication::translate("Export", ";;CSV numbers (*.csv)");
    return filters;
}

} // namespace apical
