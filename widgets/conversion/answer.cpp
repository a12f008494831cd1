#include "widgets/conversion/answer.h"

#include "widgets/look/number_text.h"
#include "widgets/picture/class_bars.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kName = 34, kNumber = 34, kLine = 14, kHead = 30;
constexpr double kMostRow = 22;

int best(const std::vector<double>& values)
{
    return values.empty() ? -1
                          : static_cast<int>(std::ranges::max_element(values) - values.begin());
}

} // namespace

ClassShares sharesAt(const ConversionTrace& trace, std::uint32_t steps)
{
    ClassShares all{.spikes = {}, .rates = trace.ann, .shares = trace.entropy};
    // Until the last hidden layer sends, the outputs are biases.
    if (steps > 0 && trace.decisions[steps - 1] >= 0) {
        const auto mean = trace.runningAt(steps - 1);
        all.spikes.assign(mean.begin(), mean.end());
    }
    if (trace.entropy) {
        all.rates = softmax(all.rates);
        all.spikes = softmax(all.spikes);
        return all;
    }
    for (const auto* values : {&trace.ann, &trace.running})
        for (const double v : *values) {
            all.low = std::min(all.low, v);
            all.high = std::max(all.high, v);
        }
    return all;
}

void paintAnswers(QPainter& painter, const Theme& t, const CrossingLook& look, const QRectF& area)
{
    const ConversionTrace& trace = *look.trace;
    const ClassShares all = sharesAt(trace, look.steps);
    const auto write = [&](const QRectF& at, int flags, const QString& text, const QColor& ink) {
        painter.setPen(ink);
        painter.drawText(at, flags | Qt::AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, at.width()));
    };
    const int spikes = best(all.spikes), rates = best(all.rates);
    const auto nameOf = [&](int c) {
        const auto i = static_cast<std::size_t>(c);
        return c >= 0 && i < look.classes.size() ? look.classes[i] : u"\u2026"_s;
    };
    const auto verdict = [&](int row, const QString& who, int answer) {
        painter.setFont(uiFont(12, QFont::DemiBold));
        const QColor ink = answer < 0 || look.label < 0 ? t.ink
            : answer == look.label                      ? t.good
                                                        : t.bad;
        const QString end = answer < 0 || look.label < 0 ? QString()
            : answer == look.label                       ? u" (right)"_s
                                                         : u" (wrong)"_s;
        write(QRectF(area.left(), area.top() + row * 15, area.width(), 15), Qt::AlignLeft,
            who + nameOf(answer) + end, ink);
    };
    verdict(0, u"Rates say "_s, rates);
    verdict(1, u"Spikes say "_s, spikes);
    const auto n = static_cast<double>(all.rates.size());
    const double foot = 2 * kLine;
    const double row = std::min(kMostRow, (area.height() - kHead - 4 - foot) / std::max(1.0, n));
    const double left = area.left() + kName, right = area.right() - kNumber;
    const double top = area.top() + kHead + 4;
    const auto xOf = [&](double v) {
        const double share = (v - all.low) / std::max(1e-9, all.high - all.low);
        return left + std::clamp(share, 0.0, 1.0) * (right - left);
    };
    QColor ghost = t.ink3;
    ghost.setAlphaF(0.4F);
    const int px = row < 13 ? 10 : 11;
    const bool words = row >= 10;
    for (std::size_t i = 0; i < all.rates.size(); ++i) {
        const int c = static_cast<int>(i);
        const double y = top + static_cast<double>(i) * row;
        const double gap = std::min(2.0, row / 6);
        const QRectF track(left, y + gap, right - left, row - 2 * gap);
        const auto bar = [&](double v, double inset, const QColor& fill) {
            painter.fillRect(QRectF(QPointF(xOf(std::max(0.0, all.low)), track.top() + inset),
                                 QPointF(xOf(v), track.bottom() - inset))
                                 .normalized(),
                fill);
        };
        painter.fillRect(track, t.band);
        bar(all.rates[i], 0, ghost);
        if (i < all.spikes.size())
            bar(all.spikes[i], track.height() * 0.26, classColor(c, trace.classes, t.dark));
        painter.setFont(uiFont(px, c == spikes ? QFont::Bold : QFont::Normal));
        if (words || c == spikes || c == look.label)
            write(QRectF(area.left(), y, kName - 6, row), Qt::AlignRight, nameOf(c),
                c == look.label ? t.ink : t.ink2);
        if (i < all.spikes.size() && words)
            write(QRectF(right + 4, y, kNumber - 4, row), Qt::AlignRight,
                QString::number(all.spikes[i], 'f', all.shares ? 2 : 1), t.ink2);
    }
    const double below = top + n * row;
    painter.setFont(uiFont(10));
    const auto key = [&](int line, double inset, const QColor& fill, const QString& text) {
        const double y = below + line * kLine;
        painter.fillRect(QRectF(left, y + 3 + inset, 12, kLine - 6 - 2 * inset), fill);
        write(QRectF(left + 16, y, area.right() - left - 16, kLine), Qt::AlignLeft, text, t.ink2);
    };
    const QString what = all.shares ? u"softmax"_s : u"output"_s;
    key(0, 1.5, t.ink2, what + u", mean of o until t"_s);
    key(1, 0, ghost, what + u" of the rates (ANN)"_s);
}

} // namespace apical
