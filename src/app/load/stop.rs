//! Esc: one level back at each press. What is being loaded stops, and what came of it stays. A load
//! goes on while the keys are in a detail that does not wait for it: whoever presses Esc there wants
//! out, however slow the service.

use crate::app::{
    App, Effect,
    load::{Load, State},
};
use crate::model::{Gen, NodeId, Sort};

impl App {
    /// Stops a load; what came of it stays.
    pub(in crate::app) fn cancel_load(&mut self, node: NodeId) -> Option<Gen> {
        let load = self.loads.get_mut(&node)?;
        load.fail(crate::model::Trouble::Cancelled);
        self.loading.remove(&node);
        load.state = State::Failed;
        load.waiting = None;
        load.pending = 0;
        let generation = load.generation;
        self.place_note(node);
        self.settle();
        Some(generation)
    }

    /// Stops what is on top: an overlay, a slow load, a pane, the search.
    pub(in crate::app) fn escape(&mut self) -> Vec<Effect> {
        if self.drop_key_sought() || self.help.take().is_some() || self.requests.take().is_some() {
            return Vec::new();
        }
        let stopped = self.stop_reading();
        if !stopped.is_empty() {
            return stopped;
        }
        let stopped = self.stop_loading();
        if !stopped.is_empty() {
            return stopped;
        }
        if self.back_one() {
            return Vec::new();
        }
        if !self.is_beyond_filter()
            && let Some(effects) = self.drop_filter()
        {
            return effects;
        }
        if let Some(effects) = self.close_beside() {
            return effects;
        }
        self.leave_level().unwrap_or_default()
    }

    /// Stops the slow load that one looks at: that of the selected node, or of what it lies in. A quick
    /// one is over before anybody could mean it.
    fn stop_loading(&mut self) -> Vec<Effect> {
        let Some(node) = self.slow_load() else {
            return Vec::new();
        };
        let Some(generation) = self.cancel_load(node) else {
            return Vec::new();
        };
        self.say("stopped; what was loaded stays, r loads it again");
        vec![Effect::Cancel(generation)]
    }

    /// The nearest node from the selected one upwards whose load has lasted long enough to be
    /// mentioned; from the detail, only the event whose content it waits for.
    fn slow_load(&self) -> Option<NodeId> {
        let slow = |load: &Load| {
            load.state == State::Loading && (load.is_slow(self.now) || load.waiting.is_some())
        };
        let mut node = self.selected?;
        if self.in_detail() && self.store.sort(node) != Sort::Event {
            return None;
        }
        loop {
            if self.loads.get(&node).is_some_and(slow) {
                return Some(node);
            }
            let owner = self.store.owner(node);
            (owner != node && !self.in_detail()).then_some(())?;
            node = owner;
        }
    }
}
