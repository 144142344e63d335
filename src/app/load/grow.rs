//! What to ask for a node, and where in the tree what comes belongs.

use std::{cmp::Ordering, sync::Arc};

use crate::app::{
    App, Effect,
    arrange::sort::began,
    load::{Load, State},
    operations::Seek,
    outline::Mark,
};
use crate::model::{Ask, Limit, NodeId, Page, RunRef, Sort, Step, Ticket, Urgency};

/// Runs of a mission that are listed before the list waits to be scrolled on.
const RUNS: Limit = Limit {
    rows: 200,
    bytes: 64 << 20,
};
/// Steps nested deeper than this are shown at this depth: a plan is no reason to leave the screen.
const MAX_DEPTH: usize = 16;

impl App {
    /// Begins to load what belongs under a node and its own details, or does so again.
    pub(in crate::app) fn load(&mut self, node: NodeId) -> Vec<Effect> {
        let generation = self.next_generation();
        let tickets = self.tickets(node);
        if self.store.sort(node) == Sort::Mission {
            self.narrow(node);
        }
        let now = self.now;
        if tickets.is_empty() {
            self.loading.remove(&node);
            self.keeping.came();
        } else {
            self.loading.insert(node);
        }
        let load = self.loads.entry(node).or_default();
        let mut effects = Vec::new();
        if load.state == State::Loading {
            effects.push(Effect::Cancel(load.generation));
        }
        *load = Load {
            state: if tickets.is_empty() {
                State::Ready
            } else {
                State::Loading
            },
            generation,
            pending: u32::try_from(tickets.len()).unwrap_or(u32::MAX),
            since: Some(now),
            synced: load.synced,
            note: load.note,
            ..Load::default()
        };
        let Some((context, _)) = self.context_of(node) else {
            return effects;
        };
        effects.extend(tickets.into_iter().map(|(ask, limit)| {
            Effect::Load(Ticket {
                context,
                node,
                generation,
                ask,
                limit,
                urgency: Urgency::Wanted,
            })
        }));
        self.place_note(node);
        self.detail.touched(node);
        self.dirty = true;
        effects
    }

    /// Loads on where the limit stopped the list.
    pub(in crate::app) fn load_more(&mut self, node: NodeId, urgency: Urgency) -> Vec<Effect> {
        let generation = self.next_generation();
        let Some((context, _)) = self.context_of(node) else {
            return Vec::new();
        };
        let limit = if self.store.sort(node) == Sort::Run {
            self.limit
        } else {
            RUNS
        };
        let now = self.now;
        let Some(load) = self.loads.get_mut(&node) else {
            return Vec::new();
        };
        let Some(ask) = load.go_on() else {
            return Vec::new();
        };
        self.loading.insert(node);
        load.state = State::Loading;
        load.generation = generation;
        load.pending = 1;
        load.since = Some(now);
        self.place_note(node);
        self.dirty = true;
        vec![Effect::Load(Ticket {
            context,
            node,
            generation,
            ask,
            limit,
            urgency,
        })]
    }

    /// The ids of a run that asks about it need.
    pub(in crate::app) fn run_ref(&self, node: NodeId) -> Option<RunRef> {
        let run = self.store.run(node)?;
        let owner = self.store.owner(node);
        // A child run stands under its parent, but belongs to its own mission.
        let mission = match self.store.sort(owner) {
            Sort::Run => run.mission_id.as_str(),
            _ => self.store.mission(owner)?.id.as_str(),
        };
        Some(RunRef {
            mission: Arc::from(mission),
            run: Arc::from(run.id.as_str()),
            room: run.room.as_deref().map(Arc::from),
        })
    }

