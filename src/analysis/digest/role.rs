//! What a run's analysis says of one event's row.

use crate::{
    analysis::{Verdict, Why},
    model::NodeId,
};

/// What the row of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Role {
    /// The event whose row shows it, where that is another: a result in its call.
    pub part_of: Option<NodeId>,
    /// The first of the repeats among which it is folded away.
    pub repeats: Option<NodeId>,
    /// The event in which it happened.
    pub within: Option<NodeId>,
    /// When it began, in nanoseconds, where others lie in it: they stand below it and behind what was
    /// before.
    pub begins: Option<i64>,
    /// What became of its operation; of the first of repeats, the worst of all.
    pub verdict: Verdict,
    /// Whether it counts as a failure that nothing recovered.
    pub fails: bool,
    /// Whether it failed, recovered or not.
    pub failed: bool,
    /// Whether it is the first of a loop.
    pub is_loop: bool,
    /// How many repeats it stands for.
    pub count: u32,
    /// How it was paired.
    pub why: Why,
}
