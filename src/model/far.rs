//! Bytes that are somewhere else, in a file, and are read in parts when they are looked at. Says what
//! can be asked of them; who keeps them is not known here.

use std::{fmt::Debug, ops::Range};

/// Bytes that are not in memory. All its reads tell of one and the same text: once that was changed
/// where it lies, there are no more.
pub trait Far: Debug + Send + Sync {
    /// How many bytes there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Exactly these bytes; none where they cannot be read, or not any more. Takes a moment for what was
    /// not looked at of late.
    fn read(&self, range: Range<usize>) -> Option<Vec<u8>>;
}
