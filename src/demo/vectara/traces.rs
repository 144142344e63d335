//! Traces and spans of the sessions, made from their events: a trace for each turn, and in it the
//! turn, the calls of the model, the tools, what was thought and said. Sessions that are generated or
//! speak as older servers did have none. Texts come only when asked for.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::page::Page;
use super::refusal::Refusal;
use super::world::{Session, World, text};
use super::{Answer, Params, tell};
use crate::demo::tales::Rng;

type Fields = Map<String, Value>;

pub(super) fn routes() -> Router<Arc<World>> {
    let spans_of = "/v2/agent_analytics/traces/{trace}/spans";
    let one = "/v2/agent_analytics/traces/{trace}/spans/{span}";
    Router::new()
        .route("/v2/agent_analytics/traces", get(traces))
        .route(spans_of, get(spans))
        .route(one, get(span))
}

async fn traces(State(world): State<Arc<World>>, uri: Uri, Query(params): Params) -> Answer {
    let page = Page::asked(uri.path(), &params, 100)?;
    let asked = |name: &str, is: &str| params.get(name).is_none_or(|wanted| wanted == is);
    let mut rows = Vec::new();
    for agent in world
        .agents()
        .filter(|agent| asked("agent_key", agent.key()))
    {
        for session in world.sessions(agent) {
            if !asked("session_key", &session.key) {
                continue;
            }
            let turns = turns(&world, session);
            rows.extend(
                turns
                    .iter()
                    .rev()
                    .map(|turn| turn.trace(agent.key(), session).to_string()),
            );
        }
    }
    Ok(super::json(page.cut("traces", &rows, false)))
}

async fn spans(
    State(world): State<Arc<World>>,
    Path(trace): Path<String>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let page = Page::asked(uri.path(), &params, 500)?;
    let with_content = params
        .get("include_content")
        .is_some_and(|word| word == "true");
    let rows: Vec<String> = all_spans(&world, &trace)?
        .into_iter()
        .map(|span| shown(span, with_content).to_string())
        .collect();
    Ok(super::json(page.cut("spans", &rows, false)))
}

async fn span(
    State(world): State<Arc<World>>,
    Path((trace, id)): Path<(String, String)>,
    Query(params): Params,
) -> Answer {
    let with_content = params
        .get("include_content")
        .is_some_and(|word| word == "true");
    all_spans(&world, &trace)?
        .into_iter()
        .find(|span| span.get("span_id").and_then(Value::as_str) == Some(&id))
        .map(|span| super::json(shown(span, with_content).to_string()))
        .ok_or_else(|| Refusal::not_found(&id, "Span not found."))
}

fn all_spans(world: &World, trace: &str) -> Result<Vec<Value>, Refusal> {
    for agent in world.agents() {
        for session in world.sessions(agent) {
            if let Some(turn) = turns(world, session)
                .into_iter()
                .find(|turn| turn.id == trace)
            {
                return Ok(turn.spans(agent.key(), text(&agent.head, "name")));
            }
        }
    }
    Err(Refusal::not_found(trace, "Trace not found."))
}

fn shown(mut span: Value, with_content: bool) -> Value {
    if let Some(fields) = span.as_object_mut().filter(|_| !with_content) {
        fields.insert("content".to_owned(), Value::Null);
    }
    span
}

/// One turn of a session.
struct Turn {
    id: String,
    seed: u64,
    over: bool,
    events: Vec<Fields>,
}

/// The turns of a session, oldest first.
fn turns(world: &World, session: &Session) -> Vec<Turn> {
    if session.old || session.generated.is_some() {
        return Vec::new();
    }
    let mut turns: Vec<Turn> = Vec::new();
    for event in world.events(session) {
        let Ok(fields) = serde_json::from_str::<Fields>(&event.json) else {
            continue;
        };
        let begins = matches!(text(&fields, "type"), "input_message" | "artifact_upload");
        let same = turns.last().is_some_and(|turn| turn.events.len() == 1);
        if begins && !same || turns.is_empty() {
            let seed = tell::seed(&session.key) ^ turns.len() as u64;
            let mut rng = Rng::seeded(seed);
            let id = format!("{:016x}{:016x}", rng.bits(), rng.bits());
            turns.push(Turn {
                id,
                seed,
                over: true,
                events: Vec::new(),
            });
        }
        if let Some(turn) = turns.last_mut() {
            turn.events.push(fields);
        }
    }
    if let Some(last) = turns.last_mut() {
        last.over = session.is_over(world.clock);
    }
    turns.retain(|turn| turn.over);
    turns
}