    fn tickets(&self, node: NodeId) -> Vec<(Ask, Limit)> {
        let page = Page::default();
        match self.store.sort(node) {
            Sort::Context => vec![(
                Ask::Missions { page },
                Limit {
                    rows: 10_000,
                    ..RUNS
                },
            )],
            Sort::Mission => {
                let Some(mission) = self.store.mission(node) else {
                    return Vec::new();
                };
                let mission: Arc<str> = Arc::from(mission.id.as_str());
                let runs = Ask::Runs {
                    mission: Arc::clone(&mission),
                    status: self
                        .filter
                        .as_ref()
                        .and_then(|filter| filter.query.service().status),
                    page,
                };
                vec![(runs, RUNS), (Ask::Mission { mission }, Limit::NONE)]
            }
            Sort::Run => {
                let Some(run) = self.run_ref(node) else {
                    return Vec::new();
                };
                vec![
                    (Ask::Run(run.clone()), Limit::NONE),
                    (Ask::Steps(run.clone()), Limit::NONE),
                    (Ask::Events { run, page }, self.limit),
                ]
            }
            Sort::Event => self.content_ticket(node).into_iter().collect(),
            Sort::Step | Sort::Note | Sort::Group => Vec::new(),
        }
    }

    /// Puts a node where it belongs, or moves it there.
    pub(in crate::app) fn place(&mut self, node: NodeId) {
        let parent = match self.store.sort(node) {
            Sort::Context | Sort::Group => None,
            Sort::Mission | Sort::Note => Some(self.store.owner(node)),
            Sort::Run => self.arranged_above(node),
            Sort::Step => Some(self.step_parent(node)),
            Sort::Event => Some(self.event_parent(node)),
        };
        if self.store.sort(node) == Sort::Step && !self.outline.contains(node) {
            let run = self.store.owner(node);
            self.plans.entry(run).or_default().push(node);
        }
        if self.store.sort(node) != Sort::Mission || self.shows_missions() {
            self.insert_in_order(parent, node);
        }
        match self.store.sort(node) {
            Sort::Event | Sort::Step => {}
            Sort::Context | Sort::Note | Sort::Group => self.outline.set_always(node, true),
            Sort::Mission => {
                let failed = self.store.is_failure(node);
                self.outline.set_mark(node, Mark::Fault, failed);
                self.outline.set_mark(node, Mark::Failed, failed);
            }
            Sort::Run => self.mark_run(node),
        }
        // Behind the move, so that a circle of parents is seen where this moves the parent too.
        if let Some(parent) = parent {
            self.start_step(parent, node);
        }
    }

    /// The step an event lies in, made up if the plan does not have it (or not yet), else its run.
    pub(in crate::app) fn event_parent(&mut self, event: NodeId) -> NodeId {
        let run = self.store.owner(event);
        if let Some(above) = self.role(event).and_then(|role| role.within)
            && above != event
            && self.outline.contains(above)
        {
            return above;
        }
        let Some(id) = self
            .store
            .step_of_event(event)
            .filter(|id| !id.is_empty() && *id != "-")
        else {
            return run;
        };
        let id = id.to_owned();
        if let Some(step) = self.store.find(run, Sort::Step, &id) {
            return step;
        }
        let step = Step {
            id,
            ..Step::default()
        };
        let row = crate::model::Row::Patch(crate::model::Record::Step(step));
        let (step, _) = self.store.put(run, row);
        self.place(step);
        if self.shown_run().is_some() {
            self.outline.set_open(step, true);
        }
        step
    }

    /// The step a step lies in, its run while that step is unknown or would close a circle.
    fn step_parent(&mut self, step: NodeId) -> NodeId {
        let run = self.store.owner(step);
        let Some(parent) = self
            .store
            .step(step)
            .and_then(|step| step.parent_id.clone())
        else {
            return run;
        };
        let Some(above) = self.store.find(run, Sort::Step, &parent) else {
            self.steps_waiting
                .entry((run, parent))
                .or_default()
                .insert(step);
            return run;
        };
        let mut ancestors =
            std::iter::successors(Some(above), |node| self.outline.true_parent(*node));
        let below = self.step_levels.get(&step).copied().unwrap_or(0);
        if ancestors.any(|node| node == step) || self.outline.true_depth(above) + below >= MAX_DEPTH
        {
            return run;
        }
        self.deepen(above, below + 1);
        above
    }

