//! Which ids the records of a file have, so that one that stands on several names only one of them. Records
//! that were shown before the index came to them keep their ids, and those before them repeat it.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
};

/// 8 bytes an id.
#[derive(Debug, Default)]
pub(super) struct Ids {
    seen: HashSet<u64, BuildHasherDefault<Own>>,
    /// What was shown ahead of the index, by where it begins.
    claimed: HashMap<u64, u64, BuildHasherDefault<Own>>,
    hasher: RandomState,
}

impl Ids {
    /// Takes the id of a record of a run that begins at `start`; says whether another has it.
    pub fn repeats(&mut self, run: &str, id: &str, start: u64) -> bool {
        let hash = self.hasher.hash_one((run, id));
        if let Some(owner) = self.claimed.get(&hash) {
            return *owner != start;
        }
        !self.seen.insert(hash)
    }

    /// Gives a record that lies ahead of the index its id, if no other has it.
    pub fn claim(&mut self, run: &str, id: &str, start: u64) -> bool {
        let hash = self.hasher.hash_one((run, id));
        if let Some(owner) = self.claimed.get(&hash) {
            return *owner == start;
        }
        let is_free = !self.seen.contains(&hash);
        if is_free {
            self.claimed.insert(hash, start);
        }
        is_free
    }
}

/// Takes a number that is a hash for its own.
#[derive(Default)]
struct Own(u64);

impl Hasher for Own {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_shown_first_keeps_the_id() {
        let mut ids = Ids::default();
        assert!(!ids.repeats("r", "a", 0));
        assert!(!ids.claim("r", "a", 90), "it stands on the first record");
        assert!(ids.claim("other", "a", 90), "which is of another run");
        assert!(ids.claim("r", "b", 80) && ids.claim("r", "b", 80));
        assert!(!ids.claim("r", "b", 85));
        assert!(ids.repeats("r", "b", 10), "shown at 80 already");
        assert!(!ids.repeats("r", "b", 80));
        assert!(ids.repeats("r", "b", 95));
    }
}
