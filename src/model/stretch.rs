//! Some events of a run that is too long to be had whole, and a test for the one that is looked for.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::Event;

/// Which events of a run. Places are `Order::at`s; where its number in the run is known, counted from 1,
/// an event has it as its `Order::tie`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stretch {
    /// The last.
    Last,
    /// Those right before this place.
    Before(i64),
    /// Those right behind this place.
    After(i64),
    /// The one at this place, once its number is known.
    At(i64),
    /// Those around the next one that a test takes; none where there is none.
    Match {
        /// Behind this place.
        after: i64,
        /// Before this place; none: up to the end.
        before: Option<i64>,
        /// Whether the last of them is wanted and not the first.
        last: bool,
        /// The test.
        test: Sieve,
    },
}

/// Which events are looked for.
pub trait Test: Send + Sync {
    /// Where in the bytes of records one may begin that it takes, or somewhere inside of it; none where
    /// none of them is.
    fn candidate(&self, records: &[u8]) -> Option<usize>;
    /// Whether it takes an event.
    fn takes(&self, event: &Event) -> bool;
    /// Whether somebody still waits for what it finds.
    fn is_wanted(&self) -> bool;
}

/// A test as a part of an ask: the same as itself and no other.
#[derive(Clone)]
pub struct Sieve(pub Arc<dyn Test>);

impl PartialEq for Sieve {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Sieve {}

impl Hash for Sieve {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

impl fmt::Debug for Sieve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sieve")
    }
}
