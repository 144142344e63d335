//! A JSON value as rows over its untouched text: one row a member or element, containers with their
//! count, nothing built. Order, duplicate keys, digits and nesting stay as they were sent.

use bytes::Bytes;

use super::{
    Line, Tone,
    prose::{self, Prose},
};
use crate::{
    guard::clean,
    text::{
        json::{Scanner, Shape, Sort, unquote},
        width,
    },
};

const TOP: u32 = u32::MAX;
/// Longer strings and numbers are texts of their own below their key, so that no line costs more than
/// itself.
const LONG: usize = 2048;
/// Bytes of a key that its label is made of; half a line shows less.
const KEY: usize = 4096;

/// One row: 28 bytes.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Where the key's quote is; equal to `start` where there is no key.
    key: u32,
    start: u32,
    end: u32,
    parent: u32,
    /// Which child of its parent it is.
    ordinal: u32,
    /// How many children a container has; of a long string or number, its place among the long from 1.
    count: u32,
    depth: u16,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Word,
    Object,
    Array,
}

/// A JSON value as rows.
#[derive(Debug)]
pub struct Json {
    text: Bytes,
    rows: Vec<Row>,
    long: Vec<Prose>,
    /// Whether the value is a container whose members are the rows, so that it has no row itself.
    open_top: bool,
}

