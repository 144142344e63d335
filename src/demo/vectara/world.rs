//! What the demo's Vectara knows: agents and their sessions from `assets/demo/vectara`, and what of
//! them has already happened. Events are told when a session is first opened and kept after that.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::tell::{self, Told};
use crate::demo::clock::Clock;

const TALES: [&str; 5] = [
    include_str!("../../../assets/demo/vectara/incident.json"),
    include_str!("../../../assets/demo/vectara/docs.json"),
    include_str!("../../../assets/demo/vectara/claims.json"),
    include_str!("../../../assets/demo/vectara/close.json"),
    include_str!("../../../assets/demo/vectara/digest.json"),
];

/// An agent as its asset tells it: the service's own object and the sessions.
#[derive(Deserialize)]
pub(super) struct Agent {
    #[serde(rename = "agent")]
    pub(super) head: Map<String, Value>,
    sessions: Vec<Session>,
    #[serde(default)]
    pub(super) schedules: Vec<Schedule>,
}

/// A schedule: the service's own object and what it started, newest first.
#[derive(Deserialize)]
pub(super) struct Schedule {
    #[serde(rename = "schedule")]
    pub(super) head: Map<String, Value>,
    pub(super) executions: Vec<Value>,
}

/// A session: the service's own object in `head`, the rest is how its story is told.
#[derive(Deserialize)]
pub(super) struct Session {
    pub(super) key: String,
    /// Seconds from the demo's start to the session's creation.
    pub(super) start: f64,
    /// Seconds from the demo's start until which the session is `running`.
    #[serde(default)]
    until: Option<f64>,
    /// Speak as an older server did: old field names, no status, no error flag.
    #[serde(default)]
    pub(super) old: bool,
    /// The latest call's tokens: input, cached, output, reasoning.
    #[serde(default)]
    usage: Option<[u64; 4]>,
    /// Which generator tells the middle of the story.
    #[serde(default)]
    pub(super) generated: Option<String>,
    #[serde(default)]
    pub(super) events: Vec<Map<String, Value>>,
    /// Files that the agent made, with `t` and what is in them as `text`.
    #[serde(default)]
    pub(super) artifacts: Vec<Map<String, Value>>,
    #[serde(flatten)]
    pub(super) head: Map<String, Value>,
    #[serde(skip)]
    told: OnceLock<Vec<Told>>,
    #[serde(skip)]
    agent: usize,
}

impl Agent {
    pub(super) fn enabled(&self) -> bool {
        self.head.get("enabled") == Some(&Value::Bool(true))
    }

    pub(super) fn key(&self) -> &str {
        text(&self.head, "key")
    }
}

/// Everything the server can answer from.
pub(super) struct World {
    pub(super) clock: Clock,
    agents: Vec<Agent>,
}

impl World {
    pub(super) fn told(clock: Clock) -> Self {
        let mut agents: Vec<Agent> = TALES
            .iter()
            .filter_map(|tale| serde_json::from_str(tale).ok())
            .collect();
        for (index, agent) in agents.iter_mut().enumerate() {
            for session in &mut agent.sessions {
                session.agent = index;
            }
        }
        Self { clock, agents }
    }

    pub(super) fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter()
    }

    pub(super) fn agent(&self, key: &str) -> Result<&Agent, Refusal> {
        self.agents()
            .find(|agent| agent.key() == key)
            .ok_or_else(|| Refusal::not_found(key, "Agent not found."))
    }

    /// The sessions of `agent` that exist by now.
    pub(super) fn sessions<'a>(&'a self, agent: &'a Agent) -> impl Iterator<Item = &'a Session> {
        agent
            .sessions
            .iter()
            .filter(|session| self.clock.has_happened(session.start))
    }

    pub(super) fn session(&self, agent: &str, key: &str) -> Result<&Session, Refusal> {
        self.sessions(self.agent(agent)?)
            .find(|session| session.key == key)
            .ok_or_else(|| Refusal::not_found(key, "Session not found."))
    }

    /// The events of `session` that have happened by now, oldest first.
    pub(super) fn events<'a>(
        &'a self,
        session: &'a Session,
    ) -> impl DoubleEndedIterator<Item = &'a Told> {
        let elapsed = self.clock.elapsed();
        let told = session.told.get_or_init(|| {
            self.agents
                .get(session.agent)
                .map(|agent| tell::story(&agent.head, session, self.clock))
                .unwrap_or_default()
        });
        told.iter().filter(move |event| event.at <= elapsed)
    }

    pub(super) fn agent_json(&self, agent: &Agent) -> String {
        let mut value = Value::Object(agent.head.clone());
        tell::date(&mut value, self.clock);
        value.to_string()
    }

    pub(super) fn session_json(&self, session: &Session) -> String {
        let mut out = Map::new();
        out.insert("key".to_owned(), session.key.as_str().into());
        if let Some(agent) = self.agents.get(session.agent) {
            out.insert("agent_key".to_owned(), agent.key().into());
        }
        out.extend(session.head.clone());
        if let Some(until) = session.until {
            let over = self.clock.has_happened(until);
            let word = if over { "stopped" } else { "running" };
            out.insert("status".to_owned(), word.into());
        }
        out.insert(
            "created_at".to_owned(),
            tell::stamp(self.clock, session.start).into(),
        );
        if let Some([input, cached, output, reasoning]) = session.usage {
            let usage = json!({
                "input_tokens": {"count": input, "cached_tokens": cached},
                "output_tokens": {"count": output, "reasoning_tokens": reasoning},
                "total_tokens": input + output,
                "model_context_window": 200_000
            });
            out.insert("session_context_usage".to_owned(), usage);
        }
        Value::Object(out).to_string()
    }

    /// The calls that wait for the caller: those of a `client_tool_pending` that nothing followed.
    pub(super) fn outstanding_json(&self, session: &Session) -> String {
        let calls = self
            .events(session)
            .next_back()
            .and_then(|event| serde_json::from_str::<Value>(&event.json).ok())
            .and_then(|mut event| event.get_mut("pending_calls").map(Value::take))
            .unwrap_or_else(|| json!([]));
        json!({"client_tool_calls": calls}).to_string()
    }
}

impl Session {
    /// Whether it has been `stopped` by then.
    pub(super) fn is_over(&self, clock: Clock) -> bool {
        self.until.is_none_or(|until| clock.has_happened(until))
    }
}

/// The text of a field, empty when it is absent.
pub(super) fn text<'a>(of: &'a Map<String, Value>, field: &str) -> &'a str {
    of.get(field).and_then(Value::as_str).unwrap_or_default()
}
