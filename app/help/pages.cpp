#include "app/help/pages.h"

#include "sim/experiment/parameters.h"
#include "widgets/look/number_text.h"
#include "widgets/view/parameter_text.h"

#include <QFile>
#include <QStringList>
#include <QtGlobal>

namespace apical {
namespace {

QString escaped(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toHtmlEscaped();
}

} // namespace

QString helpMarkdown(const QString& name)
{
    QFile file(QStringLiteral(":/help/%1.md").arg(name));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString shortcutSheetHtml(const std::vector<ShortcutHelp>& rows)
{
    QString html = QStringLiteral(
        "<h2>Keyboard shortcuts</h2><p>Single letters rest while a text field has the focus.</p>"
        "<table cellspacing=\"0\" cellpadding=\"3\">");
    for (const ShortcutHelp& row : rows) {
        QStringList keys;
        for (const QKeySequence& key : row.keys) {
            if (!key.isEmpty())
                keys << key.toString(QKeySequence::NativeText).toHtmlEscaped();
        }
        if (keys.isEmpty())
            continue;
        QString text = row.text;
        text.remove(u'&');
        html += QStringLiteral(
            "<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2&nbsp;&nbsp;</td><td>%3</td></tr>")
                    .arg(keys.join(QStringLiteral(", ")), text.toHtmlEscaped(),
                        row.help.toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

QString parameterReferenceHtml(const ParameterTable& table)
{
    QString html =
        QStringLiteral("<h2>Parameters</h2><p>The same table makes the panel, the presets, "
                       "<code>--set</code> and this page. C = 1, so conductances are rates in "
                       "ms\u207b\u00b9.</p>");
    std::string_view group;
    for (const ParameterRow& row : table) {
        if (row.group != group) {
            group = row.group;
            html += QStringLiteral("<h3>%1</h3>").arg(escaped(group));
        }
        const QString allowed = QString::fromStdString(allowedText(row)).toHtmlEscaped();
        html += QStringLiteral("<p><a name=\"%1\"></a><b>%1</b> &nbsp;<i>%2</i> "
                               "&nbsp;%3<br>%4<br>Default %5; allowed %6; %7. "
                               "Source: %8</p>")
                    .arg(keyText(row), symbolHtml(row), escaped(row.name), escaped(row.help),
                        valueText(row, row.defaultValue).toHtmlEscaped(), allowed,
                        row.live ? QStringLiteral("applies at the next step")
                                 : QStringLiteral("applies at the next reset"),
                        escaped(row.source));
    }
    return html;
}

QString aboutHtml(const AboutFacts& facts)
{
    return QStringLiteral(
        "<h2>Apical %1</h2><p>Watch cortical microcircuits learn.</p>"
        "<p>Kernels: %2<br>Drawing: %3<br>Qt %4</p>"
        "<h3>Licence</h3><p>Apical is free software under the GNU General Public License, version "
        "3 or later, and comes "
        "without any warranty.</p>"
        "<h3>Notice</h3><p>The authors of Latent Equilibrium declare that their published code "
        "contains procedures that "
        "are registered for patent protection. Apical is an independent implementation for "
        "teaching and research; "
        "ask them before any commercial use of these procedures.</p>"
        "<h3>Built with</h3><p>Qt (LGPL 3), Eigen (MPL 2), Highway (Apache 2), "
        "Random123 (BSD 3-clause), "
        "readerwriterqueue (BSD 2-clause), nlohmann-json (MIT), CLI11 (BSD 3-clause), zlib (zlib "
        "licence), the Inter "
        "typeface (SIL Open Font License).</p>"
        "<h3>Science</h3><p>Sacramento, Costa, Bengio and Senn 2018: Dendritic cortical "
        "microcircuits approximate the "
        "backpropagation algorithm.<br>Haider, Ellenberger, Kriener, Jordan, Senn and Petrovici "
        "2021: Latent Equilibrium.<br>"
        "Urbanczik and Senn 2014: Learning by the dendritic prediction of somatic spiking.</p>")
        .arg(facts.version.toHtmlEscaped(), facts.instructionSet.toHtmlEscaped(),
            facts.renderer.toHtmlEscaped(), QString::fromLatin1(qVersion()));
}

} // namespace apical
