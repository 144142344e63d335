//! One event → the model. Every type that the service lists, and its older field names; a type not
//! known keeps its bytes and its own word. Where an event lies among others is not decided here.

use super::{made_id, texts};
use crate::model::{Event, Kind, Reply, RunStatus};
use crate::provider::wire::{self, Object, Raw};

/// The event in `raw`; none when it is not even an object.
pub(super) fn read(raw: Raw<'_>, reply: &Reply<'_>) -> Option<Event> {
    let object = Object::read(raw)?;
    let type_sent = object.some_text("type").unwrap_or_default();
    let event = Event {
        id: object.some_text("id").unwrap_or_else(|| made_id(raw)),
        kind: kind(&type_sent),
        time: object.time("created_at"),
        raw: wire::payload(reply, raw),
        type_sent,
        ..Event::default()
    };
    let mut draft = Draft { object, event };
    draft.fill();
    Some(draft.event)
}

/// A row that cannot be read, with its bytes.
pub(super) fn unreadable(raw: Raw<'_>, reply: &Reply<'_>) -> Event {
    let payload = wire::payload(reply, raw);
    Event {
        id: made_id(raw),
        body: wire::span(&payload, raw),
        raw: payload,
        ..Event::default()
    }
}

fn kind(type_sent: &str) -> Kind {
    match type_sent {
        "tool_input" => Kind::ToolCall,
        "tool_output" => Kind::ToolResult,
        "thinking" => Kind::Reasoning,
        "input_message" | "agent_output" | "structured_output" => Kind::Message,
        "artifact_upload" => Kind::Artifact,
        "skill_load" | "image_read" | "context" => Kind::Data,
        "step_transition" => Kind::Step,
        "compaction" | "session_interrupted" | "client_tool_pending" => Kind::Status,
        "error" => Kind::Error,
        other if other.ends_with("_limit_exceeded") => Kind::Error,
        _ => Kind::Unknown,
    }
}

struct Draft<'a> {
    object: Object<'a>,
    event: Event,
}

impl<'a> Draft<'a> {
    fn fill(&mut self) {
        let type_sent = self.event.type_sent.clone();
        match type_sent.as_str() {
            "tool_input" => self.call(),
            "tool_output" => self.result(),
            "input_message" => self.input(),
            "thinking" => self.show("content"),
            "agent_output" => {
                self.title("assistant");
                self.show("content");
            }
            "structured_output" => self.answer(),
            "artifact_upload" => self.upload(),
            "skill_load" => {
                self.title("skill");
                self.event.summary = self.line("skill_name", |name| format!("{name} loaded"));
                self.show("content");
            }
            "image_read" => self.image(),
            "step_transition" => self.step(),
            "compaction" => self.compaction(),
            "session_interrupted" => self.title("interrupted"),
            "client_tool_pending" => {
                self.event.summary = waiting_line(&self.object);
                self.body("pending_calls");
            }
            "error" => self.complaint("messages"),
            other if other.ends_with("_limit_exceeded") => self.complaint("message"),
            _ => self.body_of_all(),
        }
    }

    fn call(&mut self) {
        self.tool();
        self.body("tool_input");
    }

    fn result(&mut self) {
        self.tool();
        // Older servers leave the flag out where nothing failed.
        self.event.is_error = match self.object.raw("error") {
            None => Some(false),
            Some(_) => self.object.boolean("error"),
        };
        let output = self.object.object("tool_output");
        let wrapped = self.object.boolean("output_wrapped") == Some(true);
        match output.as_ref().and_then(|output| output.raw("content")) {
            Some(content) if wrapped => self.event.body = wire::span(&self.event.raw, content),
            _ => self.body("tool_output"),
        }
        let told = ["summary", "sub_agent_response", "content", "error"];
        self.event.summary = output
            .and_then(|output| told.iter().find_map(|name| output.some_text(name)))
            .map(|text| wire::one_line(&text, 100));
    }

