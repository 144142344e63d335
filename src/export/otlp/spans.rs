//! The spans of a run, and the events of its root. What is known of times is kept: something that never
//! ended lasts until the last event and says so, and what has no time stands at the beginning.

mod steps;

use std::{collections::HashMap, io};

use prost::Message as _;

use crate::{
    analysis::{OpKind, Operation, Verdict, prose},
    export::{
        Parcel,
        record::{duration, locator},
    },
    guard::{Masking, Sort, safe_json},
    model::{Event, Kind, Run, RunStatus, Time},
};

use super::{
    attribute::{cut, nanos, usage},
    id,
    wire::{KeyValue, Span, SpanEvent, Status},
};

/// Within a program, and a call of another.
const INTERNAL: i32 = 1;
const CLIENT: i32 = 3;
/// What conventions call a failure of which no more is known.
const OTHER: &str = "_OTHER";

/// All spans of a run, the root first. What has no length stands in the root as long as that has `room`
/// for it, in bytes, and then in spans of its own, so that none is larger than a request may be.
pub(super) fn of(parcel: &Parcel<'_>, masking: &mut Masking, room: usize) -> io::Result<Vec<Span>> {
    let mut trace = Trace::new(parcel, masking);
    let mut root = trace.root();
    let steps = trace.steps();
    let mut spans = Vec::new();
    let mut more: Vec<Span> = Vec::new();
    let mut bytes = 0;
    for operation in parcel.course.operations() {
        parcel.go_on(1)?;
        if let OpKind::Tool | OpKind::Llm | OpKind::Span | OpKind::Sub = operation.kind {
            spans.push(trace.operation(&operation));
            continue;
        }
        let moment = trace.moment(&operation);
        bytes += moment.encoded_len();
        if bytes > room && !root.events.is_empty() {
            bytes = moment.encoded_len();
            let next = trace.more(more.len() + 2, moment.time_unix_nano);
            more.push(next);
        }
        match more.last_mut() {
            Some(more) => {
                more.end_time_unix_nano = more.end_time_unix_nano.max(moment.time_unix_nano);
                more.events.push(moment);
            }
            None => root.events.push(moment),
        }
    }
    let rest = steps.into_iter().chain(more).chain(spans);
    Ok(std::iter::once(root).chain(rest).collect())
}

struct Trace<'a, 'p, 'm> {
    parcel: &'a Parcel<'p>,
    masking: &'m mut Masking,
    id: Vec<u8>,
    root: Vec<u8>,
    /// The steps of the plan, each with the one it lies in.
    plan: HashMap<&'a str, Option<&'a str>>,
    /// The whole of the run, where anything of it is known.
    from: Time,
    to: Time,
}

impl<'a, 'p, 'm> Trace<'a, 'p, 'm> {
    fn new(parcel: &'a Parcel<'p>, masking: &'m mut Masking) -> Self {
        let run = parcel.run;
        let id = id::trace(parcel.home, run);
        let extent = parcel.course.digest().extent();
        let from = run.started_at.or(extent.map(|(from, _)| from));
        let from = from.or(run.updated_at).unwrap_or(Time(0));
        let took = duration(run).and_then(|took| i64::try_from(took.as_nanos()).ok());
        let ended = took.map(|took| Time(from.0.saturating_add(took)));
        let ended = run.ended_at.or(ended);
        let to = ended.or(extent.map(|(_, to)| to)).unwrap_or(from).max(from);
        Self {
            parcel,
            masking,
            root: id::named(&id, "run"),
            id,
            plan: parcel
                .steps
                .iter()
                .map(|step| (step.id.as_str(), step.parent_id.as_deref()))
                .collect(),
            from,
            to,
        }
    }

    fn root(&mut self) -> Span {
        let (run, home) = (self.parcel.run, self.parcel.home);
        self.masking.at("run", None, &run.id);
        let named = [self.parcel.mission, &run.mission_id];
        let mission = named.into_iter().find(|name| !name.is_empty());
        let mission = self.mask(mission.unwrap_or_default());
        let sent = run.status_sent.as_deref().map(|sent| self.mask(sent));
        let id = self.masking.id(&run.id).into_owned();
        let place = locator(home, run, self.masking);
        // A Telnyx mission is a plan of work, what the others run is an agent.
        let (operation, key) = if home.provider == "telnyx" {
            ("invoke_workflow", "gen_ai.workflow.name")
        } else {
            ("invoke_agent", "gen_ai.agent.name")
        };
        let mut span = self.span(self.root.clone(), Vec::new(), operation, &mission);
        span.start_time_unix_nano = nanos(self.from);
        span.end_time_unix_nano = nanos(self.to);
        let put = &mut span.attributes;
        put.push(KeyValue::text("gen_ai.operation.name", operation));
        put.push(KeyValue::text("gen_ai.provider.name", home.provider));
        put.push(KeyValue::text("gen_ai.conversation.id", &id));
        put.push(KeyValue::text(key, &mission));
        put.push(KeyValue::text("sortie.run.status", run.status.word()));
        put.push(KeyValue::text("sortie.locator", &place));
        put.extend(sent.map(|sent| KeyValue::text("sortie.run.status_sent", &sent)));
        let title = self.mask(&run.title);
        put.push(KeyValue::text("sortie.run.title", &title));
        put.retain(KeyValue::says_something);
        usage(run.tokens.or(self.parcel.course.digest().tokens()), put);
        if run.status.is_going_on() {
            put.push(KeyValue::flag("sortie.open"));
        }
        span.status = self.ended(run);
        if run.status.is_failure() {
            let kind = match run.status {
                RunStatus::TimedOut => "timeout",
                _ => OTHER,
            };
            span.attributes.push(KeyValue::text("error.type", kind));
        }
        span
    }

