//! What is taken out of a row: its value in several spellings, its key, the way to it. Masked, and not
//! cleaned: it goes to a clipboard or a file, never to the screen.

use std::ops::Range;

use super::{
    Json,
    nested::At,
    path::{self, Step},
    sheet::Sheet,
    table::Kind,
};
use crate::{
    doc::{
        Rows as _,
        unmasked::{MOST, Under, said},
    },
    text::{
        json::{Scanner, Shape, Sort, unquote},
        pretty::pretty,
    },
};

/// A spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The value as it was sent.
    Sent,
    /// One value a line, indented.
    Pretty,
    /// Without white space between tokens.
    Line,
    /// What a string says; of other values as sent.
    Unescaped,
    /// The key, or the index.
    Key,
    /// `.a.b[3]`
    Dotted,
    /// `["a"]["b"][3]`
    Bracket,
    /// A filter that gives the value to jq.
    Jq,
}

/// A value, for whoever has the time to spell it. Cloning shares its text.
#[derive(Clone, Debug)]
pub struct Value {
    sheet: Sheet,
    range: Range<usize>,
}

impl Json {
    /// What a visible row gives in that spelling. None where there is no such row, or nothing of the kind.
    pub fn copy(&self, row: usize, form: Form) -> Option<Vec<u8>> {
        match form {
            Form::Key => Some(match self.last_step(row)? {
                Step::Key(key) => key.into_bytes(),
                Step::Index(index) => index.to_string().into_bytes(),
                Step::Unwrapped => return None,
            }),
            Form::Dotted => Some(path::dotted(&self.steps(row, usize::MAX)?).into_bytes()),
            Form::Bracket => Some(path::bracketed(&self.steps(row, usize::MAX)?).into_bytes()),
            Form::Jq => Some(path::jq(&self.steps(row, usize::MAX)?).into_bytes()),
            Form::Sent | Form::Pretty | Form::Line | Form::Unescaped => {
                self.value(row)?.spelled(form)
            }
        }
    }

    /// The value of a visible row.
    pub fn value(&self, row: usize) -> Option<Value> {
        match self.at(row) {
            At::Own(_) => {
                let mut raw = self.table.row(self.own(row)?)?;
                if let Kind::Close(id) = raw.kind {
                    raw = self.table.row(self.table.container(id)?.row)?;
                }
                Some(Value {
                    sheet: self.table.sheet.clone(),
                    range: raw.value,
                })
            }
            At::Nested(at, inner) => self.opened.get(at)?.json()?.value(inner),
        }
    }

    /// What is under the mask of a visible row. Of what is unwrapped from a string, what is under the
    /// mask of that, as far as the row shows it.
    pub(in crate::doc) fn under(&self, row: usize) -> Option<Under> {
        let At::Nested(at, inner) = self.at(row) else {
            return self.value(row)?.under();
        };
        let opened = self.opened.get(at)?;
        if let Some(under) = opened.json().and_then(|json| json.under(inner)) {
            return Some(under);
        }
        let raw = self.table.row(opened.row)?;
        let outer = Value {
            sheet: self.table.sheet.clone(),
            range: raw.value,
        };
        let shown = self.row(row).text();
        let mut parts = outer.under()?.parts;
        parts.retain(|(by, _)| shown.contains(by.as_str()));
        Under::all(parts)
    }

    /// The whole text.
    pub fn whole(&self) -> Value {
        Value {
            sheet: self.table.sheet.clone(),
            range: 0..self.table.sheet.len(),
        }
    }
}

impl Value {
    /// How many bytes were sent of it.
    pub fn size(&self) -> usize {
        self.range.len()
    }

    /// What was sent where this is masked, a string unescaped; none where it is not.
    fn under(&self) -> Option<Under> {
        let edit = self.sheet.edit(self.range.start)?;
        let end = edit.end.min(edit.start + MOST);
        let sent = self.sheet.raw(edit.start..end)?;
        let mut sent = said(&sent).into_owned();
        if end < edit.end {
            // A key in use that is cut there is known as one that was cut.
            sent.push('…');
        }
        let parts = Under::of(&said(edit.by.as_bytes()), &sent);
        Some(Under {
            told: sent,
            parts: parts.map_or_else(Vec::new, |under| under.parts),
        })
    }

    /// In a spelling, masked. Takes time in proportion to it. None where it cannot be read.
    pub fn spelled(&self, form: Form) -> Option<Vec<u8>> {
        let sent = self.sheet.read(self.range.clone())?;
        let spelled = spelled(&sent, form);
        Some(spelled.unwrap_or_else(|| sent.into_owned()))
    }
}

/// JSON in one of the spellings that values have; none where that is as it stands.
pub fn spelled(sent: &[u8], form: Form) -> Option<Vec<u8>> {
    match form {
        Form::Pretty => pretty(sent, |token, out| out.extend_from_slice(token)),
        Form::Line => one_line(sent),
        Form::Unescaped if sent.trim_ascii().first() == Some(&b'"') => {
            Some(unquote(sent.trim_ascii()).into_owned().into_bytes())
        }
        _ => None,
    }
}

/// The tokens with nothing between them but what JSON needs.
fn one_line(json: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(json.len());
    let mut before = None;
    for token in Scanner::new(json) {
        let token = token.ok()?;
        match (before, token.sort) {
            (Some(Sort::Key), _) => out.push(b':'),
            (None | Some(Sort::Open(Shape::Object | Shape::Array)), _) | (_, Sort::Close(_)) => {}
            (Some(_), _) => out.push(b','),
        }
        out.extend_from_slice(json.get(token.start..token.end)?);
        before = Some(token.sort);
    }
    Some(out)
}
