//! The stories as they stand in `assets/demo/agentex`: one file per agent, its tasks inside, the
//! lines of a transcript in shorthand. This module reads them; `transcript` spells them out.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::demo::tales::Rng;

const FILES: [&str; 5] = [
    include_str!("../../../assets/demo/agentex/refund-desk.json"),
    include_str!("../../../assets/demo/agentex/incident-triage.json"),
    include_str!("../../../assets/demo/agentex/market-research.json"),
    include_str!("../../../assets/demo/agentex/table-booker.json"),
    include_str!("../../../assets/demo/agentex/invoice-reader.json"),
];

/// One file: an agent and what it did.
#[derive(Debug, Deserialize)]
pub struct Chapter {
    pub agent: Cast,
    pub tasks: Vec<Script>,
}

/// An agent. Times are offsets from the demo's start, in seconds.
#[derive(Debug, Deserialize)]
pub struct Cast {
    pub name: String,
    pub description: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub acp_type: String,
    pub agent_input_type: Option<String>,
    pub created: f64,
    pub registered: Option<f64>,
    pub registration_metadata: Option<Value>,
    /// Deployments, newest first; `created`, `promoted` and `expires` are offsets.
    #[serde(default)]
    pub deployments: Vec<Value>,
    /// Schedules; `next` is an offset.
    #[serde(default)]
    pub schedules: Vec<Value>,
}

/// A task. `status` and `reason` hold from `changed` on; before that it runs.
#[derive(Debug, Deserialize)]
pub struct Script {
    pub slug: String,
    #[serde(default)]
    pub unnamed: bool,
    pub title: Option<String>,
    pub status: Option<String>,
    pub reason: Option<String>,
    pub created: f64,
    pub changed: Option<f64>,
    pub cleaned: Option<f64>,
    #[serde(default)]
    pub params: Value,
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// Further agents of this task, by name.
    #[serde(default)]
    pub with: Vec<String>,
    /// The name of the generator that writes the transcript instead of `lines`.
    pub made: Option<String>,
    #[serde(default)]
    pub lines: Vec<Value>,
    #[serde(default)]
    pub spans: Vec<Value>,
    pub state: Option<Value>,
    #[serde(default)]
    pub tracker: Map<String, Value>,
}

/// All chapters. A file that cannot be read is left out; a test holds that there is none.
pub fn chapters() -> Vec<Chapter> {
    FILES
        .iter()
        .filter_map(|text| serde_json::from_str(&with_task_ids(text)).ok())
        .collect()
}

/// An id that is the same at every start, because it grows from a name.
pub fn id_of(name: &str) -> String {
    Rng::seeded(seed(name)).uuid()
}

/// FNV-1a of the name.
pub fn seed(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// `{task:SLUG}` in a story stands for the id of that task.
fn with_task_ids(text: &str) -> String {
    let mut parts = text.split("{task:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (slug, rest) = part.split_once('}').unwrap_or((part, ""));
        out.push_str(&id_of(&format!("task:{slug}")));
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_readable() {
        for text in FILES {
            serde_json::from_str::<Chapter>(text).unwrap();
        }
        assert_eq!(chapters().len(), FILES.len());
    }

    #[test]
    fn a_task_is_named_by_its_slug() {
        let id = id_of("task:presentation-dinner");
        assert_eq!(
            with_task_ids("a {task:presentation-dinner} b"),
            format!("a {id} b")
        );
    }
}
