//! The bytes of a payload, read in ranges: whoever shows a document asks for what it shows and never
//! for the whole. Does no reading of its own.

use std::{borrow::Cow, ops::Range};

use bytes::Bytes;

/// The bytes of a payload. Cloning shares them.
#[derive(Clone, Debug)]
pub enum Source {
    /// All of them, in memory.
    Here(Bytes),
}

impl Source {
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Here(bytes) => bytes.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A part, cut to what there is; none where it has not been read yet.
    pub fn get(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Here(bytes) => {
                let end = range.end.min(bytes.len());
                let part = bytes.get(range.start.min(end)..end).unwrap_or_default();
                Some(Cow::Borrowed(part))
            }
        }
    }
}

impl Source {
    /// A part of it as a source of its own, sharing its bytes.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        match self {
            Self::Here(bytes) => {
                let end = range.end.min(bytes.len());
                Self::Here(bytes.slice(range.start.min(end)..end))
            }
        }
    }

    /// All of it as bytes.
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Here(bytes) => bytes.clone(),
        }
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::Here(bytes)
    }
}
