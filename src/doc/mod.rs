//! Payloads as something to read: flat rows over the bytes as sent, wrapped for a width, drawn by the
//! window. What is masked is masked before it becomes a row, and every line is cleaned. Making a
//! document takes time in proportion to its size; asking for lines does not.

mod flat;
pub mod flow;
pub mod hex;
pub mod json;
pub mod markdown;
pub mod matcher;
mod prose;
mod row;
mod source;
pub mod text;
mod wrap;

use std::ops::Range;

use bytes::Bytes;

use self::{flat::Json, prose::Prose};
pub use self::{
    row::{Annotation, LONGEST, RowText, Rows},
    source::Source,
    wrap::Wrap,
};
use crate::{
    guard::{
        ansi::Ink,
        clean,
        redact::{Masking, Sort},
    },
    model::Payload,
    text::json::fault,
};

/// What a document is made of.
#[derive(Debug)]
pub enum Part {
    /// A line that begins something.
    Heading(String),
    /// Labels and values.
    Facts(Vec<(String, String)>),
    /// A payload, with the rules for its secrets.
    Json(Payload, Sort),
    /// Text to be read.
    Prose(String),
    /// A remark of sortie's own.
    Note(String),
}

impl Part {
    /// How many bytes have to be gone through to make it readable.
    pub fn size(&self) -> usize {
        match self {
            Self::Heading(text) | Self::Prose(text) | Self::Note(text) => text.len(),
            Self::Facts(facts) => facts
                .iter()
                .map(|(label, value)| label.len() + value.len())
                .sum(),
            Self::Json(payload, _) => payload.len(),
        }
    }
}

/// What a piece of a line is, for whoever paints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The key of a JSON member, or an index.
    Key,
    /// A JSON string.
    Text,
    /// A JSON number.
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// What stands between.
    Punct,
    /// Text to be read.
    Prose,
    /// The label of a fact.
    Label,
    /// The value of a fact.
    Value,
    /// A heading.
    Heading,
    /// Something masked.
    Masked,
    /// A remark.
    Note,
    /// What is wrong with a payload.
    Fault,
    /// Text set off by weight.
    Strong,
    /// Text set off by slant.
    Emphasis,
    /// Code within text, or lines of it.
    Code,
    /// The text of a link.
    Link,
    /// Words of somebody else.
    Quote,
    /// Text in the colours that its sender chose.
    Ansi(Ink),
}

/// One line of a document, cleaned and masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Blank columns before it.
    pub indent: u16,
    /// Its text in pieces.
    pub spans: Vec<(Tone, String)>,
    /// What a search found in it: bytes of all pieces joined, in order.
    pub hits: Vec<Range<usize>>,
}

impl Line {
    /// Its text in pieces that are to be drawn alike, and whether a search found them.
    pub fn pieces(&self) -> Vec<(Tone, bool, &str)> {
        let mut pieces = Vec::with_capacity(self.spans.len());
        let mut hits = self.hits.iter().peekable();
        let mut start = 0;
        for (tone, text) in &self.spans {
            let end = start + text.len();
            let mut at = start;
            while at < end {
                while hits.next_if(|hit| hit.end <= at).is_some() {}
                let (is_hit, stop) = match hits.peek() {
                    Some(hit) if hit.start <= at => (true, hit.end),
                    Some(hit) => (false, hit.start),
                    None => (false, end),
                };
                let stop = stop.min(end);
                if let Some(piece) = text.get(at - start..stop - start) {
                    pieces.push((*tone, is_hit, piece));
                }
                at = stop;
            }
            start = end;
        }
        pieces
    }

    /// All pieces joined, without the indent.
    pub fn text(&self) -> String {
        self.spans.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// Something to read.
#[derive(Debug, Default)]
pub struct Doc {
    blocks: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    Text(Prose),
    Json(Json),
}

impl Doc {
    /// Makes a document. Secrets are masked with the numbering of `masking`.
    pub fn build(parts: Vec<Part>, masking: &mut Masking) -> Self {
        let mut blocks = Vec::new();
        for part in parts {
            match part {
                Part::Heading(text) => blocks.push(prose(Tone::Heading, &text, masking)),
                Part::Prose(text) => blocks.push(prose(Tone::Prose, &text, masking)),
                Part::Note(text) => blocks.push(prose(Tone::Note, &text, masking)),
                Part::Facts(facts) => blocks.extend(facts_of(facts, masking)),
                Part::Json(payload, secrets) => payload_of(&payload, secrets, masking, &mut blocks),
            }
        }
        Self { blocks }
    }

    /// The path of the JSON value in a row, in the way jq writes it (`.a.b[3]`).
    pub fn path(&self, wrap: &Wrap, row: usize) -> Option<String> {
        let (block, row, _) = wrap.find(row)?;
        match self.blocks.get(block)? {
            Block::Json(json) => Some(json.path(row)),
            Block::Text(_) => None,
        }
    }

    /// The JSON value in a row: masked, not cleaned.
    pub fn value(&self, wrap: &Wrap, row: usize) -> Option<Vec<u8>> {
        let (block, row, _) = wrap.find(row)?;
        match self.blocks.get(block)? {
            Block::Json(json) => json.value(row).map(<[u8]>::to_vec),
            Block::Text(text) => Some(text.text().as_bytes().to_vec()),
        }
    }
}

fn prose(tone: Tone, text: &str, masking: &mut Masking) -> Block {
    Block::Text(Prose::new(tone, &clean::text(&masking.text(text))))
}

/// Facts with their labels in one column.
fn facts_of(facts: Vec<(String, String)>, masking: &mut Masking) -> Vec<Block> {
    let widest = facts
        .iter()
        .map(|(label, _)| label.len())
        .max()
        .unwrap_or(0);
    facts
        .into_iter()
        .map(|(label, value)| {
            let value = masking.text(&value).into_owned();
            Block::Text(Prose::labelled(&label, widest + 2, &clean::text(&value)))
        })
        .collect()
}

fn payload_of(payload: &Payload, secrets: Sort, masking: &mut Masking, blocks: &mut Vec<Block>) {
    let masked = match masking.json(payload.bytes(), secrets) {
        std::borrow::Cow::Borrowed(_) => payload.bytes().clone(),
        std::borrow::Cow::Owned(masked) => Bytes::from(masked),
    };
    if let Some(fault) = fault(&masked) {
        let said = format!("not whole JSON: {fault}; shown as text");
        blocks.push(Block::Text(Prose::new(Tone::Fault, &said)));
        blocks.push(Block::Text(Prose::new(Tone::Prose, &clean::bytes(&masked))));
        return;
    }
    blocks.push(Block::Json(Json::new(masked)));
}

#[cfg(test)]
mod tests;
