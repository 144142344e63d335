//! A list of one, which opens by itself: somebody who opened a file with one run wants to see its events.

use crate::app::{App, Effect, load::State};
use crate::model::{NodeId, Sort};

/// Whether it does.
#[derive(Debug, Default)]
pub struct Single {
    /// It does, for files until a key is pressed.
    pub unfolds: bool,
    /// The context in which alone that is so; none: in all.
    pub(in crate::app) within: Option<NodeId>,
    /// Whether the event that this comes to is shown on the whole screen.
    pub reads: bool,
    /// Whether the list is known to have but one before all of it came.
    pub early: bool,
}

impl App {
    /// Somebody who opened a file with one run wants to see its events, and of one document its text.
    pub(in crate::app) fn open_single(&mut self, node: NodeId) -> Vec<Effect> {
        let loaded = self
            .loads
            .get(&node)
            .is_some_and(|load| load.state == State::Ready || self.single.early);
        let elsewhere = self.single.within.is_some_and(|context| {
            let at = self.context_of(node).map(|(id, _)| usize::from(id.0));
            at.and_then(|at| self.contexts.get(at))
                .is_none_or(|(of, _)| *of != context)
        });
        if !self.single.unfolds || !loaded || elsewhere {
            return Vec::new();
        }
        let Some(child) = self.outline.first_child(node) else {
            return Vec::new();
        };
        let is_single = self.single.early || self.outline.child_count(node) == 1;
        match self.store.sort(child) {
            Sort::Mission if is_single => {
                let mut effects = self.select(Some(child));
                effects.extend(self.set_open(child, true));
                effects
            }
            Sort::Run if is_single => {
                self.single.unfolds = self.single.reads;
                self.selected = Some(child);
                self.open_run(child)
            }
            Sort::Event | Sort::Step => {
                self.single.unfolds = false;
                let effects = self.select(Some(child));
                if self.single.reads {
                    self.enter_payload();
                }
                effects
            }
            Sort::Context | Sort::Mission | Sort::Run | Sort::Note | Sort::Group => Vec::new(),
        }
    }
}
