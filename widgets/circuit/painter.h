// Draws the circuit: what stays (captions, pathways, legend) apart from what moves slowly (synapses
// of the selection) and at frame rate (fills).
#pragma once

#include "widgets/circuit/layout.h"
#include "widgets/view/spike_flashes.h"

namespace apical {

/// Whether a pathway learns, and if not, why.
struct PathwayPlasticity {
    bool locked = false;
    double rate = 0; ///< learning rate of this layer's pathway
    bool plastic() const { return !locked && rate > 0; }
};
PathwayPlasticity plasticityOf(const CircuitPathway&, const Parameters&);

/// What is to be drawn; points into the scene and the view, valid during one paint.
struct CircuitPicture {
    const CircuitLayout& layout;
    const Scene& scene;
    const LaneFrame& lane;
    double inputRange = 1; ///< |rate| at which an input square is full
    Selection hovered{};
    const SpikeFlashes* flashes = nullptr; ///< who has just fired
    double nowMs = 0; ///< time of the wall, for them

    /// Repainted only when size, theme, network, selection or input range change.
    void drawChrome(QPainter&) const;
    /// Repainted when digits are: synapses of the selection, plasticity of the pathways.
    void drawSlow(QPainter&) const;
    /// Repainted at frame rate.
    void drawLive(QPainter&) const;

private:
    const Theme& theme() const { return *scene.theme; }
    void drawCaptions(QPainter&) const;
    void drawPathways(QPainter&) const;
    void drawScale(QPainter&) const;
    void drawLegend(QPainter&) const;
    void drawSelection(QPainter&) const;
    void drawNames(QPainter&) const;
    void drawNameTag(QPainter&) const;
    void drawSynapses(QPainter&) const;
    void drawRow(QPainter&, const CircuitRow&) const;
    void drawCells(QPainter&, const CircuitRow&) const;
    void drawFlashes(QPainter&) const;
    void drawPill(QPainter&, const CircuitPathway&) const;
};

} // namespace apical
