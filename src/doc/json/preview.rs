//! What a folded container says in one line: the keys that tell what it is first, values before
//! containers. It looks at the first 2 KiB of the container and at nothing behind them.

use std::ops::Range;

use super::sheet::Sheet;
use crate::{
    doc::{RowText, Tone},
    guard::clean,
    text::{
        json::{string_end, unquote},
        width,
    },
};

/// Keys that tell what an object is, best first.
const TELLING: [&str; 10] = [
    "id", "name", "title", "type", "kind", "status", "error", "message", "tool", "role",
];
/// Bytes looked at, columns written, and columns of one value.
const LOOK: usize = 2048;
const COLUMNS: usize = 60;
const VALUE: usize = 24;
const CHILDREN: usize = 40;

struct Child {
    key: String,
    value: String,
    is_container: bool,
}

/// Adds what the container in that range says, which is an object or not; `count`: of how many children.
pub(super) fn preview(
    sheet: &Sheet,
    range: Range<usize>,
    (is_object, count): (bool, Option<usize>),
    text: &mut RowText,
) {
    let (mut children, is_all) = children(sheet, range, is_object);
    // The last child may end behind what is looked at, and still nothing comes behind it.
    let is_all = is_all || count == Some(children.len());
    let last = children.len().saturating_sub(1);
    if is_object {
        let rank = |child: &Child| {
            let telling = TELLING.iter().position(|key| *key == child.key);
            (child.is_container, telling.unwrap_or(TELLING.len()))
        };
        children.sort_by_key(rank);
    }
    let mut said = String::from(" ");
    let mut left = COLUMNS - 1;
    let mut all = is_all;
    for (at, child) in children.iter().enumerate() {
        let comma = if said.len() > 1 { ", " } else { "" };
        let part = if is_object {
            format!("{comma}{}: {}", child.key, child.value)
        } else {
            format!("{comma}{}", child.value)
        };
        // room for the mark that says that there is more
        let mark = if all && at == last { 0 } else { 3 };
        let rest = left.checked_sub(width::width(&part));
        let Some(rest) = rest.filter(|rest| *rest >= mark) else {
            all = false;
            if is_object {
                // a shorter one may tell something yet
                continue;
            }
            break;
        };
        said.push_str(&part);
        left = rest;
    }
    if !all {
        said.push_str(if said.len() > 1 { ", …" } else { "…" });
    }
    text.spans.push((Tone::Note, said));
}

/// The first children, and whether they are all.
fn children(sheet: &Sheet, range: Range<usize>, is_object: bool) -> (Vec<Child>, bool) {
    let base = range.start + 1;
    let window = sheet.raw(base..range.end.min(base + LOOK));
    let mut look = Look {
        sheet,
        base,
        text: window.as_deref().unwrap_or_default(),
        at: 0,
    };
    let mut children = Vec::new();
    loop {
        look.skip(b',');
        match look.text.get(look.at) {
            Some(b'}' | b']') => return (children, true),
            Some(_) if children.len() < CHILDREN => {}
            _ => return (children, false),
        }
        let Some((child, is_whole)) = look.child(is_object) else {
            return (children, false);
        };
        children.push(child);
        if !is_whole {
            return (children, false);
        }
    }
}

/// A walk over the children in a window.
struct Look<'a> {
    sheet: &'a Sheet,
    base: usize,
    text: &'a [u8],
    at: usize,
}

impl Look<'_> {
    /// Passes white space and that sign.
    fn skip(&mut self, sign: u8) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let between = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r') || **b == sign;
        self.at += rest.iter().take_while(between).count();
    }

    /// The next child, and whether it ends in the window; none where not even its value begins there.
    fn child(&mut self, is_object: bool) -> Option<(Child, bool)> {
        let mut key = String::new();
        if is_object {
            let end = token_end(self.text, self.at)?;
            key = self.read(self.at..end);
            self.at = end;
            self.skip(b':');
        }
        let byte = *self.text.get(self.at)?;
        let edit = self.sheet.edit(self.base + self.at);
        let is_container = edit.is_none() && matches!(byte, b'{' | b'[');
        let end = match edit {
            Some(edit) => Some(edit.end - self.base),
            None => token_end(self.text, self.at),
        };
        let token = self.at..end.unwrap_or(self.text.len());
        let value = match byte {
            b'{' if is_container => "{…}".to_owned(),
            b'[' if is_container => "[…]".to_owned(),
            b'"' => format!("\"{}\"", self.read(token)),
            _ => self.read(token),
        };
        let child = Child {
            key,
            value,
            is_container,
        };
        self.at = end.unwrap_or(self.text.len());
        Some((child, self.at < self.text.len()))
    }

    /// A token as it may be read, short and without its quotes.
    fn read(&self, token: Range<usize>) -> String {
        let literal = match self.sheet.edit(self.base + token.start) {
            Some(edit) => edit.by.as_bytes(),
            None => self.text.get(token).unwrap_or_default(),
        };
        let head = literal.get(..256).unwrap_or(literal);
        let says = unquote(head);
        width::fit(&clean::line(&says), VALUE).into_owned()
    }
}

/// One past a token or container; none where it goes on behind the text.
fn token_end(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match text.get(at)? {
            b'"' => at = string_end(text, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}
