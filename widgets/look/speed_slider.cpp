#include "widgets/look/speed_slider.h"

#include <QSignalBlocker>

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr double kSlowest = 0.001;
constexpr int kPerDecade = 100, kDecades = 5;
constexpr int kFastest = kPerDecade * kDecades, kEnd = kFastest + 20;

} // namespace

SpeedSlider::SpeedSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setRange(0, kEnd);
    setSingleStep(10);
    setPageStep(50);
    setAccessibleName(tr("Speed"));
    setToolTip(tr("Simulated time per time on the wall, 0.001 to 100, then as fast as possible ([ "
                  "and ], 0, 9)"));
    connect(this, &QSlider::valueChanged, this, [this] { Q_EMIT paceChanged(pace()); });
}

double SpeedSlider::pace() const
{
    if (value() > kFastest)
        return std::numeric_limits<double>::infinity();
    const double exact = kSlowest * std::pow(10, static_cast<double>(value()) / kPerDecade);
    const double unit =
        std::pow(10, std::floor(std::log10(exact) + 1e-9) - 1); // two digits, as they are shown
    return std::round(exact / unit) * unit;
}

void SpeedSlider::setPace(double factor)
{
    const QSignalBlocker quiet(this);
    if (std::isinf(factor))
        setValue(kEnd);
    else
        setValue(
            std::clamp(static_cast<int>(std::lround(std::log10(factor / kSlowest) * kPerDecade)), 0,
                kFastest));
}

QString paceText(double factor)
{
    if (std::isinf(factor))
        return QStringLiteral("max");
    const int decimals = factor < 0.01 ? 3 : factor < 1 ? 2 : factor < 10 ? 1 : 0;
    return QString::number(factor, 'f', decimals) + QChar(0x00d7);
}

} // namespace apical
