//! Payloads that are in a file and stay there: the same blocks as of those in memory, each part read when
//! it is looked at. Where the file is not any more what it was, a sentence stands in for the rest.

use super::{
    Look, Part, Source, Tone, View,
    block::{Later, Made, binary, json_of, lines},
    document::AT_ONCE,
    hex,
};
use crate::guard::redact::{Masking, Sort};

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
