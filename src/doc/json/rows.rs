//! What a row shows: key, value and what is remarked. Strings stand as they were sent, with their escapes;
//! what is long is cut with its size, what is encoded is named. It looks at a few KiB of a value at most.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Json, Mode, base64,
    look::{self, Inside},
    piece::{Container, End, OPEN, TOP},
    preview::preview,
    table::{Kind, Raw},
    times,
};
use crate::{
    doc::{RowText, Tone},
    guard::clean,
    text::size,
};

/// Longer values are cut, to so many bytes.
const LONG: usize = 4096;
const SHOWN: usize = 1024;
/// What stands behind a string that holds JSON.
pub(super) const JSON: &str = " json";

impl Json {
    /// Columns before a row of that depth.
    pub(super) fn indent(&self, depth: u16) -> u16 {
        let outer = u16::try_from(self.first).unwrap_or(0);
        depth.saturating_sub(outer).saturating_mul(2)
    }

    /// A row, and whether what its string says stands below it.
    pub(super) fn text_of(&self, raw: &Raw, is_opened: bool) -> RowText {
        let mut text = RowText {
            indent: self.indent(raw.depth),
            hang: 2,
            ..RowText::default()
        };
        if let Kind::Close(id) = raw.kind {
            let is_object = self.table.container(id).is_some_and(|own| own.is_object);
            let bracket = if is_object { "}" } else { "]" };
            text.spans.push((Tone::Punct, bracket.to_owned()));
        } else {
            self.label(raw, &mut text);
            self.shown(raw, is_opened, &mut text);
        }
        let is_open = matches!(raw.kind, Kind::Container(id) if self.is_unfolded(id));
        if self.table.mode == Mode::Line && !is_open && self.goes_on(raw) {
            text.spans.push((Tone::Punct, ",".to_owned()));
        }
        text
    }

    fn is_unfolded(&self, id: u32) -> bool {
        self.span(id).is_some() && !self.marks.get(id)
    }

    /// Whether another child of the same container follows.
    fn goes_on(&self, raw: &Raw) -> bool {
        let parent = self
            .table
            .container(raw.parent)
            .filter(|_| raw.parent != TOP);
        parent.is_some_and(|parent| parent.last == OPEN || raw.ordinal + 1 < parent.count)
    }

    fn label(&self, raw: &Raw, text: &mut RowText) {
        let is_line = self.table.mode == Mode::Line;
        let Some(key) = &raw.key else {
            if raw.parent != TOP && !is_line {
                text.spans.push((Tone::Key, format!("[{}]", raw.ordinal)));
                text.spans.push((Tone::Punct, " ".to_owned()));
                text.head = 2;
            }
            return;
        };
        let head = self
            .table
            .sheet
            .head(key.clone(), SHOWN)
            .unwrap_or_default();
        let label = if is_line {
            look::sent(&head, head.len() < self.table.sheet.extent(key.clone()))
        } else {
            let says = crate::text::json::unquote(&head);
            match clean::line(&says) {
                // A key of no letters is one all the same.
                says if says.trim().is_empty() => format!("\"{says}\""),
                says => says.into_owned(),
            }
        };
        text.spans.push((Tone::Key, label));
        text.spans.push((Tone::Punct, ": ".to_owned()));
        text.head = 2;
    }

    fn shown(&self, raw: &Raw, is_opened: bool, text: &mut RowText) {
        match raw.kind {
            Kind::Container(id) => self.container(raw, id, text),
            Kind::Sealed => {
                let byte = self.table.sheet.raw(raw.value.start..raw.value.start + 1);
                let is_object = byte.is_some_and(|byte| byte.first() == Some(&b'{'));
                let shape = if is_object { "{…}" } else { "[…]" };
                text.spans.push((Tone::Punct, shape.to_owned()));
                let size = size::of(raw.value.len());
                text.spans
                    .push((Tone::Note, format!(" {size}, read when opened")));
                text.fold = Some(true);
            }
            Kind::Text => self.string(raw, is_opened, text),
            Kind::Number | Kind::Word | Kind::Close(_) => self.atom(raw, text),
        }
    }

    fn container(&self, raw: &Raw, id: u32, text: &mut RowText) {
        let Some(own) = self.table.container(id) else {
            return;
        };
        let (open, close) = if own.is_object {
            ('{', '}')
        } else {
            ('[', ']')
        };
        let is_folded = self.marks.get(id) && self.span(id).is_some();
        if self.span(id).is_some() {
            text.fold = Some(is_folded);
        }
        let count = match own.count {
            _ if own.last == OPEN => "…".to_owned(),
            0 => String::new(),
            count => count.to_string(),
        };
        let brackets = if self.table.mode == Mode::Line && self.is_unfolded(id) {
            open.to_string()
        } else if self.is_cut(&own) {
            format!("{open}{count} ✂")
        } else {
            format!("{open}{count}{close}")
        };
        text.spans.push((Tone::Punct, brackets));
        if is_folded {
            let count = (own.last != OPEN).then_some(own.count as usize);
            let what = (own.is_object, count);
            preview(&self.table.sheet, raw.value.clone(), what, text);
        }
    }

