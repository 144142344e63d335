//! Our own names for things: small numbers, never a service's id. A service may repeat an id, change
//! its form or send none; ours are dense, unique and cheap to compare.

/// One configured connection, in the order of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(pub u16);

/// One thing in the store: a context, a mission, a run, a step, an event or a note about one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// This id as an index into a column of the store.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which attempt at loading something a reply belongs to; a reply of an older one is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gen(pub u32);
