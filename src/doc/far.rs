//! Payloads that are in a file and stay there: the same blocks as of those in memory, each part read when
//! it is looked at. Where the file is not any more what it was, a sentence stands in for the rest.

use std::ops::Range;

use super::{
    Look, Part, RowText, Source, Tone, View,
    block::{Block, Later, Made, binary, json_of, lines, whole},
    document::AT_ONCE,
    hex::{self, Hex},
};
use crate::guard::{
    Edit, MaskJson, MaskText,
    redact::{Masking, Sort},
};

/// Bytes that are looked through for secrets at once.
const PART: usize = 256 << 10;

/// What is wrong with a file that is not any more what it was.
pub const LOST: &str = "✂ the file was changed or cut while it was open: open it again to read it";

/// What stands where a file that was being read has no more of what it had.
pub fn lost() -> Vec<Part> {
    vec![Part::Fault(LOST.to_owned())]
}

/// JSON that stays where it is.
pub fn json(source: Source, secrets: Sort, look: &Look, masking: Masking) -> Made {
    match look.view {
        View::Hex => Later::Hex(source, secrets, *look).soon(masking),
        View::Raw => lines(source, Tone::Prose, true, look, masking),
        View::Pretty | View::Markdown => json_of(source, secrets, look, masking),
    }
}

/// The bytes themselves: read once to find what has to be hidden, then only where they are looked at.
pub fn hex(source: Source, secrets: Sort, look: &Look, mut masking: Masking) -> Made {
    let Some(hidden) = hidden(&source, secrets, &mut masking) else {
        return whole(vec![RowText::of(Tone::Fault, LOST)], masking);
    };
    Made {
        block: Block::Hex(Hex::new(source, look.columns).without(hidden)),
        rest: Ok(masking),
    }
}

/// The places of secrets, in order; none where the source cannot be read.
fn hidden(source: &Source, secrets: Sort, masking: &mut Masking) -> Option<Vec<Range<usize>>> {
    let mut text = MaskText::default();
    let mut found = walk(source, |window, is_last, edits| {
        text.run(masking, window, is_last, edits);
        text.at()
    })?;
    if secrets != Sort::Any {
        // What only records of a service keep secret.
        let mut record = MaskJson::new(secrets);
        let more = walk(source, |window, is_last, edits| {
            record.run(masking, window, is_last, edits);
            record.at()
        });
        found.extend(more?);
    }
    let mut parts: Vec<_> = found.iter().map(|edit| edit.start..edit.end).collect();
    parts.sort_by_key(|part| part.start);
    parts.dedup_by(|part, before| {
        let overlaps = part.start <= before.end;
        if overlaps {
            before.end = before.end.max(part.end);
        }
        overlaps
    });
    Some(parts)
}

/// What a search that goes on window by window finds in all of a source. Each look says where the next
/// one begins.
fn walk(
    source: &Source,
    mut look: impl FnMut(&[u8], bool, &mut Vec<Edit>) -> usize,
) -> Option<Vec<Edit>> {
    let (mut edits, mut at, mut width) = (Vec::new(), 0, PART);
    loop {
        let window = source.get(at..at.saturating_add(width))?;
        let is_last = at + window.len() >= source.len();
        let next = look(&window, is_last, &mut edits);
        if is_last {
            return Some(edits);
        }
        width = if next == at { width * 4 } else { PART };
        at = next;
    }
}

/// Text that stays where it is.
pub fn text(source: Source, look: &Look, masking: Masking) -> Made {
    if look.view == View::Hex {
        return Later::Hex(source, Sort::Any, *look).soon(masking);
    }
    let head = source.get(0..AT_ONCE).unwrap_or_default().into_owned();
    if hex::is_binary(&head) {
        return binary(&head, source.len(), masking);
    }
    lines(source, Tone::Prose, look.view == View::Raw, look, masking)
}
