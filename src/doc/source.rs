//! The bytes of a payload, read in ranges: whoever shows a document asks for what it shows and never
//! for the whole. Does no reading of its own.

use std::{borrow::Cow, ops::Range, sync::Arc};

use bytes::Bytes;

use crate::model::Far;

/// The bytes of a payload. Cloning shares them.
#[derive(Clone, Debug)]
pub enum Source {
    /// All of them, in memory.
    Here(Bytes),
    /// A part of what is elsewhere.
    Far(Arc<dyn Far>, Range<usize>),
}

impl Source {
    /// What is elsewhere, all of it.
    pub fn far(of: Arc<dyn Far>) -> Self {
        let len = of.len();
        Self::Far(of, 0..len)
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Here(bytes) => bytes.len(),
            Self::Far(_, own) => own.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A part, cut to what there is; none where it cannot be read.
    pub fn get(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let range = self.cut(range);
        match self {
            Self::Here(bytes) => Some(Cow::Borrowed(bytes.get(range).unwrap_or_default())),
            Self::Far(of, own) => {
                let range = own.start + range.start..own.start + range.end;
                of.read(range).map(Cow::Owned)
            }
        }
    }

    /// A part of it as a source of its own, sharing its bytes.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let range = self.cut(range);
        match self {
            Self::Here(bytes) => Self::Here(bytes.slice(range)),
            Self::Far(of, own) => Self::Far(
                Arc::clone(of),
                own.start + range.start..own.start + range.end,
            ),
        }
    }

    /// All of it as bytes: what is elsewhere is read, which is nothing for a loop that paints. None where
    /// that cannot be done.
    pub fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::Here(bytes) => Some(bytes.clone()),
            Self::Far(of, own) => of.read(own.clone()).map(Bytes::from),
        }
    }

    /// Whether it is the same bytes in the same place.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Here(one), Self::Here(other)) => {
                one.as_ptr() == other.as_ptr() && one.len() == other.len()
            }
            (Self::Far(one, own), Self::Far(other, its)) => Arc::ptr_eq(one, other) && own == its,
            (Self::Here(_), Self::Far(..)) | (Self::Far(..), Self::Here(_)) => false,
        }
    }

    fn cut(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.len());
        range.start.min(end)..end
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::Here(bytes)
    }
}
