//! One operation for somebody else: as Markdown for a ticket, as JSON with its events, or only the words
//! in which it failed. Masked, not cleaned. What a service sent is never markup: it stands in fences and
//! code spans that are longer than any in it.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    course::Course,
    markdown::words::{code, fence},
    record::{self, Home, locator, rfc3339},
};
use crate::{
    analysis::{Operation, Rule, Verdict, prose, spelling::span},
    guard::{Masking, Sort},
    model::{Event, Kind, NodeId, Run},
    text::{percent::encoded, pretty::pretty},
};

/// Bytes of one text or payload in Markdown.
const MOST: usize = 20_000;

/// A run of which something is told.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    /// Where it belongs.
    pub home: Home<'a>,
    /// The run.
    pub run: &'a Run,
    /// Its events, read.
    pub course: &'a Course<'a>,
}

impl Excerpt<'_> {
    /// An operation as Markdown, with a line end.
    pub fn operation(&self, operation: &Operation, masking: &mut Masking) -> String {
        let head = self.course.headline(operation);
        let title = masking.text(&head.title).into_owned();
        let mut out = format!(
            "### {} {}\n\n",
            line(&self.course.name(operation.node)),
            line(&title)
        );
        let event = self.course.event(operation.node);
        let id = event.map(|event| event.id.as_str()).unwrap_or_default();
        let locator = locator(self.home, self.run, masking);
        let mut facts = vec![
            ("verdict", operation.verdict.word().replace('_', " ")),
            ("rule", operation.rule.map_or("", Rule::word).to_owned()),
            (
                "started",
                operation.started.map(rfc3339).unwrap_or_default(),
            ),
            ("dur", operation.took.map(span).unwrap_or_default()),
            ("step", operation.step.clone().unwrap_or_default()),
            ("run", masking.id(&self.run.id).into_owned()),
            ("locator", format!("{locator}#{}", encoded(&masking.id(id)))),
        ];
        if let Some(reason) = self.course.reason(operation) {
            facts.insert(1, ("reason", reason));
        }
        for (label, value) in facts {
            fact(label, &masking.text(&value), &mut out);
        }
        for node in &operation.events {
            if let Some(event) = self.course.event(*node) {
                payload(event, masking, &mut out);
            }
        }
        out
    }

    /// An operation with its events as one JSON document, the one that `sortie show RUN#EVENT` prints.
    pub fn document(&self, operation: &Operation, masking: &mut Masking) -> Option<Vec<u8>> {
        let of = |node: NodeId, masking: &mut Masking| {
            let event = self.course.event(node)?;
            let seq = self.course.number(node);
            record::line(&record::event(self.home, self.run, seq, event, masking)).ok()
        };
        let shown = of(operation.node, masking)?;
        let told = record::line(&record::operation(self.course, operation, masking)).ok()?;
        let events: Option<Vec<String>> = operation
            .events
            .iter()
            .map(|node| of(*node, masking))
            .collect();
        let text = format!(
            "{{\"schema\":\"sortie.event/1\",\"event\":{shown},\"operation\":{told},\"events\":[{}]}}",
            events?.join(",")
        );
        pretty(text.as_bytes(), |token, out| out.extend_from_slice(token))
    }

    /// What is said to have gone wrong in an operation, or in the run; none where nothing is.
    pub fn error(&self, operation: Option<&Operation>, masking: &mut Masking) -> Option<String> {
        let text = if let Some(operation) = operation {
            self.said(operation)?
        } else {
            let first = self.course.digest().header().first_failure;
            let first = first.and_then(|node| self.course.digest().operation(node));
            let run = self
                .run
                .error
                .clone()
                .or_else(|| self.run.status_reason.clone());
            run.or_else(|| self.said(&first?))?
        };
        Some(masking.text(&text).into_owned())
    }

    fn said(&self, operation: &Operation) -> Option<String> {
        if operation.verdict != Verdict::Failed {
            return self.course.reason(operation);
        }
        let event = self
            .course
            .event(operation.answer.unwrap_or(operation.node))?;
        let words = prose(event).or_else(|| {
            let body = event.raw.part(event.body?);
            worded(&serde_json::from_slice(body).ok()?)
        });
        words
            .filter(|words| !words.trim().is_empty())
            .or_else(|| self.course.reason(operation))
    }
}

