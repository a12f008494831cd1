// The vertical range of one strip: fixed and printed, it only grows by nice steps until somebody
// asks for autoscale.
#pragma once

#include "widgets/plot/scale.h"
#include "widgets/strips/model.h"

#include <memory>
#include <vector>

namespace apical {

class StripRange {
public:
    /// The strip's own range to start with; forgets what was seen and zoomed.
    void start(const Strip&);
    /// Grows until shown values from `least` to `most` fit. NaN, and ranges set by hand, are left
    /// alone.
    void include(double least, double most);
    /// Beyond this a value of a run that breaks leaves the strip: many times what nine tenths of
    /// the magnitudes (any order) need, few times once one is past all return; infinity where they
    /// are few.
    double wildAbove(std::vector<double> magnitudes) const;
    /// Grows as include() does for what is left without the wild values; shrinks, if what led to
    /// them had made it much too wide.
    void withoutWild(double least, double most);
    bool holds(double least, double most) const { return least >= m_low && most <= m_high; }
    /// The smallest nice range again at the next include().
    void autoscale();
    /// Set by hand: the span times `factor` around the value at `share` (0 = bottom, 1 = top) of
    /// the height.
    void zoom(double factor, double share);

    double low() const { return m_low; }
    double high() const { return m_high; }
    bool byHand() const { return m_byHand; }
    std::unique_ptr<PlotScale> scale(double pixelLow, double pixelHigh) const;

private:
    void fit(double least, double most);

    bool m_empty = true; ///< fitted: nothing was seen yet
    bool m_logarithmic = false, m_byHand = false, m_tight = false, m_digits = false,
         m_degrees = false, m_fitted = false;
    double m_low = -1, m_high = 1, m_lowest = 0;
};

} // namespace apical
