//! A record exactly as the service sent it: a slice of the reply it came in, shared and never copied.
//! Parts of it (its text, its arguments) are spans, so that nothing is stored twice.

use bytes::Bytes;

/// The bytes of one record. Cloning shares them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Payload(Bytes);

impl Payload {
    /// The bytes as they were sent.
    pub fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// All bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The bytes of a part; empty where the span does not lie within.
    pub fn part(&self, span: Span) -> &[u8] {
        self.0.get(span.range()).unwrap_or_default()
    }

    /// A part as a payload of its own, sharing the bytes.
    #[must_use]
    pub fn sub(&self, span: Span) -> Self {
        if self.0.get(span.range()).is_some() {
            Self(self.0.slice(span.range()))
        } else {
            Self::default()
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where `part`, a slice of these very bytes, lies in them; none when it is not a slice of them.
    pub fn span_of(&self, part: &[u8]) -> Option<Span> {
        let start = (part.as_ptr() as usize).checked_sub(self.0.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.0.len()).then_some(())?;
        Span::new(start, end)
    }
}

// A payload may hold secrets and may be huge: its length is all that belongs into a debug print.
impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({} bytes)", self.0.len())
    }
}

/// A part of a payload, in bytes from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// None where the payload is larger than a span can say (4 GiB).
    pub fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self {
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
        })
    }

    /// As an index range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it spans nothing.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}
