#include "widgets/look/style.h"

#include "widgets/look/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QHash>
#include <QLineEdit>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>
#include <QVariant>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

const Theme* current = nullptr;

QColor blend(const QColor& a, const QColor& b, double share)
{
    const auto part = [share](int x, int y) {
        return static_cast<int>(std::lround(x + (y - x) * share));
    };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

/// ink3 at 50 % on a panel, as an opaque colour (style sheets and palettes share it).
QColor disabledInk(const Theme& t)
{
    return blend(t.panel, t.ink3, 0.5);
}

QHash<QString, QString> tokens(const Theme& t)
{
    QHash<QString, QString> map;
    const auto add = [&map](const char* name, const QColor& color) {
        map.insert(QString::fromLatin1(name), color.name());
    };
    add("window", t.window), add("bar", t.bar), add("title", t.title), add("panel", t.panel);
    add("field", t.field), add("line", t.line), add("line2", t.line2), add("grid", t.grid);
    add("fieldLine", t.fieldLine), add("groove", t.groove), add("hover", t.hover),
        add("band", t.band);
    add("ink", t.ink), add("ink2", t.ink2), add("ink3", t.ink3), add("disabled", disabledInk(t));
    add("accent", t.accent), add("accentSoft", t.accentSoft), add("onAccent", t.onAccent);
    add("accentHover", blend(t.accent, t.ink, 0.12)),
        add("accentDown", blend(t.accent, t.ink, 0.25));
    add("good", t.good), add("amber", t.amber), add("bad", t.bad);
    map.insert(QStringLiteral("icons"), t.dark ? QStringLiteral("dark") : QStringLiteral("light"));
    return map;
}

QPalette paletteOf(const Theme& t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.panel);
    p.setColor(QPalette::WindowText, t.ink);
    p.setColor(QPalette::Base, t.field);
    p.setColor(QPalette::AlternateBase, t.band);
    p.setColor(QPalette::Text, t.ink);
    p.setColor(QPalette::PlaceholderText, t.ink3);
    p.setColor(QPalette::Button, t.bar);
    p.setColor(QPalette::ButtonText, t.ink);
    p.setColor(QPalette::BrightText, t.onAccent);
    p.setColor(QPalette::Light, t.panel);
    p.setColor(QPalette::Midlight, t.line2);
    p.setColor(QPalette::Mid, t.line);
    p.setColor(QPalette::Dark, t.fieldLine);
    p.setColor(QPalette::Shadow, t.fieldLine);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::ToolTipBase, t.panel);
    p.setColor(QPalette::ToolTipText, t.ink);
    for (const auto role :
        {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        p.setColor(QPalette::Disabled, role, disabledInk(t));
    p.setColor(QPalette::Disabled, QPalette::Base, t.band);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.groove);
    return p;
}

double luminance(const QColor& c)
{
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

} // namespace

const Theme& activeTheme()
{
    return current ? *current : Theme::light();
}

QString styleSheetOf(const Theme& theme)
{
    QFile file(QStringLiteral(":/style/apical.qss"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the style sheet is missing from the program's resources");
    const QString source = QString::fromUtf8(file.readAll());
    const QHash<QString, QString> map = tokens(theme);
    QString sheet;
    sheet.reserve(source.size());
    // The comment on top explains the @names, so it must not be read as using them.
    qsizetype i = source.indexOf(QLatin1String("*/")) + 2;
    while (i < source.size()) {
        if (source[i] != u'@') {
            sheet += source[i++];
            continue;
        }
        qsizetype end = i + 1;
        while (end < source.size() && source[end].isLetterOrNumber())
            ++end;
        const QString name = source.mid(i + 1, end - i - 1);
        Q_ASSERT_X(map.contains(name), "styleSheetOf", qPrintable(name));
        sheet += map.value(name);
        i = end;
    }
    return sheet;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor inkOn(const QColor& fill)
{
    return contrastRatio(fill, Qt::black) >= contrastRatio(fill, Qt::white) ? Qt::black : Qt::white;
}

void setStyleFlag(QWidget& widget, const char* property, bool on)
{
    if (widget.property(property).toBool() == on)
        return;
    widget.setProperty(property, on);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
    // Not in the sheet: its bold would stay on the line edit inside a spin box. After polishing,
    // which resets fonts.
    if (qstrcmp(property, "changed") == 0) {
        QFont font = widget.font();
        font.setBold(on);
        widget.setFont(font);
        for (QLineEdit* edit : widget.findChildren<QLineEdit*>())
            edit->setFont(font); // styled by the sheet, it does not inherit any more
    }
    widget.update();
}

void applyTheme(QApplication& app, const Theme& theme)
{
    const bool first = current == nullptr;
    current = &theme;
    if (first) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QFont font =
            QFontDatabase::hasFamily(QStringLiteral("Inter")) ? uiFont(12) : QApplication::font();
        font.setPixelSize(12);
        QApplication::setFont(font);
        QToolTip::setFont(font);
    }
    const QPalette palette = paletteOf(theme);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    app.setStyleSheet(styleSheetOf(theme));
}

} // namespace apical
