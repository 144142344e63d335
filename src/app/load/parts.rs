//! A long run of a file of which parts are loaded: its beginning, its end before its middle, what lies
//! around a match. What is not loaded between them is a row, and the numbers behind it are right as soon as
//! the source knows them.

use std::{collections::HashSet, sync::Arc};

use crate::app::{App, Effect, list::By, load::State};
use crate::model::{
    Ask, Gen, Got, Limit, NodeId, Record, Row, Sieve, Sort, Stretch, Ticket, Trouble, Urgency,
};

/// Said meanwhile.
const LOOKING: &str = "the last events are being looked for";

/// What was loaded of a run behind its beginning.
#[derive(Debug, Default)]
pub(in crate::app) struct Parts {
    /// In order.
    pub list: Vec<Part>,
    /// Whether the last of them goes up to the end of the run.
    pub ends: bool,
    /// The row behind the last of them where it does not.
    pub trailing: Option<NodeId>,
    generation: Gen,
    asked: Option<Asked>,
    /// What came so far of what was asked for.
    came: Came,
    /// Somebody went to the last row, or to a match, and waits there.
    is_awaited: bool,
    /// The part whose number is asked for.
    numbering: Option<(Gen, NodeId)>,
    /// Where nothing fails: the events right behind, none for the end of the run.
    pub sound: Vec<Option<NodeId>>,
    /// Somebody waits for the next failure: while this is there, the source looks for it.
    pub waits: Option<Arc<()>>,
    /// On to it, that way, as soon as what came was read.
    resume: Option<bool>,
}

/// Events in a row that were loaded apart from those before them.
#[derive(Debug)]
pub(in crate::app) struct Part {
    /// The first of them.
    pub first: NodeId,
    /// Its number in the run, from 1, once it is known.
    pub number: Option<usize>,
    /// The row for what is not loaded before it; the first part has that of the load.
    pub note: Option<NodeId>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    End,
    /// What lies before this part.
    Before(NodeId),
    /// What lies behind this event.
    After(NodeId),
    /// A match in the hole before this part, or in the one at the end.
    Match {
        hole: Option<NodeId>,
        forward: bool,
        want: Want,
    },
}

/// What is looked for in what is not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Want {
    /// What the search matches.
    Hit,
    /// What fails.
    Fault,
}

#[derive(Debug, Default)]
struct Came {
    nodes: Vec<NodeId>,
    /// The number of the first, if it is known, and whether that was loaded before.
    number: Option<usize>,
    was_known: bool,
}

/// Where events of a run are not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Hole {
    /// The event right behind it; none at the end of the run.
    pub behind: Option<NodeId>,
    /// The places of the events around it.
    pub after: i64,
    pub before: Option<i64>,
}

impl App {
    /// To the last row that is loaded; the last that there is comes, if it can be had.
    pub(in crate::app) fn go_to_end(&mut self) -> Vec<Effect> {
        let mut effects = self.want_end();
        effects.extend(self.move_by(By::Last, false));
        effects
    }

