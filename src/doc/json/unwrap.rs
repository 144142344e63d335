//! Unwrapping in place: what a string or a sealed container holds becomes rows below it, and goes again.
//! A little of it is read with the key; the rest is handed out to be read beside the loop.

use std::{mem, ops::Range};

use super::{
    CAP, Json, Mode, Node,
    index::Indexer,
    look,
    nested::{At, Opened, What},
    piece::{End, Piece},
    rows::JSON,
    sheet::Sheet,
    table::{Kind, Raw},
};
use crate::{
    doc::{RowText, Rows, Source, Tone, text::Text},
    guard::{Edit, Masking, redact::Sort},
    text::{
        json::{fault, unquote},
        size,
    },
};

/// Bytes of what is unwrapped that are read with the key.
const AT_ONCE: usize = 64 << 10;

/// A string that is not read yet. It may be read by another thread.
#[derive(Debug)]
pub struct Literal {
    sheet: Sheet,
    range: Range<usize>,
    mode: Mode,
}

impl Literal {
    /// Bytes as sent.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// What it says, masked.
    pub fn says(&self) -> Option<String> {
        let literal = self.sheet.read(self.range.clone())?;
        Some(unquote(&literal).into_owned())
    }

    /// The beginning of what it says, masked: of so many bytes as sent.
    pub fn begins(&self, most: usize) -> Option<String> {
        let head = self.sheet.head(self.range.clone(), most)?;
        Some(unquote(&head).into_owned())
    }

    /// The JSON in what it says; none where that is none.
    pub(in crate::doc) fn unwrapped(&self, masking: &Masking) -> Option<What> {
        unwrapped(self.says()?, self.mode, masking)
    }
}

/// The JSON in a string, of which a little is read at once.
fn unwrapped(says: String, mode: Mode, masking: &Masking) -> Option<What> {
    if !matches!(
        says.trim_ascii_start().as_bytes().first(),
        Some(b'{' | b'[')
    ) {
        return None;
    }
    // Words in brackets are none.
    if says.len() <= AT_ONCE && fault(says.as_bytes()).is_some() && !look::begins(says.as_bytes()) {
        return None;
    }
    let source = Source::Here(says.into_bytes().into());
    let begin = Json::begin(source, masking.clone(), Sort::Any, mode, CAP);
    begun(begin, true, masking)
}

fn begun(
    (mut json, mut indexer): (Json, Indexer),
    is_string: bool,
    masking: &Masking,
) -> Option<What> {
    let piece = indexer.here(&json.table.sheet.source().clone(), AT_ONCE);
    json.take(piece);
    let left = Left::of(&json, masking);
    if json.table.rows() < 2 && left.rows.is_empty() && indexer.is_done() {
        return None;
    }
    Some(What::Json {
        indexer: (!indexer.is_done()).then(|| Box::new(indexer)),
        json: Box::new(json),
        is_string,
        left: Box::new(left),
    })
}

/// What is below the rows of JSON that breaks off: what is wrong, and the rest as text.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) rows: Vec<RowText>,
    masking: Masking,
}

impl Left {
    fn of(json: &Json, masking: &Masking) -> Self {
        let mut left = Self {
            rows: Vec::new(),
            masking: masking.clone(),
        };
        left.add(json);
        left
    }

    /// Once it is known how it ends.
    fn add(&mut self, json: &Json) {
        let Some(End::Fault {
            fault,
            rest,
            is_json,
            ..
        }) = json.end().filter(|_| self.rows.is_empty())
        else {
            return;
        };
        let source = json.table.sheet.source();
        let head = source.get(0..AT_ONCE).unwrap_or_default();
        if !is_json && !look::begins(&head) {
            return;
        }
        let (shown, len) = (
            source.part(rest..rest + AT_ONCE),
            source.len().saturating_sub(rest),
        );
        let told = match len {
            0 => format!("✂ the JSON {fault}"),
            _ => format!("✂ the JSON: {fault}; from there on as text"),
        };
        self.rows.push(RowText::of(Tone::Fault, told));
        let (text, _) = Text::whole(shown, Tone::Text, self.masking.clone());
        self.rows.extend((0..text.len()).map(|row| text.row(row)));
        if len > AT_ONCE {
            let told = format!("… {} of text: \" shows it", size::of(len));
            self.rows.push(RowText::of(Tone::Note, told));
        }
    }
}

