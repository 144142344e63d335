//! Ways through the outline: row ↔ node, and neighbours. Rows and neighbours are as the lens shows
//! them, counted from the root; what is for those who place nodes says so in its name.

use std::ops::Range;

use super::{Cell, FRESH, Lens, List, NONE, NodeId, Outline, Seen};

/// A chunk, and which of its nodes.
pub(super) type Place = (usize, usize);

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Outline {
    /// Whether a node is somewhere in the tree, shown or not.
    pub fn contains(&self, node: NodeId) -> bool {
        self.cell(node).chunk != NONE
    }

    /// Whether a node shows what is below it.
    pub fn is_open(&self, node: NodeId) -> bool {
        self.cell(node).open
    }

    /// Whether a node is told in the row of another.
    pub fn is_part(&self, node: NodeId) -> bool {
        self.cell(node).is_part()
    }

    /// The node above whatever the root is; none at the top of the tree.
    pub fn true_parent(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.cell(node).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// How many nodes are above whatever the root is.
    pub fn true_depth(&self, node: NodeId) -> usize {
        std::iter::successors(self.true_parent(node), |node| self.true_parent(*node)).count()
    }

    /// How many children a node has, shown or not.
    pub fn all_child_count(&self, node: NodeId) -> usize {
        self.children_of(self.cell(node))
            .map_or(0, |list| list.shown[Lens::Raw as usize] as usize)
    }

    /// All children of a node in order, shown or not; none: the nodes at the top of the tree.
    pub fn all_children(
        &self,
        node: Option<NodeId>,
    ) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        let list = match node {
            None => Some(&self.lists[0]),
            Some(node) => self.children_of(self.cell(node)),
        };
        list.into_iter()
            .flat_map(|list| list.chunks.iter())
            .flat_map(|chunk| self.chunks[*chunk as usize].nodes.iter())
            .map(|node| NodeId(*node))
    }

    pub(super) fn cell(&self, node: NodeId) -> &Cell {
        self.cells.get(node.index()).unwrap_or(&FRESH)
    }

    /// The chunk of a node, and which of its nodes it is.
    pub(super) fn place(&self, node: NodeId) -> Option<Place> {
        let chunk = self.cell(node).chunk;
        (chunk != NONE).then_some(())?;
        let index = self.chunks[chunk as usize]
            .nodes
            .iter()
            .position(|other| *other == node.0)?;
        Some((chunk as usize, index))
    }

    fn node_in(&self, (chunk, index): Place) -> NodeId {
        NodeId(self.chunks[chunk].nodes[index])
    }
}

