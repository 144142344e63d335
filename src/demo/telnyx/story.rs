//! The stories under `assets/demo/telnyx` and how they become the service's objects. A story file is
//! nearly in the service's shape; times in it are seconds (a mission's from the demo's start, all
//! others from the start of their run), and ids that every row repeats are left out. What has not
//! happened yet is not told: a run gets its end, a step its status, only when their time has come.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::made::{self, Made};
use crate::demo::clock::Clock;
use crate::demo::tales::Rng;

type Object = Map<String, Value>;

const FILES: [&str; 5] = [
    include_str!("../../../assets/demo/telnyx/nightly-billing.json"),
    include_str!("../../../assets/demo/telnyx/refund-sweep.json"),
    include_str!("../../../assets/demo/telnyx/depot-contacts.json"),
    include_str!("../../../assets/demo/telnyx/pager-triage.json"),
    include_str!("../../../assets/demo/telnyx/supplier-mail.json"),
];

/// Everything the account holds.
pub(super) struct Ledger {
    pub(super) clock: Clock,
    pub(super) missions: Vec<Mission>,
}

/// A mission, its lists of untyped things, its runs.
#[derive(Deserialize)]
pub(super) struct Mission {
    #[serde(rename = "mission")]
    facts: Object,
    /// Which of the untyped lists come along where the mission is read alone.
    #[serde(default)]
    embeds: Vec<String>,
    /// Which of them the account may not see.
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(flatten)]
    side: Object,
    pub(super) runs: Vec<Run>,
}

/// One execution.
#[derive(Deserialize)]
pub(super) struct Run {
    /// Its start, in seconds from the demo's.
    pub(super) at: f64,
    #[serde(rename = "run")]
    facts: Object,
    /// What the run's members become at its end, if that is still to come.
    ends: Option<Object>,
    #[serde(default)]
    plan: Vec<Object>,
    #[serde(default)]
    agents: Vec<Object>,
    #[serde(default)]
    events: Vec<Object>,
    made: Option<Made>,
    #[serde(skip)]
    rows: OnceLock<Vec<Row>>,
}

/// One event, ready to send.
pub(super) struct Row {
    /// When it happened, in seconds from the demo's start.
    pub(super) at: f64,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) step: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) text: String,
}

impl Ledger {
    /// The embedded stories. A file that is no JSON is left out; the tests count what is there.
    pub(super) fn embedded(clock: Clock) -> Self {
        let missions = FILES
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok());
        Self {
            clock,
            missions: missions.collect(),
        }
    }

    pub(super) fn mission(&self, id: &str) -> Option<&Mission> {
        self.missions.iter().find(|mission| mission.id() == id)
    }
}

impl Mission {
    pub(super) fn id(&self) -> &str {
        text(&self.facts, "mission_id").unwrap_or_default()
    }

    /// Seconds from the demo's start.
    pub(super) fn created(&self) -> f64 {
        number(&self.facts, "created_at").unwrap_or(0.0)
    }

    pub(super) fn told(&self, clock: Clock) -> String {
        written(dated(&self.facts, clock, 0.0, 6))
    }

    /// The mission read alone: with what comes along then.
    pub(super) fn told_whole(&self, clock: Clock) -> String {
        let mut whole = dated(&self.facts, clock, 0.0, 6);
        for name in &self.embeds {
            if let Some(list) = self.side.get(name) {
                let list = list.get("data").unwrap_or(list);
                whole.insert(name.clone(), list.clone());
            }
        }
        written(whole)
    }

    /// Whether the account may not see that list.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.lacks.iter().any(|lacking| lacking == name)
    }

    pub(super) fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.id() == id)
    }

    /// `tools`, `knowledge_bases` or `mcp_servers`, in whatever shape.
    pub(super) fn side(&self, name: &str) -> Option<&Value> {
        self.side.get(name)
    }
}

impl Run {
    pub(super) fn id(&self) -> &str {
        text(&self.facts, "run_id").unwrap_or_default()
    }