impl Turn {
    fn failed(&self) -> bool {
        let is_error = |event: &Fields| {
            let word = text(event, "type");
            word == "error" || word.ends_with("_limit_exceeded")
        };
        self.events.iter().any(is_error)
    }

    fn times(&self) -> (f64, f64) {
        let at = |event: Option<&Fields>| event.map_or(0.0, seconds);
        (at(self.events.first()), at(self.events.last()))
    }

    /// Tokens read and written, of which the model's calls have their shares.
    fn tokens(&self, call: usize) -> (u64, u64) {
        let mut rng = Rng::seeded(self.seed.wrapping_add(call as u64 + 7));
        let grown = 900 * (call as u64 + 1);
        (grown + rng.below(700) as u64, 40 + rng.below(260) as u64)
    }

    fn sums(&self) -> (u64, u64) {
        let calls = self.model_calls().len();
        (0..calls).fold((0, 0), |(input, output), call| {
            let (more_in, more_out) = self.tokens(call);
            (input + more_in, output + more_out)
        })
    }

    /// The step that was open then, where the turn's transitions tell.
    fn step_at(&self, at: f64) -> Option<&str> {
        let is_step = |event: &&Fields| text(event, "type") == "step_transition";
        let mut steps = self.events.iter().filter(is_step);
        let first = steps.clone().next().map(|step| text(step, "from_step"));
        let entered = steps.rfind(|step| seconds(step) <= at);
        entered.map(|step| text(step, "to_step")).or(first)
    }

    fn trace(&self, agent: &str, session: &Session) -> Value {
        let (from, to) = self.times();
        let (input, output) = self.sums();
        json!({
            "trace_id": self.id, "agent_key": agent, "session_key": session.key,
            "started_at": stamp(from), "duration_ms": millis(to - from),
            "status": if self.failed() { "error" } else { "ok" },
            "input_tokens": input, "output_tokens": output
        })
    }

    /// When the model was called, and until when: before whatever it then did.
    fn model_calls(&self) -> Vec<(f64, f64, &'static str)> {
        let mut calls = Vec::new();
        let mut ready: Option<f64> = None;
        for event in &self.events {
            let at = seconds(event);
            let said = match text(event, "type") {
                "thinking" | "tool_input" => Some("tool_calls"),
                "agent_output" | "structured_output" => Some("stop"),
                _ => None,
            };
            match (said, ready) {
                (Some(why), Some(from)) if at - from > 0.02 => {
                    calls.push((from, at, why));
                    ready = None;
                }
                (Some(_), _) => {}
                (None, _) => ready = Some(at),
            }
        }
        calls
    }

    fn spans(&self, agent: &str, name: &str) -> Vec<Value> {
        let mut made = Made {
            turn: self,
            agent,
            list: Vec::new(),
        };
        made.turn(name);
        for (number, (from, to, why)) in self.model_calls().into_iter().enumerate() {
            let (input, output) = self.tokens(number);
            made.add(
                "chat",
                from,
                to,
                json!({
                    "model": "gpt-4o", "input_tokens": input, "output_tokens": output,
                    "cache_read_input_tokens": input / 3, "finish_reasons": [why],
                    "temperature": 0.2, "provider_name": "openai"
                }),
                &Value::Null,
            );
        }
        for (place, event) in self.events.iter().enumerate() {
            made.event(place, event);
        }
        made.list
    }
}

/// The spans of a turn, as they are made.
struct Made<'a> {
    turn: &'a Turn,
    agent: &'a str,
    list: Vec<Value>,
}

