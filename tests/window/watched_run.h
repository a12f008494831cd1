// Presets that a test steps, seen by one view as the window would show it.
#pragma once

#include "sim/files/preset.h"
#include "sim/live/reader.h"
#include "sim/watch/lane_watch.h"
#include "widgets/chart/chart_view.h"
#include "widgets/view/step_user.h"

#include <QComboBox>

#include <memory>
#include <vector>

namespace apical::test {

/// A preset as the window sees it: lanes in lockstep, watched as the visible view wishes.
struct WatchedRun {
    Experiment experiment;
    std::vector<std::unique_ptr<Simulation>> lanes;
    std::vector<std::unique_ptr<LaneWatch>> watches;
    Scene scene;

    explicit WatchedRun(const char* preset)
        : experiment(loadPreset(preset))
    {
        for (int i = 0; i < experiment.laneCount(); ++i) {
            lanes.push_back(std::make_unique<Simulation>(experiment, i));
            watches.push_back(std::make_unique<LaneWatch>(*lanes.back()));
        }
        scene.frame.sizes = experiment.layers;
        show();
    }
    void show()
    {
        scene.frame.lanes.resize(lanes.size());
        for (std::size_t i = 0; i < lanes.size(); ++i)
            LaneReader(*watches[i]).readFrame(scene.frame.lanes[i], {});
    }
    void step(int steps)
    {
        for (int k = 0; k < steps; ++k)
            for (std::size_t i = 0; i < lanes.size(); ++i) {
                lanes[i]->step();
                watches[i]->afterStep();
            }
        show();
    }
    /// In all lanes.
    void edit(const std::string& key, const ParameterValue& value)
    {
        for (const auto& lane : lanes)
            lane->apply({.key = key, .value = value});
        show();
    }
    StepReports reports() const
    {
        StepReports all;
        for (const auto& watch : watches)
            all.push_back(watch->steps.report());
        return all;
    }
    /// A turn of the window with one view in it. @return what it wishes then
    StepWish turn(View& view)
    {
        auto* user = dynamic_cast<StepUser*>(&view);
        if (user)
            user->take(reports());
        view.refresh(scene);
        StepWish wish;
        if (user)
            user->wish(wish);
        for (const auto& watch : watches)
            watch->steps.wish(wish);
        return wish;
    }
};

inline ChartView& charts(View& view)
{
    return dynamic_cast<ChartView&>(view);
}

inline QComboBox& box(View& view, const QString& name)
{
    auto* found = view.findChild<QComboBox*>(name);
    if (!found)
        qFatal("no such choice");
    return *found;
}

} // namespace apical::test
