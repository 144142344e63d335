//! Marks of the filter, which come and go by the hundred thousand: many at once, and all of them gone at
//! once.

use super::{
    ALWAYS, MATCH, Mark, NONE, NodeId, Outline,
    count::{Change, MATCHING},
};

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Outline {
    /// Marks nodes as matches, or takes the mark away: those beside each other at the cost of one.
    pub fn set_matches(&mut self, nodes: impl IntoIterator<Item = NodeId>, yes: bool) {
        let mut sum = Change::NOTHING;
        let mut chunk = NONE;
        for node in nodes {
            let id = self.cell_index(node);
            if self.cells[id].has(Mark::Match) == yes {
                continue;
            }
            if self.cells[id].chunk != chunk {
                self.spread(chunk, std::mem::replace(&mut sum, Change::NOTHING));
                chunk = self.cells[id].chunk;
            }
            let mut cell = self.cells[id].clone();
            cell.toggle(Mark::Match);
            let below = self.sums_below(&cell);
            cell.shown = cell.lenses(below);
            sum.and(&Change::between(
                &self.cells[id].share(below),
                &cell.share(below),
            ));
            self.cells[id] = cell;
        }
        self.spread(chunk, sum);
    }

    /// Takes the mark of a match from every node at once: a few nanoseconds for each that there is.
    pub fn clear_matches(&mut self) {
        let lenses = MATCHING.iter().fold(0, |bits, lens| bits | lens.bit());
        let mut always = Vec::new();
        for (id, cell) in self.cells.iter_mut().enumerate() {
            cell.flags &= !MATCH;
            cell.shown &= !lenses;
            if cell.flags & ALWAYS != 0 {
                always.push(id);
            }
        }
        for chunk in &mut self.chunks {
            chunk.counts.forget_matches();
        }
        for list in &mut self.lists {
            list.counts.forget_matches();
            for lens in MATCHING {
                list.shown[lens as usize] = 0;
            }
        }
        // What is always shown is shown without any match.
        for id in always {
            self.change(id, |_| {});
        }
    }
}
