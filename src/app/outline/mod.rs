//! Which row is which: the tree of nodes with folds, in O(depth · log n) however much is loaded.
//!
//! Children lie in chunks of at most 512 that know how many rows and marked nodes they hold, and so
//! does every node for what lies below it. Appending, prepending, a late insert, folding and finding
//! the node of a row touch one path from a leaf to the root. It knows no facts: what a node is and how
//! siblings compare is the caller's. The tree is one; a [`Lens`] says which of its nodes are rows, the
//! root from where on they are, and either is changed without touching the tree.

mod count;
mod marks;
mod matches;
mod seen;
mod walk;

use std::cmp::Ordering;

use crate::model::NodeId;

pub use count::{Lens, Mark};
pub use seen::Seen;

use count::{Change, Counts, LENSES};

const CHUNK: usize = 512;
const NONE: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Cell {
    parent: u32,
    chunk: u32,
    /// What lies below it, and how many rows and marks that has; most nodes have nothing below them.
    list: u32,
    /// Its marks, a bit each, but that of the filter.
    own: u8,
    /// The lenses under which it is a row, a bit each: kept, so that looking for rows reads no more.
    shown: u8,
    /// [`PART`], [`ALWAYS`] and [`MATCH`].
    flags: u8,
    open: bool,
}

const PART: u8 = 1;
const ALWAYS: u8 = 2;
const MATCH: u8 = 4;

const FRESH: Cell = Cell {
    parent: NONE,
    chunk: NONE,
    list: NONE,
    own: 0,
    shown: Lens::Raw.bit() | Lens::Operations.bit(),
    flags: 0,
    open: false,
};

#[derive(Debug, Default)]
struct List {
    owner: u32,
    chunks: Vec<u32>,
    counts: Counts,
    /// How many of the children themselves are rows, under each lens.
    shown: [u32; LENSES],
}

#[derive(Debug)]
struct Chunk {
    list: u32,
    place: u32,
    nodes: Vec<u32>,
    counts: Counts,
}

/// The tree of rows.
#[derive(Debug)]
pub struct Outline {
    cells: Vec<Cell>,
    lists: Vec<List>,
    chunks: Vec<Chunk>,
    /// Chunks that were emptied and may be used again.
    spare: Vec<u32>,
    lens: Lens,
    /// The node below which rows begin; most of the time the top of the tree.
    root: u32,
    /// How many nodes a chunk holds at most.
    room: usize,
    /// Nodes that were marked as matches since those were cleared.
    matches: Vec<u32>,
    /// Nodes that are always shown, or were once.
    always: Vec<u32>,
}

impl Default for Outline {
    fn default() -> Self {
        let root = List {
            owner: NONE,
            ..List::default()
        };
        Self {
            cells: Vec::new(),
            lists: vec![root],
            chunks: Vec::new(),
            spare: Vec::new(),
            lens: Lens::default(),
            root: NONE,
            room: CHUNK,
            matches: Vec::new(),
            always: Vec::new(),
        }
    }
}

// Every index here was made by this module, and a wrong one is a fault that tests must see.
#[expect(clippy::indexing_slicing, reason = "indices are this module's own")]
impl Outline {
    /// Puts a node under a parent (none: at the top), behind all siblings that do not compare greater.
    /// A node that is already somewhere is moved, with all that is below it.
    pub fn insert(
        &mut self,
        parent: Option<NodeId>,
        node: NodeId,
        order: impl Fn(NodeId) -> Ordering,
    ) {
        self.remove(node);
        let list = self.list_of(parent);
        let id = self.cell_index(node);
        let at = self.chunk_for(list, &order);
        let chunk = self.lists[list].chunks[at] as usize;
        let nodes = &mut self.chunks[chunk].nodes;
        let is_before = |other: &u32| order(NodeId(*other)) != Ordering::Greater;
        let place = match nodes.last() {
            Some(last) if is_before(last) => nodes.len(),
            _ => nodes.partition_point(is_before),
        };
        nodes.insert(place, node.0);
        self.cells[id].parent = parent.map_or(NONE, |parent| parent.0);
        self.cells[id].chunk = u32_of(chunk);
        let share = self.share(&self.cells[id]);
        self.spread(u32_of(chunk), Change::between(&Counts::default(), &share));
        if self.chunks[chunk].nodes.len() > self.room {
            self.split(list, at);
        }
    }

    /// Takes a node out, with all that is below it, which stays as it is.
    pub fn remove(&mut self, node: NodeId) {
        let id = self.cell_index(node);
        let chunk = self.cells[id].chunk;
        if chunk == NONE {
            return;
        }
        let share = self.share(&self.cells[id]);
        self.spread(chunk, Change::between(&share, &Counts::default()));
        self.cells[id].chunk = NONE;
        let at = chunk as usize;
        self.chunks[at].nodes.retain(|other| *other != node.0);
        let list = self.chunks[at].list as usize;
        if self.chunks[at].nodes.is_empty() {
            let place = self.chunks[at].place as usize;
            self.lists[list].chunks.remove(place);
            self.renumber(list, place);
            self.spare.push(chunk);
        }
    }

    /// Shows the tree through a lens, at once however much there is.
    pub fn set_lens(&mut self, lens: Lens) {
        self.lens = lens;
    }