    /// The name that the agent gave the tool, which says more than the tool's own.
    fn tool(&mut self) {
        let names = [
            "tool_configuration_name",
            "tool_configuration",
            "tool_key",
            "tool_config_name",
            "tool_name",
        ];
        self.event.tool = names.iter().find_map(|name| self.object.some_text(name));
        self.event.call_id = self.object.some_text("tool_call_id");
    }

    fn input(&mut self) {
        self.title("user");
        let parts = self.object.array("messages").unwrap_or_default();
        let mut skills = Vec::new();
        for part in parts {
            let Some(part) = Object::read(part) else {
                continue;
            };
            if let Some(content) = part.raw("content") {
                self.say(content);
            }
            skills.extend(part.some_text("skill_name").map(|name| format!("/{name}")));
        }
        if !skills.is_empty() {
            let text = self
                .event
                .prose
                .first()
                .map(|span| self.event.raw.part(*span));
            skills.extend(text.and_then(|text| serde_json::from_slice::<String>(text).ok()));
            self.event.summary = Some(wire::one_line(&skills.join(" "), 100));
        }
        if self.event.prose.is_empty() {
            self.body("messages");
        }
    }

    fn answer(&mut self) {
        self.title("assistant");
        self.body("content");
        let content = self
            .object
            .raw("content")
            .map_or("null", |content| content.get());
        let schema = self.object.some_text("schema_name").unwrap_or_default();
        self.event.summary = Some(wire::one_line(&format!("{schema}: {content}"), 100));
    }

    /// What is in the files is fetched with their own rows.
    fn upload(&mut self) {
        self.title("upload");
        self.body("artifacts");
        let files = self.object.array("artifacts").unwrap_or_default();
        let names: Vec<String> = files
            .iter()
            .filter_map(|file| {
                let file = Object::read(file)?;
                let name = file
                    .some_text("filename")
                    .or_else(|| file.some_text("artifact_id"))?;
                Some(match file.number("size_bytes") {
                    Some(bytes) => format!("{name} ({})", size(bytes)),
                    None => name,
                })
            })
            .collect();
        let plural = if files.len() == 1 { "" } else { "s" };
        let own = match files.len() {
            0 => "",
            1 => "; listed as a file of its own",
            _ => "; listed as files of their own",
        };
        let line = format!("{} file{plural}: {}{own}", files.len(), names.join(", "));
        self.event.summary = Some(wire::one_line(&line, 100));
    }

    fn image(&mut self) {
        self.title("image");
        let detail = self.object.some_text("detail");
        self.event.summary = self.line("artifact_id", |id| match detail {
            Some(detail) => format!("image {id} ({detail})"),
            None => format!("image {id}"),
        });
        self.body_of_all();
    }

    fn step(&mut self) {
        let name = |field| {
            self.object
                .some_text(field)
                .unwrap_or_else(|| "?".to_owned())
        };
        let line = format!("{} → {}", name("from_step"), name("to_step"));
        self.event.summary = Some(wire::one_line(&line, 100));
        self.event.step_id = self.object.some_text("to_step");
        self.show("content");
    }

    fn compaction(&mut self) {
        self.title("compaction");
        let count = |field| self.object.text_of(field).unwrap_or_else(|| "?".to_owned());
        let (turns, events) = (count("turns_compacted"), count("events_compacted"));
        self.event.summary = Some(format!("{turns} turns, {events} events compacted"));
        self.show("summary_text");
    }

    fn complaint(&mut self, field: &str) {
        self.event.is_error = Some(true);
        let Some(said) = self.object.raw(field) else {
            self.body_of_all();
            return;
        };
        match wire::array(said) {
            Some(parts) => parts.into_iter().for_each(|part| self.say(part)),
            None => self.say(said),
        }
        if self.event.prose.is_empty() {
            self.body_of_all();
        }
    }

    fn title(&mut self, word: &str) {
        self.event.title = Some(word.to_owned());
    }

