//! Cells of the rows on the screen that are values of payloads, kept from frame to frame: to mask a
//! payload takes far longer than to paint a row. A cell is made anew where the bytes that it was cut out
//! of are others. Copies never come from here: they are masked for themselves.

use std::collections::HashMap;

use super::{Column, List, Shows};
use crate::{
    analysis::CellValue,
    app::App,
    guard::redact::Masking,
    model::{NodeId, Payload},
};

/// The cells that are kept, by their row and the place of their column.
#[derive(Debug, Default)]
pub(super) struct Kept {
    cells: HashMap<(NodeId, usize), Cell>,
    /// To find out whether there is something to mask.
    masking: Option<Masking>,
}

#[derive(Debug)]
struct Cell {
    /// What it was cut out of, in the order in which that was looked through.
    of: [Payload; 2],
    /// None where something in it has to be masked: that is done in each frame, so that a secret has the
    /// same placeholder in all of it.
    value: Option<CellValue>,
}

impl Cell {
    fn is_of(&self, payloads: &[Payload; 2]) -> bool {
        let same = |one: &Payload, other: &Payload| {
            let (one, other) = (one.bytes(), other.bytes());
            (one.as_ptr(), one.len()) == (other.as_ptr(), other.len())
        };
        self.of
            .iter()
            .zip(payloads)
            .all(|(one, other)| same(one, other))
    }
}

impl App {
    /// Makes the cells of the rows on the screen that are not there yet, and drops those of others.
    pub(in crate::app) fn keep_cells(&mut self) {
        let list = self.list_shown();
        let shown = &self.columns.sets.of(list).added;
        if !shown
            .iter()
            .any(|column| matches!(column.shows, Shows::Path(_)))
        {
            self.columns.kept = Kept::default();
            return;
        }
        let mut kept = std::mem::take(&mut self.columns.kept);
        let mut masking = match kept.masking.take() {
            Some(masking) => masking,
            None => self.redactor.masking(),
        };
        let mut cells = HashMap::new();
        let height = usize::from(self.measured.tree_rows);
        for node in self.outline.window(self.top, height) {
            for (at, column) in shown.iter().enumerate() {
                let Shows::Path(_) = column.shows else {
                    continue;
                };
                let of = match list {
                    List::Runs => self.run_payloads(node, at),
                    List::Events | List::Records => self.row_payloads(node),
                };
                let known = kept.cells.remove(&(node, at));
                let cell = known.filter(|cell| cell.is_of(&of)).unwrap_or_else(|| {
                    let before = masking.masked();
                    let value = self.cell(list, node, (at, column), &mut masking);
                    let is_plain = masking.masked() == before;
                    Cell {
                        of,
                        value: is_plain.then_some(value),
                    }
                });
                cells.insert((node, at), cell);
            }
        }
        self.columns.kept = Kept {
            cells,
            masking: Some(masking),
        };
    }

    /// What stands in a column of a row on the screen.
    pub fn shown_cell(
        &self,
        list: List,
        node: NodeId,
        (at, column): (usize, &Column),
        masking: &mut Masking,
    ) -> CellValue {
        let kept = self.columns.kept.cells.get(&(node, at));
        let kept = kept.filter(|_| matches!(column.shows, Shows::Path(_)));
        kept.and_then(|cell| cell.value.clone())
            .unwrap_or_else(|| self.cell(list, node, (at, column), masking))
    }

    fn cell(
        &self,
        list: List,
        node: NodeId,
        (at, column): (usize, &Column),
        masking: &mut Masking,
    ) -> CellValue {
        match list {
            List::Runs => self.run_cell(node, at, column, masking),
            List::Events | List::Records => self.row_cell(node, column, masking),
        }
    }

    /// What a cell of a run is cut out of: its record, and the event that was found for the column.
    fn run_payloads(&self, run: NodeId, at: usize) -> [Payload; 2] {
        let record = self.store.run(run).map(|run| run.raw.clone());
        let event = self.columns.found(run, at);
        let event = event.and_then(|node| self.store.event(node));
        [
            record.unwrap_or_default(),
            event.map(|event| event.raw).unwrap_or_default(),
        ]
    }

    /// What a cell of a row is cut out of: its event, and the answer to it.
    fn row_payloads(&self, node: NodeId) -> [Payload; 2] {
        let event = self.store.event(node);
        let answer = self.shown_operation(node);
        let answer = answer.and_then(|operation| self.store.event(operation.answer?));
        [event, answer].map(|event| event.map(|event| event.raw).unwrap_or_default())
    }
}
