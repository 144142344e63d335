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
            if yes {
                self.matches.push(node.0);
            }
        }
        self.spread(chunk, sum);
    }

    /// Takes the mark of a match from every node at once: at a cost for each match, and hardly any for all
    /// other nodes.
    pub fn clear_matches(&mut self) {
        let lenses = MATCHING.iter().fold(0, |bits, lens| bits | lens.bit());
        for node in std::mem::take(&mut self.matches) {
            self.cells[node as usize].flags &= !MATCH;
            // What leads to a match is shown with it, as far as that was not met already.
            let mut above = node;
            while let Some(cell) = self.cells.get_mut(above as usize) {
                let was_shown = cell.shown & lenses != 0;
                cell.shown &= !lenses;
                if !was_shown {
                    break;
                }
                above = cell.parent;
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
        self.always.sort_unstable();
        self.always.dedup();
        let cells = &self.cells;
        self.always
            .retain(|id| cells[*id as usize].flags & ALWAYS != 0);
        let always = self.always.clone();
        for id in &always {
            self.cells[*id as usize].shown &= !lenses;
        }
        for id in always {
            self.change(id as usize, |_| {});
        }
    }
}
