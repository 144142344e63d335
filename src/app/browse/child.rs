//! What an event leads to: the run that it started, which stands and opens below it, and content that
//! is fetched only when somebody wants to see it.

use std::sync::Arc;

use crate::app::{App, Effect, action::Action, load::State, outline::Mark};
use crate::{
    model::{Ask, Content, Limit, NodeId, Sort},
    text::size,
};

/// Larger content is named with its size before it is fetched.
const LARGE: u64 = 1 << 20;

impl App {
    /// The mission of a run; of a child run the event that started it, its parent while that is not
    /// loaded.
    pub(in crate::app) fn run_parent(&mut self, run: NodeId) -> NodeId {
        let owner = self.store.owner(run);
        let event = match self.store.sort(owner) {
            Sort::Run => self
                .store
                .run(run)
                .and_then(|run| run.parent_event_id.clone()),
            _ => None,
        };
        let Some(event) = event else {
            return owner;
        };
        if let Some(event) = self.store.find(owner, Sort::Event, &event) {
            // A result is shown in its call's row.
            return self
                .role(event)
                .and_then(|role| role.part_of)
                .unwrap_or(event);
        }
        self.children_waiting
            .entry((owner, event))
            .or_default()
            .insert(run);
        owner
    }

    /// Moves the child runs that waited for this event under it.
    pub(in crate::app) fn take_in(&mut self, event: NodeId) {
        if self.children_waiting.is_empty() {
            return;
        }
        let Some(record) = self.store.event(event) else {
            return;
        };
        let key = (self.store.owner(event), record.id);
        for child in self.children_waiting.remove(&key).unwrap_or_default() {
            self.place(child);
        }
    }

    /// The run that an event led to, if it is the only one.
    pub(in crate::app) fn only_child_run(&self, event: NodeId) -> Option<NodeId> {
        let mut runs = self.child_runs(event);
        runs.next().filter(|_| runs.next().is_none())
    }

    /// The runs that an event led to.
    pub fn child_runs(&self, event: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        // Spans may hold very much, and this is asked for each frame.
        let below = self.outline.all_children(Some(event)).take(256);
        below.filter(|node| self.store.sort(*node) == Sort::Run)
    }

    /// A failed child run counts among the failures of its parent by itself only where nothing in it
    /// does.
    pub(in crate::app) fn mark_run(&mut self, run: NodeId) {
        let is_child = self.store.sort(self.store.owner(run)) == Sort::Run;
        let told = is_child && self.outline.marked_below(run, Mark::Failed) > 0;
        let failed = self.store.is_failure(run) && !told;
        self.outline.set_mark(run, Mark::Fault, failed);
        self.outline.set_mark(run, Mark::Failed, failed);
    }

    /// An event that led to one run shows what is in that run.
    pub(in crate::app) fn open_child(&mut self, event: NodeId) -> Vec<Effect> {
        match self.outline.first_child(event) {
            Some(child) if self.outline.child_count(event) == 1 => self.set_open(child, true),
            _ => Vec::new(),
        }
    }

    /// Fetches the content that the list left out, if there is any: at once where it is small or
    /// nobody says how large, at the second Enter where it is large.
    pub(in crate::app) fn fetch_content(&mut self, event: NodeId) -> Vec<Effect> {
        let Some(content) = self.store.event(event).and_then(|event| event.content) else {
            return Vec::new();
        };
        let busy = |state: State| matches!(state, State::Loading);
        if self.loads.get(&event).is_some_and(|load| busy(load.state)) {
            return Vec::new();
        }
        let large = content.size.filter(|size| *size > LARGE);
        if let Some(size) = large.filter(|_| self.named != Some(event)) {
            self.named = Some(event);
            let size = size::of(usize::try_from(size).unwrap_or(usize::MAX));
            let key = self.key_of(Action::Open);
            self.say(format!("the content is {size}: {key} again fetches it"));
            return Vec::new();
        }
        self.named = None;
        self.load(event)
    }

    /// What to ask for the content of an event.
    pub(in crate::app) fn content_ticket(&self, event: NodeId) -> Option<(Ask, Limit)> {
        let record = self.store.event(event)?;
        let run = self.run_ref(self.run_of(event)?)?;
        let ask = Ask::Event {
            run,
            event: Arc::from(record.id.as_str()),
        };
        Some((ask, Limit::NONE))
    }

    /// What there is to say about content that was left out.
    pub(in crate::app) fn content_note(&self, node: NodeId, content: Content) -> String {
        let size = content.size.map_or_else(String::new, |size| {
            format!(
                ", {}",
                size::of(usize::try_from(size).unwrap_or(usize::MAX))
            )
        });
        let loading = self
            .loads
            .get(&node)
            .is_some_and(|load| load.state == State::Loading);
        if loading {
            format!("The content is being fetched{size}.")
        } else {
            let key = self.key_of(Action::Open);
            format!("The content is not fetched yet{size}: {key} fetches it.")
        }
    }
}
