// Axes as plain values: value <-> pixel, nice ticks and their labels. Shared by strips, scatters
// and charts.
#pragma once

#include <QString>

#include <memory>
#include <vector>

namespace apical {

/// A place on an axis. Minor ticks have an empty label.
struct Tick {
    double value = 0;
    double pixel = 0;
    QString label;
};

/// Maps values in [low, high] onto pixels in [pixelLow, pixelHigh]; a vertical axis has pixelLow >
/// pixelHigh.
class PlotScale {
public:
    PlotScale(double low, double high, double pixelLow, double pixelHigh);
    virtual ~PlotScale() = default;

    double low() const { return m_low; }
    double high() const { return m_high; }
    double pixelLow() const { return m_pixelLow; }
    double pixelHigh() const { return m_pixelHigh; }

    /// Not clamped, except that a log scale puts everything at or below its floor (0 included) on
    /// the floor.
    virtual double toPixel(double value) const = 0;
    virtual double toValue(double pixel) const = 0;
    /// Ticks inside the range, ascending in value. @param minimumGap px between labelled ticks
    virtual std::vector<Tick> ticks(double minimumGap) const = 0;
    /// The same scale between other pixels.
    virtual std::unique_ptr<PlotScale> between(double pixelLow, double pixelHigh) const = 0;

protected:
    double m_low, m_high, m_pixelLow, m_pixelHigh;
};

class LinearScale : public PlotScale {
public:
    using PlotScale::PlotScale;
    double toPixel(double value) const override;
    double toValue(double pixel) const override;
    /// Steps of 1, 2 or 5 times a power of ten; labels carry a sign, except 0.
    std::vector<Tick> ticks(double minimumGap) const override;
    std::unique_ptr<PlotScale> between(double pixelLow, double pixelHigh) const override;
};

/// Logarithmic, with a floor: `low` (> 0) is the smallest value that is told apart from zero.
class LogScale : public PlotScale {
public:
    enum class Labels { Powers, Digits }; ///< "10⁻²" or "0.01"

    LogScale(
        double low, double high, double pixelLow, double pixelHigh, Labels labels = Labels::Powers);
    double toPixel(double value) const override;
    double toValue(double pixel) const override;
    /// Every decade is a tick; every n-th one is labelled, as `minimumGap` allows, at least one. Of
    /// a range without a power of ten multiples of the one below are.
    std::vector<Tick> ticks(double minimumGap) const override;
    std::unique_ptr<PlotScale> between(double pixelLow, double pixelHigh) const override;

private:
    std::vector<Tick> withinDecade(double minimumGap) const;
    Labels m_labels;
    double m_logLow, m_logHigh;
};

} // namespace apical