impl Json {
    /// Rows of a text that is whole JSON and shorter than 4 GiB.
    pub fn new(text: Bytes) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        let mut long = Vec::new();
        let mut above: Vec<u32> = Vec::new();
        let mut key = None;
        for token in Scanner::new(&text).map_while(Result::ok) {
            let kind = match token.sort {
                Sort::Key => {
                    key = Some(u32_of(token.start));
                    continue;
                }
                Sort::Close(_) => {
                    if let Some(row) = above.pop().and_then(|row| rows.get_mut(row as usize)) {
                        row.end = u32_of(token.end);
                    }
                    continue;
                }
                Sort::Open(Shape::Object) => Kind::Object,
                Sort::Open(Shape::Array) => Kind::Array,
                Sort::String => Kind::Text,
                Sort::Number => Kind::Number,
                Sort::Word => Kind::Word,
            };
            let parent = above.last().copied();
            let ordinal = parent
                .and_then(|parent| rows.get_mut(parent as usize))
                .map_or(0, |parent| {
                    parent.count += 1;
                    parent.count - 1
                });
            let start = u32_of(token.start);
            let at = u32_of(rows.len());
            let raw = text.get(token.start..token.end).unwrap_or_default();
            let is_long = raw.len() > LONG;
            match kind {
                Kind::Text if is_long => {
                    long.push(Prose::new(Tone::Text, &clean::text(&unquote(raw))));
                }
                Kind::Number if is_long => {
                    long.push(Prose::new(Tone::Number, &clean::decode(raw)));
                }
                Kind::Text | Kind::Number | Kind::Word | Kind::Object | Kind::Array => {}
            }
            rows.push(Row {
                key: key.take().unwrap_or(start),
                start,
                end: u32_of(token.end),
                parent: parent.unwrap_or(TOP),
                ordinal,
                count: if is_long { u32_of(long.len()) } else { 0 },
                depth: u16::try_from(above.len()).unwrap_or(u16::MAX),
                kind,
            });
            if matches!(kind, Kind::Object | Kind::Array) {
                above.push(at);
            }
        }
        let open_top = rows
            .first()
            .is_some_and(|top| top.count > 0 && matches!(top.kind, Kind::Object | Kind::Array));
        Self {
            text,
            rows,
            long,
            open_top,
        }
    }

    /// The text of a row that is a long string or number, and the columns before it when `columns` are there.
    pub fn long(&self, row: usize, columns: usize) -> Option<(&Prose, usize)> {
        let row = self
            .row(row)
            .filter(|row| matches!(row.kind, Kind::Text | Kind::Number))?;
        let text = self.long.get((row.count as usize).checked_sub(1)?)?;
        Some((text, self.indent(row, columns) + 2))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len() - usize::from(self.open_top)
    }

    /// How many lines a row takes when `columns` are there.
    pub fn height(&self, row: usize, columns: usize) -> u32 {
        let Some(row) = self.row(row) else {
            return 0;
        };
        let place = self.place(row, columns);
        let raw = self.slice(row.start, row.end);
        if raw.len() <= place.first && raw.iter().all(|byte| (b' '..0x7f).contains(byte)) {
            return 1;
        }
        u32_of(Self::breaks(row, &self.shown(row), &place).len())
    }

    /// One line of a row.
    pub fn line(&self, row: usize, nth: usize, columns: usize) -> Line {
        let Some(row) = self.row(row) else {
            return Line::default();
        };
        let place = self.place(row, columns);
        let shown = self.shown(row);
        let breaks = Self::breaks(row, &shown, &place);
        let mut text = prose::piece(&shown, &breaks, nth).to_owned();
        if nth == 0 && breaks.len() == 1 {
            // counts and notes are not wrapped
            text = width::fit(&text, place.first).into_owned();
        }
        let tone = Self::tone(row, &shown);
        if nth > 0 {
            return Line {
                indent: u16::try_from(place.indent + 2).unwrap_or(0),
                spans: vec![(tone, text)],
                ..Line::default()
            };
        }
        let mut spans = vec![
            (Tone::Key, place.label),
            (Tone::Punct, place.colon.to_owned()),
        ];
        spans.retain(|(_, text)| !text.is_empty());
        spans.push((tone, text));
        Line {
            indent: u16::try_from(place.indent).unwrap_or(0),
            spans,
            ..Line::default()
        }
    }

    /// The way to a row as jq writes it.
    pub fn path(&self, row: usize) -> String {
        let mut steps = Vec::new();
        let mut at = self.row(row).copied();
        while let Some(row) = at {
            if row.parent == TOP {
                break;
            }
            steps.push(self.step(&row));
            at = self.rows.get(row.parent as usize).copied();
        }
        let path: String = steps.into_iter().rev().collect();
        if path.starts_with('.') {
            path
        } else {
            format!(".{path}")
        }
    }

    /// The text of a row's value.
    pub fn value(&self, row: usize) -> Option<&[u8]> {
        self.row(row).map(|row| self.slice(row.start, row.end))
    }

    fn row(&self, row: usize) -> Option<&Row> {
        self.rows.get(row + usize::from(self.open_top))
    }

    fn slice(&self, start: u32, end: u32) -> &[u8] {
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    fn step(&self, row: &Row) -> String {
        if row.key == row.start {
            return format!("[{}]", row.ordinal);
        }
        let key = unquote(self.slice(row.key, row.start));
        let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !key.is_empty()
            && !key.starts_with(|c: char| c.is_ascii_digit());
        if plain {
            format!(".{key}")
        } else {
            format!("[{}]", serde_json::Value::from(key.as_ref()))
        }
    }

    fn indent(&self, row: &Row, columns: usize) -> usize {
        let depth = usize::from(row.depth) - usize::from(self.open_top && row.depth > 0);
        // Deep nesting must not push the text out of the pane.
        (depth * 2).min(columns / 3)
    }

    /// Columns before and for the value.
    fn place(&self, row: &Row, columns: usize) -> Place {
        let indent = self.indent(row, columns);
        let key = self.slice(row.key, row.start);
        let (label, colon) = if row.key != row.start {
            (
                clean::line(&unquote(key.get(..KEY).unwrap_or(key))).into_owned(),
                ": ",
            )
        } else if row.parent == TOP {
            (String::new(), "")
        } else {
            (format!("[{}]", row.ordinal), " ")
        };
        let label = width::fit(&label, (columns.saturating_sub(indent) / 2).max(1)).into_owned();
        let taken = indent + width::width(&label) + colon.len();
        Place {
            first: columns.saturating_sub(taken).max(1),
            rest: columns.saturating_sub(indent + 2).max(1),
            indent,
            label,
            colon,
        }
    }

    /// The value in one line: a string as it is quoted, with its escapes undone where that is harmless.
    fn shown(&self, row: &Row) -> String {
        let raw = self.slice(row.start, row.end);
        match row.kind {
            Kind::Object => format!("{{{}}}", count(row.count)),
            Kind::Array => format!("[{}]", count(row.count)),
            Kind::Number if row.count > 0 => format!("number of {} characters", raw.len()),
            Kind::Number | Kind::Word => clean::line(&clean::decode(raw)).into_owned(),
            Kind::Text if row.count > 0 => format!("text of {} bytes", raw.len() - 2),
            Kind::Text => format!("\"{}\"", clean::line(&unquote(raw))),
        }
    }

    fn tone(row: &Row, shown: &str) -> Tone {
        match row.kind {
            Kind::Object | Kind::Array => Tone::Punct,
            Kind::Text | Kind::Number if row.count > 0 => Tone::Note,
            Kind::Number => Tone::Number,
            Kind::Word => Tone::Word,
            Kind::Text if shown.starts_with("\"‹") && shown.ends_with("›\"") => Tone::Masked,
            Kind::Text => Tone::Text,
        }
    }

    /// Where the lines of a value begin: the first has less room than the others.
    fn breaks(row: &Row, shown: &str, place: &Place) -> Vec<u32> {
        if row.count > 0 || matches!(row.kind, Kind::Object | Kind::Array) {
            return vec![0];
        }
        let first = width::line_end(shown, place.first);
        let Some(rest) = shown.get(first..).filter(|rest| !rest.is_empty()) else {
            return vec![0];
        };
        let offset = u32_of(first);
        let more = prose::starts(rest, place.rest);
        std::iter::once(0)
            .chain(more.into_iter().map(|at| at + offset))
            .collect()
    }
}

struct Place {
    indent: usize,
    label: String,
    colon: &'static str,
    first: usize,
    rest: usize,
}

fn count(n: u32) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