#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl<'a> Seen<'a> {
    /// How many rows there are.
    pub fn rows(self) -> usize {
        self.top().map_or(0, |list| self.rows_in(list) as usize)
    }

    /// How many rows of [`Lens::Operations`] the lens hides below a node (none: below the root),
    /// everything being as open as it is.
    pub fn hidden_in(self, node: Option<NodeId>) -> usize {
        self.list_below(node).map_or(0, |list| {
            let all = list.counts.rows[Lens::Operations as usize];
            all.saturating_sub(self.rows_in(list)) as usize
        })
    }

    /// The node of a row.
    pub fn node_at(self, row: usize) -> Option<NodeId> {
        let mut left = u32::try_from(row).ok()?;
        let mut list = self.top()?;
        loop {
            let node = self.in_list(list, &mut left)?;
            if left == 0 {
                return Some(NodeId(node));
            }
            left -= 1;
            list = self.tree.children_of(self.tree.cell(NodeId(node)))?;
        }
    }

    /// The row of a node; none while it is folded away, hidden by the lens or outside the root.
    pub fn row_of(self, node: NodeId) -> Option<usize> {
        let mut row = 0usize;
        let mut node = node;
        loop {
            let cell = self.tree.cell(node);
            (cell.chunk != NONE && self.shows(cell)).then_some(())?;
            row += self.rows_before(node, cell);
            if cell.parent == self.root {
                return Some(row);
            }
            node = self.tree.true_parent(node)?;
            self.tree.cell(node).open.then_some(())?;
            row += 1;
        }
    }

    /// The rows from `top` on, at most `height` of them.
    pub fn window(self, top: usize, height: usize) -> Vec<NodeId> {
        let first = self.node_at(top).and_then(|node| self.tree.place(node));
        std::iter::successors(first, |place| self.row_behind(*place))
            .take(height)
            .map(|place| self.tree.node_in(place))
            .collect()
    }

    /// The node in the next row; none behind the last row and for what is no row.
    pub fn below(self, node: NodeId) -> Option<NodeId> {
        self.row_of(node)?;
        let behind = self.row_behind(self.tree.place(node)?)?;
        Some(self.tree.node_in(behind))
    }

    /// The node above; none right below the root.
    pub fn parent(self, node: NodeId) -> Option<NodeId> {
        self.tree
            .true_parent(node)
            .filter(|parent| parent.0 != self.root)
    }

    /// How many nodes are above, below the root.
    pub fn depth(self, node: NodeId) -> usize {
        std::iter::successors(self.parent(node), |node| self.parent(*node)).count()
    }

    /// How many children of a node the lens shows.
    pub fn child_count(self, node: NodeId) -> usize {
        self.count_below(node, self.lens)
    }

    /// The first child that the lens shows.
    pub fn first_child(self, node: NodeId) -> Option<NodeId> {
        self.children(Some(node)).next()
    }

    /// The first row.
    pub fn first(self) -> Option<NodeId> {
        self.children(None).next()
    }

    /// The children of a node that the lens shows, in order; none: those of the root.
    pub fn children(
        self,
        node: Option<NodeId>,
    ) -> impl DoubleEndedIterator<Item = NodeId> + use<'a> {
        let list = self.list_below(node);
        self.shown_in(list.map_or(&[], |list| list.chunks.as_slice()))
            .map(|place| self.tree.node_in(place))
    }

    /// The sibling behind that the lens shows.
    pub fn next_sibling(self, node: NodeId) -> Option<NodeId> {
        let place = self.tree.place(node).filter(|_| node.0 != self.root)?;
        Some(self.tree.node_in(self.place_behind(place)?))
    }

    /// The sibling in front that the lens shows.
    pub fn prev_sibling(self, node: NodeId) -> Option<NodeId> {
        let (chunk, index) = self.tree.place(node).filter(|_| node.0 != self.root)?;
        let place = self.shown_within(chunk, 0..index).next_back().or_else(|| {
            let chunk = &self.tree.chunks[chunk];
            let chunks = &self.tree.lists[chunk.list as usize].chunks;
            self.shown_in(chunks.get(..chunk.place as usize)?)
                .next_back()
        });
        Some(self.tree.node_in(place?))
    }

    /// What lies below the root.
    pub(super) fn top(self) -> Option<&'a List> {
        if self.root == NONE {
            self.tree.lists.first()
        } else {
            self.tree.children_of(self.tree.cell(NodeId(self.root)))
        }
    }

    fn list_below(self, node: Option<NodeId>) -> Option<&'a List> {
        node.map_or_else(
            || self.top(),
            |node| self.tree.children_of(self.tree.cell(node)),
        )
    }

    fn rows_in(self, list: &List) -> u32 {
        list.counts.rows[self.lens as usize]
    }

    fn count_below(self, node: NodeId, lens: Lens) -> usize {
        self.tree
            .children_of(self.tree.cell(node))
            .map_or(0, |list| list.shown[lens as usize] as usize)
    }

    /// The places in chunks that the lens shows; chunks where it shows none are passed over whole.
    fn shown_in(self, chunks: &'a [u32]) -> impl DoubleEndedIterator<Item = Place> + use<'a> {
        let lens = self.lens as usize;
        chunks
            .iter()
            .map(|chunk| *chunk as usize)
            .filter(move |chunk| self.tree.chunks[*chunk].counts.rows[lens] > 0)
            .flat_map(move |chunk| self.shown_within(chunk, 0..self.tree.chunks[chunk].nodes.len()))
    }

    fn shown_within(
        self,
        chunk: usize,
        places: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Place> + use<'a> {
        places
            .map(move |index| (chunk, index))
            .filter(move |place| self.shows(self.tree.cell(self.tree.node_in(*place))))
    }

    fn place_behind(self, (at, index): Place) -> Option<Place> {
        let chunk = &self.tree.chunks[at];
        let within = self.shown_within(at, index + 1..chunk.nodes.len()).next();
        within.or_else(|| {
            let chunks = &self.tree.lists[chunk.list as usize].chunks;
            self.shown_in(chunks.get(chunk.place as usize + 1..)?)
                .next()
        })
    }

    /// The row behind one that is a row.
    fn row_behind(self, place: Place) -> Option<Place> {
        let mut node = self.tree.node_in(place);
        let cell = self.tree.cell(node);
        if let Some(list) = self.tree.children_of(cell).filter(|_| cell.open)
            && let Some(child) = self.shown_in(&list.chunks).next()
        {
            return Some(child);
        }
        let mut place = place;
        loop {
            if let Some(behind) = self.place_behind(place) {
                return Some(behind);
            }
            node = self.parent(node)?;
            place = self.tree.place(node)?;
        }
    }

    /// The child of a list in whose rows the row `left` lies; `left` becomes the row within them.
    fn in_list(self, list: &List, left: &mut u32) -> Option<u32> {
        let lens = self.lens as usize;
        for chunk in &list.chunks {
            let chunk = &self.tree.chunks[*chunk as usize];
            let rows = chunk.counts.rows[lens];
            if *left >= rows {
                *left -= rows;
                continue;
            }
            for node in &chunk.nodes {
                let rows = self.rows_of(&self.tree.cells[*node as usize]);
                if *left < rows {
                    return Some(*node);
                }
                *left -= rows;
            }
        }
        None
    }

    fn rows_before(self, node: NodeId, cell: &Cell) -> usize {
        let lens = self.lens as usize;
        let chunk = &self.tree.chunks[cell.chunk as usize];
        let within = chunk.nodes.iter().take_while(|other| **other != node.0);
        let within: u32 = within
            .map(|other| self.rows_of(&self.tree.cells[*other as usize]))
            .sum();
        let list = &self.tree.lists[chunk.list as usize];
        let earlier = list.chunks.iter().take(chunk.place as usize);
        let earlier: u32 = earlier
            .map(|other| self.tree.chunks[*other as usize].counts.rows[lens])
            .sum();
        (within + earlier) as usize
    }
}