impl Made<'_> {
    fn turn(&mut self, name: &str) {
        let turn = self.turn;
        let (from, to) = turn.times();
        let (input, output) = turn.sums();
        let answer = turn
            .events
            .iter()
            .rev()
            .find(|event| matches!(text(event, "type"), "agent_output" | "structured_output"));
        let asked = turn.events.first().map(|event| text(event, "id"));
        self.add(
            "invoke_agent",
            from,
            to,
            json!({
                "model": "gpt-4o", "input_tokens": input, "output_tokens": output,
                "provider_name": "openai", "agent_name": name, "output_type": "text",
                "input_event_id": asked, "output_event_id": answer.map(|event| text(event, "id")),
                "parent_agent_id": null, "parent_session_id": null, "depth": 0
            }),
            &json!({"system_instructions": format!("You are {}.", self.agent)}),
        );
    }

    fn event(&mut self, place: usize, event: &Fields) {
        let (id, at) = (text(event, "id"), seconds(event));
        let before = self
            .turn
            .events
            .get(place.saturating_sub(1))
            .map_or(at, seconds);
        let own = json!({"event_id": id});
        match text(event, "type") {
            "tool_output" => self.tool(event, at),
            "thinking" => {
                let thought = json!({"thinking": event.get("content")});
                self.add("thinking", before, at, json!({}), &thought);
            }
            "agent_output" => {
                let said = json!({"output_text": event.get("content")});
                self.add("output", at - 0.4, at, own, &said);
            }
            "guardrail_review" => {
                let passed = json!({"guardrail_passed": true, "retry_attempt": 0});
                self.add(
                    "guardrail",
                    at - 0.3,
                    at,
                    passed,
                    &json!({"guardrail_issues": ""}),
                );
            }
            kind @ ("step_transition" | "image_read" | "compaction") => {
                self.add(kind, at - 0.02, at, own, &Value::Null);
            }
            _ => {}
        }
    }

    fn tool(&mut self, output: &Fields, at: f64) {
        let call = text(output, "tool_call_id");
        let input = self.turn.events.iter().find(|event| {
            text(event, "type") == "tool_input" && text(event, "tool_call_id") == call
        });
        let Some(input) = input else { return };
        let spelled = |value: Option<&Value>| value.map(ToString::to_string);
        self.add(
            "execute_tool",
            seconds(input) + 0.002,
            at - 0.001,
            json!({
                "tool_name": text(output, "tool_name"),
                "tool_key": text(output, "tool_configuration_name"), "tool_call_id": call,
                "tool_type": text(input, "tool_type"),
                "tool_input_event_id": text(input, "id"), "tool_output_event_id": text(output, "id")
            }),
            &json!({
                "tool_arguments": spelled(input.get("tool_input")),
                "tool_result": spelled(output.get("tool_output"))
            }),
        );
    }

    fn add(&mut self, operation: &str, from: f64, to: f64, mut attributes: Value, content: &Value) {
        let number = self.list.len() as u64 + 1;
        let id = |number: u64| format!("{:016x}", (self.turn.seed << 16).wrapping_add(number));
        let event = attributes
            .as_object_mut()
            .and_then(|fields| fields.shift_remove("event_id"));
        let failed = operation == "invoke_agent" && self.turn.failed();
        let mut span = json!({
            "span_id": id(number), "parent_span_id": (number > 1).then(|| id(1)),
            "trace_id": self.turn.id, "started_at": stamp(from), "duration_ms": millis(to - from),
            "status": if failed { "error" } else { "ok" }, "step_name": self.turn.step_at(from),
            "has_children": number == 1, "operation": operation,
            "attributes": attributes, "content": content
        });
        if let (Some(fields), Some(event)) = (span.as_object_mut(), event) {
            fields.insert("event_id".to_owned(), event);
        }
        self.list.push(span);
    }
}

/// Seconds since 1970 of an event.
fn seconds(event: &Fields) -> f64 {
    let at: Option<Timestamp> = text(event, "created_at").parse().ok();
    at.map_or(0.0, |at| at.as_duration().as_secs_f64())
}

fn stamp(seconds: f64) -> String {
    let at = jiff::SignedDuration::from_secs_f64(seconds);
    let at = Timestamp::from_duration(at).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn millis(seconds: f64) -> i64 {
    i64::try_from(jiff::SignedDuration::from_secs_f64(seconds.max(0.0)).as_millis()).unwrap_or(0)
}
