// What a raster draws, as numbers: spikes per cell, a cell being some neurons in some time. They
// add up to what was counted; the picture has a shade for each.
#pragma once

#include "widgets/raster/bands.h"

#include <QImage>
#include <QRgb>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace apical {

class RasterGl;

class RasterCells {
public:
    enum class Backend { Painter, OpenGl };
    static constexpr int kShades = 31; ///< per hue, besides the paper
    static constexpr std::uint32_t kFullAtLeast = 4; ///< spikes of the darkest mark
    static constexpr double kLightest = 0.35; ///< share of the ink in the lightest mark
    /// Shade of a mark of one spike, 0 to kShades - 1: lighter where the darkest has many.
    static double shadeOfOne(std::uint32_t full) { return 14.0 * kFullAtLeast / full; }

    RasterCells();
    ~RasterCells();

    /// By default OpenGL unless softwareRendering(). OpenGL that fails falls back to its QPainter
    /// twin for good.
    void setBackend(Backend);
    Backend backend() const { return m_backend; }

    /// Bins side by side: px columns [from, to) of the plot, in logical px.
    struct Stripe {
        Bin bin;
        int from = 0, to = 0;
    };
    /// Reads what is in sight: only what came since, if the rest was in sight already.
    /// @param columns logical px, over which the range extends
    void gather(const SpikeHistory&, const std::vector<RasterBand>&, double beginMs, double endMs,
        int columns);
    /// Shades begin anew: the darkest is what is seen next.
    void refit();

    const std::vector<Stripe>& stripes() const { return m_stripes; }
    std::size_t cells() const { return m_parts.size(); } ///< of one stripe, from the top down
    std::uint32_t count(std::size_t stripe, std::size_t cell) const
    {
        return m_counts[stripe * cells() + cell];
    }
    std::uint64_t drawn() const; ///< spikes in all cells
    int stripeAt(int column) const; ///< -1: nothing is known there
    /// Spikes of the darkest mark of one neuron, in the most stripes.
    std::uint32_t full() const;

    /// The picture in device pixels, paper transparent.
    const QImage& image(QSize pixels, double ratio, const Theme&);
    /// Ink of the hues, lightest first; [0] is the paper.
    static std::array<QRgb, 256> palette(const Theme&);

private:
    void arrange(const std::vector<RasterBand>&);
    void read(const SpikeHistory&, double beginMs, double endMs);
    void place(double gridBegin);
    std::uint32_t fullOf(const Stripe&, std::size_t neurons) const;
    void fitShades();
    void shade();
    void paintBy(QSize pixels, double ratio, const std::array<QRgb, 256>&);

    struct Key {
        std::vector<RasterBand> bands;
        std::uint64_t revision = 0, endStep = 0;
        double beginMs = 0, endMs = 0;
        int columns = 0;
        double columnMs = 0; ///< of the grid
        bool operator==(const Key&) const = default;
    };
    /// A cell: its neurons.
    struct Part {
        std::size_t row = 0, neurons = 0; ///< of the history
        int hue = 0;
    };
    Key m_key;
    std::vector<Stripe> m_stripes;
    std::vector<Part> m_parts; ///< the cells
    std::size_t m_firstRow = 0, m_rows = 0; ///< of the history, that are in sight
    std::vector<std::uint32_t> m_counts; ///< [stripe][cell]
    std::vector<Stripe> m_stripesBefore; ///< of the last time, while gathering
    std::vector<std::uint32_t> m_countsBefore;
    std::vector<std::uint8_t> m_shades; ///< [cell][column]: indices into the palette
    std::vector<std::int32_t> m_cellOfLine; ///< per device px from the top; -1: paper
    double m_fullRate = 0; ///< spikes per neuron and ms of the darkest mark
    bool m_settled = false; ///< it only grows
    std::vector<double> m_rates; ///< spikes per neuron and ms of some of the cells
    bool m_shaded = false; ///< the shades are those of the counts
    bool m_painted = false; ///< the image is that of the shades
    const Theme* m_theme = nullptr;
    double m_ratio = 0;
    QImage m_image;
    Backend m_backend;
    std::unique_ptr<RasterGl> m_gl;
};

} // namespace apical