impl Json {
    /// Whether something is unwrapped below a visible row.
    pub fn is_open(&self, row: usize) -> bool {
        match self.at(row) {
            At::Own(_) => self
                .own(row)
                .is_some_and(|own| self.opened.iter().any(|opened| opened.row == own)),
            At::Nested(at, inner) => self
                .opened
                .get(at)
                .and_then(Opened::json)
                .is_some_and(|json| json.is_open(inner)),
        }
    }

    /// Of a visible row with a string that is better read below it: whether it is opened.
    pub fn opens(&self, row: usize) -> Option<bool> {
        if let At::Nested(at, inner) = self.at(row) {
            return self.opened.get(at)?.json()?.opens(inner);
        }
        let raw = self.table.row(self.own(row)?)?;
        let is_string = matches!(raw.kind, Kind::Text | Kind::Sealed);
        let folded = is_string.then(|| self.text_of(&raw, self.is_open(row)).fold)??;
        Some(!folded)
    }

    /// Whether the string in a visible row is a text of lines, and not JSON.
    pub fn is_lines(&self, row: usize) -> bool {
        let raw = self.own(row).and_then(|own| self.table.row(own));
        raw.filter(|raw| raw.kind == Kind::Text).is_some_and(|raw| {
            let text = self.text_of(&raw, false);
            let is_json = text
                .spans
                .last()
                .is_some_and(|(tone, said)| *tone == Tone::Note && said.starts_with(JSON));
            let head = self.table.sheet.head(raw.value, 4096);
            !is_json && head.is_some_and(|head| look::has_lines(&head))
        })
    }

    /// Unwraps the JSON in a string, or a container that is not indexed, below its visible row. None
    /// where there is none. What is longer than 64 KiB goes on with `unfinished`.
    pub fn open(&mut self, row: usize, masking: &Masking) -> Option<()> {
        if let At::Nested(at, inner) = self.at(row) {
            return self.opened.get_mut(at)?.json_mut()?.open(inner, masking);
        }
        let own = self.own(row)?;
        let raw = self.table.row(own)?;
        let what = match raw.kind {
            Kind::Text => unwrapped(self.says(&raw)?, self.table.mode, masking)?,
            Kind::Sealed => begun(self.sealed(&raw), false, masking)?,
            Kind::Number | Kind::Word | Kind::Container(_) | Kind::Close(_) => return None,
        };
        self.put(own, what);
        Some(())
    }

    /// The string in a visible row, for somebody who has the time to read it; and what the row is.
    pub fn literal(&self, row: usize) -> Option<(Node, Literal)> {
        if let At::Nested(at, inner) = self.at(row) {
            let opened = self.opened.get(at)?;
            let (node, literal) = opened.json()?.literal(inner)?;
            return Some((Node([vec![opened.row], node.0].concat()), literal));
        }
        let own = self.own(row)?;
        let raw = self.table.row(own).filter(|raw| raw.kind == Kind::Text)?;
        let literal = Literal {
            sheet: self.table.sheet.clone(),
            range: raw.value,
            mode: self.table.mode,
        };
        Some((Node(vec![own]), literal))
    }

    /// Puts what was made of a string below its node, unless that was closed meanwhile.
    pub(in crate::doc) fn put_at(&mut self, node: &Node, what: What) {
        let Some((row, inner)) = node.0.split_first() else {
            return;
        };
        let opened = self.opened.iter_mut().find(|opened| opened.row == *row);
        match opened {
            Some(opened) if inner.is_empty() => opened.what = what,
            Some(opened) => {
                if let Some(json) = opened.json_mut() {
                    json.put_at(&Node(inner.to_vec()), what);
                }
            }
            None => {}
        }
    }

