//! A hash for telling apart, eight bytes at a time. It is not for tables that strangers fill.

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash that is being made.
pub(super) struct Mix(u64);

impl Mix {
    /// `sort` keeps a text apart from a number that is spelled alike.
    pub(super) fn new(sort: u8) -> Self {
        Self(ODD ^ u64::from(sort))
    }

    pub(super) fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(ODD).rotate_left(29);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.word(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.word(u64::from_le_bytes(last));
        self.word(bytes.len() as u64);
    }

    pub(super) fn end(self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        hash ^ (hash >> 32)
    }
}

/// Of one text.
pub(super) fn bytes(sort: u8, bytes: &[u8]) -> u64 {
    let mut mix = Mix::new(sort);
    mix.bytes(bytes);
    mix.end()
}

/// Of two hashes in this order.
pub(super) fn join(first: u64, second: u64) -> u64 {
    let mut mix = Mix(first);
    mix.word(second);
    mix.end()
}
