//! From a story's short form to the service's events. An asset writes `call`, `user`, `think`,
//! `say`, `image` with `t` in seconds after the session's creation, or any event with its `type`;
//! this completes ids, times and the fields that the service adds. It knows no paging.

use serde_json::{Map, Value, json};

use super::long;
use super::world::{Session, text};
use crate::demo::clock::Clock;
use crate::demo::tales::{self, Rng};

type Fields = Map<String, Value>;

/// One event, ready to send.
pub(super) struct Told {
    pub(super) id: String,
    /// Seconds from the demo's start.
    pub(super) at: f64,
    /// Left out of the list unless hidden events are asked for.
    pub(super) hidden: bool,
    pub(super) json: String,
}

/// The whole story of `session`, oldest first, future events included.
pub(super) fn story(agent: &Fields, session: &Session, clock: Clock) -> Vec<Told> {
    let mut teller = Teller {
        agent,
        rng: Rng::seeded(seed(&session.key)),
        drafts: Vec::new(),
    };
    let middle = match session.generated.as_deref() {
        Some("reconciliation") => long::reconciliation(),
        Some("hostile") => long::hostile(),
        _ => Vec::new(),
    };
    for item in session.events.iter().chain(&middle) {
        teller.take(item);
    }
    teller.finish(session, clock)
}

