//! The tree as it is seen: through a lens, from a root on. The outline has one way to be seen that keys
//! move in; a pane beside it is seen in another, at no cost but that of the rows that are asked for.

use super::{Lens, Mark, NONE, NodeId, Outline};

/// The rows of a tree through a lens, below a root.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub(super) tree: &'a Outline,
    pub(super) lens: Lens,
    pub(super) root: u32,
}

impl Seen<'_> {
    /// The lens through which it is seen.
    pub fn lens(self) -> Lens {
        self.lens
    }
}

impl Outline {
    /// As keys move in it.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            tree: self,
            lens: self.lens,
            root: self.root,
        }
    }

    /// From another root on (none: the nodes at the top), through another lens.
    pub fn seen_from(&self, root: Option<NodeId>, lens: Lens) -> Seen<'_> {
        Seen {
            tree: self,
            lens,
            root: root.map_or(NONE, |root| root.0),
        }
    }

    /// The children of a node that the lens shows, in order; none: those of the root.
    pub fn children(&self, node: Option<NodeId>) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.seen().children(node)
    }
}

/// What is asked of the outline as keys move in it.
macro_rules! as_seen {
    ($($name:ident($($given:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl Outline {
            $(
                #[doc = concat!("[`Seen::", stringify!($name), "`], as keys move in it.")]
                pub fn $name(&self, $($given: $kind),*) -> $answer {
                    self.seen().$name($($given),*)
                }
            )*
        }
    };
}

as_seen! {
    rows() -> usize;
    hidden_in(node: Option<NodeId>) -> usize;
    node_at(row: usize) -> Option<NodeId>;
    row_of(node: NodeId) -> Option<usize>;
    window(top: usize, height: usize) -> Vec<NodeId>;
    below(node: NodeId) -> Option<NodeId>;
    parent(node: NodeId) -> Option<NodeId>;
    depth(node: NodeId) -> usize;
    child_count(node: NodeId) -> usize;
    first_child(node: NodeId) -> Option<NodeId>;
    first() -> Option<NodeId>;
    next_sibling(node: NodeId) -> Option<NodeId>;
    prev_sibling(node: NodeId) -> Option<NodeId>;
    passes(node: NodeId) -> bool;
    failing_matches() -> usize;
    marked_in(node: NodeId, mark: Mark) -> usize;
    marked_below(node: NodeId, mark: Mark) -> usize;
    marked(mark: Mark) -> usize;
    marked_before(node: NodeId, mark: Mark) -> usize;
    next_marked(node: NodeId, mark: Mark) -> Option<NodeId>;
    prev_marked(node: NodeId, mark: Mark) -> Option<NodeId>;
    nth_marked(nth: usize, mark: Mark) -> Option<NodeId>;
}