    /// A container that is not indexed, to be read with the edits that are known.
    fn sealed(&self, raw: &Raw) -> (Self, Indexer) {
        let from = raw.value.start;
        let edits = self.table.sheet.edits(raw.value.clone());
        let edits: Vec<Edit> = edits
            .map(|edit| Edit {
                start: edit.start - from,
                end: edit.end - from,
                by: edit.by.clone(),
            })
            .collect();
        let source = self.table.sheet.part(raw.value.clone());
        let indexer = Indexer::known(self.table.mode, CAP, &edits, &source);
        let mut sheet = Sheet::new(source);
        sheet.take(edits);
        (Self::over(sheet, self.table.mode), indexer)
    }

    /// Puts rows of another kind below a visible row: the text of its string.
    pub fn open_rows(&mut self, row: usize, rows: Box<dyn Rows + Send + Sync>) -> Option<()> {
        if let At::Nested(at, inner) = self.at(row) {
            return self.opened.get_mut(at)?.json_mut()?.open_rows(inner, rows);
        }
        let own = self.own(row)?;
        self.put(own, What::Rows(rows));
        Some(())
    }

    fn put(&mut self, row: u32, what: What) {
        let at = self.opened.partition_point(|opened| opened.row < row);
        match self.opened.get_mut(at).filter(|opened| opened.row == row) {
            Some(opened) => opened.what = what,
            None => self.opened.insert(at, Opened { row, what }),
        }
    }

    /// Closes what is unwrapped below a visible row, or what the row is in; gives the row it was under.
    pub fn shut(&mut self, row: usize) -> Option<usize> {
        if let At::Nested(at, inner) = self.at(row) {
            let opened = self.opened.get_mut(at)?;
            if let Some(inner) = opened.json_mut().and_then(|json| json.shut(inner)) {
                return self.outer(at, inner);
            }
            let host = opened.row;
            self.opened.remove(at);
            return self.position(host);
        }
        let own = self.own(row)?;
        let before = self.opened.len();
        self.opened.retain(|opened| opened.row != own);
        (self.opened.len() < before).then_some(row)
    }

    /// Something unwrapped that is not read to its end: where it is, its text, and what reads it. Whoever
    /// takes it gives the pieces to `take_at`.
    pub fn unfinished(&mut self) -> Option<(Node, Source, Indexer)> {
        for opened in &mut self.opened {
            let What::Json { json, indexer, .. } = &mut opened.what else {
                continue;
            };
            if let Some(indexer) = mem::take(indexer) {
                let source = json.table.sheet.source().clone();
                return Some((Node(vec![opened.row]), source, *indexer));
            }
            if let Some((inner, source, indexer)) = json.unfinished() {
                let chain = [vec![opened.row], inner.0].concat();
                return Some((Node(chain), source, indexer));
            }
        }
        None
    }

    /// Appends a piece of what is unwrapped below a node; nothing where that was closed.
    pub fn take_at(&mut self, node: &Node, piece: Piece) {
        let Some((row, inner)) = node.0.split_first() else {
            return self.take(piece);
        };
        let opened = self.opened.iter_mut().find(|opened| opened.row == *row);
        if let Some(What::Json { json, left, .. }) = opened.map(|opened| &mut opened.what) {
            json.take_at(&Node(inner.to_vec()), piece);
            if inner.is_empty() {
                left.add(json);
            }
        }
    }

    /// What the string in a visible row says: masked, its escapes undone.
    pub fn unescaped(&self, row: usize) -> Option<String> {
        match self.at(row) {
            At::Own(_) => {
                let raw = self.table.row(self.own(row)?)?;
                (raw.kind == Kind::Text).then(|| self.says(&raw))?
            }
            At::Nested(at, inner) => self.opened.get(at)?.json()?.unescaped(inner),
        }
    }

    pub(super) fn says(&self, raw: &Raw) -> Option<String> {
        let literal = self.table.sheet.read(raw.value.clone())?;
        Some(unquote(&literal).into_owned())
    }
}
