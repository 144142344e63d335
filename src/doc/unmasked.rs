//! What stands under the mask of one row, for somebody who asks for that value: told, and shown in its place
//! until a key is pressed or the row is made anew. Nothing else of a document is ever told unmasked, no more
//! of it than a person reads at once, and a copy never.

use std::{borrow::Cow, ops::Range, sync::Arc};

use super::{Doc, RowText, Rows as _, Tone, block::Block, facet::Spot, hex::Hex};
use crate::guard::{
    clean,
    redact::{Masking, Sort},
};

/// Bytes that are told at most.
pub(in crate::doc) const MOST: usize = 4096;
/// Rows of bytes that are shown at most.
const ROWS: usize = 256;

/// What is under the mask of a row.
#[derive(Debug, Default)]
pub(in crate::doc) struct Under {
    /// All of it.
    pub told: String,
    /// What stands in its place, each with what was sent.
    pub parts: Vec<(String, String)>,
}

impl Under {
    /// Of a text of which only `masked` may be read.
    pub fn of(masked: &str, sent: &str) -> Option<Self> {
        Self::all(parts(masked, sent))
    }

    /// Of what is known to be there; none of nothing.
    pub fn all(parts: Vec<(String, String)>) -> Option<Self> {
        let told = parts.iter().map(|(_, sent)| sent.as_str());
        let told = told.collect::<Vec<_>>().join("  ");
        (!parts.is_empty()).then_some(Self { told, parts })
    }
}

impl Doc {
    /// Shows what the masked value of a row is in its place, and tells it; of a line of text all that is
    /// masked in it. What `open` masks stays masked. None where nothing on the row is masked, or it was
    /// masked before it was laid out.
    pub fn unmask(&mut self, row: usize, open: &mut Masking) -> Option<String> {
        let Spot::Row {
            facet,
            block,
            row: own,
        } = self.spot(row)?
        else {
            return None;
        };
        let (told, shown) = match self.block(facet, block)? {
            Block::Hex(hex) => bytes(hex, own, row - own, open)?,
            block => {
                let under = match block {
                    Block::Json(json, _) => json.under(own)?,
                    Block::Text(text, _) => text.under(own)?,
                    Block::Markdown(markdown) => markdown.under(own)?,
                    Block::Facts(facts) => facts.under(own)?,
                    Block::Fixed(_) | Block::Hex(_) => return None,
                };
                let told = opened(&under.told, open);
                let text = self.row_sent(row);
                let text = put(text, &under, open).map(|text| (row, self.spelled(text)));
                (told, text.into_iter().collect())
            }
        };
        let shown = shown.into_iter();
        self.laid
            .bare(shown.map(|(row, text)| (row, Arc::new(text))).collect());
        Some(told)
    }

    /// Whether something of a row stands for a secret.
    pub fn is_masked(&self, row: usize) -> bool {
        placeholder(&self.row_sent(row).text()).is_some()
    }

    /// Shows everything masked again.
    pub fn cover(&mut self) {
        self.laid.bare(Vec::new());
    }

    /// A row as it is seen just now.
    pub(super) fn seen(&self, row: usize) -> Arc<RowText> {
        self.laid.seen(row).unwrap_or_else(|| self.row(row))
    }
}

/// A row with what was sent in place of what stands for it; none where that is not in it.
fn put(mut row: RowText, under: &Under, open: &mut Masking) -> Option<RowText> {
    let mut is_other = false;
    for (by, sent) in &under.parts {
        let sent = opened(sent, open);
        let sent = clean::line(&sent);
        for (tone, text) in &mut row.spans {
            if text.contains(by.as_str()) && !sent.contains(by.as_str()) {
                *text = text.replace(by.as_str(), &sent);
                *tone = Tone::Strong;
                is_other = true;
            }
        }
    }
    is_other.then_some(row)
}

/// A text in which only the keys in use are masked: as JSON first, for one may be spelled with escapes, or
/// stand in JSON within JSON.
fn opened(sent: &str, open: &mut Masking) -> String {
    let walked = open.json(sent.as_bytes(), Sort::Any).into_owned();
    open.text(&String::from_utf8_lossy(&walked)).into_owned()
}

