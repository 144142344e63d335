//! What is taken out of a row: its value in several spellings, its key, the way to it. Masked, and not
//! cleaned: it goes to a clipboard or a file, never to the screen.

use super::{
    Json,
    nested::At,
    path::{self, Step},
    table::Kind,
};
use crate::text::{
    json::{Scanner, Shape, Sort, unquote},
    pretty::pretty,
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
            Form::Sent => self.value(row),
            Form::Pretty => {
                let sent = self.value(row)?;
                Some(pretty(&sent, |token, out| out.extend_from_slice(token)).unwrap_or(sent))
            }
            Form::Line => {
                let sent = self.value(row)?;
                Some(one_line(&sent).unwrap_or(sent))
            }
            Form::Unescaped => {
                let sent = self.value(row)?;
                if sent.first() == Some(&b'"') {
                    return Some(unquote(&sent).into_owned().into_bytes());
                }
                Some(sent)
            }
        }
    }

    /// The value of a visible row as it was sent, masked.
    pub fn value(&self, row: usize) -> Option<Vec<u8>> {
        match self.at(row) {
            At::Own(_) => {
                let mut raw = self.table.row(self.own(row)?)?;
                if let Kind::Close(id) = raw.kind {
                    raw = self.table.row(self.table.container(id)?.row)?;
                }
                Some(self.table.sheet.read(raw.value)?.into_owned())
            }
            At::Nested(at, inner) => self.opened.get(at)?.json()?.value(inner),
        }
    }

    /// The whole text as it was sent, masked.
    pub fn whole(&self) -> Option<Vec<u8>> {
        let text = self.table.sheet.read(0..self.table.sheet.len())?;
        Some(text.into_owned())
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