    fn line(&self, field: &str, say: impl FnOnce(String) -> String) -> Option<String> {
        let text = self.object.some_text(field)?;
        Some(wire::one_line(&say(text), 100))
    }

    /// A string is text to read, anything else is data.
    fn show(&mut self, field: &str) {
        match self.object.raw(field) {
            Some(raw) if raw.get().starts_with('"') => self.say(raw),
            Some(_) => self.body(field),
            None => {}
        }
    }

    fn say(&mut self, raw: Raw<'a>) {
        if raw.get().starts_with('"') {
            self.event.prose.extend(wire::span(&self.event.raw, raw));
        }
    }

    fn body(&mut self, field: &str) {
        let part = self.object.raw(field);
        self.event.body = part.and_then(|part| wire::span(&self.event.raw, part));
    }

    fn body_of_all(&mut self) {
        self.event.body = self.event.raw.span_of(self.event.raw.bytes());
    }
}

/// How a turn ended that holds this event, where the event settles it, and why.
pub(super) fn verdict(event: &Event) -> Option<(RunStatus, &'static str)> {
    match event.type_sent.as_str() {
        "session_interrupted" => Some((RunStatus::Cancelled, "interrupted by its user")),
        _ if event.kind == Kind::Error => Some((RunStatus::Failed, "its last turn failed")),
        _ => None,
    }
}

/// Whether more must follow this event, so that a run whose newest event it is still works.
pub(super) fn goes_on(event: &Event) -> bool {
    matches!(
        event.type_sent.as_str(),
        "input_message" | "artifact_upload" | "tool_input" | "skill_load" | "step_transition"
    )
}

/// Whether a turn begins here.
pub(super) fn begins_turn(event: &Event) -> bool {
    matches!(
        event.type_sent.as_str(),
        "input_message" | "artifact_upload"
    )
}

/// What a failed turn's event complains of.
pub(super) fn complaint(event: &Event) -> Option<String> {
    if event.kind != Kind::Error {
        return None;
    }
    let object = Object::read(serde_json::from_slice(event.raw.bytes()).ok()?)?;
    let mut said = texts(object.raw("messages"));
    said.extend(object.some_text("message"));
    (!said.is_empty()).then(|| said.join("; "))
}

/// For whom a session waits whose newest event this is.
pub(super) fn waiting(event: &Event) -> Option<String> {
    (event.type_sent == "client_tool_pending").then_some(())?;
    waiting_line(&Object::read(
        serde_json::from_slice(event.raw.bytes()).ok()?,
    )?)
}

fn waiting_line(event: &Object<'_>) -> Option<String> {
    let calls = event.array("pending_calls")?;
    let names: Vec<String> = calls
        .into_iter()
        .filter_map(|call| waiting_name(&Object::read(call)?))
        .collect();
    Some(wire::one_line(
        &format!("waits for: {}", names.join(", ")),
        100,
    ))
}

/// The name of one call that waits.
pub(super) fn waiting_name(call: &Object<'_>) -> Option<String> {
    call.some_text("tool_configuration_name")
        .or_else(|| call.some_text("tool_name"))
}

/// Whether a running session whose newest event this is may wait for its caller: a tool of the
/// caller's own was called, or any tool, and long ago.
pub(super) fn may_wait(event: &Event, silent: bool) -> bool {
    let client = || {
        let object: Option<Raw<'_>> = serde_json::from_slice(event.raw.bytes()).ok();
        let object = object.and_then(Object::read);
        object.is_some_and(|object| object.text_of("tool_type").as_deref() == Some("client"))
    };
    match event.type_sent.as_str() {
        "client_tool_pending" => true,
        "tool_input" => silent || client(),
        _ => false,
    }
}

/// Bytes for people, as they are said everywhere else.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1000.0 => format!("{b} B"),
        b if b < 1.0e6 => format!("{:.1} KB", b / 1.0e3),
        b => format!("{:.1} MB", b / 1.0e6),
    }
}
