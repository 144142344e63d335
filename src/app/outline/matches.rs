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

    /// Takes the mark of a match from every node at once: at a cost for those that lie beside matches, and
    /// hardly any for the others.
    pub fn clear_matches(&mut self) {
        let lenses = MATCHING.iter().fold(0, |bits, lens| bits | lens.bit());
        let mut always = Vec::new();
        for node in std::mem::take(&mut self.matches) {
            self.cells[node as usize].flags &= !MATCH;
            // What was taken out of the tree, and what is below that, is in no chunk of it.
            let above = |node: &u32| {
                let parent = self.cells[*node as usize].parent;
                (parent != NONE).then_some(parent)
            };
            let mut above = std::iter::successors(Some(node), above);
            let out = above.find(|node| self.cells[*node as usize].chunk == NONE);
            if let Some(out) = out {
                self.cells[out as usize].shown &= !lenses;
                always.push(out as usize);
            }
        }
        for chunk in &mut self.chunks {
            if !chunk.counts.tells_of_matches() {
                continue;
            }
            for node in &chunk.nodes {
                let cell = &mut self.cells[*node as usize];
                cell.shown &= !lenses;
                if cell.flags & ALWAYS != 0 {
                    always.push(*node as usize);
                }
            }
            chunk.counts.forget_matches();
        }
        for list in &mut self.lists {
            list.counts.forget_matches();
            for lens in MATCHING {
                list.shown[lens as usize] = 0;
            }
        }
        // What is always shown is shown without any match.
        always.retain(|id| self.cells[*id].flags & ALWAYS != 0);
        for id in always {
            self.change(id, |_| {});
        }
    }
}
