//! Opening a string of megabytes: undoing its escapes and finding its lines takes longer than a frame may,
//! so it is done beside the loop. Until then its beginning stands below its row, and a sentence. It decides how
//! a string is shown, and nothing about where.

use super::{
    RowText, Rows, Source, Tone,
    json::{Literal, Node, What},
    markdown::{self, Markdown},
    text::Text,
};
use crate::{guard::redact::Masking, text::size};

/// Longer strings, in bytes as sent, are opened beside the loop.
pub(super) const LATER: usize = 256 << 10;
/// Columns that a text in a string loses to its indent.
const INSET: usize = 10;

/// Bytes of a string and rows of it that are shown at once.
const HEAD: usize = 16 << 10;
const ROWS: usize = 200;

/// A string to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    pub node: Node,
    pub literal: Literal,
    /// Whether JSON in it is to be shown as the text that it is.
    pub as_text: bool,
    pub masking: Masking,
    pub columns: usize,
}

impl Opening {
    /// What stands there meanwhile.
    pub fn told(&self) -> Vec<RowText> {
        let told = format!("reading {}", size::of(self.literal.len()));
        let mut rows = self.first_rows();
        rows.push(RowText::of(Tone::Note, told));
        rows
    }

    /// The first rows of a text, up to the end of a word: what is cut is not known for what it is. None of
    /// what will be JSON.
    fn first_rows(&self) -> Vec<RowText> {
        let mut head = self.literal.begins(HEAD).unwrap_or_default();
        let is_json = matches!(head.trim_start().as_bytes().first(), Some(b'{' | b'['));
        if is_json && !self.as_text {
            return Vec::new();
        }
        head.truncate(head.rfind(char::is_whitespace).unwrap_or(0));
        let (text, _) = Text::whole(
            Source::Here(head.into_bytes().into()),
            Tone::Text,
            self.masking.clone(),
        );
        (0..text.len().min(ROWS)).map(|row| text.row(row)).collect()
    }

    /// Reads it; gives where it belongs.
    pub fn run(self) -> (Node, What) {
        let json = (!self.as_text).then(|| self.literal.unwrapped(&self.masking));
        let what = json.flatten().unwrap_or_else(|| {
            let says = self.literal.says().unwrap_or_default();
            What::Rows(lines(says, &self.masking, self.columns))
        });
        (self.node, what)
    }
}

/// What a string says, line by line.
pub(super) fn lines(
    says: String,
    masking: &Masking,
    columns: usize,
) -> Box<dyn Rows + Send + Sync> {
    if !says.contains('\u{1B}')
        && !markdown::is_too_long(&says)
        && markdown::looks_like_markdown(&says)
    {
        let columns = columns.saturating_sub(INSET).max(INSET);
        return Box::new(Markdown::new(&says, columns));
    }
    let source = Source::Here(says.into_bytes().into());
    let (text, _) = Text::whole(source, Tone::Text, masking.clone());
    Box::new(text)
}