    /// Whether the text ends before anybody closed it.
    fn is_cut(&self, own: &Container) -> bool {
        matches!(
            self.table.end(),
            Some(End::Fault { rest, open, .. })
                if own.end as usize == rest && usize::from(own.depth) < open
        )
    }

    fn atom(&self, raw: &Raw, text: &mut RowText) {
        let tone = if raw.kind == Kind::Word {
            Tone::Word
        } else {
            Tone::Number
        };
        let Some(head) = self.table.sheet.head(raw.value.clone(), LONG) else {
            return text.spans.push(missing());
        };
        if raw.value.len() <= LONG {
            let shown = clean::decode(&head);
            text.note = self.time(raw, shown.as_bytes());
            text.spans.push((tone, clean::line(&shown).into_owned()));
            return;
        }
        let shown = clean::decode(head.get(..SHOWN).unwrap_or_default()).into_owned();
        text.spans.push((tone, clean::line(&shown).into_owned()));
        text.spans
            .push((Tone::Note, format!("… {} digits", raw.value.len())));
    }

    fn string(&self, raw: &Raw, is_opened: bool, text: &mut RowText) {
        let extent = self.table.sheet.extent(raw.value.clone());
        let most = if extent <= LONG { LONG } else { SHOWN };
        let Some(head) = self.table.sheet.head(raw.value.clone(), most) else {
            return text.spans.push(missing());
        };
        let is_masked = head.starts_with("\"‹".as_bytes()) && head.ends_with("›\"".as_bytes());
        if raw.is_edited && is_masked {
            let shown = clean::line(&clean::decode(&head)).into_owned();
            return text.spans.push((Tone::Masked, shown));
        }
        if let Some(named) = base64::name(&head, extent) {
            return text.spans.push((Tone::Note, named));
        }
        let tail = raw.value.end.saturating_sub(16).max(raw.value.start);
        let tail = match self.table.sheet.edit(raw.value.start) {
            Some(edit) => Some(edit.by.as_bytes().into()),
            None => self.table.sheet.raw(tail..raw.value.end),
        };
        let json = tail.and_then(|tail| look::inside(&head, &tail, extent));
        if json.is_some() || extent > LONG || look::has_lines(&head) {
            text.fold = Some(!is_opened);
        }
        if is_opened {
            // Said below; saying it here as well would only be in the way.
            let sort = match json {
                Some(Inside::Whole) => "JSON in a string",
                Some(Inside::Broken(_)) => "broken JSON in a string",
                None => "text",
            };
            let told = format!("{sort}, {}", size::of(extent.saturating_sub(2)));
            return text.spans.push((Tone::Note, told));
        }
        if extent > LONG {
            let shown = look::sent(&head, true);
            text.spans.push((Tone::Text, shown));
            text.spans
                .push((Tone::Note, format!("… {}", size::of(extent - 2))));
        } else {
            text.note = self.time(raw, &head);
            text.spans.push((Tone::Text, look::sent(&head, false)));
        }
        match json {
            Some(Inside::Whole) => text.spans.push((Tone::Note, JSON.to_owned())),
            Some(Inside::Broken(fault)) => {
                let fault = fault.map_or("cut".to_owned(), |fault| fault.to_string());
                text.spans.push((Tone::Note, format!("{JSON} ✂ {fault}")));
            }
            None => {}
        }
    }

    fn time(&self, raw: &Raw, value: &[u8]) -> Option<crate::doc::Annotation> {
        if value.len() > 64 {
            return None;
        }
        let key = raw.key.clone().filter(|key| key.len() <= 64);
        let key = key.and_then(|key| self.table.sheet.raw(key));
        times::meant(key.as_deref(), value).map(crate::doc::Annotation::Time)
    }
}

/// What stands where the bytes are not here yet.
fn missing() -> (Tone, String) {
    (Tone::Note, "not read yet".to_owned())
}

/// A beginning of a text without its last cluster, which the cut may have gone through.
pub(super) fn whole_clusters(text: &str) -> &str {
    match text.grapheme_indices(true).next_back() {
        Some((at, _)) => text.get(..at).unwrap_or_default(),
        None => text,
    }
}
