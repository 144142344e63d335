//! JSON documents that were cut, also one that is the last of several lines: what is whole of a document
//! of records is read, and where it broke is told. A document of anything else is left as it is: it is read as the text that it is.

use std::{borrow::Cow, ops::Range};

use bytes::Bytes;

use super::{
    captured::{self, Scan},
    carried::{self, Carried},
    plain,
};
use crate::text::json::{Fault, Scanner, Shape, Sort, Wrong, fault};

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
    let mended = mended(bytes, 0)?;
    let mut carried = carried::read(&mended.whole)?;
    carried.notes.push(mended.note);
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
    let Mended { whole, note, .. } = mended(bytes, 0)?;
    captured::read(&whole).map(|captured| (captured, note))
}

/// An array of plain records that was cut, up to its last whole record, and where; none for what is whole
/// or is no such array. What follows a whole array makes a text of it.
pub(super) fn array(bytes: &Bytes) -> Option<(Bytes, String)> {
    let from = plain::mark(bytes);
    let text = bytes.get(from..)?;
    if text.trim_ascii_start().first() != Some(&b'[') || fault(text)?.what == Wrong::Trailing {
        return None;
    }
    let Mended { whole, note, depth } = mended(bytes, from)?;
    (depth == 1).then_some((whole, note))
}

/// What is to be said of lines among records that begin as one and are none; lines of anything else are
/// what somebody wrote between them.
pub(super) fn broken_lines(bytes: &[u8], lines: &[Range<usize>]) -> Option<String> {
    let begins = |line: &&Range<usize>| {
        let line = bytes.get((*line).clone()).unwrap_or_default();
        let member = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        member.is_some_and(|member| matches!(member.first(), None | Some(b'"')))
    };
    let broken: Vec<&Range<usize>> = lines.iter().filter(begins).collect();
    let first = broken.first()?;
    let number = |line: &Range<usize>| line_at(bytes, line.start);
    let fault = fault(bytes.get((*first).clone())?)?;
    let fault = Fault {
        at: first.start + fault.at,
        ..fault
    };
    let mut note = format!("line {} is no whole record ({fault})", number(first));
    let more = broken.len() - 1;
    if more > 0 {
        let shown = broken.iter().skip(1).take(NAMED);
        let shown: Vec<String> = shown.map(|line| number(line).to_string()).collect();
        let rest = if more > NAMED { ", …" } else { "" };
        let verb = if more == 1 {
            "nor is line"
        } else {
            "nor are lines"
        };
        note = format!("{note}; {verb} {}{rest}", shown.join(", "));
        if more > NAMED {
            note = format!("{note} ({} in all)", broken.len());
        }
    }
    Some(note)
}

/// Broken lines that are named besides the first.
const NAMED: usize = 5;

/// The line in which a byte is, from 1.
fn line_at(bytes: &[u8], at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', bytes.get(..at).unwrap_or(bytes)).count()
}

/// Replies line by line of which the last was cut, and where; none where it is whole or has no record
/// that is.
pub(super) fn last_line(bytes: &Bytes) -> Option<(Scan, String)> {
    let text = bytes.trim_ascii_end();
    let from = memchr::memrchr(b'\n', text)? + 1;
    if !matches!(text.get(from), Some(b'{' | b'[')) {
        return None;
    }
    let Mended { whole, note, .. } = mended(bytes, from)?;
    captured::read(&whole).map(|captured| (captured, note))
}

/// Lists of records lie at most so deep in a document.
const DEEP: usize = 3;

/// A document without what was cut of it.
struct Mended {
    whole: Bytes,
    /// Where it breaks.
    note: String,
    /// How deep its records lie.
    depth: usize,
}

/// The document that begins at `from` up to its last whole record, closed there and behind what comes
/// before it, and where it breaks; none where it is whole or has no record before.
fn mended(bytes: &Bytes, from: usize) -> Option<Mended> {
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
    let (depth, end, open) = best?;
    let mut whole = bytes.get(..from + end)?.to_vec();
    whole.extend(open.iter().rev().map(|shape| match shape {
        Shape::Object => b'}',
        Shape::Array => b']',
    }));
    let line = line_at(bytes, at);
    let before: Cow<'_, str> = match records {
        1 => "one record before that is whole".into(),
        count => format!("{count} records before that are whole").into(),
    };
    let note = format!("the JSON breaks off at byte {at} (line {line}); {before}");
    Some(Mended {
        whole: whole.into(),
        note,
        depth,
    })
}