/// What the rows that have the bytes of a secret are without stars, and what it says. `first` is the row of
/// the document with the first byte.
fn bytes(
    hex: &Hex,
    row: usize,
    first: usize,
    open: &mut Masking,
) -> Option<(String, Vec<(usize, RowText)>)> {
    let (mut told, mut shown) = (Vec::new(), Vec::new());
    for part in hex.hidden_at(row) {
        let sent = hex.sent(part.start..part.end.min(part.start + MOST))?;
        let before = open.masked();
        let says = opened(&clean::decode(&sent), open);
        told.push(says);
        if open.masked() == before {
            shown.push(part);
        }
    }
    let rows = shown.iter().flat_map(|part| hex.rows_of(part)).take(ROWS);
    let bare = hex.clone().showing(&shown);
    let rows = rows.map(|row| (first + row, bare.row(row)));
    (!told.is_empty()).then(|| (told.join("  "), rows.collect()))
}

/// What stands in place of secrets in a text, each with what was sent: what is alike in both texts tells
/// which part of the one is which of the other. As far as that can be told.
fn parts(masked: &str, sent: &str) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let (mut masked, mut sent) = (masked, sent);
    while let Some(place) = placeholder(masked) {
        let (alike, rest) = masked.split_at_checked(place.start).unwrap_or_default();
        let Some(behind) = sent.strip_prefix(alike) else {
            return parts;
        };
        let len = place.len();
        let (by, rest) = rest.split_at_checked(len).unwrap_or_default();
        if let Some(same) = behind.strip_prefix(by) {
            // it was sent like this
            (masked, sent) = (rest, same);
            continue;
        }
        let alike = placeholder(rest).map_or(rest, |next| rest.get(..next.start).unwrap_or(rest));
        let end = match alike {
            "" if rest.is_empty() => Some(behind.len()),
            // two in a row: nobody knows where the one ends
            "" => None,
            alike if alike.len() == rest.len() => {
                behind.ends_with(alike).then(|| behind.len() - alike.len())
            }
            alike => behind.find(alike),
        };
        let Some((value, behind)) = end.and_then(|end| behind.split_at_checked(end)) else {
            return parts;
        };
        parts.push((by.to_owned(), value.to_owned()));
        (masked, sent) = (rest, behind);
    }
    parts
}

/// The first placeholder of a text.
fn placeholder(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('‹')?;
        let end = start + text.get(start..)?.find('›')? + '›'.len_utf8();
        let inside = text.get(start..end)?.trim_matches(['‹', '›']);
        let is = inside.rsplit_once('#').is_some_and(|(_, number)| {
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        });
        if is {
            return Some(start..end);
        }
        from = start + '‹'.len_utf8();
    }
}

/// A string of JSON as it says, anything else as it stands.
pub(in crate::doc) fn said(literal: &[u8]) -> Cow<'_, str> {
    if literal.first() == Some(&b'"') {
        crate::text::json::unquote(literal)
    } else {
        String::from_utf8_lossy(literal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(masked: &str, sent: &str) -> Vec<String> {
        let parts = parts(masked, sent).into_iter();
        parts.map(|(by, sent)| format!("{by}={sent}")).collect()
    }

    #[test]
    fn what_is_alike_tells_what_is_not() {
        assert_eq!(told("‹a#1›", "one"), ["‹a#1›=one"]);
        assert_eq!(
            told("x ‹a#1› and ‹b#2›, ‹a#1›.", "x one and two, one."),
            ["‹a#1›=one", "‹b#2›=two", "‹a#1›=one"]
        );
        assert_eq!(told("‹ok› ‹a#1›", "‹ok› one"), ["‹a#1›=one"]);
        assert_eq!(told("‹a#1› ‹b#2›!", "‹a#1› two!"), ["‹b#2›=two"]);
        assert!(told("nothing", "nothing").is_empty());
        assert!(told("é ‹a#1›", "other").is_empty());
    }
}