    fn want_end(&mut self) -> Vec<Effect> {
        let Some(run) = self.shown_run().filter(|_| !self.in_detail()) else {
            return Vec::new();
        };
        if self.is_filtering() || !self.has_hole_at_end(run) {
            return Vec::new();
        }
        let effects = self.ask_part(run, Asked::End, Stretch::Last, Urgency::Wanted);
        if !effects.is_empty() {
            self.say(LOOKING);
        }
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.is_awaited = true;
        }
        effects
    }

    /// Whether the last events of a run are not loaded.
    pub(in crate::app) fn has_hole_at_end(&self, run: NodeId) -> bool {
        let is_long = self
            .loads
            .get(&run)
            .is_some_and(|load| load.state == State::Loading || load.more.is_some());
        match self.parts.get(&run) {
            Some(parts) if !parts.list.is_empty() => !parts.ends,
            _ => is_long,
        }
    }

    /// Loads what the row stands for, from its end or its beginning; none if it is the row of the load.
    pub(in crate::app) fn load_hole(
        &mut self,
        note: NodeId,
        from_end: bool,
        urgency: Urgency,
    ) -> Option<Vec<Effect>> {
        let run = self.store.owner(note);
        let parts = self.parts.get(&run)?;
        let behind = if parts.trailing == Some(note) {
            None
        } else {
            let is_it = |part: &&Part| part.note == Some(note);
            let own = parts.list.iter().find(is_it);
            let first = parts.list.first().filter(|_| from_end);
            Some(own.or(first)?.first)
        };
        let (asked, of) = match behind {
            Some(first) if from_end => {
                let place = self.store.order(first).at;
                (Asked::Before(first), Stretch::Before(place))
            }
            behind => {
                let last = self.event_before(run, behind)?;
                (
                    Asked::After(last),
                    Stretch::After(self.store.order(last).at),
                )
            }
        };
        Some(self.ask_part(run, asked, of, urgency))
    }

    /// The loaded event before this one, or the last.
    pub(in crate::app) fn event_before(
        &self,
        run: NodeId,
        behind: Option<NodeId>,
    ) -> Option<NodeId> {
        match behind {
            Some(first) => {
                let nth = self.store.loaded_before(first).checked_sub(1)?;
                self.store.nth_event(run, nth)
            }
            None => self.store.newest(run),
        }
    }

    /// Asks for the next that a test takes in a hole.
    pub(in crate::app) fn ask_match(
        &mut self,
        run: NodeId,
        hole: Hole,
        (want, forward): (Want, bool),
        test: Sieve,
    ) -> Vec<Effect> {
        let of = Stretch::Match {
            after: hole.after,
            before: hole.before,
            last: !forward,
            test,
        };
        let asked = Asked::Match {
            hole: hole.behind,
            forward,
            want,
        };
        let effects = self.ask_part(run, asked, of, Urgency::Wanted);
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.is_awaited = true;
        }
        effects
    }

    fn ask_part(
        &mut self,
        run: NodeId,
        asked: Asked,
        of: Stretch,
        urgency: Urgency,
    ) -> Vec<Effect> {
        if !self.has_parts(run) {
            return Vec::new();
        }
        let parts = self.parts.entry(run).or_default();
        // What somebody waits for is not held up by what was only near.
        let is_urgent = urgency == Urgency::Wanted;
        let (under_way, before) = (parts.asked, parts.generation);
        if under_way.is_some_and(|other| other == asked || !is_urgent) {
            return Vec::new();
        }
        let generation = self.next_generation();
        let parts = self.parts.entry(run).or_default();
        (parts.generation, parts.asked) = (generation, Some(asked));
        parts.came = Came::default();
        let mut effects = Vec::new();
        if under_way.is_some() {
            effects.push(Effect::Cancel(before));
        }
        effects.extend(self.ticket_for_part(run, generation, of, urgency));
        effects
    }

    /// Whether parts of a run can be had.
    pub(in crate::app) fn has_parts(&self, run: NodeId) -> bool {
        self.context_of(run).is_some_and(|(_, info)| info.tails)
    }

    fn ticket_for_part(
        &self,
        run: NodeId,
        generation: Gen,
        of: Stretch,
        urgency: Urgency,
    ) -> Option<Effect> {
        let (context, _) = self.context_of(run)?;
        let ask = Ask::Part {
            run: self.run_ref(run)?,
            of,
        };
        Some(Effect::Load(Ticket {
            context,
            node: run,
            generation,
            ask,
            limit: Limit::NONE,
            urgency,
        }))
    }

    /// Whether the end of a run is on its way, so that its middle can wait.
    pub(in crate::app) fn end_is_coming(&self, run: NodeId) -> bool {
        let parts = self.parts.get(&run);
        parts.is_some_and(|parts| parts.asked == Some(Asked::End))
    }

    /// Nobody waits at the end or for a match any more.
    pub(in crate::app) fn leave_end(&mut self) {
        for parts in self.parts.values_mut() {
            parts.is_awaited = false;
            (parts.waits, parts.resume) = (None, None);
        }
    }

    /// The event that the row of the load stands before, where parts behind it are loaded.
    pub(in crate::app) fn parts_begin(&self, run: NodeId) -> Option<NodeId> {
        Some(self.parts.get(&run)?.list.first()?.first)
    }

    /// News of a part of a run; none if the number is not one of that.
    pub(in crate::app) fn part_came(
        &mut self,
        node: NodeId,
        generation: Gen,
        got: &mut Got,
    ) -> Option<Vec<Effect>> {
        let parts = self.parts.get_mut(&node)?;
        if let Some((asked, first)) = parts.numbering
            && asked == generation
        {
            self.number_came(node, first, got);
            return Some(Vec::new());
        }
        let asked = parts.asked.filter(|_| parts.generation == generation)?;
        match got {
            Got::Rows { rows, skipped } => {
                let (rows, skipped) = (std::mem::take(rows), *skipped);
                self.take_part(node, rows, skipped);
                Some(Vec::new())
            }
            Got::Done { .. } => {
                parts.asked = None;
                self.notice.take_if(|notice| notice.text == LOOKING);
                Some(self.part_ended(node, asked))
            }
            Got::Failed(trouble) => {
                (parts.asked, parts.is_awaited) = (None, false);
                let text = trouble.to_string();
                if !matches!(trouble, Trouble::Cancelled) {
                    self.complain(text);
                }
                Some(Vec::new())
            }
            Got::Waiting { .. } | Got::Budget(_) | Got::Live(_) | Got::Kept(_) => Some(Vec::new()),
        }
    }

    fn part_ended(&mut self, run: NodeId, asked: Asked) -> Vec<Effect> {
        let parts = self.parts.get_mut(&run);
        let awaited = parts.is_some_and(|parts| std::mem::take(&mut parts.is_awaited));
        self.settle_part(run, asked, awaited);
        // Its rows are where they belong only when they were read as operations.
        let mut effects = self.take_readings();
        effects.extend(self.ask_number(run));
        if !awaited || self.shown_run() != Some(run) {
            return effects;
        }
        match asked {
            Asked::Match {
                forward,
                want: Want::Hit,
                ..
            } => effects.extend(self.step_hit(forward)),
            Asked::Match {
                forward,
                want: Want::Fault,
                ..
            } => {
                if let Some(parts) = self.parts.get_mut(&run) {
                    parts.resume = Some(forward);
                }
                effects.extend(self.resume_fault());
            }
            _ => effects.extend(self.move_by(By::Last, false)),
        }
        effects
    }

    /// On to the failure that came, once it is known whether it is one: what follows may have mended it.
    pub(in crate::app) fn resume_fault(&mut self) -> Vec<Effect> {
        let run = self.shown_run();
        let parts = run.and_then(|run| self.parts.get(&run));
        let Some((run, forward)) = run.zip(parts.and_then(|parts| parts.resume)) else {
            return Vec::new();
        };
        if self.is_reading(run) {
            return Vec::new();
        }
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.resume = None;
        }
        self.fault(forward)
    }

    fn take_part(&mut self, run: NodeId, rows: Vec<Row>, skipped: u32) {
        let ids: Vec<String> = rows
            .iter()
            .map(|row| row.record().id().to_owned())
            .collect();
        let is_first = self
            .parts
            .get(&run)
            .is_none_or(|parts| parts.came.nodes.is_empty());
        if let (true, Some(row)) = (is_first, rows.first()) {
            let number = number_of(row);
            let known = self.store.find(run, Sort::Event, row.record().id());
            if let Some(parts) = self.parts.get_mut(&run) {
                (parts.came.number, parts.came.was_known) = (number, known.is_some());
            }
        }
        self.rows(run, rows, skipped);
        let nodes = ids
            .iter()
            .filter_map(|id| self.store.find(run, Sort::Event, id));
        let nodes: Vec<NodeId> = nodes.collect();
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.came.nodes.extend(nodes);
        }
    }

    /// What came is a part of its own, or joins those beside it.
    fn settle_part(&mut self, run: NodeId, asked: Asked, awaited: bool) {
        let Some(parts) = self.parts.get_mut(&run) else {
            return;
        };
        let came = std::mem::take(&mut parts.came);
        let (first, last) = (came.nodes.first().copied(), came.nodes.last().copied());
        let store = &self.store;
        let place = |node: NodeId| store.order(node);
        let (Some(first), Some(last)) = (first, last) else {
            match asked {
                Asked::Before(gone) => parts.list.retain(|part| part.first != gone),
                Asked::After(event) => {
                    let is_last = |part: &Part| place(part.first) <= place(event);
                    parts.ends |= parts.list.iter().all(is_last);
                }
                Asked::Match { hole, want, .. } if awaited || want == Want::Hit => {
                    self.is_void(run, want, hole);
                }
                // Nobody waited any more, and it may not have been looked through.
                Asked::End | Asked::Match { .. } => {}
            }
            self.refresh_parts(run);
            return;
        };
        let known: HashSet<NodeId> = came.nodes.iter().copied().collect();
        let begins = match asked {
            Asked::After(_) => None,
            Asked::End | Asked::Before(_) | Asked::Match { .. } => {
                (!came.was_known).then_some(first)
            }
        };
        // What was the first of a part and lies in what came, or right behind it, is no longer.
        let mut dropped = Vec::new();
        let mut number = came.number;
        parts.list.retain(|part| {
            let is_joined = known.contains(&part.first) || asked == Asked::Before(part.first);
            if is_joined {
                dropped.extend(part.note);
                let between = store.loaded_before(part.first)
                    - store
                        .loaded_before(first)
                        .min(store.loaded_before(part.first));
                number = number.or(part.number.and_then(|known| known.checked_sub(between)));
            }
            !is_joined
        });
        if let Some(first) = begins {
            let at = parts
                .list
                .partition_point(|part| place(part.first) < place(first));
            parts.list.insert(
                at,
                Part {
                    first,
                    number,
                    note: None,
                },
            );
        }
        let is_behind_all = parts
            .list
            .iter()
            .all(|part| place(part.first) <= place(last));
        parts.ends |= asked == Asked::End && is_behind_all;
        for note in dropped {
            self.drop_hole_row(note);
        }
        if let Asked::Match {
            hole,
            forward,
            want,
        } = asked
        {
            // There is none before what came, or behind it, as far as the hole went.
            self.is_void(run, want, if forward { begins } else { hole });
            if begins.is_none() {
                self.is_void(run, want, hole);
            }
        }
        self.refresh_parts(run);
    }

    /// The beginning of a run grew up to this event.
    pub(in crate::app) fn beginning_grew(&mut self, run: NodeId, upto: Option<NodeId>) {
        let (Some(upto), Some(parts)) = (upto, self.parts.get_mut(&run)) else {
            return;
        };
        let store = &self.store;
        let reached = store.order(upto);
        let mut dropped = Vec::new();
        parts.list.retain(|part| {
            let is_joined = store.order(part.first) <= reached;
            dropped.extend(part.note.filter(|_| is_joined));
            !is_joined
        });
        for note in dropped {
            self.drop_hole_row(note);
        }
        self.refresh_parts(run);
    }

    fn number_came(&mut self, run: NodeId, first: NodeId, got: &mut Got) {
        let Some(parts) = self.parts.get_mut(&run) else {
            return;
        };
        match got {
            Got::Rows { rows, .. } => {
                let number = rows.first().and_then(number_of);
                let mut list = parts.list.iter_mut();
                if let Some(part) = list.find(|part| part.first == first) {
                    part.number = part.number.or(number);
                }
                self.refresh_parts(run);
            }
            Got::Done { .. } | Got::Failed(_) => parts.numbering = None,
            Got::Waiting { .. } | Got::Budget(_) | Got::Live(_) | Got::Kept(_) => {}
        }
    }

    /// Asks for the number of a part that the source did not know yet.
    fn ask_number(&mut self, run: NodeId) -> Option<Effect> {
        let parts = self.parts.get(&run)?;
        let part = parts.list.iter().find(|part| part.number.is_none())?;
        if parts
            .numbering
            .is_some_and(|(_, first)| first == part.first)
        {
            return None;
        }
        let first = part.first;
        let generation = self.next_generation();
        self.parts.get_mut(&run)?.numbering = Some((generation, first));
        let place = self.store.order(first).at;
        self.ticket_for_part(run, generation, Stretch::At(place), Urgency::Ahead)
    }
}

/// The number of an event in its run, where the source knows it.
fn number_of(row: &Row) -> Option<usize> {
    match row.record() {
        Record::Event(event) => usize::try_from(event.order.tie).ok().filter(|tie| *tie > 0),
        _ => None,
    }
}