    /// Remembers how many levels of steps lie below a step, so that adopting it keeps to the limit too.
    fn deepen(&mut self, step: NodeId, levels: usize) {
        let above = std::iter::successors(Some(step), |node| self.outline.true_parent(*node));
        let steps = above.take_while(|node| self.store.sort(*node) == Sort::Step);
        for (up, node) in steps.enumerate() {
            let known = self.step_levels.entry(node).or_default();
            *known = (*known).max(levels + up);
        }
    }

    /// Moves the steps that waited for this one under it.
    pub(in crate::app) fn adopt(&mut self, step: NodeId) {
        let Some(record) = self.store.step(step) else {
            return;
        };
        let key = (self.store.owner(step), record.id.clone());
        for child in self.steps_waiting.remove(&key).unwrap_or_default() {
            self.place(child);
        }
    }

    /// A step begins with its plan's time, else with the earliest of its events and steps.
    fn start_step(&mut self, parent: NodeId, child: NodeId) {
        if self.store.sort(parent) != Sort::Step {
            return;
        }
        let begins = match self.store.sort(child) {
            Sort::Event => Some(self.store.order(child).at),
            Sort::Step => began(&self.store, &self.step_starts, child),
            Sort::Context | Sort::Mission | Sort::Run | Sort::Note | Sort::Group => None,
        };
        let Some(at) = begins else {
            return;
        };
        let planned = self
            .store
            .step(parent)
            .is_some_and(|step| step.started_at.is_some());
        let known = self.step_starts.get(&parent).copied();
        if planned || known.is_some_and(|known| known <= at) {
            return;
        }
        self.step_starts.insert(parent, at);
        self.place(parent);
    }

    /// Puts the row about a node's loading last under it, or takes it away.
    pub(in crate::app) fn place_note(&mut self, node: NodeId) {
        let Some(load) = self.loads.get(&node) else {
            return;
        };
        if self.store.sort(node) == Sort::Event {
            self.detail.touched(node);
            return;
        }
        let note = load.note;
        // The detail tells of the load too, for the node and for its note.
        self.detail.touched(node);
        if let Some(note) = note {
            self.detail.touched(note);
        }
        let shown = note.is_some_and(|note| self.outline.contains(note));
        let children = self.outline.all_child_count(node) - self.notes_under(node);
        let wanted = load.note(children, self.now).is_some();
        let behind = self.parts_begin(node);
        if let (true, true, Some(note)) = (wanted, shown, note)
            && self.gap_ends.get(&note).copied() != behind
        {
            match behind {
                Some(behind) => self.gap_ends.insert(note, behind),
                None => self.gap_ends.remove(&note),
            };
            self.insert_in_order(Some(node), note);
        }
        match (wanted, shown) {
            (true, false) => {
                let note = note.unwrap_or_else(|| self.store.add_note(node));
                self.outline.set_always(note, true);
                if let Some(behind) = behind {
                    self.gap_ends.insert(note, behind);
                    self.insert_in_order(Some(node), note);
                } else {
                    self.outline.insert(Some(node), note, |_| Ordering::Less);
                }
                self.outline.set_always(note, true);
                if let Some(load) = self.loads.get_mut(&node) {
                    load.note = Some(note);
                }
            }
            (false, true) => {
                if let Some(note) = note {
                    // Who opened a run and waits is at its beginning.
                    let opened = self.seek == Some(Seek::Failure(node));
                    let first = self
                        .outline
                        .first_child(node)
                        .filter(|first| *first != note);
                    if self.selected == Some(note) && opened && first.is_some() {
                        self.selected = first;
                    }
                    self.drop_hole_row(note);
                }
            }
            (true, true) | (false, false) => {}
        }
    }
}
