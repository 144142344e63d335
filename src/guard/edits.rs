//! What masking changes in a text, as a list over the untouched bytes: so that a payload that is masked
//! is not a second payload. An edit stands for a whole token or run; nobody may show a part of what it
//! replaces.

use std::borrow::Cow;

/// A range of a text and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The first byte replaced.
    pub start: usize,
    /// One past the last byte replaced.
    pub end: usize,
    /// What is to be read instead.
    pub by: Box<str>,
}

/// A piece of a text that begins at byte `base` of it, with the edits in it applied. The edits are in
/// order and do not overlap; of those that only touch the piece nothing is shown.
pub fn applied<'t>(
    text: &'t [u8],
    base: usize,
    edits: impl IntoIterator<Item = &'t Edit>,
) -> Cow<'t, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut copied = 0;
    for edit in edits {
        let (Some(start), Some(end)) = (edit.start.checked_sub(base), edit.end.checked_sub(base))
        else {
            continue;
        };
        if end > text.len() {
            break;
        }
        let out = out.get_or_insert_with(|| Vec::with_capacity(text.len()));
        out.extend_from_slice(text.get(copied..start).unwrap_or_default());
        out.extend_from_slice(edit.by.as_bytes());
        copied = end;
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.extend_from_slice(text.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    }
}