    fn ended(&mut self, run: &Run) -> Option<Status> {
        if run.status == RunStatus::Succeeded {
            return Some(Status {
                message: String::new(),
                code: 1,
            });
        }
        let said = run.error.as_deref().or(run.status_reason.as_deref());
        run.status.is_failure().then(|| Status {
            message: self.mask(said.unwrap_or_default()),
            code: 2,
        })
    }

    /// The rest of what the root has no room for.
    fn more(&self, nth: usize, from: u64) -> Span {
        let own = id::named(&self.id, &format!("events {nth}"));
        let mut span = self.span(own, self.root.clone(), "events", &nth.to_string());
        (span.start_time_unix_nano, span.end_time_unix_nano) = (from, from);
        span
    }

    fn operation(&mut self, operation: &Operation) -> Span {
        let course = self.parcel.course;
        self.stand_at(operation);
        let title = self.mask(&course.headline(operation).title);
        let tool = operation.tool.as_deref().map(|tool| self.mask(tool));
        let named = tool.as_deref().unwrap_or(&title);
        let (does, key, kind) = match operation.kind {
            OpKind::Tool => ("execute_tool", "gen_ai.tool.name", INTERNAL),
            OpKind::Llm => ("chat", "gen_ai.request.model", CLIENT),
            OpKind::Sub => ("invoke_agent", "gen_ai.agent.name", INTERNAL),
            _ => ("", "sortie.span.name", INTERNAL),
        };
        let own = id::span(&self.id, course.id(operation.node));
        let parent = self.parent(operation);
        let mut span = self.span(own, parent, does, named);
        span.kind = kind;
        let (from, to, open) = self.extent(operation);
        span.start_time_unix_nano = nanos(from);
        span.end_time_unix_nano = nanos(to);
        let put = &mut span.attributes;
        put.push(KeyValue::text("gen_ai.operation.name", does));
        put.push(KeyValue::text(key, named));
        put.retain(KeyValue::says_something);
        usage(operation.tokens, put);
        let event_id = self.masking.id(course.id(operation.node));
        put.push(KeyValue::text("sortie.event.id", &event_id));
        put.push(KeyValue::text("sortie.verdict", operation.verdict.word()));
        if open {
            put.push(KeyValue::flag("sortie.open"));
        }
        self.contents(operation, &mut span.attributes);
        self.failure(operation, &mut span);
        span
    }

    /// What is masked next is of this operation.
    fn stand_at(&mut self, operation: &Operation) {
        let course = self.parcel.course;
        let number = course.number(operation.node);
        let id = course.id(operation.node);
        self.masking.at("operation", number, id);
    }

    /// The step or the operation it lies in, else the run.
    fn parent(&self, operation: &Operation) -> Vec<u8> {
        let course = self.parcel.course;
        if let Some(above) = operation.parent
            && above != operation.node
            && let Some(holds) = course.digest().operation(above)
            && matches!(
                holds.kind,
                OpKind::Tool | OpKind::Llm | OpKind::Span | OpKind::Sub
            )
        {
            return id::span(&self.id, course.id(holds.node));
        }
        match &operation.step {
            Some(step) if self.has_step(step) => self.step_id(step),
            _ => self.root.clone(),
        }
    }

    fn extent(&self, operation: &Operation) -> (Time, Time, bool) {
        let from = operation.at().unwrap_or(self.from);
        let open = matches!(operation.verdict, Verdict::Running | Verdict::Unanswered);
        let to = if open { Some(self.to) } else { operation.ended };
        (from, to.unwrap_or(from).max(from), open)
    }

