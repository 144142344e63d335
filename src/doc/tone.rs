//! What a piece of a line is, for whoever paints it, and a line in such pieces.

use std::ops::Range;

use crate::guard::ansi::Ink;

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
