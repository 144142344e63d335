//! What stands for a service's id in the index: a keyed hash of it, not hashed once more and, as bytes,
//! without the room that a wider number would take for being aligned.

use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A keyed hash of an id, its owner and its sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name([u8; 8]);

impl Name {
    /// `hash` must come from a hasher whose keys nobody outside knows.
    pub(super) fn new(hash: u64) -> Self {
        Self(hash.to_ne_bytes())
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from_ne_bytes(self.0));
    }
}

/// Takes a name for its own hash.
pub(super) type AsItIs = BuildHasherDefault<Same>;

/// See `AsItIs`.
#[derive(Default)]
pub(super) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
