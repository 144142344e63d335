//! One stretch of rows in a document, by what its text is: JSON over its own bytes, lines of text,
//! markdown, bytes, or a few rows of sortie's own. Decides which of them a payload becomes.

use std::borrow::Cow;

use bytes::Bytes;

use super::{
    Look, Part, RowText, Rows, Source, Tone, View,
    document::AT_ONCE,
    facts::{self, Facts},
    far,
    hex::{self, Hex},
    hide::Hiding,
    job::{self, Piece, Work},
    json::{self, End, Json},
    markdown::{self, Markdown},
    part::Format,
    text::Text,
};
use crate::{
    guard::{
        clean,
        redact::{Masking, Sort},
    },
    model::Payload,
    text::{
        json::{Fault, fault, unquote},
        size,
    },
};

/// A stretch of rows.
#[derive(Debug)]
pub(super) enum Block {
    Fixed(Vec<RowText>),
    Facts(Facts),
    Json(Box<Json>, Source),
    Text(Box<Text>, Source),
    Markdown(Box<Markdown>),
    Hex(Hex),
}

/// A block, and what is left to do: nothing, then the masking is at home again.
pub(super) struct Made {
    pub block: Block,
    pub rest: Result<Masking, Work>,
}

impl Block {
    pub fn make(part: Part, look: &Look, masking: Masking) -> Made {
        let mut masking = masking;
        match part {
            Part::Heading(_) | Part::Folded(_) => whole(Vec::new(), masking),
            Part::Facts(facts) => {
                let block = Block::Facts(facts::rows(facts, &mut masking));
                let rest = Ok(masking);
                Made { block, rest }
            }
            Part::Note(text) => {
                let text = clean::line(&masking.text(&text)).into_owned();
                whole(vec![RowText::of(Tone::Note, text)], masking)
            }
            Part::Fault(text) => whole(vec![RowText::of(Tone::Fault, text)], masking),
            Part::Bytes(Source::Here(bytes)) => prose(bytes, Format::Plain, look, masking),
            Part::Bytes(source) => far::text(source, look, masking),
            Part::Far(source, secrets) => far::json(source, secrets, look, masking),
            Part::Prose(text) => prose(text.into(), Format::Unknown, look, masking),
            Part::Text(text, format) => prose(text.into(), format, look, masking),
            Part::Json(payload, secrets) => record(&payload, secrets, look, masking),
        }
    }

    fn rows_of(&self) -> &dyn Rows {
        match self {
            Self::Fixed(rows) => rows,
            Self::Facts(facts) => facts,
            Self::Json(json, _) => &**json,
            Self::Text(text, _) => &**text,
            Self::Markdown(markdown) => &**markdown,
            Self::Hex(hex) => hex,
        }
    }

    pub fn rows(&self) -> usize {
        self.rows_of().len()
    }

    pub fn row(&self, row: usize) -> RowText {
        self.rows_of().row(row)
    }

    /// Whether all of it has been read.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Json(json, _) => json.end().is_some(),
            Self::Text(text, _) => {
                let (at, len) = text.progress();
                at >= len
            }
            Self::Fixed(_) | Self::Facts(_) | Self::Markdown(_) | Self::Hex(_) => true,
        }
    }

    /// Whether it is JSON of which nothing could be read, so that the text below it says it all.
    pub fn is_void(&self) -> bool {
        match self {
            Self::Json(json, _) => {
                matches!(json.end(), Some(End::Fault { is_json: false, .. }))
            }
            _ => false,
        }
    }

    pub fn take(&mut self, piece: Piece) {
        match (self, piece) {
            (Self::Json(json, _), Piece::Json(piece)) => json.take(piece),
            (Self::Text(text, _), Piece::Text(piece)) => text.take(piece),
            (Self::Json(json, _), Piece::Inner(node, piece)) => json.take_at(&node, piece),
            (Self::Json(json, _), Piece::Opened(node, what)) => json.put_at(&node, what),
            (own, Piece::Become(block)) => *own = *block,
            _ => {}
        }
    }

    /// What has to stand below it, now that it is known how it ends.
    pub fn ended(&mut self) -> Vec<Part> {
        let is_whole = self.is_whole();
        let (json, source) = match self {
            Self::Json(json, source) => (json, source),
            Self::Text(text, _) if !is_whole => {
                text.give_up();
                return far::lost();
            }
            _ => return Vec::new(),
        };
        match json.end() {
            Some(End::Lost) => far::lost(),
            Some(End::Fault {
                fault,
                rest,
                is_json,
                ..
            }) => broken(source, fault, rest, is_json),
            Some(End::Whole) | None => Vec::new(),
        }
    }

    /// Whether the same bytes need not be read once more.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Json(json, _) if matches!(json.end(), Some(End::Whole)))
    }

    /// Whether it is of these very bytes.
    pub fn is_of(&self, source: &Source) -> bool {
        matches!(self, Self::Json(_, own) if own.is_same(source))
    }

    pub fn resize(&mut self, columns: usize) {
        match self {
            Self::Markdown(markdown) => markdown.fit(columns),
            Self::Hex(hex) => hex.fit(columns),
            Self::Fixed(_) | Self::Facts(_) | Self::Json(..) | Self::Text(..) => {}
        }
    }
}

