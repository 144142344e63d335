//! What a message or an inbox event says: one of five types, and whatever newer servers add. It is
//! kept as spans of the record's bytes; a type that is not known keeps the whole content as its body.

use crate::model::{Event, Kind, Payload, Span};
use crate::provider::wire::{self, Object, Raw};

/// The content of a message, and the record that it lies in.
pub struct Content<'a> {
    /// The record.
    pub bytes: Payload,
    /// The content in it.
    pub object: Object<'a>,
}

impl Content<'_> {
    /// Fills in what the content tells. An unknown type keeps the whole content as its body.
    pub fn fill(&self, event: &mut Event) {
        event.type_sent = self.object.text_of("type").unwrap_or_default();
        match event.type_sent.as_str() {
            "text" => self.text(event),
            "reasoning" => self.reasoning(event),
            "data" => self.data(event),
            "tool_request" => {
                event.kind = Kind::ToolCall;
                self.tool(event);
                event.body = self.span("arguments");
            }
            "tool_response" => {
                event.kind = Kind::ToolResult;
                self.tool(event);
                event.body = self.span_or_null("content");
                event.is_error = self.failed();
            }
            _ => event.body = self.bytes.span_of(self.object.text().as_bytes()),
        }
    }

    fn text(&self, event: &mut Event) {
        event.kind = Kind::Message;
        event.title = self
            .object
            .some_text("author")
            .map(|author| match author.as_str() {
                "agent" => "assistant".to_owned(),
                _ => author,
            });
        let said = self.object.raw("content");
        event.prose = said.and_then(|raw| self.string(raw)).into_iter().collect();
        let files = self.object.array("attachments").unwrap_or_default();
        if files.is_empty() {
            event.body = if event.prose.is_empty() {
                self.span("content")
            } else {
                None
            };
            return;
        }
        event.body = self.span("attachments");
        let noun = if files.len() == 1 { "file" } else { "files" };
        let line = said.and_then(wire::text).unwrap_or_default();
        let line = wire::one_line(line.lines().next().unwrap_or_default(), 200);
        event.summary = Some(format!("{line} +{} {noun}", files.len()).trim().to_owned());
    }

    /// The thought itself, else its summary: both repeat each other.
    fn reasoning(&self, event: &mut Event) {
        event.kind = Kind::Reasoning;
        let parts = |name: &str| -> Vec<Span> {
            let Some(raw) = self.object.raw(name) else {
                return Vec::new();
            };
            let parts = wire::array(raw).unwrap_or_else(|| vec![raw]);
            parts
                .into_iter()
                .filter_map(|part| self.string(part))
                .filter(|span| span.end - span.start > 2)
                .collect()
        };
        event.prose = parts("content");
        if event.prose.is_empty() {
            event.prose = parts("summary");
        }
        if event.prose.is_empty() {
            event.summary = Some("(no text)".to_owned());
            event.body = self.span("content").or_else(|| self.span("summary"));
        }
    }

    fn data(&self, event: &mut Event) {
        event.kind = Kind::Data;
        event.body = self.span("data");
        let Some(data) = self.object.object("data") else {
            return;
        };
        let sort = data
            .raw("type")
            .filter(|raw| raw.get().starts_with('"'))
            .and_then(wire::text);
        event.summary = sort.filter(|sort| !sort.trim().is_empty()).or_else(|| {
            let keys: Vec<&str> = data
                .members()
                .iter()
                .take(5)
                .map(|(key, _)| &**key)
                .collect();
            (!keys.is_empty()).then(|| keys.join(", "))
        });
    }

    fn tool(&self, event: &mut Event) {
        event.tool = self.object.some_text("name");
        event.call_id = self.object.some_text("tool_call_id");
    }

    /// `is_error` where it is reported. Besides that the service's own screen calls a result failed
    /// whose `status` is `error`, in an object or in a string that holds one.
    fn failed(&self) -> Option<bool> {
        let result = self.object.raw("content");
        if result.is_some_and(says_error) {
            return Some(true);
        }
        self.object.boolean("is_error")
    }

    /// Where a member lies; none when it is absent or null.
    fn span(&self, name: &str) -> Option<Span> {
        wire::span(&self.bytes, self.object.raw(name)?)
    }

    /// The same for a member whose null is an answer.
    fn span_or_null(&self, name: &str) -> Option<Span> {
        let member = self
            .object
            .members()
            .iter()
            .rev()
            .find(|(key, _)| key == name);
        member.and_then(|(_, raw)| wire::span(&self.bytes, raw))
    }

    /// Where a string lies; none for any other value.
    fn string(&self, raw: Raw<'_>) -> Option<Span> {
        wire::span(&self.bytes, raw).filter(|_| raw.get().starts_with('"'))
    }
}

fn says_error(result: Raw<'_>) -> bool {
    let object_says = |object: &Object<'_>| {
        object
            .some_text("status")
            .is_some_and(|status| status.eq_ignore_ascii_case("error"))
    };
    if let Some(object) = Object::read(result) {
        return object_says(&object);
    }
    let Some(text) = wire::text(result).filter(|text| text.trim_start().starts_with('{')) else {
        return false;
    };
    let parsed: Option<Raw<'_>> = serde_json::from_str(&text).ok();
    parsed
        .and_then(Object::read)
        .is_some_and(|object| object_says(&object))
}
