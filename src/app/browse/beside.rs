//! The next and the previous run of the list that one came from, as it is filtered, without going back
//! to it. At the end of what is loaded of the list it is loaded on first.

use crate::app::{App, Effect, load::State};
use crate::model::{NodeId, Sort, Urgency};

/// The run behind the last one that is loaded of a list.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Awaited {
    /// The node whose list is being loaded on.
    list: NodeId,
    /// The run in front of it.
    from: NodeId,
}

impl App {
    /// The next or previous run of the list that this one is in.
    pub(in crate::app) fn sibling_run(&mut self, forward: bool) -> Vec<Effect> {
        let selected = || self.selected.and_then(|node| self.run_of(node));
        let Some(run) = self.screen().or_else(selected) else {
            self.say("no run is selected");
            return Vec::new();
        };
        if let Some(next) = self.run_beside(run, forward) {
            return self.go_beside(next);
        }
        if forward && let Some(effects) = self.load_for(run) {
            return effects;
        }
        let end = if forward { "last" } else { "first" };
        self.say(format!("this is the {end} run of the list"));
        Vec::new()
    }

    /// Loads the list of a run on, to go to what comes; none where it is whole.
    fn load_for(&mut self, run: NodeId) -> Option<Vec<Effect>> {
        let list = self.outline.true_parent(run)?;
        let load = self.loads.get(&list)?;
        // It may be loaded on already, for the rows below the screen.
        let under_way = load.state == State::Loading;
        let effects = self.load_more(list, Urgency::Wanted);
        if effects.is_empty() && !under_way {
            return None;
        }
        self.awaited = Some(Awaited { list, from: run });
        self.say("loading more runs of the list to go to the next one");
        Some(effects)
    }

    /// A list was loaded on, or was not: goes to the run that was waited for.
    pub(in crate::app) fn go_to_awaited(&mut self, list: NodeId) -> Vec<Effect> {
        let Some(awaited) = self.awaited.take_if(|awaited| awaited.list == list) else {
            return Vec::new();
        };
        if let Some(next) = self.run_beside(awaited.from, true) {
            return self.go_beside(next);
        }
        let trouble = self.loads.get(&list).and_then(|load| load.trouble.clone());
        match trouble {
            Some(trouble) => self.complain(format!("the list could not be loaded on: {trouble}")),
            // A page may have brought nothing that is shown.
            None => match self.load_for(awaited.from) {
                Some(effects) => return effects,
                None => self.say("this is the last run of the list"),
            },
        }
        Vec::new()
    }

    fn go_beside(&mut self, run: NodeId) -> Vec<Effect> {
        if self.screen().is_some() {
            self.open_run(run)
        } else {
            self.jump(run)
        }
    }

    /// The run behind or in front of this one in its list.
    fn run_beside(&mut self, run: NodeId, forward: bool) -> Option<NodeId> {
        let root = self.outline.root();
        self.outline.set_root(None);
        let step = |node: NodeId| {
            if forward {
                self.outline.next_sibling(node)
            } else {
                self.outline.prev_sibling(node)
            }
        };
        let next = std::iter::successors(step(run), |node| step(*node))
            .find(|node| self.store.sort(*node) == Sort::Run);
        self.outline.set_root(root);
        next
    }
}
