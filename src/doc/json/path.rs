//! The way to a row, in the spellings people paste: dotted, bracketed, as a jq filter. Keys are masked.
//! It is made by climbing; nobody keeps it.

use std::fmt::Write as _;

use super::{
    Json, Node,
    nested::At,
    piece::TOP,
    table::{Kind, Raw},
};
use crate::text::json::unquote;

/// Rows that are rather walked over than jumped over.
const NEAR: u32 = 256;
/// Steps of a path that the status line gets at most.
const SHORT: usize = 64;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the member of that name; masked where the name is.
    Key(String),
    /// To the element of that number.
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

    /// The way to a visible row, step by step.
    pub fn way(&self, row: usize) -> Option<Vec<Step>> {
        self.steps(row, usize::MAX)
    }

    /// Where a way leads, as far as the text is read and strings on it are unwrapped; of members of one
    /// name to the first. It looks at the children of each container on the way.
    pub fn find(&self, way: &[Step]) -> Option<Node> {
        let mut chain = Vec::new();
        let (mut json, mut row) = (self, 0);
        for step in way {
            row = match json.opened.iter().find(|opened| opened.row == row) {
                Some(opened) if *step == Step::Unwrapped => {
                    chain.push(row);
                    json = opened.json()?;
                    0
                }
                _ => json.child(row, step)?,
            };
        }
        chain.push(row.max(json.first));
        Some(Node(chain))
    }

    /// The child of the container in a row that a step leads to.
    fn child(&self, row: u32, step: &Step) -> Option<u32> {
        let Kind::Container(id) = self.table.row(row)?.kind else {
            return None;
        };
        let last = self.table.last(&self.table.container(id)?);
        let mut from = row + 1;
        while from <= last {
            let met = self.table.walk(from, |walk| {
                loop {
                    let raw = walk.next()?;
                    let behind = match raw.kind {
                        _ if raw.row < from => continue,
                        Kind::Container(inner) => self.table.last(&self.table.container(inner)?),
                        _ => raw.row,
                    };
                    let is_own = raw.parent == id && !matches!(raw.kind, Kind::Close(_));
                    if is_own && self.leads(&raw, step) {
                        return Some(Ok(raw.row));
                    }
                    if raw.row >= last || behind - raw.row > NEAR {
                        return Some(Err(behind + 1));
                    }
                }
            })?;
            match met {
                Ok(row) => return Some(row),
                Err(next) => from = next,
            }
        }
        None
    }

    fn leads(&self, raw: &Raw, step: &Step) -> bool {
        match (step, &raw.key) {
            (Step::Index(index), None) => raw.ordinal == *index,
            (Step::Key(key), Some(own)) => self.key_says(own.start, raw.value.start) == *key,
            _ => false,
        }
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
