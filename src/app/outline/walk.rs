//! Ways through the outline: row ↔ node, neighbours, and the next marked node through folds.

use super::{Cell, FRESH, List, Mark, Marks, NONE, NodeId, Outline};

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Outline {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.lists[0].rows as usize
    }

    /// The node of a row.
    pub fn node_at(&self, row: usize) -> Option<NodeId> {
        let mut left = u32::try_from(row).ok()?;
        let mut list = &self.lists[0];
        loop {
            let node = self.in_list(list, &mut left)?;
            if left == 0 {
                return Some(NodeId(node));
            }
            left -= 1;
            list = self.children_of(self.cell(NodeId(node)))?;
        }
    }

    /// The row of a node; none while it is folded away.
    pub fn row_of(&self, node: NodeId) -> Option<usize> {
        let mut row = 0usize;
        let mut node = node;
        loop {
            let cell = self.cell(node);
            (cell.chunk != NONE).then_some(())?;
            row += self.rows_before(node, cell);
            if cell.parent == NONE {
                return Some(row);
            }
            node = NodeId(cell.parent);
            self.cell(node).open.then_some(())?;
            row += 1;
        }
    }

    /// The rows from `top` on, at most `height` of them.
    pub fn window(&self, top: usize, height: usize) -> Vec<NodeId> {
        std::iter::successors(self.node_at(top), |node| self.below(*node))
            .take(height)
            .collect()
    }

    /// The node in the next row.
    pub fn below(&self, node: NodeId) -> Option<NodeId> {
        if self.is_open(node)
            && let Some(child) = self.first_child(node)
        {
            return Some(child);
        }
        let mut node = node;
        loop {
            if let Some(next) = self.next_sibling(node) {
                return Some(next);
            }
            node = self.parent(node)?;
        }
    }

    /// Whether a node is somewhere in the tree.
    pub fn contains(&self, node: NodeId) -> bool {
        self.cell(node).chunk != NONE
    }

    /// Whether a node shows what is below it.
    pub fn is_open(&self, node: NodeId) -> bool {
        self.cell(node).open
    }

    /// The node above, none at the top.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.cell(node).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// How many nodes are above.
    pub fn depth(&self, node: NodeId) -> usize {
        std::iter::successors(self.parent(node), |node| self.parent(*node)).count()
    }

    /// How many children a node has.
    pub fn child_count(&self, node: NodeId) -> usize {
        self.children_of(self.cell(node))
            .map_or(0, |list| list.len as usize)
    }

    /// The first child.
    pub fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.first_of(self.children_of(self.cell(node))?)
    }

    /// The first node at the top.
    pub fn first(&self) -> Option<NodeId> {
        self.first_of(&self.lists[0])
    }

    /// The children of a node in order; none: the nodes at the top.
    pub fn children(&self, node: Option<NodeId>) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        let list = match node {
            None => Some(&self.lists[0]),
            Some(node) => self.children_of(self.cell(node)),
        };
        list.into_iter()
            .flat_map(|list| list.chunks.iter())
            .flat_map(|chunk| self.chunks[*chunk as usize].nodes.iter())
            .map(|node| NodeId(*node))
    }

    /// The sibling behind.
    pub fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        let (chunk, index) = self.place(node)?;
        if let Some(next) = self.chunks[chunk].nodes.get(index + 1) {
            return Some(NodeId(*next));
        }
        let list = &self.lists[self.chunks[chunk].list as usize];
        let next = list.chunks.get(self.chunks[chunk].place as usize + 1)?;
        self.chunks[*next as usize]
            .nodes
            .first()
            .map(|node| NodeId(*node))
    }

    /// The sibling in front.
    pub fn prev_sibling(&self, node: NodeId) -> Option<NodeId> {
        let (chunk, index) = self.place(node)?;
        if let Some(before) = index.checked_sub(1) {
            return Some(NodeId(self.chunks[chunk].nodes[before]));
        }
        let list = &self.lists[self.chunks[chunk].list as usize];
        let before = (self.chunks[chunk].place as usize).checked_sub(1)?;
        let before = list.chunks[before] as usize;
        self.chunks[before].nodes.last().map(|node| NodeId(*node))
    }

    /// Whether a node has the mark itself.
    pub fn has_mark(&self, node: NodeId, mark: Mark) -> bool {
        self.cell(node).own[mark as usize]
    }

    /// How many nodes at or below a node have the mark.
    pub fn marked_in(&self, node: NodeId, mark: Mark) -> usize {
        self.marks_of(self.cell(node))[mark as usize] as usize
    }

    /// How many nodes have the mark.
    pub fn marked(&self, mark: Mark) -> usize {
        self.lists[0].marks[mark as usize] as usize
    }

    /// How many marked nodes come before a node, folded away or not.
    pub fn marked_before(&self, node: NodeId, mark: Mark) -> usize {
        let at = mark as usize;
        let mut count = 0usize;
        let mut node = node;
        while let Some((chunk, index)) = self.place(node) {
            let before = self.chunks[chunk].nodes.iter().take(index);
            count += before
                .map(|other| self.marks_of(&self.cells[*other as usize])[at] as usize)
                .sum::<usize>();
            let list = &self.lists[self.chunks[chunk].list as usize];
            let earlier = list.chunks.iter().take(self.chunks[chunk].place as usize);
            count += earlier
                .map(|other| self.chunks[*other as usize].marks[at] as usize)
                .sum::<usize>();
            let Some(parent) = self.parent(node) else {
                break;
            };
            count += usize::from(self.has_mark(parent, mark));
            node = parent;
        }
        count
    }

    /// The next marked node behind `node` in the order of the tree, folded away or not.
    pub fn next_marked(&self, node: NodeId, mark: Mark) -> Option<NodeId> {
        let own = usize::from(self.has_mark(node, mark));
        self.nth_marked(self.marked_before(node, mark) + own, mark)
    }

    /// The last marked node in front of `node` in the order of the tree, folded away or not.
    pub fn prev_marked(&self, node: NodeId, mark: Mark) -> Option<NodeId> {
        self.nth_marked(self.marked_before(node, mark).checked_sub(1)?, mark)
    }

    /// The marked node with that many others in front of it.
    pub fn nth_marked(&self, nth: usize, mark: Mark) -> Option<NodeId> {
        let at = mark as usize;
        let mut left = u32::try_from(nth).ok()?;
        let mut list = &self.lists[0];
        loop {
            let chunk = list
                .chunks
                .iter()
                .map(|chunk| &self.chunks[*chunk as usize])
                .find(|chunk| {
                    let within = left < chunk.marks[at];
                    left -= if within { 0 } else { chunk.marks[at] };
                    within
                })?;
            let node = chunk.nodes.iter().find(|node| {
                let marks = self.marks_of(&self.cells[**node as usize])[at];
                let within = left < marks;
                left -= if within { 0 } else { marks };
                within
            })?;
            let cell = &self.cells[*node as usize];
            if cell.own[at] {
                if left == 0 {
                    return Some(NodeId(*node));
                }
                left -= 1;
            }
            list = self.children_of(cell)?;
        }
    }

    fn cell(&self, node: NodeId) -> &Cell {
        self.cells.get(node.index()).unwrap_or(&FRESH)
    }

    /// Rows of a node and of all below it, were its parent open.
    pub(super) fn rows_of(&self, cell: &Cell) -> u32 {
        match self.children_of(cell) {
            Some(list) if cell.open => 1 + list.rows,
            Some(_) | None => 1,
        }
    }

    /// Marked nodes below a node and itself.
    pub(super) fn marks_of(&self, cell: &Cell) -> Marks {
        let [faults, hits] = self.children_of(cell).map_or([0, 0], |list| list.marks);
        let [fault, hit] = cell.own;
        [faults + u32::from(fault), hits + u32::from(hit)]
    }

    fn children_of(&self, cell: &Cell) -> Option<&List> {
        (cell.list != NONE).then(|| &self.lists[cell.list as usize])
    }

    fn first_of(&self, list: &List) -> Option<NodeId> {
        let first = *list.chunks.first()?;
        self.chunks[first as usize]
            .nodes
            .first()
            .map(|node| NodeId(*node))
    }

    /// The child of a list in whose rows the row `left` lies; `left` becomes the row within them.
    fn in_list(&self, list: &List, left: &mut u32) -> Option<u32> {
        for chunk in &list.chunks {
            let chunk = &self.chunks[*chunk as usize];
            if *left >= chunk.rows {
                *left -= chunk.rows;
                continue;
            }
            for node in &chunk.nodes {
                let rows = self.rows_of(&self.cells[*node as usize]);
                if *left < rows {
                    return Some(*node);
                }
                *left -= rows;
            }
        }
        None
    }

    fn rows_before(&self, node: NodeId, cell: &Cell) -> usize {
        let chunk = &self.chunks[cell.chunk as usize];
        let within = chunk.nodes.iter().take_while(|other| **other != node.0);
        let within: u32 = within
            .map(|other| self.rows_of(&self.cells[*other as usize]))
            .sum();
        let list = &self.lists[chunk.list as usize];
        let earlier = list.chunks.iter().take(chunk.place as usize);
        let earlier: u32 = earlier.map(|other| self.chunks[*other as usize].rows).sum();
        (within + earlier) as usize
    }

    fn place(&self, node: NodeId) -> Option<(usize, usize)> {
        let chunk = self.cell(node).chunk;
        (chunk != NONE).then_some(())?;
        let index = self.chunks[chunk as usize]
            .nodes
            .iter()
            .position(|other| *other == node.0)?;
        Some((chunk as usize, index))
    }
}