/// A time as the service writes it, with milliseconds.
pub(super) fn stamp(clock: Clock, offset: f64) -> String {
    clock
        .at(offset)
        .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

/// Turns every `"@SECONDS"` inside `value` into a time.
pub(super) fn date(value: &mut Value, clock: Clock) {
    match value {
        Value::String(word) => {
            let offset = word.strip_prefix('@').and_then(|rest| rest.parse().ok());
            if let Some(offset) = offset {
                *word = stamp(clock, offset);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| date(item, clock)),
        Value::Object(fields) => fields.values_mut().for_each(|field| date(field, clock)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

struct Draft {
    /// Place in the list; differs from `at` where the service's clocks disagree.
    order: f64,
    at: f64,
    body: Fields,
}

struct Teller<'a> {
    agent: &'a Fields,
    rng: Rng,
    drafts: Vec<Draft>,
}

impl Teller<'_> {
    fn take(&mut self, item: &Fields) {
        let at = item.get("t").and_then(Value::as_f64).unwrap_or_default();
        if item.contains_key("call") {
            self.calls(at, item);
        } else if let Some(image) = item.get("image") {
            self.image(at, image);
        } else if let Some(said) = item.get("user") {
            let messages = json!([{"type": "text", "content": said}]);
            let body =
                json!({"type": "input_message", "messages": messages, "message_diffs": [""]});
            self.add(at, at, body);
        } else if let Some(thought) = item.get("think") {
            self.add(at, at, json!({"type": "thinking", "content": thought}));
        } else if let Some(said) = item.get("say") {
            self.add(at, at, json!({"type": "agent_output", "content": said}));
        } else {
            self.raw(at, item);
        }
    }

    /// An event in the service's own fields, once or `times` with `every` seconds between.
    fn raw(&mut self, at: f64, item: &Fields) {
        let mut body = item.clone();
        for ours in ["t", "times", "every"] {
            body.shift_remove(ours);
        }
        let every = item.get("every").and_then(Value::as_f64).unwrap_or(1.0);
        let mut begin = at;
        for _ in 0..item.get("times").and_then(Value::as_u64).unwrap_or(1) {
            self.add(begin, begin, Value::Object(body.clone()));
            begin += every;
        }
    }

    /// `call` with `in`, `out`, `error`, `took`; repeated `times`, or once for each of `outs`.
    fn calls(&mut self, at: f64, item: &Fields) {
        let number = |field| item.get(field).and_then(Value::as_f64);
        let outs = item.get("outs").and_then(Value::as_array);
        let times = item.get("times").and_then(Value::as_u64).unwrap_or(1);
        let times = outs.map_or(times, |outs| outs.len() as u64);
        let took = number("took").unwrap_or(0.8);
        let every = number("every").unwrap_or(took + 1.0);
        let mut begin = at;
        for turn in 0..times {
            let out = outs.map_or_else(
                || item.get("out"),
                |outs| outs.get(usize::try_from(turn).unwrap_or_default()),
            );
            self.call(begin, took, item, out);
            begin += every;
        }
    }

    fn call(&mut self, at: f64, took: f64, item: &Fields, out: Option<&Value>) {
        let name = text(item, "call");
        let tool = self
            .agent
            .get("tool_configurations")
            .and_then(|all| all.get(name));
        let kind = tool
            .and_then(|tool| tool.get("type"))
            .and_then(Value::as_str);
        let kind = kind.unwrap_or("lambda").to_owned();
        let tool_name = if matches!(kind.as_str(), "lambda" | "client" | "mcp") {
            name.to_owned()
        } else {
            kind.clone()
        };
        let given = tool
            .and_then(|tool| tool.get("argument_override"))
            .and_then(Value::as_object);
        let paths: Vec<&str> = given
            .into_iter()
            .flat_map(|given| given.keys().map(String::as_str))
            .collect();
        let call_id = self.call_id();
        let input = json!({
            "type": "tool_input", "tool_call_id": call_id, "tool_configuration_name": name,
            "tool_name": tool_name, "tool_input": item.get("in").unwrap_or(&json!({})),
            "tool_type": kind, "argument_override_paths": paths
        });
        let hidden: Fields = paths
            .iter()
            .map(|path| ((*path).to_owned(), "****".into()))
            .collect();
        self.add(at, at, input);
        let Some(out) = out else { return };
        let mut output = json!({
            "type": "tool_output", "tool_call_id": call_id, "tool_configuration_name": name,
            "tool_name": tool_name
        });
        if let Some(fields) = output.as_object_mut() {
            if !hidden.is_empty() {
                fields.insert("resolved_argument_overrides".to_owned(), hidden.into());
            }
            fields.insert("tool_output".to_owned(), out.clone());
            let failed = item.get("error").cloned().unwrap_or(Value::Bool(false));
            fields.insert("error".to_owned(), failed);
        }
        self.add(at + took, at + took, output);
    }

    /// An image is read by a call whose output is the event that follows it, dated 3 ms earlier.
    fn image(&mut self, at: f64, artifact: &Value) {
        let call_id = self.call_id();
        let end = at + 0.066;
        let call = json!({"tool_call_id": call_id, "tool_configuration_name": "view_image", "tool_name": "image_read"});
        let with = |kind: &str, more: Value| {
            let mut body = json!({"type": kind});
            for fields in [call.clone(), more] {
                if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
                    body.extend(fields);
                }
            }
            body
        };
        let asked = json!({"artifact_id": artifact, "detail": "high"});
        let input =
            json!({"tool_input": asked, "tool_type": "image_read", "argument_override_paths": []});
        self.add(at, at, with("tool_input", input));
        let output = json!({"tool_output": "$next", "error": false});
        self.add(end, end, with("tool_output", output));
        let read = json!({"type": "image_read", "artifact_id": artifact, "detail": "high"});
        self.add(end, end - 0.003, read);
    }

    fn add(&mut self, order: f64, at: f64, body: Value) {
        if let Value::Object(body) = body {
            self.drafts.push(Draft { order, at, body });
        }
    }

    fn call_id(&mut self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
        let letter = |rng: &mut Rng| {
            LETTERS
                .get(rng.below(LETTERS.len()))
                .copied()
                .map_or('a', char::from)
        };
        let tail: String = (0..18).map(|_| letter(&mut self.rng)).collect();
        format!("call_{tail}")
    }

    fn finish(mut self, session: &Session, clock: Clock) -> Vec<Told> {
        self.drafts
            .sort_by(|one, other| one.order.total_cmp(&other.order));
        let tail: String = self.rng.uuid().chars().skip(8).collect();
        let id = |index: usize| format!("aev_{:08x}{tail}", index + 1);
        let mut whole: Vec<Told> = Vec::with_capacity(self.drafts.len());
        let mut later: Option<Value> = None;
        for (index, draft) in self.drafts.into_iter().enumerate().rev() {
            let at = session.start + draft.at;
            let mut event = Fields::new();
            event.insert("id".to_owned(), id(index).into());
            let owner = if session.old {
                "session_id"
            } else {
                "session_key"
            };
            event.insert(owner.to_owned(), session.key.as_str().into());
            event.insert("created_at".to_owned(), stamp(clock, at).into());
            event.extend(draft.body);
            if event.get("tool_output").and_then(Value::as_str) == Some("$next") {
                event.insert("tool_output".to_owned(), later.take().unwrap_or_default());
            }
            if session.old {
                age(&mut event);
            }
            let event = Value::Object(event);
            let json = spliced(event.to_string(), &id(index.saturating_sub(1)));
            later = Some(event);
            let id = id(index);
            whole.push(Told {
                id,
                at,
                hidden: false,
                json,
            });
        }
        whole.reverse();
        hide(&mut whole);
        whole
    }
}

/// The field names that older servers used.
fn age(event: &mut Fields) {
    if let Some(name) = event.shift_remove("tool_configuration_name") {
        event.insert("tool_key".to_owned(), name);
    }
    for gone in [
        "error",
        "tool_type",
        "argument_override_paths",
        "message_diffs",
    ] {
        event.shift_remove(gone);
    }
}

/// Puts in what an asset cannot hold, as text: a JSON tree would not survive 1,000 levels.
fn spliced(json: String, before: &str) -> String {
    if !json.contains("\"$") {
        return json;
    }
    let mut json = json.replace("\"$before\"", &format!("\"{before}\""));
    if json.contains("\"$orders\"") {
        json = json.replace("\"$orders\"", &tales::big_payload(3_000_000).to_string());
    }
    json.replace("\"$nested\"", &tales::nested_arrays(1_000))
}

/// A compaction hides as many events from the beginning as it says.
fn hide(events: &mut [Told]) {
    let compacted = events
        .iter()
        .filter(|event| event.json.contains("\"type\":\"compaction\""))
        .filter_map(|event| {
            let event: Value = serde_json::from_str(&event.json).ok()?;
            usize::try_from(event.get("events_compacted")?.as_u64()?).ok()
        })
        .max()
        .unwrap_or(0);
    for event in events.iter_mut().take(compacted) {
        event.hidden = true;
    }
}

/// A number that stands for a text, the same at every start (FNV-1a).
pub(super) fn seed(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