/// The words of an error, wherever payloads have them.
fn worded(value: &Value) -> Option<String> {
    match value {
        Value::String(said) => Some(said.clone()),
        Value::Object(members) => ["error", "message", "detail", "reason", "stderr"]
            .iter()
            .find_map(|name| worded(members.get(*name)?)),
        Value::Array(rows) => rows.iter().find_map(worded),
        _ => None,
    }
}

fn fact(label: &str, value: &str, out: &mut String) {
    if !value.is_empty() {
        let _ = writeln!(out, "- {label}: {}", line(value));
    }
}

/// What an event holds, in a fence.
fn payload(event: &Event, masking: &mut Masking, out: &mut String) {
    let label = match event.kind {
        Kind::ToolCall => "arguments",
        Kind::ToolResult => "result",
        kind => kind.word(),
    };
    let (kind, text) = match (event.body, prose(event)) {
        (Some(body), _) => {
            let masked = masking.json(event.raw.part(body), Sort::Any).into_owned();
            let laid = pretty(&masked, |token, out| out.extend_from_slice(token)).unwrap_or(masked);
            ("json", String::from_utf8_lossy(&laid).into_owned())
        }
        (None, Some(prose)) => ("text", masking.text(&prose).into_owned()),
        (None, None) => return,
    };
    let cut = text.len() > MOST;
    let shown = if cut {
        let end = (0..=MOST).rev().find(|at| text.is_char_boundary(*at));
        text.get(..end.unwrap_or(0)).unwrap_or_default()
    } else {
        &text
    };
    let _ = writeln!(out, "\n{label}\n");
    fence(kind, shown, out);
    if cut {
        let _ = writeln!(out, "\n({} of {} bytes)", shown.len(), text.len());
    }
}

/// A span of code on one line.
fn line(text: &str) -> String {
    code(&text.replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Terms;
    use crate::guard::Redactor;
    use crate::model::{Payload, RunStatus, Span};

    fn event(id: &str, kind: Kind, raw: &'static str, failed: Option<bool>) -> Event {
        Event {
            id: id.to_owned(),
            kind,
            tool: Some("pay.refund".to_owned()),
            call_id: Some("c1".to_owned()),
            is_error: failed,
            body: Span::new(0, raw.len()),
            raw: Payload::new(raw.as_bytes().into()),
            ..Event::default()
        }
    }

    fn with(tell: impl FnOnce(Excerpt<'_>, Operation, &mut Masking)) {
        let run = Run {
            id: "r".to_owned(),
            mission_id: "m".to_owned(),
            status: RunStatus::Failed,
            ..Run::default()
        };
        let events = [
            event(
                "e1",
                Kind::ToolCall,
                r#"{"charge":"ch_77","token":"t0k-3n"}"#,
                None,
            ),
            event(
                "e2",
                Kind::ToolResult,
                "{\"error\":{\"message\":\"``` card\\n<b>\"}}",
                Some(true),
            ),
        ];
        let course = Course::read(&events, true, true, Terms::default());
        let home = Home {
            context: "prod",
            provider: "telnyx",
        };
        let excerpt = Excerpt {
            home,
            run: &run,
            course: &course,
        };
        let operation = course.operation_at(1).unwrap();
        tell(excerpt, operation, &mut Redactor::default().masking());
    }

    #[test]
    fn an_operation_as_markdown_cannot_be_broken_out_of() {
        with(|excerpt, operation, masking| {
            let text = excerpt.operation(&operation, masking);
            assert!(text.starts_with("### `#1` `pay.refund"), "{text}");
            assert!(text.contains("- verdict: `failed`\n"), "{text}");
            assert!(text.contains("- locator: `sortie:prod/m/r#e1`\n"), "{text}");
            assert!(
                text.contains("````json\n{") && !text.contains("t0k-3n"),
                "{text}"
            );
        });
    }

    #[test]
    fn an_operation_as_json_has_call_and_result() {
        with(|excerpt, operation, masking| {
            let text = excerpt.document(&operation, masking).unwrap();
            let read: Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(read["operation"]["verdict"], "failed");
            assert_eq!(read["events"].as_array().unwrap().len(), 2);
            assert_eq!(read["event"]["raw"]["charge"], "ch_77");
            assert_ne!(read["event"]["raw"]["token"], "t0k-3n");
        });
    }

    #[test]
    fn an_error_is_told_in_its_own_words() {
        with(|excerpt, operation, masking| {
            let said = excerpt.error(Some(&operation), masking);
            assert_eq!(said.as_deref(), Some("``` card\n<b>"));
            assert_eq!(
                excerpt.error(None, masking),
                said,
                "of the run the first failure"
            );
        });
    }
}
