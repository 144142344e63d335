//! The stories: assets and generated tales as agents, rooms, runs and events, with their ids and
//! times made whole. In the assets `"#word"` is an id made from the run and the word, `"@12.5"` an
//! instant so many seconds after the run's start.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use super::tale;
use super::wire::{fnv, quoted};
use crate::demo::clock::Clock;
use crate::demo::tales::{self, Rng};

/// How long the server had been up when the demo started, in seconds: one run did not live to see it
/// restarted.
pub(super) const UPTIME: f64 = 29_000.0;

const FILES: [&str; 5] = [
    include_str!("../../../assets/demo/elizaos/juno.json"),
    include_str!("../../../assets/demo/elizaos/ledger.json"),
    include_str!("../../../assets/demo/elizaos/beacon.json"),
    include_str!("../../../assets/demo/elizaos/atlas.json"),
    include_str!("../../../assets/demo/elizaos/moss.json"),
];

/// Stands in an event's data for the big payload, which is spliced in when the event is served.
const ORDERS: &str = "\"%ORDERS%\"";
/// Stands in an event's data for a thousand arrays inside each other.
const NEST: &str = "\"%NEST%\"";

/// Everything the server knows.
pub(super) struct World {
    pub clock: Clock,
    pub agents: Vec<Agent>,
}

pub(super) struct Agent {
    pub id: String,
    pub name: String,
    pub bio: String,
    pub active: bool,
    /// The whole stored record, as JSON text.
    pub record: String,
    pub rooms: Vec<Room>,
    pub runs: Vec<Run>,
}

pub(super) struct Room {
    pub id: String,
    pub channel: String,
    pub name: String,
    pub kind: String,
    pub source: String,
}

pub(super) struct Run {
    pub id: String,
    pub room: String,
    /// Who triggered it.
    pub entity: String,
    /// Id of the message that triggered it.
    pub message: Option<String>,
    pub text: Option<String>,
    pub reply: Option<String>,
    /// JSON text.
    pub metadata: String,
    /// Seconds after the demo's start, as all times here.
    pub start: f64,
    /// In the service's order.
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    pub at: f64,
    pub kind: String,
    /// JSON text of an object; may hold a stand-in for something big.
    pub data: String,
    /// `data.status`, of a `RUN_ENDED` or `EMBEDDING_EVENT`.
    pub status: Option<String>,
    pub error: Option<String>,
    pub action: Option<String>,
    pub action_name: Option<String>,
    /// Whether `data.success` is false.
    pub failed: bool,
    /// Length of `data.prompts`.
    pub prompts: usize,
    /// What the service loses on the way to its log: an action's true result, an embedding's failure.
    pub truth: Option<Value>,
}

impl World {
    /// Reads the assets and makes the tales.
    pub fn read(clock: Clock) -> Self {
        let mut agents: Vec<Agent> = FILES
            .iter()
            .filter_map(|file| serde_json::from_str::<AgentFile>(file).ok())
            .map(|file| file.agent(clock))
            .collect();
        agents.sort_by(|a, b| b.active.cmp(&a.active).then_with(|| a.name.cmp(&b.name)));
        Self { clock, agents }
    }

    /// Index of an agent that is running; the others' routes answer 404.
    pub fn running(&self, id: &str) -> Option<usize> {
        self.agents
            .iter()
            .position(|agent| agent.id == id && agent.active)
    }

    /// Epoch milliseconds of an offset.
    pub fn millis(&self, at: f64) -> i64 {
        self.clock.at(at).as_millisecond()
    }
}

impl Event {
    /// Its data as it is sent.
    pub fn sent(&self) -> String {
        static BIG: OnceLock<String> = OnceLock::new();
        if self.data.contains(ORDERS) {
            let orders = BIG.get_or_init(|| tales::big_payload(3 * 1024 * 1024).to_string());
            return self.data.replace(ORDERS, orders);
        }
        if self.data.contains(NEST) {
            return self.data.replace(NEST, &tales::nested_arrays(1000));
        }
        self.data.clone()
    }
}

/// A stable id for a word.
pub(super) fn id(scope: &str, word: &str) -> String {
    Rng::seeded(fnv(format!("elizaos/{scope}/{word}").as_bytes())).uuid()
}

#[derive(Deserialize)]
struct AgentFile {
    agent: serde_json::Map<String, Value>,
    rooms: serde_json::Map<String, Value>,
    runs: Vec<RunFile>,
}

