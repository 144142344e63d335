//! What was asked for of a long run, and what it makes of the parts that are loaded when it comes.

use std::collections::HashSet;

use super::{Asked, LOOKING, Part, Want};
use crate::app::{App, Effect, list::By};
use crate::model::{Gen, Got, NodeId, Record, Row, Sort, Stretch, Trouble, Urgency};

impl App {
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
        let first = parts
            .as_ref()
            .and_then(|parts| parts.came.nodes.first().copied());
        let awaited = parts.is_some_and(|parts| std::mem::take(&mut parts.is_awaited));
        self.settle_part(run, asked, awaited);
        if let Asked::Match {
            want: Want::Match,
            forward: true,
            ..
        } = asked
            && first.is_some()
        {
            // All that lies before it was looked through.
            self.holds_no_match(first);
        }
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
            Asked::Match {
                want: Want::Match, ..
            } => self.looked_beyond(run),
            Asked::End | Asked::Before(_) | Asked::After(_) => {
                effects.extend(self.move_by(By::Last, false));
            }
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