/// What JSON that is cut or wrong looks like: what is wrong, and what is left as text.
fn broken(source: &Source, fault: Fault, rest: usize, is_json: bool) -> Vec<Part> {
    let from = if is_json { rest } else { 0 };
    let left = source.part(from..source.len());
    if !is_json {
        return vec![Part::Bytes(left)];
    }
    let line = line(source, fault.at);
    if left.is_empty() {
        return vec![Part::Fault(format!("✂ the JSON {fault}{line}"))];
    }
    let fault = Part::Fault(format!("✂ the JSON: {fault}{line}; from there on as text"));
    vec![fault, Part::Bytes(left)]
}

/// Line and column of a byte, where there are lines; of what is elsewhere they are not counted.
fn line(source: &Source, at: usize) -> String {
    let Source::Here(bytes) = source else {
        return String::new();
    };
    let before = bytes.get(..at.min(LINES)).unwrap_or_default();
    let breaks = memchr::memchr_iter(b'\n', before).count();
    let Some(last) = memchr::memrchr(b'\n', before).filter(|_| at <= LINES) else {
        return String::new();
    };
    format!(" (line {}, column {})", breaks + 1, at - last)
}

/// Bytes in which lines are counted.
const LINES: usize = 64 << 20;

pub(super) fn whole(rows: Vec<RowText>, masking: Masking) -> Made {
    Made {
        block: Block::Fixed(rows),
        rest: Ok(masking),
    }
}

/// Something that takes longer to make than a frame may.
#[derive(Debug)]
pub(super) enum Later {
    /// A JSON string, to be read as what it says.
    Says(Bytes, Look),
    /// The bytes of a payload, secrets hidden.
    Hex(Source, Sort, Look),
    /// The bytes of a payload as text, masked.
    Raw(Bytes, Sort, Look),
}

impl Later {
    pub fn len(&self) -> usize {
        match self {
            Self::Says(bytes, _) | Self::Raw(bytes, ..) => bytes.len(),
            Self::Hex(source, ..) => source.len(),
        }
    }

    pub fn make(self, mut masking: Masking) -> Made {
        match self {
            Self::Says(literal, look) => {
                let says = unquote(&literal).into_owned();
                prose(says.into(), Format::Unknown, &look, masking)
            }
            Self::Hex(source, secrets, look) => {
                let (block, masking) = Hiding::new(source, secrets, &look, masking).whole();
                Made {
                    block,
                    rest: Ok(masking),
                }
            }
            Self::Raw(bytes, secrets, look) => {
                let shown = masked(&bytes, secrets, &mut masking);
                lines(shown, Tone::Prose, true, &look, masking)
            }
        }
    }

    /// Now if it is small, else when there is time.
    pub fn soon(self, masking: Masking) -> Made {
        if self.len() <= AT_ONCE {
            return self.make(masking);
        }
        let work = match self {
            Self::Hex(source, secrets, look) => {
                Work::Hide(Box::new(Hiding::new(source, secrets, &look, masking)))
            }
            later => Work::Later(later, Box::new(masking)),
        };
        Made {
            block: Block::Fixed(Vec::new()),
            rest: Err(work),
        }
    }
}

/// The bytes without their secrets; shared where there are none in them.
fn masked(bytes: &Bytes, secrets: Sort, masking: &mut Masking) -> Bytes {
    match masking.json(bytes, secrets) {
        Cow::Borrowed(_) => bytes.clone(),
        Cow::Owned(masked) => masked.into(),
    }
}

