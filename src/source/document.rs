//! Large files that are one JSON object: told by how they begin and end, and left where they are. Of such
//! a file there is one event, with what its first members say of it. What looks like a service's reply or
//! like records line by line is none.

use std::{ops::Range, path::Path, sync::Arc};

use bytes::Bytes;
use memchr::memchr_iter;

use super::{far::Far, file::File, ladder};
use crate::{
    model::{self, Event, Far as _, Mission, Order, Payload},
    provider::capture,
    text::json::{Came, Held, Scanner, Shape, Sort},
};

/// Files up to this size are read whole: that takes no time.
const LARGE: usize = 2 << 20;
/// Bytes of the beginning that say what is in the file.
const HEAD: usize = 64 << 10;
/// Bytes of both ends in which records would show, one below the other.
const ENDS: usize = 4 << 20;
/// Bytes of them that are looked at together.
const PIECE: usize = 64 << 10;
/// Blanks between two records that are looked past.
const BLANKS: usize = 32;
/// Bytes of the beginning that stand for the record.
const SHOWN: usize = 1 << 10;

/// The file as a document that stays where it is; none where it is something else or small. What cannot
/// be opened is nothing either: reading it whole tells why.
pub(super) fn of(path: &Path, id: &str, name: &str) -> Option<(File, Arc<dyn model::Far>)> {
    let far = Far::open(path).ok()??;
    if far.len() <= LARGE {
        return None;
    }
    let head = far.read(0..HEAD.min(far.len()))?;
    let outline = closed(&head)?;
    if capture::captured(&outline).is_some() {
        return None;
    }
    let ends = ENDS.min(far.len());
    if has_records(&far, 0..ends)? || has_records(&far, far.len() - ends..far.len())? {
        return None;
    }
    let event = event(outline, &head);
    Some((File::single(mission(id, name), event, 0), Arc::new(far)))
}

fn mission(id: &str, name: &str) -> Mission {
    Mission {
        id: id.to_owned(),
        name: name.to_owned(),
        ..Mission::default()
    }
}

/// What the first members say; where they lie is not kept, for they were closed by guess.
fn event(outline: Vec<u8>, head: &[u8]) -> Event {
    let (event, _) = ladder::event(Payload::new(outline.into()), 1, false);
    let shown = head.get(..SHOWN).unwrap_or(head);
    Event {
        raw: Payload::new(Bytes::copy_from_slice(shown)),
        body: None,
        prose: Vec::new(),
        ..event
    }
}

/// A record that is too long to be read whole: what its first members say.
pub(super) fn beginning(head: &Bytes, number: u32, bytes: u32) -> Event {
    let summary = Some(format!("{bytes} bytes: only the beginning is read"));
    let Some(outline) = closed(head) else {
        let (event, _) = ladder::event(Payload::new(Bytes::new()), number, false);
        let title = Some(format!("record {number} is very long"));
        return Event {
            title,
            summary,
            raw: Payload::new(head.clone()),
            ..event
        };
    };
    let event = event(outline, head);
    let order = Order {
        at: i64::from(number),
        tie: 0,
    };
    Event {
        order,
        summary,
        ..event
    }
}

/// The beginning of one JSON object, cut behind a whole value and closed; none where it is no such
/// beginning.
fn closed(head: &[u8]) -> Option<Vec<u8>> {
    let mut scanner = Scanner::resume(head, Held::default());
    let (mut open, mut cut) = (Vec::new(), None);
    loop {
        match scanner.come(false) {
            Came::Token(token) => {
                match token.sort {
                    Sort::Open(shape) => open.push(shape),
                    Sort::Close(_) => {
                        open.pop();
                    }
                    Sort::Key => continue,
                    Sort::String | Sort::Number | Sort::Word => {}
                }
                if open.first() != Some(&Shape::Object) {
                    return None;
                }
                cut = Some(token.end);
            }
            Came::More => break,
            Came::End | Came::Fault(_) => return None,
        }
    }
    let mut outline = head.get(..cut?)?.to_vec();
    let brackets = open.iter().rev().map(|shape| match shape {
        Shape::Object => b'}',
        Shape::Array => b']',
    });
    outline.extend(brackets);
    Some(outline)
}

/// Whether records show in a part of the file, which is looked at in pieces: memory for all of it would
/// cost more than the looking. None where it cannot be read.
fn has_records(far: &Far, part: Range<usize>) -> Option<bool> {
    let mut at = part.start;
    while at < part.end {
        let end = part.end.min(at + PIECE);
        // What lies on both sides of a cut is looked at as well.
        let from = at.saturating_sub(2 * BLANKS).max(part.start);
        if shows_records(&far.read(from..end)?) {
            return Some(true);
        }
        at = end;
    }
    Some(false)
}

/// Whether an object ends at the end of a line and another begins on the next: nothing of the kind is in
/// one JSON value, for strings have no line breaks and values have commas between them.
fn shows_records(part: &[u8]) -> bool {
    memchr_iter(b'\n', part).any(|at| {
        let before = part.get(at.saturating_sub(BLANKS)..at).unwrap_or_default();
        let behind = part
            .get(at..part.len().min(at + BLANKS))
            .unwrap_or_default();
        before.trim_ascii_end().last() == Some(&b'}')
            && behind.trim_ascii_start().first() == Some(&b'{')
    })
}