#[derive(Deserialize)]
pub(super) struct RunFile {
    pub key: String,
    pub room: String,
    pub user: String,
    pub start: f64,
    pub text: Option<String>,
    #[serde(default)]
    pub reply: Option<String>,
    #[serde(default)]
    pub metadata: Option<Value>,
    pub events: Vec<EventFile>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum EventFile {
    Plain(f64, String, Value),
    Told(f64, String, Value, Value),
}

impl AgentFile {
    fn agent(mut self, clock: Clock) -> Agent {
        let take = |value: Option<Value>| value.unwrap_or_default();
        let name = take(self.agent.get("name").cloned());
        let name = name.as_str().unwrap_or_default().to_owned();
        let active = self.agent.remove("active") == Some(Value::Bool(true));
        let since = take(self.agent.remove("since")).as_f64().unwrap_or(0.0);
        let bio = match self.agent.get("bio") {
            Some(Value::Array(lines)) => lines.first().and_then(Value::as_str).unwrap_or_default(),
            Some(Value::String(line)) => line,
            _ => "",
        }
        .to_owned();
        let id = id("agent", &name);
        let rooms = self
            .rooms
            .iter()
            .map(|(key, room)| Room::read(&name, key, room))
            .collect();
        let mut files = self.runs;
        files.extend(tale::more(&name));
        let runs = files
            .into_iter()
            .map(|file| file.run(&name, &id, clock))
            .collect();
        let record = record(&id, active, clock.at(since).as_millisecond(), self.agent);
        Agent {
            id,
            name,
            bio,
            active,
            record,
            rooms,
            runs,
        }
    }
}

/// The stored record in the service's order of keys.
fn record(id: &str, active: bool, since: i64, rest: serde_json::Map<String, Value>) -> String {
    let mut record = serde_json::Map::new();
    record.insert("id".into(), id.into());
    record.insert("enabled".into(), true.into());
    record.insert("server_id".into(), Value::Null);
    record.insert("createdAt".into(), since.into());
    record.insert("updatedAt".into(), since.into());
    for (key, value) in rest {
        record.insert(key, value);
    }
    for key in ["messageExamples", "postExamples", "knowledge"] {
        record.insert(key.into(), Value::Array(Vec::new()));
    }
    let status = if active { "active" } else { "inactive" };
    record.insert("status".into(), status.into());
    Value::Object(record).to_string()
}

impl Room {
    fn read(agent: &str, key: &str, room: &Value) -> Self {
        let word = |at: usize| {
            let word = room.get(at).and_then(Value::as_str);
            word.unwrap_or_default().to_owned()
        };
        Self {
            id: id(agent, key),
            channel: id(agent, &format!("channel/{key}")),
            name: word(0),
            kind: word(1),
            source: word(2),
        }
    }
}

impl RunFile {
    fn run(self, agent: &str, agent_id: &str, clock: Clock) -> Run {
        let run = id(agent, &format!("run/{}", self.key));
        let message = self.text.as_ref().map(|_| id(&run, "message"));
        let spell = Spell {
            run: &run,
            clock,
            start: self.start,
        };
        let started = match &message {
            Some(message) => format!(r#"{{"source":"messageHandler","messageId":"{message}"}}"#),
            None => r#"{"source":"messageHandler"}"#.to_owned(),
        };
        let mut events = vec![Event {
            at: self.start,
            kind: "RUN_STARTED".to_owned(),
            data: started,
            ..Event::default()
        }];
        events.extend(self.events.into_iter().map(|event| spell.event(event)));
        events.sort_by(|a, b| {
            a.at.total_cmp(&b.at)
                .then_with(|| rank(&a.kind).cmp(&rank(&b.kind)))
        });
        let own = self.user == agent.to_lowercase();
        Run {
            entity: if own {
                agent_id.to_owned()
            } else {
                id("user", &self.user)
            },
            room: id(agent, &self.room),
            message,
            text: self.text,
            reply: self.reply,
            metadata: self
                .metadata
                .map_or_else(|| "{}".to_owned(), |value| value.to_string()),
            start: self.start,
            events,
            id: run,
        }
    }
}

/// The service's order among events of one instant.
fn rank(kind: &str) -> usize {
    let order = [
        "RUN_STARTED",
        "RUN_ENDED",
        "ACTION_STARTED",
        "ACTION_COMPLETED",
        "MODEL_USED",
        "EVALUATOR_COMPLETED",
    ];
    order
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(order.len())
}

/// Makes the ids and times of one run whole.
struct Spell<'a> {
    run: &'a str,
    clock: Clock,
    start: f64,
}

impl Spell<'_> {
    fn event(&self, file: EventFile) -> Event {
        let (at, kind, mut data, mut truth) = match file {
            EventFile::Plain(at, kind, data) => (at, kind, data, None),
            EventFile::Told(at, kind, data, truth) => (at, kind, data, Some(truth)),
        };
        self.expand(&mut data);
        if let Some(truth) = &mut truth {
            self.expand(truth);
        }
        let word = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        Event {
            at: self.start + at,
            status: word("status"),
            error: word("error"),
            action: word("actionId"),
            action_name: word("actionName"),
            failed: data.get("success") == Some(&Value::Bool(false)),
            prompts: data
                .get("prompts")
                .and_then(Value::as_array)
                .map_or(0, Vec::len),
            kind,
            data: data.to_string(),
            truth,
        }
    }

    fn expand(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(word) = text.strip_prefix('#')
                    && !word.contains(' ')
                {
                    *text = id(self.run, word);
                } else if let Some(Ok(after)) = text.strip_prefix('@').map(str::parse::<f64>) {
                    *value = self.clock.at(self.start + after).as_millisecond().into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.expand(item)),
            Value::Object(members) => members.values_mut().for_each(|item| self.expand(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Room {
    /// As the service sends it.
    pub fn text(&self, agent: &Agent) -> String {
        let none = "00000000-0000-0000-0000-000000000000";
        format!(
            r#"{{"id":"{}","name":{},"channelId":"{}","agentId":"{}","messageServerId":"{none}","serverId":"{none}","worldId":"{}","type":"{}","source":"{}","metadata":null"#,
            self.id,
            quoted(&self.name),
            self.channel,
            agent.id,
            id(&agent.name, "world"),
            self.kind,
            self.source
        )
    }
}