/// A text that is not JSON, or not any more.
fn prose(text: Bytes, format: Format, look: &Look, masking: Masking) -> Made {
    match look.view {
        View::Hex => return Later::Hex(text.into(), Sort::Any, *look).soon(masking),
        View::Raw => return lines(text, Tone::Prose, true, look, masking),
        View::Pretty | View::Markdown => {}
    }
    if hex::is_binary(&text) {
        return binary(&text, text.len(), masking);
    }
    let wanted = look.view == View::Markdown || format == Format::Markdown;
    let shown = std::str::from_utf8(&text).ok();
    let shown = shown.filter(|text| !markdown::is_too_long(text));
    if let Some(shown) = shown
        && (wanted || format == Format::Unknown && markdown::looks_like_markdown(shown))
    {
        let mut masking = masking;
        let masked = masking.text(shown);
        let sent = match &masked {
            Cow::Borrowed(_) => Bytes::new(),
            Cow::Owned(_) => text.clone(),
        };
        let rendered = Markdown::new(&masked, look.columns).masked_from(sent);
        return Made {
            block: Block::Markdown(Box::new(rendered)),
            rest: Ok(masking),
        };
    }
    if format == Format::Unknown && is_json(&text) {
        return json_of(text, Sort::Any, look, masking);
    }
    lines(text, Tone::Prose, false, look, masking)
}

/// Whether it is JSON with something in it, as far as its two ends tell.
fn is_json(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    matches!(
        (text.first(), text.last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    )
}

/// A payload: JSON, a text in quotes, a text, or bytes.
fn record(payload: &Payload, secrets: Sort, look: &Look, masking: Masking) -> Made {
    let bytes = payload.bytes();
    match look.view {
        View::Hex => return Later::Hex(bytes.clone().into(), secrets, *look).soon(masking),
        View::Raw if secrets == Sort::Any => {
            return lines(bytes.clone(), Tone::Prose, true, look, masking);
        }
        View::Raw => return Later::Raw(bytes.clone(), secrets, *look).soon(masking),
        View::Pretty | View::Markdown => {}
    }
    let trimmed = bytes.trim_ascii();
    match trimmed.first() {
        Some(b'"') if is_literal(trimmed) => {
            let literal = bytes.slice_ref(trimmed);
            Later::Says(literal, *look).soon(masking)
        }
        Some(b'{' | b'[') | None => json_of(bytes.clone(), secrets, look, masking),
        Some(_) if trimmed.len() <= SCALAR => json_of(bytes.clone(), secrets, look, masking),
        Some(_) => prose(bytes.clone(), Format::Unknown, look, masking),
    }
}

/// Whether it is one JSON string; of a long one the two ends tell.
fn is_literal(text: &[u8]) -> bool {
    let ends = text.len() > 1 && text.last() == Some(&b'"');
    ends && (text.len() > AT_ONCE || fault(text).is_none())
}

/// Longer texts that begin with no bracket and no quote are no JSON.
const SCALAR: usize = 64;

pub(super) fn json_of(
    source: impl Into<Source>,
    secrets: Sort,
    look: &Look,
    masking: Masking,
) -> Made {
    let source = source.into();
    if !Json::fits(source.len()) {
        return lines(source, Tone::Prose, false, look, masking);
    }
    let mode = if look.brackets {
        json::Mode::Line
    } else {
        json::Mode::Data
    };
    let (mut json, mut indexer) = Json::begin(source.clone(), masking, secrets, mode, json::CAP);
    json.take(indexer.here(&source, AT_ONCE));
    Made {
        block: Block::Json(Box::new(json), source.clone()),
        rest: job::or_rest(indexer, source),
    }
}

pub(super) fn lines(
    source: impl Into<Source>,
    tone: Tone,
    raw: bool,
    look: &Look,
    masking: Masking,
) -> Made {
    let source = source.into();
    let (mut text, index) = Text::begin(source.clone(), tone, masking);
    text.set_raw(raw);
    text.set_numbers(look.numbers);
    let done = index.is_done();
    Made {
        block: Block::Text(Box::new(text), source.clone()),
        rest: if done {
            Ok(index.into_masking())
        } else {
            Err(Work::Text(Box::new(index), source))
        },
    }
}

/// Bytes that are no text are named; the view of bytes shows them.
pub(super) fn binary(head: &[u8], len: usize, masking: Masking) -> Made {
    let told = format!(
        "{}, {}: not text; d shows it as bytes",
        hex::kind_of(head),
        size::of(len)
    );
    whole(vec![RowText::of(Tone::Note, told)], masking)
}
