//! Rows that the person marked, and what copies take along of them: a line for each, in the order of the
//! rows, counted. Marks belong to the screen they were set on; what it does not show is not copied.

use std::borrow::Cow;

use crate::app::{App, Effect, action::Action, list::By, outline::Mark, time::when};
use crate::{
    doc::{Form, Source, json},
    guard::{
        redact::{Masking, Sort as Secrets},
        safe_json,
    },
    model::{NodeId, Sort},
};

/// What a copy takes along of one row.
#[derive(Debug)]
pub enum Piece {
    /// JSON, not yet masked.
    Json(Source, Secrets),
    /// A text, not yet masked.
    Text(String),
}

/// An order to lay out several payloads for a copy, one on each line.
#[derive(Debug)]
pub struct Gather {
    /// In the order of the rows.
    pub pieces: Vec<Piece>,
    /// Whether strings go as the text that they say, not as JSON.
    pub plain: bool,
    /// One for all of them: the same secret has the same name in each.
    pub masking: Masking,
    /// What it is, in a few words.
    pub what: Cow<'static, str>,
}

/// Each piece as JSON on a line of its own, what is no JSON as a string. Takes time in proportion to the
/// payloads: not for the loop.
pub fn gather(order: Gather) -> Vec<u8> {
    let Gather {
        pieces,
        plain,
        mut masking,
        ..
    } = order;
    let mut out = Vec::new();
    for piece in pieces {
        let line = match piece {
            Piece::Json(text, secrets) => {
                let bytes = text.bytes().unwrap_or_default();
                let masked = masking.json(&bytes, secrets);
                let said = plain.then(|| json::spelled(&masked, Form::Unescaped));
                if let Some(said) = said.flatten() {
                    out.extend_from_slice(&said);
                    out.push(b'\n');
                    continue;
                }
                safe_json(&masked).unwrap_or_else(|| quoted(&String::from_utf8_lossy(&masked)))
            }
            Piece::Text(text) if plain => masking.text(&text).into_owned(),
            Piece::Text(text) => quoted(&masking.text(&text)),
        };
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    // A copy ends where its last line does.
    out.pop();
    out
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl App {
    /// How many rows of this screen are marked.
    pub fn picked(&self) -> usize {
        self.outline.marked(Mark::Picked)
    }

    /// The marked rows of this screen, in their order.
    pub(in crate::app) fn picks(&self) -> Vec<NodeId> {
        (0..self.picked())
            .filter_map(|nth| self.outline.nth_marked(nth, Mark::Picked))
            .collect()
    }

    /// Marks the row or takes its mark away, and goes on to the next one.
    pub(in crate::app) fn pick(&mut self) -> Vec<Effect> {
        let Some(node) = self.selected else {
            return Vec::new();
        };
        if !matches!(self.store.sort(node), Sort::Note | Sort::Group) {
            let marked = self.outline.has_mark(node, Mark::Picked);
            self.outline.set_mark(node, Mark::Picked, !marked);
        }
        self.move_by(By::Down(1), false)
    }

    /// Takes all marks of this screen away.
    pub(in crate::app) fn drop_picks(&mut self) -> Vec<Effect> {
        let picks = self.picks();
        for node in &picks {
            self.outline.set_mark(*node, Mark::Picked, false);
        }
        self.say(match picks.len() {
            0 => format!("no row is marked: {} marks one", self.key_of(Action::Mark)),
            n => format!("{} taken away", when::many(n, "mark")),
        });
        Vec::new()
    }

    /// A copy of all marked rows; none where no row is marked, or a value in the detail is meant.
    pub(in crate::app) fn copy_picked(&mut self, action: Action) -> Option<Vec<Effect>> {
        if self.in_detail() {
            return None;
        }
        let picks = self.picks();
        if picks.is_empty() {
            return None;
        }
        let (lines, what): (Vec<String>, _) = match action {
            Action::CopyValue | Action::CopyLine => return Some(self.gather_picked(&picks)),
            Action::CopyId => (self.each(&picks, Self::id_shown), "id"),
            Action::CopyRun => {
                let mut runs = self.each(&picks, Self::run_id_shown);
                let mut seen = std::collections::HashSet::new();
                runs.retain(|run| seen.insert(run.clone()));
                (runs, "run id")
            }
            Action::CopyString => return Some(self.strings_picked(&picks)),
            Action::CopyPath | Action::CopyBrackets => (
                self.each(&picks, |app, node| app.way_of(node, action)),
                "path",
            ),
            Action::CopyKey => (
                self.each(&picks, |app, node| app.way_of(node, action)),
                "key",
            ),
            Action::CopyFilter => {
                let filters = self.each(&picks, |app, node| app.way_of(node, action));
                (filters, "jq filter")
            }
            Action::CopyLocator => (self.each(&picks, Self::locator), "locator"),
            _ => return None,
        };
        if lines.is_empty() {
            self.say(format!("no marked row has a{} {what}", article(what)));
            return Some(Vec::new());
        }
        let what = when::many(lines.len(), what);
        Some(vec![Effect::Copy {
            text: lines.join("\n").into_bytes(),
            what: what.into(),
        }])
    }

    fn each(&self, nodes: &[NodeId], of: impl Fn(&Self, NodeId) -> Option<String>) -> Vec<String> {
        nodes.iter().filter_map(|node| of(self, *node)).collect()
    }

    fn gather_picked(&mut self, picks: &[NodeId]) -> Vec<Effect> {
        let Some(order) = self.gathered(picks) else {
            self.say("no marked row has a payload to copy");
            return Vec::new();
        };
        vec![Effect::Gather(Box::new(order))]
    }

    /// What the marked rows say whose payload is a string.
    fn strings_picked(&mut self, picks: &[NodeId]) -> Vec<Effect> {
        let pieces = self.strings_of(picks);
        if pieces.is_empty() {
            self.say("no marked row has a string as its payload");
            return Vec::new();
        }
        let what = when::many(pieces.len(), "text");
        vec![Effect::Gather(Box::new(Gather {
            pieces,
            plain: true,
            masking: self.redactor.masking(),
            what: what.into(),
        }))]
    }

    /// The payloads of all marked rows for another program; none where no row is marked or has any, or a
    /// value in the detail is meant.
    pub(in crate::app) fn several(&self) -> Option<Gather> {
        if self.in_detail() {
            return None;
        }
        self.gathered(&self.picks())
    }

    fn gathered(&self, picks: &[NodeId]) -> Option<Gather> {
        let pieces: Vec<_> = picks
            .iter()
            .filter_map(|node| self.payload_of(*node))
            .collect();
        (!pieces.is_empty()).then_some(())?;
        let without = picks.len() - pieces.len();
        let mut what = when::many(pieces.len(), "payload");
        if without > 0 {
            what = format!("{what} ({without} marked without any)");
        }
        Some(Gather {
            pieces,
            plain: false,
            masking: self.redactor.masking(),
            what: what.into(),
        })
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with('i') { "n" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::redact::Redactor;
    use bytes::Bytes;

    #[test]
    fn payloads_are_lines_of_json_whatever_they_are() {
        let json = |text: &'static str| {
            Piece::Json(
                Source::from(Bytes::from_static(text.as_bytes())),
                Secrets::Any,
            )
        };
        let gathered = gather(Gather {
            pieces: vec![
                json("{\n  \"a\": 1.50,\n  \"a\": [ ]\n}"),
                json("<html>\n"),
                Piece::Text("two\nlines".to_owned()),
            ],
            plain: false,
            masking: Redactor::default().masking(),
            what: "".into(),
        });
        assert_eq!(
            String::from_utf8(gathered).unwrap(),
            "{\"a\":1.50,\"a\":[]}\n\"<html>\\n\"\n\"two\\nlines\""
        );
    }
}
