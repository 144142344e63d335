//! The rows for what is not loaded of a run between its parts, and how much that is.

use crate::app::{
    App,
    load::{Missing, Note, parts::Hole},
};
use crate::model::{Ask, NodeId, Sort};

impl App {
    /// Where events of a run are not loaded, in order.
    pub(in crate::app) fn holes(&self, run: NodeId) -> Vec<Hole> {
        let place = |node: NodeId| self.store.order(node).at;
        let parts = self.parts.get(&run);
        let list = parts.map(|parts| parts.list.as_slice()).unwrap_or_default();
        let mut holes = Vec::new();
        for part in list {
            let above = self.event_before(run, Some(part.first));
            holes.push(Hole {
                behind: Some(part.first),
                after: above.map_or(-1, place),
                before: Some(place(part.first)),
            });
        }
        let goes_on = match parts {
            Some(parts) if !list.is_empty() => !parts.ends,
            _ => self.loads.get(&run).is_some_and(|load| {
                load.more.is_some() || load.going_on.is_some() || self.loading.contains(&run)
            }),
        };
        if let Some(last) = self.store.newest(run).filter(|_| goes_on) {
            holes.push(Hole {
                behind: None,
                after: place(last),
                before: None,
            });
        }
        holes
    }

    /// Counts anew what is not loaded between the parts of a run, and puts its rows where they belong.
    pub(in crate::app) fn refresh_parts(&mut self, run: NodeId) {
        let Some(parts) = self.parts.get_mut(&run) else {
            return;
        };
        let store = &self.store;
        let missing = |part: &super::parts::Part| {
            let number = part.number?;
            Some(
                number
                    .saturating_sub(1)
                    .saturating_sub(store.loaded_before(part.first)),
            )
        };
        // How many are not loaded before each part, in all; a part that nothing is missing before is none.
        let mut gone = Vec::new();
        let (mut before, mut holes) = (Some(0), Vec::new());
        parts.list.retain_mut(|part| {
            let all = missing(part);
            let is_whole = all.is_some() && all == before;
            if is_whole {
                gone.extend(part.note);
                return false;
            }
            before = all;
            holes.push((part.first, all));
            true
        });
        let first = holes.first().map(|(first, _)| *first);
        let count = holes.first().map(|(_, count)| Missing::of(*count));
        let (is_all, is_empty) = (parts.ends && holes.is_empty(), holes.is_empty());
        if let Some(part) = parts.list.first_mut() {
            gone.extend(part.note.take());
        }
        if is_empty {
            gone.extend(parts.trailing.take());
        }
        self.store.set_holes(run, holes);
        for note in gone {
            self.drop_hole_row(note);
        }
        self.place_hole_rows(run);
        let beginning = first.map_or_else(
            || self.store.counts(run).0,
            |first| self.store.loaded_before(first),
        );
        let Some(load) = self.loads.get_mut(&run) else {
            return;
        };
        load.hole = count;
        if is_all {
            load.more = None;
            self.parts.remove(&run);
        } else if let Some(Ask::Events { page, .. }) = load.more.as_mut() {
            // What was loaded of what comes next is not read again.
            page.seen = page.seen.max(u32::try_from(beginning).unwrap_or(u32::MAX));
        }
        self.place_note(run);
    }

    /// The rows before the second part and those behind it, and the one at the end.
    fn place_hole_rows(&mut self, run: NodeId) {
        let Some(parts) = self.parts.get(&run) else {
            return;
        };
        let firsts: Vec<NodeId> = parts.list.iter().skip(1).map(|part| part.first).collect();
        let (trailing, goes_on) = (parts.trailing, !parts.ends && !parts.list.is_empty());
        for first in firsts {
            let parts = self.parts.get_mut(&run);
            let part = parts.and_then(|parts| parts.list.iter().find(|part| part.first == first));
            let note = part.and_then(|part| part.note);
            let note = note.unwrap_or_else(|| self.store.add_note(run));
            if self.gap_ends.insert(note, first) != Some(first) || !self.outline.contains(note) {
                self.insert_in_order(Some(run), note);
                self.outline.set_always(note, true);
            }
            let parts = self.parts.get_mut(&run);
            if let Some(part) =
                parts.and_then(|parts| parts.list.iter_mut().find(|part| part.first == first))
            {
                part.note = Some(note);
            }
        }
        let row = match (trailing, goes_on) {
            (None, true) => {
                let note = self.store.add_note(run);
                self.insert_in_order(Some(run), note);
                self.outline.set_always(note, true);
                Some(note)
            }
            (Some(note), false) => {
                self.drop_hole_row(note);
                None
            }
            (row, _) => row,
        };
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.trailing = row;
        }
    }

    /// Takes such a row away.
    pub(in crate::app) fn drop_hole_row(&mut self, note: NodeId) {
        self.gap_ends.remove(&note);
        if self.selected == Some(note) {
            let row = self.outline.row_of(note);
            let above = row.and_then(|row| self.outline.node_at(row.checked_sub(1)?));
            self.selected = above.or(Some(self.store.owner(note)));
        }
        self.outline.remove(note);
    }

    /// What the row for a hole behind the first says; none for other rows.
    pub fn hole_note(&self, note: NodeId) -> Option<Note> {
        let run = self.store.owner(note);
        let parts = self.parts.get(&run)?;
        if parts.trailing == Some(note) {
            return Some(Note::More);
        }
        let at = parts.list.iter().position(|part| part.note == Some(note))?;
        let missing = |at: usize| {
            let part = parts.list.get(at)?;
            let number = part.number?;
            Some(
                number
                    .saturating_sub(1)
                    .saturating_sub(self.store.loaded_before(part.first)),
            )
        };
        let count = missing(at).zip(at.checked_sub(1).map_or(Some(0), missing));
        let count = count.map(|(all, before)| all.saturating_sub(before));
        Some(Note::Between(Missing::of(count), false))
    }

    /// How many of the rows right under a node are no records of it.
    pub fn notes_under(&self, node: NodeId) -> usize {
        let own = self.loads.get(&node).and_then(|load| load.note);
        let parts = self.parts.get(&node);
        let rows = parts.into_iter().flat_map(|parts| {
            let between = parts.list.iter().filter_map(|part| part.note);
            between.chain(parts.trailing)
        });
        let rows = own.into_iter().chain(rows);
        rows.filter(|note| self.outline.contains(*note) && self.store.sort(*note) == Sort::Note)
            .count()
    }
}