    /// The lens through which the tree is shown.
    pub fn lens(&self) -> Lens {
        self.lens
    }

    /// Makes the children of a node the outermost rows, whether it is open or not and shown or not; it
    /// is no row itself. None: the nodes at the top.
    pub fn set_root(&mut self, root: Option<NodeId>) {
        self.root = root.map_or(NONE, |root| root.0);
    }

    /// The node whose children are the outermost rows; none while those are the nodes at the top.
    pub fn root(&self) -> Option<NodeId> {
        (self.root != NONE).then_some(NodeId(self.root))
    }

    /// Opens or folds a node.
    pub fn set_open(&mut self, node: NodeId, open: bool) {
        let id = self.cell_index(node);
        if self.cells[id].open != open {
            self.change(id, |cell| cell.open = open);
        }
    }

    /// Marks a node or takes the mark away.
    pub fn set_mark(&mut self, node: NodeId, mark: Mark, yes: bool) {
        let id = self.cell_index(node);
        if self.cells[id].has(mark) != yes {
            self.change(id, |cell| cell.toggle(mark));
            if yes && mark == Mark::Match {
                self.matches.push(node.0);
            }
        }
    }

    /// Says whether a node is told in the row of another, and so is no row but under [`Lens::Raw`],
    /// with all that is below it.
    pub fn set_part(&mut self, node: NodeId, part: bool) {
        self.set_flag(node, PART, part);
    }

    /// Says whether a node is shown with its parent even where the lens looks for something else:
    /// what a list is about, what it lacks.
    pub fn set_always(&mut self, node: NodeId, always: bool) {
        self.set_flag(node, ALWAYS, always);
    }

    fn set_flag(&mut self, node: NodeId, flag: u8, yes: bool) {
        let id = self.cell_index(node);
        if (self.cells[id].flags & flag != 0) != yes {
            self.change(id, |cell| cell.flags ^= flag);
            if yes && flag == ALWAYS {
                self.always.push(node.0);
            }
        }
    }

    fn cell_index(&mut self, node: NodeId) -> usize {
        let index = node.index();
        if index >= self.cells.len() {
            self.cells.resize(index + 1, FRESH);
        }
        index
    }

    fn list_of(&mut self, parent: Option<NodeId>) -> usize {
        let Some(parent) = parent else {
            return 0;
        };
        let id = self.cell_index(parent);
        if self.cells[id].list == NONE {
            self.cells[id].list = u32_of(self.lists.len());
            self.lists.push(List {
                owner: parent.0,
                ..List::default()
            });
        }
        self.cells[id].list as usize
    }

    /// The place among a list's chunks where a node belongs; makes the first chunk.
    fn chunk_for(&mut self, list: usize, order: &impl Fn(NodeId) -> Ordering) -> usize {
        if self.lists[list].chunks.is_empty() {
            let chunk = self.new_chunk(list, Vec::new());
            self.lists[list].chunks.push(chunk);
            self.renumber(list, 0);
            return 0;
        }
        let chunks = &self.lists[list].chunks;
        // Where lists grow: what comes last is not looked for among all others.
        let last = chunks.len() - 1;
        let first = self.chunks[chunks[last] as usize].nodes.first();
        if first.is_some_and(|first| order(NodeId(*first)) != Ordering::Greater) {
            return last;
        }
        chunks
            .partition_point(|chunk| {
                let first = self.chunks[*chunk as usize].nodes.first();
                first.is_some_and(|first| order(NodeId(*first)) != Ordering::Greater)
            })
            .saturating_sub(1)
    }

    fn new_chunk(&mut self, list: usize, nodes: Vec<u32>) -> u32 {
        let chunk = Chunk {
            list: u32_of(list),
            place: 0,
            nodes,
            counts: Counts::default(),
        };
        if let Some(spare) = self.spare.pop() {
            self.chunks[spare as usize] = chunk;
            return spare;
        }
        self.chunks.push(chunk);
        u32_of(self.chunks.len() - 1)
    }

    /// Splits a chunk that grew too large. At the end, where lists grow, it is left nearly full.
    fn split(&mut self, list: usize, at: usize) {
        let last = at + 1 == self.lists[list].chunks.len();
        let keep = self.room - self.room / if last { 8 } else { 2 };
        let old = self.lists[list].chunks[at] as usize;
        let rest = self.chunks[old].nodes.split_off(keep);
        let new = self.new_chunk(list, rest);
        self.lists[list].chunks.insert(at + 1, new);
        self.renumber(list, at);
        for chunk in [old, new as usize] {
            let mut counts = Counts::default();
            for place in 0..self.chunks[chunk].nodes.len() {
                let cell = &mut self.cells[self.chunks[chunk].nodes[place] as usize];
                cell.chunk = u32_of(chunk);
                let cell = cell.clone();
                counts.add(&self.share(&cell));
            }
            self.chunks[chunk].counts = counts;
        }
    }

    fn renumber(&mut self, list: usize, from: usize) {
        for place in from..self.lists[list].chunks.len() {
            let chunk = self.lists[list].chunks[place] as usize;
            self.chunks[chunk].place = u32_of(place);
        }
    }
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}

#[cfg(test)]
mod tests;
