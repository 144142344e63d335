//! Unwrapping in place: what a string or a sealed container holds becomes rows below it, and goes again.
//! A little of it is read with the key; the rest is handed out to be read beside the loop.

use std::mem;

use super::{
    CAP, Json, Node,
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
        let is_string = raw.kind == Kind::Text;
        let (mut json, mut indexer) = match raw.kind {
            Kind::Text => {
                let says = self.says(&raw)?;
                if !matches!(
                    says.trim_ascii_start().as_bytes().first(),
                    Some(b'{' | b'[')
                ) {
                    return None;
                }
                // Words in brackets are none.
                if says.len() <= AT_ONCE
                    && fault(says.as_bytes()).is_some()
                    && !look::begins(says.as_bytes())
                {
                    return None;
                }
                let source = Source::Here(says.into_bytes().into());
                let mode = self.table.mode;
                Self::begin(source, masking.clone(), Sort::Any, mode, CAP)
            }
            Kind::Sealed => self.sealed(&raw),
            Kind::Number | Kind::Word | Kind::Container(_) | Kind::Close(_) => return None,
        };
        let piece = indexer.here(&json.table.sheet.source().clone(), AT_ONCE);
        json.take(piece);
        let left = Left::of(&json, masking);
        if json.table.rows() < 2 && left.rows.is_empty() && indexer.is_done() {
            return None;
        }
        let indexer = (!indexer.is_done()).then(|| Box::new(indexer));
        let json = Box::new(json);
        self.put(
            own,
            What::Json {
                json,
                indexer,
                is_string,
                left: Box::new(left),
            },
        );
        Some(())
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
