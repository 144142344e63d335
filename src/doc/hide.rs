//! Which bytes of a payload are secret, for the view that shows bytes: all of it is looked through once, slice
//! by slice, so that nobody waits for the end who has gone on. It shows nothing itself.

use std::ops::Range;

use super::{Look, RowText, Source, Tone, block::Block, far::LOST, hex::Hex};
use crate::guard::{
    Edit, MaskJson, MaskText,
    redact::{Masking, Sort},
};

/// Bytes that are looked through at once.
const PART: usize = 256 << 10;
/// Bytes of a slice.
const SLICE: usize = 4 << 20;

/// What looks.
#[derive(Debug)]
enum Seek {
    /// For what any text keeps secret.
    Text(MaskText),
    /// For what only records of a service do.
    Record(MaskJson),
}

/// A search for the places of secrets.
#[derive(Debug)]
pub(super) struct Hiding {
    source: Source,
    columns: usize,
    masking: Masking,
    secrets: Sort,
    seek: Seek,
    at: usize,
    width: usize,
    found: Vec<Edit>,
}

/// How far it is.
pub(super) enum Hidden {
    NotYet(Hiding),
    /// The bytes without their secrets.
    All(Block, Masking),
}

impl Hiding {
    pub fn new(source: Source, secrets: Sort, look: &Look, masking: Masking) -> Self {
        Self {
            source,
            columns: look.columns,
            masking,
            secrets,
            seek: Seek::Text(MaskText::default()),
            at: 0,
            width: PART,
            found: Vec::new(),
        }
    }

    /// Bytes in all.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Bytes looked through.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Looks through all that is left.
    pub fn whole(mut self) -> (Block, Masking) {
        loop {
            match self.run() {
                Hidden::NotYet(rest) => self = rest,
                Hidden::All(block, masking) => return (block, masking),
            }
        }
    }

    /// Looks through a slice.
    pub fn run(mut self) -> Hidden {
        let end = self.at.saturating_add(SLICE);
        while self.at < end {
            let wanted = self.at..self.at.saturating_add(self.width);
            let Some(window) = self.source.get(wanted) else {
                let lost = vec![RowText::of(Tone::Fault, LOST)];
                return Hidden::All(Block::Fixed(lost), self.masking);
            };
            let is_last = self.at + window.len() >= self.source.len();
            let next = self
                .seek
                .look(&mut self.masking, &window, is_last, &mut self.found);
            let is_stuck = next == self.at;
            drop(window);
            if is_last {
                let is_record = matches!(self.seek, Seek::Record(_));
                if is_record || self.secrets == Sort::Any {
                    let parts = joined(&self.found);
                    let hex = Hex::new(self.source, self.columns).without(parts);
                    return Hidden::All(Block::Hex(hex), self.masking);
                }
                self.seek = Seek::Record(MaskJson::new(self.secrets));
                (self.at, self.width) = (0, PART);
                continue;
            }
            (self.at, self.width) = (next, if is_stuck { self.width * 4 } else { PART });
        }
        Hidden::NotYet(self)
    }
}

impl Seek {
    /// Goes on with a window; says where the next one begins.
    fn look(
        &mut self,
        masking: &mut Masking,
        window: &[u8],
        is_last: bool,
        found: &mut Vec<Edit>,
    ) -> usize {
        match self {
            Self::Text(text) => {
                text.run(masking, window, is_last, found);
                text.at()
            }
            Self::Record(record) => {
                record.run(masking, window, is_last, found);
                record.at()
            }
        }
    }
}

/// The places, in order and none in another.
fn joined(found: &[Edit]) -> Vec<Range<usize>> {
    let mut parts: Vec<_> = found.iter().map(|edit| edit.start..edit.end).collect();
    parts.sort_by_key(|part| part.start);
    parts.dedup_by(|part, before| {
        let overlaps = part.start <= before.end;
        if overlaps {
            before.end = before.end.max(part.end);
        }
        overlaps
    });
    parts
}