    /// The run as it stands now.
    pub(super) fn now(&self, mission: &str, clock: Clock) -> Object {
        let mut facts = self.facts.clone();
        if let Some(ends) = &self.ends
            && clock.has_happened(self.at + number(ends, "at").unwrap_or(0.0))
        {
            facts.extend(ends.iter().map(|(k, v)| (k.clone(), v.clone())));
            facts.remove("at");
        }
        facts.entry("updated_at").or_insert_with(|| {
            let seen = self.rows(clock).iter().filter(|r| clock.has_happened(r.at));
            let last = seen.map(|row| row.at).fold(self.at, f64::max);
            Value::from(last - self.at)
        });
        let mut run = Object::new();
        run.insert("run_id".to_owned(), Value::from(self.id()));
        run.insert("mission_id".to_owned(), Value::from(mission));
        facts.insert("started_at".to_owned(), Value::from(0.0));
        run.extend(dated(&facts, clock, self.at, 3));
        run
    }

    /// The plan's steps as they stand now, in the order they were written.
    pub(super) fn plan(&self, clock: Clock) -> Vec<Object> {
        let steps = self.plan.iter();
        steps.map(|step| self.step_now(step, clock)).collect()
    }

    fn step_now(&self, step: &Object, clock: Clock) -> Object {
        let mut facts = step.clone();
        let to_come =
            |name: &str| number(step, name).is_some_and(|at| !clock.has_happened(self.at + at));
        if to_come("completed_at") {
            facts.remove("completed_at");
            facts.insert("status".to_owned(), Value::from("in_progress"));
        }
        if to_come("started_at") {
            facts.remove("started_at");
            facts.insert("status".to_owned(), Value::from("pending"));
        }
        let mut told = dated(&facts, clock, self.at, 3);
        told.insert("run_id".to_owned(), Value::from(self.id()));
        told
    }

    /// The linked assistants.
    pub(super) fn agents(&self, clock: Clock) -> Vec<String> {
        let linked = self.agents.iter().filter(|agent| {
            number(agent, "created_at").is_none_or(|at| clock.has_happened(self.at + at))
        });
        let told = linked.map(|agent| {
            let mut row = Object::new();
            row.insert("run_id".to_owned(), Value::from(self.id()));
            row.extend(dated(agent, clock, self.at, 3));
            written(row)
        });
        told.collect()
    }

    /// All events, oldest first, those to come included. Built when first asked for.
    pub(super) fn rows(&self, clock: Clock) -> &[Row] {
        self.rows.get_or_init(|| {
            let made = self.made.map(made::events).unwrap_or_default();
            let mut ids = Rng::seeded(seed(self.id()));
            let all = self.events.iter().chain(&made);
            let mut rows: Vec<Row> = all
                .map(|event| self.row(event, ids.uuid(), clock))
                .collect();
            rows.sort_by(|a, b| a.at.total_cmp(&b.at));
            rows
        })
    }

    fn row(&self, event: &Object, id: String, clock: Clock) -> Row {
        let at = self.at + number(event, "at").unwrap_or(0.0);
        let id = text(event, "event_id").map_or(id, str::to_owned);
        let mut told = Object::new();
        told.insert("event_id".to_owned(), Value::from(id.as_str()));
        told.insert("run_id".to_owned(), Value::from(self.id()));
        for (name, value) in event {
            if name == "at" {
                told.insert("timestamp".to_owned(), stamp(clock, at, 6));
            } else {
                told.insert(name.clone(), value.clone());
            }
        }
        Row {
            at,
            id,
            kind: text(event, "type").unwrap_or_default().to_owned(),
            step: text(event, "step_id").map(str::to_owned),
            agent: text(event, "agent_id").map(str::to_owned),
            text: made::spliced(written(told)),
        }
    }
}

/// `facts` with each number under a name ending in `_at` turned into the instant that many seconds
/// after `from`.
fn dated(facts: &Object, clock: Clock, from: f64, digits: usize) -> Object {
    let told = facts.iter().map(|(name, value)| {
        let time = value.as_f64().filter(|_| name.ends_with("_at"));
        let value = time.map_or_else(|| value.clone(), |at| stamp(clock, from + at, digits));
        (name.clone(), value)
    });
    told.collect()
}

fn stamp(clock: Clock, at: f64, digits: usize) -> Value {
    Value::from(format!("{:.digits$}", clock.at(at)))
}

/// The JSON text of an object.
pub(super) fn written(object: Object) -> String {
    Value::Object(object).to_string()
}

/// A text member.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn number(object: &Object, name: &str) -> Option<f64> {
    object.get(name).and_then(Value::as_f64)
}

/// The same id gives the same seed at every start (FNV-1a).
fn seed(id: &str) -> u64 {
    id.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
