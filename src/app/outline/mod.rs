//! Which row is which: the tree of nodes with folds, in O(depth · log n) however much is loaded.
//!
//! Children lie in chunks of at most 512 that know how many rows and marked nodes they hold, and so
//! does every node for what lies below it. Appending, prepending, a late insert, folding and finding
//! the node of a row touch one path from a leaf to the root. It knows no facts: what a node is and how
//! siblings compare is the caller's.

mod walk;

use std::cmp::Ordering;

use crate::model::NodeId;

const CHUNK: usize = 512;
const NONE: u32 = u32::MAX;

/// A property of nodes that is counted through folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It failed.
    Fault,
    /// It matches the search.
    Hit,
}

type Marks = [u32; 2];

#[derive(Clone, Debug)]
struct Cell {
    parent: u32,
    chunk: u32,
    /// What lies below it, and how many rows and marks that has; most nodes have nothing below them.
    list: u32,
    own: [bool; 2],
    open: bool,
}

const FRESH: Cell = Cell {
    parent: NONE,
    chunk: NONE,
    list: NONE,
    own: [false, false],
    open: false,
};

#[derive(Debug, Default)]
struct List {
    owner: u32,
    chunks: Vec<u32>,
    rows: u32,
    marks: Marks,
    len: u32,
}

#[derive(Debug)]
struct Chunk {
    list: u32,
    place: u32,
    nodes: Vec<u32>,
    rows: u32,
    marks: Marks,
}

/// The tree of rows.
#[derive(Debug)]
pub struct Outline {
    cells: Vec<Cell>,
    lists: Vec<List>,
    chunks: Vec<Chunk>,
    /// Chunks that were emptied and may be used again.
    spare: Vec<u32>,
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
        let place = nodes.partition_point(|other| order(NodeId(*other)) != Ordering::Greater);
        nodes.insert(place, node.0);
        self.lists[list].len += 1;
        self.cells[id].parent = parent.map_or(NONE, |parent| parent.0);
        self.cells[id].chunk = u32_of(chunk);
        let (rows, marks) = (
            self.rows_of(&self.cells[id]),
            self.marks_of(&self.cells[id]),
        );
        self.spread(u32_of(chunk), Delta::plus(rows, marks));
        if self.chunks[chunk].nodes.len() > CHUNK {
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
        let (rows, marks) = (
            self.rows_of(&self.cells[id]),
            self.marks_of(&self.cells[id]),
        );
        self.spread(chunk, Delta::minus(rows, marks));
        self.cells[id].chunk = NONE;
        let at = chunk as usize;
        self.chunks[at].nodes.retain(|other| *other != node.0);
        let list = self.chunks[at].list as usize;
        self.lists[list].len -= 1;
        if self.chunks[at].nodes.is_empty() {
            let place = self.chunks[at].place as usize;
            self.lists[list].chunks.remove(place);
            self.renumber(list, place);
            self.spare.push(chunk);
        }
    }

    /// Opens or folds a node.
    pub fn set_open(&mut self, node: NodeId, open: bool) {
        let id = self.cell_index(node);
        if self.cells[id].open == open {
            return;
        }
        self.cells[id].open = open;
        let below = match self.cells[id].list {
            NONE => 0,
            list => self.lists[list as usize].rows,
        };
        let chunk = self.cells[id].chunk;
        if chunk != NONE {
            let delta = if open {
                Delta::plus(below, [0, 0])
            } else {
                Delta::minus(below, [0, 0])
            };
            self.spread(chunk, delta);
        }
    }

    /// Marks a node or takes the mark away.
    pub fn set_mark(&mut self, node: NodeId, mark: Mark, yes: bool) {
        let id = self.cell_index(node);
        let at = mark as usize;
        if self.cells[id].own[at] == yes {
            return;
        }
        self.cells[id].own[at] = yes;
        let mut marks = [0, 0];
        marks[at] = 1;
        let delta = if yes {
            Delta::plus(0, marks)
        } else {
            Delta::minus(0, marks)
        };
        let chunk = self.cells[id].chunk;
        if chunk != NONE {
            self.spread(chunk, delta);
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
            rows: 0,
            marks: [0, 0],
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
        let keep = if last { CHUNK - CHUNK / 8 } else { CHUNK / 2 };
        let old = self.lists[list].chunks[at] as usize;
        let rest = self.chunks[old].nodes.split_off(keep);
        let new = self.new_chunk(list, rest);
        self.lists[list].chunks.insert(at + 1, new);
        self.renumber(list, at);
        for chunk in [old, new as usize] {
            let (mut rows, mut marks) = (0, [0, 0]);
            for node in self.chunks[chunk].nodes.clone() {
                let cell = &mut self.cells[node as usize];
                cell.chunk = u32_of(chunk);
                let cell = &self.cells[node as usize];
                rows += self.rows_of(cell);
                let [faults, hits] = self.marks_of(cell);
                marks[0] += faults;
                marks[1] += hits;
            }
            self.chunks[chunk].rows = rows;
            self.chunks[chunk].marks = marks;
        }
    }

    fn renumber(&mut self, list: usize, from: usize) {
        for place in from..self.lists[list].chunks.len() {
            let chunk = self.lists[list].chunks[place] as usize;
            self.chunks[chunk].place = u32_of(place);
        }
    }

    /// Adds to a chunk and to everything above it. Rows stop at the first folded node; marks do not.
    fn spread(&mut self, chunk: u32, mut delta: Delta) {
        let mut chunk = chunk as usize;
        loop {
            delta.on_rows(&mut self.chunks[chunk].rows);
            delta.on_marks(&mut self.chunks[chunk].marks);
            let list = &mut self.lists[self.chunks[chunk].list as usize];
            delta.on_rows(&mut list.rows);
            delta.on_marks(&mut list.marks);
            if list.owner == NONE {
                return;
            }
            let owner = &self.cells[list.owner as usize];
            if !owner.open {
                delta.rows = 0;
            }
            if owner.chunk == NONE {
                return;
            }
            chunk = owner.chunk as usize;
        }
    }
}

#[derive(Clone, Copy)]
struct Delta {
    less: bool,
    rows: u32,
    marks: Marks,
}

impl Delta {
    fn plus(rows: u32, marks: Marks) -> Self {
        Self {
            less: false,
            rows,
            marks,
        }
    }

    fn minus(rows: u32, marks: Marks) -> Self {
        Self {
            less: true,
            rows,
            marks,
        }
    }

    fn on(self, count: &mut u32, by: u32) {
        *count = if self.less {
            count.saturating_sub(by)
        } else {
            count.saturating_add(by)
        };
    }

    fn on_rows(self, count: &mut u32) {
        self.on(count, self.rows);
    }

    fn on_marks(self, counts: &mut Marks) {
        for (count, by) in counts.iter_mut().zip(self.marks) {
            self.on(count, by);
        }
    }
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}

#[cfg(test)]
mod tests;
