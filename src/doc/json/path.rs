//! The way to a row, in the spellings people paste: dotted, bracketed, as a jq filter. Keys are masked.
//! It is made by climbing; nobody keeps it.

use std::fmt::Write as _;

use super::{
    Json,
    nested::At,
    piece::TOP,
    table::{Kind, Raw},
};
use crate::text::json::unquote;

/// Steps of a path that the status line gets at most.
const SHORT: usize = 64;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(u32),
    /// Into the JSON that a string says.
    Unwrapped,
}

impl Json {
    /// The way to a visible row for reading: `.a.b[3] ⟫ .c`; of very deep ones the end.
    pub fn path(&self, row: usize) -> String {
        self.steps(row, SHORT).map_or_else(String::new, |steps| {
            let cut = steps.len() >= SHORT;
            let path = dotted(&steps);
            if cut { format!("…{path}") } else { path }
        })
    }

    /// The steps to a visible row, at most so many of the last.
    pub(super) fn steps(&self, row: usize, most: usize) -> Option<Vec<Step>> {
        match self.at(row) {
            At::Own(_) => Some(self.steps_to(&self.table.row(self.own(row)?)?, most)),
            At::Nested(at, inner) => {
                let opened = self.opened.get(at)?;
                let mut steps = self.steps_to(&self.table.row(opened.row)?, most);
                if let Some(json) = opened.json() {
                    if opened.is_string() {
                        steps.push(Step::Unwrapped);
                    }
                    steps.extend(json.steps(inner, most)?);
                }
                let over = steps.len().saturating_sub(most);
                Some(steps.split_off(over))
            }
        }
    }

    fn steps_to(&self, raw: &Raw, most: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = raw.parent;
        if let Kind::Close(id) = raw.kind {
            at = id;
        } else if at != TOP {
            steps.push(self.step(
                raw.key.as_ref().map(|key| key.start),
                raw.value.start,
                raw.ordinal,
            ));
        }
        while let Some(container) = self.table.container(at).filter(|_| steps.len() < most) {
            if container.parent == TOP {
                break;
            }
            let key = (container.key != container.start).then_some(container.key as usize);
            steps.push(self.step(key, container.start as usize, container.ordinal));
            at = container.parent;
        }
        steps.reverse();
        steps
    }

    fn step(&self, key: Option<usize>, value: usize, ordinal: u32) -> Step {
        match key {
            None => Step::Index(ordinal),
            Some(key) => Step::Key(self.key_says(key, value)),
        }
    }

    /// What the key says that begins there, before a value.
    pub(super) fn key_says(&self, key: usize, value: usize) -> String {
        let literal = match self.table.sheet.edit(key) {
            Some(edit) => Some(edit.by.as_bytes().into()),
            None => self.table.sheet.raw(key..value),
        };
        literal.map_or_else(String::new, |literal| unquote(&literal).into_owned())
    }

    /// The key of a visible row; an index where it has none.
    pub(super) fn last_step(&self, row: usize) -> Option<Step> {
        self.steps(row, 1)?.pop()
    }
}

/// `.a["b c"][3] ⟫ .d`
pub(super) fn dotted(steps: &[Step]) -> String {
    let parts = steps.split(|step| *step == Step::Unwrapped).map(whole);
    parts.collect::<Vec<_>>().join(" ⟫ ")
}

/// `["a"][3]`
pub(super) fn bracketed(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut path, step| {
        let _ = match step {
            Step::Key(key) => write!(path, "[{}]", quoted(key)),
            Step::Index(index) => write!(path, "[{index}]"),
            Step::Unwrapped => write!(path, " ⟫ "),
        };
        path
    })
}

/// `.a["b c"][3] | fromjson | .d`
pub(super) fn jq(steps: &[Step]) -> String {
    let parts = steps.split(|step| *step == Step::Unwrapped).map(whole);
    parts.collect::<Vec<_>>().join(" | fromjson | ")
}

/// Steps in one text as jq writes them; it begins with a dot.
fn whole(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        let _ = match step {
            Step::Key(key) if is_name(key) => write!(path, ".{key}"),
            Step::Key(key) => write!(path, "[{}]", quoted(key)),
            Step::Index(index) => write!(path, "[{index}]"),
            Step::Unwrapped => Ok(()),
        };
    }
    if path.starts_with('.') {
        path
    } else {
        format!(".{path}")
    }
}

fn quoted(key: &str) -> String {
    serde_json::Value::from(key).to_string()
}

/// Whether a key needs no quotes in jq.
fn is_name(key: &str) -> bool {
    !key.starts_with(|c: char| c.is_ascii_digit())
        && !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
