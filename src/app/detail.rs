//! What the detail pane shows: facts and a document to be read, made once per selection and wrapped for
//! the width it is shown at. Drawing asks for a window of rows only.

use std::ops::Range;

use super::msg::Build;
use crate::{
    doc::{Doc, Line, Part, Wrap},
    guard::{clean, redact::Masking, safe_json},
    model::NodeId,
};

/// Which document of which state of which node, wrapped how. Rises with every change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocKey(pub u64);

/// A document that is ready to be read.
#[derive(Debug)]
pub struct Built {
    /// What it is of.
    pub key: DocKey,
    facts: (Doc, Wrap),
    body: (Doc, Wrap),
    peek: Option<String>,
    sides: Vec<(&'static str, String)>,
}

/// Characters of the peek: more than four lines of a narrow screen.
const PEEK: usize = 1200;
/// A larger payload is not gone through once more for its peek.
const PEEK_FROM: usize = 64 << 10;

/// Makes a document. Takes time in proportion to the payload: above 64 KiB not for the loop.
pub fn build(order: Build) -> Built {
    let mut masking = order.masking;
    let peek = peek(order.body.iter(), &mut masking.clone());
    let sides = sides(&order.body, &masking);
    let facts = Doc::build(order.facts, &mut masking);
    let body = Doc::build(order.body, &mut masking);
    let wrapped = |doc: Doc| {
        let wrap = Wrap::new(&doc, usize::from(order.width));
        (doc, wrap)
    };
    Built {
        key: order.key,
        facts: wrapped(facts),
        body: wrapped(body),
        peek,
        sides,
    }
}

/// The two sides of a call, each on one line.
fn sides(body: &[Part], masking: &Masking) -> Vec<(&'static str, String)> {
    let mut sides: Vec<(&'static str, String)> = Vec::new();
    let mut parts: Vec<&Part> = Vec::new();
    let mut label = None;
    let mut take = |label: Option<&'static str>, parts: &mut Vec<&Part>| {
        let mut parts = std::mem::take(parts);
        // What a call says of itself stands in its row; its arguments do not.
        if label == Some("args") && parts.iter().any(|part| matches!(part, Part::Json(..))) {
            parts.retain(|part| matches!(part, Part::Json(..)));
        }
        let parts = parts.into_iter();
        let line = label.and_then(|label| Some((label, peek(parts, &mut masking.clone())?)));
        sides.extend(line.map(|(label, text)| (label, text.replace('\n', "  "))));
    };
    for part in body {
        if let Part::Heading(heading) = part {
            let side = match heading {
                heading if heading.starts_with("request") => Some("args"),
                heading if heading.starts_with("response") => Some("result"),
                _ => None,
            };
            if side != label {
                take(label, &mut parts);
                label = side;
            }
        } else {
            parts.push(part);
        }
    }
    take(label, &mut parts);
    sides
}

/// The beginning of what is to be read without line breaks, masked and cleaned.
fn peek<'a>(body: impl Iterator<Item = &'a Part>, masking: &mut Masking) -> Option<String> {
    let mut lines = Vec::new();
    for part in body {
        match part {
            Part::Heading(_) | Part::Facts(_) | Part::Note(_) => {}
            Part::Prose(text) if text.len() > PEEK_FROM => return None,
            Part::Prose(text) => {
                // Masked before it is cut: half a credential is no longer known for one.
                let masked = masking.text(text);
                let head: String = masked.chars().take(PEEK).collect();
                lines.push(clean::line(&head).into_owned());
            }
            Part::Json(payload, _) if payload.len() > PEEK_FROM => return None,
            Part::Json(payload, secrets) => {
                let masked = masking.json(payload.bytes(), *secrets);
                let whole =
                    safe_json(&masked).unwrap_or_else(|| clean::decode(&masked).into_owned());
                let head: String = whole.chars().take(PEEK).collect();
                lines.push(clean::line(&head).into_owned());
            }
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl Built {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.body_row() + self.body.0.rows(&self.body.1)
    }

    /// The row at which what is to be read begins, behind the facts.
    pub fn body_row(&self) -> usize {
        self.facts.0.rows(&self.facts.1)
    }

    /// The lines of these rows.
    pub fn lines(&self, rows: Range<usize>) -> Vec<Line> {
        let seam = self.body_row();
        let mut lines = Vec::new();
        if rows.start < seam {
            let end = rows.end.min(seam);
            lines.extend(self.facts.0.lines(&self.facts.1, rows.start..end));
        }
        if rows.end > seam {
            let start = rows.start.max(seam) - seam;
            lines.extend(self.body.0.lines(&self.body.1, start..rows.end - seam));
        }
        lines
    }

    /// The beginning of what is to be read, on a few lines; none for what is large.
    pub fn peek(&self) -> Option<&str> {
        self.peek.as_deref()
    }

    /// What was asked and what came back, each on one line; empty where there are no two sides or they
    /// are large.
    pub fn sides(&self) -> &[(&'static str, String)] {
        &self.sides
    }

    /// The path of the JSON value in a row.
    pub fn path(&self, row: usize) -> Option<String> {
        self.body
            .0
            .path(&self.body.1, row.checked_sub(self.body_row())?)
    }

    /// The value in a row as it may leave sortie: masked, not cleaned.
    pub fn value(&self, row: usize) -> Option<Vec<u8>> {
        self.body
            .0
            .value(&self.body.1, row.checked_sub(self.body_row())?)
    }
}

/// The detail pane.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that a key turns"
)]
pub struct Detail {
    /// The node it is about.
    pub node: Option<NodeId>,
    /// Whether the whole record is shown rather than its payload.
    pub record: bool,
    /// Whether long lines are cut instead of wrapped.
    pub cut: bool,
    /// Whether a result is shown before its call.
    pub answer_first: bool,
    /// The number of the event when it was made.
    pub(super) number: Option<usize>,
    /// The document, once it is ready.
    pub built: Option<Built>,
    /// The size in bytes of what is being made ready.
    pub building: Option<usize>,
    /// The first row shown.
    pub top: usize,
    /// The row with the cursor.
    pub cursor: usize,
    pub(super) key: DocKey,
    pub(super) width: u16,
    pub(super) stale: bool,
}

impl Detail {
    /// The pane without a node. Its key goes on, so that no document under way is taken for a later one.
    pub(super) fn emptied(&self) -> Self {
        Self {
            record: self.record,
            cut: self.cut,
            key: DocKey(self.key.0 + 1),
            ..Self::default()
        }
    }

    /// The node changed: if it is the one that is shown, it is shown anew.
    pub(super) fn touched(&mut self, node: NodeId) {
        self.stale |= self.node == Some(node);
    }

    /// Takes a document that was made elsewhere, unless something else is wanted by now.
    pub(super) fn take(&mut self, built: Built) {
        if built.key == self.key {
            self.building = None;
            self.cursor = self.cursor.min(built.rows().saturating_sub(1));
            self.built = Some(built);
        }
    }

    /// The document will not come. Says whether it is still wanted.
    pub(super) fn give_up(&mut self, key: DocKey) -> bool {
        key == self.key && self.building.take().is_some()
    }

    /// Moves the cursor and keeps it on the screen.
    pub(super) fn move_to(&mut self, row: usize, height: usize) {
        let rows = self.built.as_ref().map_or(0, Built::rows);
        self.cursor = row.min(rows.saturating_sub(1));
        self.top = self.top.min(self.cursor);
        if height > 0 && self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
        self.top = self.top.min(rows.saturating_sub(height));
    }
}
