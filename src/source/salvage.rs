//! JSON documents that were cut, also one that is the last of several lines: what is whole of a document
//! of records is read, and where it broke is told. A document of anything else is left as it is: it is read as the text that it is.

use std::borrow::Cow;

use bytes::Bytes;

use super::{
    captured::{self, Scan},
    carried::{self, Carried},
};
use crate::text::json::{Scanner, Shape, Sort, fault};

/// What sortie wrote, whole or cut; none where sortie wrote no such file.
pub(super) fn carried(bytes: &Bytes) -> Option<Carried> {
    if let Some(carried) = carried::read(bytes) {
        return Some(carried);
    }
    if !bytes
        .trim_ascii_start()
        .starts_with(b"{\"schema\":\"sortie.")
    {
        return None;
    }
    let (whole, note) = mended(bytes, 0)?;
    let mut carried = carried::read(&whole)?;
    carried.notes.push(note);
    carried.is_damaged = true;
    Some(carried)
}

/// A reply of a service that was cut, and where; none for what is whole or is no reply. Lines that are
/// replies each are taken for those before.
pub(super) fn captured(bytes: &Bytes) -> Option<(Scan, String)> {
    let begins = bytes.trim_ascii_start();
    // Lines of records are none: each of them stands for itself.
    let is_document = matches!(begins.first(), Some(b'{' | b'['));
    if !is_document {
        return None;
    }
    let (whole, note) = mended(bytes, 0)?;
    captured::read(&whole).map(|captured| (captured, note))
}

/// Replies line by line of which the last was cut, and where; none where it is whole or has no record
/// that is.
pub(super) fn last_line(bytes: &Bytes) -> Option<(Scan, String)> {
    let text = bytes.trim_ascii_end();
    let from = memchr::memrchr(b'\n', text)? + 1;
    if !matches!(text.get(from), Some(b'{' | b'[')) {
        return None;
    }
    let (whole, note) = mended(bytes, from)?;
    captured::read(&whole).map(|captured| (captured, note))
}

/// Lists of records lie at most so deep in a document.
const DEEP: usize = 3;

/// The document that begins at `from` up to its last whole record, closed there and behind what comes
/// before it, and where it breaks; none where it is whole or has no record before.
fn mended(bytes: &Bytes, from: usize) -> Option<(Bytes, String)> {
    let document = bytes.get(from..)?;
    let at = from + fault(document)?.at;
    let (mut open, mut best) = (Vec::new(), None::<(usize, usize, Vec<Shape>)>);
    let mut records = 0_usize;
    for token in Scanner::new(document).map_while(Result::ok) {
        match token.sort {
            Sort::Open(shape) => open.push(shape),
            Sort::Close(shape) => {
                open.pop();
                let depth = open.len();
                let is_listed = shape == Shape::Object && open.last() == Some(&Shape::Array);
                let is_record = is_listed && depth <= DEEP;
                // A record is an element of the outermost list; what is deeper is part of one.
                if is_record && best.as_ref().is_none_or(|(known, ..)| depth <= *known) {
                    records = match &best {
                        Some((known, ..)) if *known == depth => records + 1,
                        _ => 1,
                    };
                    best = Some((depth, token.end, open.clone()));
                }
            }
            Sort::Key | Sort::String | Sort::Number | Sort::Word => {}
        }
    }
    let (_, end, open) = best?;
    let mut whole = bytes.get(..from + end)?.to_vec();
    whole.extend(open.iter().rev().map(|shape| match shape {
        Shape::Object => b'}',
        Shape::Array => b']',
    }));
    let line = 1 + memchr::memchr_iter(b'\n', bytes.get(..at).unwrap_or(bytes)).count();
    let before: Cow<'_, str> = match records {
        1 => "one record before that is whole".into(),
        count => format!("{count} records before that are whole").into(),
    };
    let note = format!("the JSON breaks off at byte {at} (line {line}); {before}");
    Some((whole.into(), note))
}