    /// What was asked and what came back.
    fn contents(&mut self, operation: &Operation, put: &mut Vec<KeyValue>) {
        let course = self.parcel.course;
        let call = course.event(operation.node);
        let answer = operation.answer.and_then(|node| course.event(node));
        if operation.kind != OpKind::Tool {
            let words = call.and_then(|event| self.words(event));
            put.extend(words.map(|(text, _)| {
                let parts = serde_json::json!([{"type": "text", "content": text}]);
                let said = serde_json::json!([{"role": "assistant", "parts": parts}]);
                KeyValue::text("gen_ai.output.messages", &said.to_string())
            }));
            return;
        }
        let id = call.or(answer).and_then(|event| event.call_id.as_deref());
        put.extend(id.map(|id| KeyValue::text("gen_ai.tool.call.id", &self.masking.id(id))));
        let is_call = |event: &&Event| event.kind == Kind::ToolCall;
        let result = answer.or(call.filter(|event| !is_call(event)));
        let asked = call.filter(is_call);
        let sides = [
            ("gen_ai.tool.call.arguments", asked),
            ("gen_ai.tool.call.result", result),
        ];
        for (key, event) in sides {
            let Some((text, cut)) = event.and_then(|event| self.payload(event)) else {
                continue;
            };
            put.push(KeyValue::text(key, &text));
            if cut {
                put.push(KeyValue::flag(&format!("sortie.cut.{key}")));
            }
        }
    }

    fn failure(&mut self, operation: &Operation, span: &mut Span) {
        let reason = self.parcel.course.reason(operation);
        let reason = self.mask(&reason.unwrap_or_default());
        match (operation.verdict, operation.rule) {
            (Verdict::Failed, _) => {
                span.attributes.push(KeyValue::text("error.type", OTHER));
                span.events.push(SpanEvent {
                    time_unix_nano: span.end_time_unix_nano,
                    name: "exception".to_owned(),
                    attributes: vec![
                        KeyValue::text("exception.type", OTHER),
                        KeyValue::text("exception.message", &reason),
                    ],
                });
                span.status = Some(Status {
                    message: reason,
                    code: 2,
                });
            }
            (Verdict::SoftFailure, Some(rule)) => {
                let rule = KeyValue::text("sortie.soft_failure", rule.word());
                span.attributes.push(rule);
            }
            _ => {}
        }
    }

    /// What has no length, as an event of the run.
    fn moment(&mut self, operation: &Operation) -> SpanEvent {
        let course = self.parcel.course;
        self.stand_at(operation);
        let event = course.event(operation.node);
        let failed = operation.kind == OpKind::Error;
        let name = match operation.kind {
            OpKind::Error => "exception",
            OpKind::Msg => "sortie.message",
            OpKind::Think => "sortie.reasoning",
            OpKind::Step => "sortie.step",
            OpKind::Status => "sortie.status",
            _ => "sortie.event",
        };
        let head = course.headline(operation);
        let (title, summary) = (self.mask(&head.title), self.mask(&head.summary));
        let text = event.and_then(|event| self.words(event).or_else(|| self.payload(event)));
        let (text, cut) = text.unwrap_or((summary, false));
        let event_id = self.masking.id(course.id(operation.node));
        let mut attributes = vec![KeyValue::text("sortie.event.id", &event_id)];
        if failed {
            attributes.push(KeyValue::text("exception.type", OTHER));
            attributes.push(KeyValue::text("exception.message", &text));
        } else {
            attributes.push(KeyValue::text("sortie.title", &title));
            attributes.push(KeyValue::text("sortie.text", &text));
        }
        if cut {
            attributes.push(KeyValue::flag("sortie.cut"));
        }
        attributes.retain(KeyValue::says_something);
        SpanEvent {
            time_unix_nano: nanos(operation.at().unwrap_or(self.from)),
            name: name.to_owned(),
            attributes,
        }
    }

    fn words(&mut self, event: &Event) -> Option<(String, bool)> {
        let words = prose(event)?;
        Some(cut(self.mask(&words)))
    }

    /// A payload as it was sent, masked, on one line; text that is a JSON string as the text.
    fn payload(&mut self, event: &Event) -> Option<(String, bool)> {
        let bytes = event.raw.part(event.body?);
        if bytes.starts_with(b"\"") {
            let text = crate::text::json::unquote(bytes);
            return Some(cut(self.mask(&text)));
        }
        let masked = self.masking.json(bytes, Sort::Any);
        let line = safe_json(&masked);
        Some(cut(line.unwrap_or_else(|| {
            String::from_utf8_lossy(&masked).into_owned()
        })))
    }

    fn mask(&mut self, text: &str) -> String {
        self.masking.text(text).into_owned()
    }

    fn span(&self, own: Vec<u8>, parent: Vec<u8>, does: &str, what: &str) -> Span {
        let name = [does, what].join(" ");
        let name = match name.trim() {
            "" => "operation",
            name => name,
        };
        Span {
            trace_id: self.id.clone(),
            span_id: own,
            parent_span_id: parent,
            name: name.to_owned(),
            kind: INTERNAL,
            ..Span::default()
        }
    }
}
