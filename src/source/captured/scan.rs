//! Taking a file apart: one captured value, or one a line. Nothing is read yet, because what a record means
//! may depend on those of other files.

use std::ops::Range;

use bytes::Bytes;

use super::super::{ladder, plain};
use crate::provider::{
    Provider,
    capture::{self, Capture, Found, Piece, Sort},
};

/// The records of a file.
pub(in crate::source) struct Scan {
    /// What they are cut from.
    pub(super) bytes: Bytes,
    pub(super) parts: Vec<Part>,
    /// Whether the file as it is answers the asks of its records, as far as these are one ask.
    pub(super) is_framed: bool,
}

/// A record, or a line that is broken.
pub(super) struct Part {
    pub place: Range<usize>,
    pub what: What,
}

impl Scan {
    /// Where lines lie that are no JSON.
    pub fn broken(&self) -> Vec<Range<usize>> {
        let parts = self.parts.iter();
        let broken = parts.filter(|part| matches!(part.what, What::Broken(_)));
        broken.map(|part| part.place.clone()).collect()
    }
}

pub(super) enum What {
    Known {
        provider: &'static dyn Provider,
        /// Others that may have sent it as well.
        others: Vec<&'static dyn Provider>,
        sort: Sort,
    },
    /// The number of a line that is no JSON.
    Broken(u32),
}

/// What is in a captured reply, or in one a line; none when no service knows it.
pub(in crate::source) fn read(bytes: &Bytes) -> Option<Scan> {
    if let Some(scan) = replies(bytes) {
        return Some(scan);
    }
    if let Some(found) = capture::captured(bytes) {
        return Some(Scan {
            is_framed: found.capture.is_framed,
            parts: parts(bytes, found).collect(),
            bytes: bytes.clone(),
        });
    }
    let skip = plain::mark(bytes);
    let rest = bytes.get(skip..)?;
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    capture::captured(rest.get(..end)?)?;
    several(bytes, plain::lines(rest, skip))
}

/// An array has at most so many replies: one of more is a list of records.
const REPLIES: usize = 1_000;

/// An array of whole replies, as programs make it of lines of them; none where it is a list of records,
/// which are no replies to lists.
fn replies(bytes: &Bytes) -> Option<Scan> {
    let text = bytes.get(plain::mark(bytes)..)?;
    if !text.trim_ascii_start().starts_with(b"[") {
        return None;
    }
    let places = plain::records(bytes)?;
    let is_reply = |place: &Range<usize>| {
        let part = bytes.get(place.clone()).unwrap_or_default();
        capture::captured(part).is_some_and(|found| {
            let Capture { pieces, is_framed } = found.capture;
            let is_itself = |piece: &Piece<'_>| piece.raw.get().len() == part.len();
            is_framed || !pieces.iter().all(is_itself)
        })
    };
    let are_replies = places.len() <= REPLIES && places.iter().any(is_reply);
    are_replies.then(|| several(bytes, places))?
}

/// Replies line by line. A line of anything else makes all of them plain records, and so does it where all
/// that they say is no: a log may have such lines.
fn several(bytes: &Bytes, lines: Vec<Range<usize>>) -> Option<Scan> {
    let mut all = Vec::with_capacity(lines.len());
    for (i, place) in lines.into_iter().enumerate() {
        let line = bytes.get(place.clone())?;
        match capture::captured(line) {
            Some(found) => all.extend(parts(bytes, found)),
            None if ladder::is_json(line) => return None,
            None => all.push(Part {
                place,
                what: What::Broken(u32::try_from(i + 1).unwrap_or(u32::MAX)),
            }),
        }
    }
    let tells = |part: &Part| {
        matches!(
            part.what,
            What::Known {
                sort: Sort::Answer(_) | Sort::Paper(_),
                ..
            }
        )
    };
    all.iter().any(tells).then(|| Scan {
        bytes: bytes.clone(),
        parts: all,
        is_framed: false,
    })
}

fn parts<'a>(bytes: &'a Bytes, found: Found<'a>) -> impl Iterator<Item = Part> + 'a {
    let Found {
        provider,
        others,
        capture,
    } = found;
    let base = bytes.as_ptr() as usize;
    capture.pieces.into_iter().map(move |piece| {
        let text = piece.raw.get();
        let start = (text.as_ptr() as usize).saturating_sub(base);
        Part {
            place: start..start + text.len(),
            what: What::Known {
                provider,
                others: others.clone(),
                sort: piece.sort,
            },
        }
    })
}
