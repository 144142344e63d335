//! Marked nodes: how many, which is next, which number one is. Through folds, but within the root and
//! as the lens shows them: what it hides is not stepped to and not counted.

use super::{Mark, NONE, NodeId, Outline, Seen};

impl Outline {
    /// Whether a node has the mark itself.
    pub fn has_mark(&self, node: NodeId, mark: Mark) -> bool {
        self.cell(node).has(mark)
    }
}

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Seen<'_> {
    /// Whether the lens shows a node, were all above it shown and open.
    pub fn passes(self, node: NodeId) -> bool {
        self.shows(self.tree.cell(node))
    }

    /// How many nodes match and are failures.
    pub fn failing_matches(self) -> usize {
        self.top().map_or(0, |list| list.counts.failing_matches())
    }

    /// How many nodes at or below a node have the mark; none where the lens hides the node.
    pub fn marked_in(self, node: NodeId, mark: Mark) -> usize {
        self.marks_of(self.tree.cell(node), mark) as usize
    }

    /// How many nodes below a node have the mark.
    pub fn marked_below(self, node: NodeId, mark: Mark) -> usize {
        self.marked_among(self.tree.children_of(self.tree.cell(node)), mark)
    }

    /// How many nodes have the mark.
    pub fn marked(self, mark: Mark) -> usize {
        self.marked_among(self.top(), mark)
    }

    /// How many marked nodes come before a node, folded away or not. A node outside the root stands
    /// before all.
    pub fn marked_before(self, node: NodeId, mark: Mark) -> usize {
        self.standing(node, mark).0
    }

    /// The next marked node behind `node` in the order of the tree, folded away or not.
    pub fn next_marked(self, node: NodeId, mark: Mark) -> Option<NodeId> {
        let (before, own) = self.standing(node, mark);
        self.nth_marked(before + usize::from(own), mark)
    }

    /// The last marked node in front of `node` in the order of the tree, folded away or not.
    pub fn prev_marked(self, node: NodeId, mark: Mark) -> Option<NodeId> {
        self.nth_marked(self.marked_before(node, mark).checked_sub(1)?, mark)
    }

    /// The marked node with that many others in front of it.
    pub fn nth_marked(self, nth: usize, mark: Mark) -> Option<NodeId> {
        let at = mark.slot(self.lens);
        let mut left = u32::try_from(nth).ok()?;
        let mut list = self.top()?;
        loop {
            let chunk = list
                .chunks
                .iter()
                .map(|chunk| &self.tree.chunks[*chunk as usize])
                .find(|chunk| {
                    let within = left < chunk.counts.marks[at];
                    left -= if within { 0 } else { chunk.counts.marks[at] };
                    within
                })?;
            let node = chunk.nodes.iter().find(|node| {
                let marks = self.marks_of(&self.tree.cells[**node as usize], mark);
                let within = left < marks;
                left -= if within { 0 } else { marks };
                within
            })?;
            let cell = &self.tree.cells[*node as usize];
            if cell.has(mark) {
                if left == 0 {
                    return Some(NodeId(*node));
                }
                left -= 1;
            }
            list = self.tree.children_of(cell)?;
        }
    }

    /// How many marked nodes come before a node, and whether it is counted as one itself.
    fn standing(self, node: NodeId, mark: Mark) -> (usize, bool) {
        let cell = self.tree.cell(node);
        let mut own = cell.has(mark) && self.counts(cell, mark);
        let mut count = 0;
        let mut node = node;
        loop {
            let Some((chunk, index)) = self.tree.place(node) else {
                return (0, false);
            };
            count += self.marked_in_front(chunk, index, mark);
            let parent = self.tree.cell(node).parent;
            if parent == self.root {
                return (count as usize, own);
            }
            if parent == NONE {
                return (0, false);
            }
            node = NodeId(parent);
            let cell = self.tree.cell(node);
            if self.counts(cell, mark) {
                count += u32::from(cell.has(mark));
            } else {
                (count, own) = (0, false);
            }
        }
    }

    /// How many marked nodes are in and below the siblings in front of a place.
    fn marked_in_front(self, chunk: usize, index: usize, mark: Mark) -> u32 {
        let at = mark.slot(self.lens);
        let chunk = &self.tree.chunks[chunk];
        let within = chunk.nodes.iter().take(index);
        let within: u32 = within
            .map(|node| self.marks_of(&self.tree.cells[*node as usize], mark))
            .sum();
        let list = &self.tree.lists[chunk.list as usize];
        let earlier = list.chunks.iter().take(chunk.place as usize);
        let earlier: u32 = earlier
            .map(|chunk| self.tree.chunks[*chunk as usize].counts.marks[at])
            .sum();
        within + earlier
    }

    fn marked_among(self, list: Option<&super::List>, mark: Mark) -> usize {
        list.map_or(0, |list| list.counts.marks[mark.slot(self.lens)] as usize)
    }
}
