//! An Agent is a mission.

use super::derived_id;
use crate::model::{Fact, Mission, Record, Reply};
use crate::provider::wire::{self, Object, Raw};

/// The mission of an Agent, and whether the record could be read at all.
pub fn mission(reply: &Reply<'_>, raw: Raw<'_>) -> (Record, bool) {
    let bytes = wire::payload(reply, raw);
    let Some(agent) = Object::read(raw) else {
        let unread = Mission {
            id: derived_id(raw.get()),
            name: "(cannot be read)".to_owned(),
            raw: bytes,
            ..Mission::default()
        };
        return (Record::Mission(unread), false);
    };
    let id = agent.some_text("id");
    let readable = id.is_some();
    let id = id.unwrap_or_else(|| derived_id(raw.get()));
    let read = Mission {
        name: agent.some_text("name").unwrap_or_else(|| id.clone()),
        id,
        description: agent.some_text("description"),
        status: agent.some_text("status"),
        created_at: agent.time("created_at"),
        updated_at: agent.time("updated_at"),
        facts: facts(&agent),
        extras: Vec::new(),
        raw: bytes,
    };
    (Record::Mission(read), readable)
}

fn facts(agent: &Object<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (label, member) in [
        ("status reason", "status_reason"),
        ("type", "acp_type"),
        ("input", "agent_input_type"),
    ] {
        facts.extend(agent.some_text(member).map(|value| Fact {
            label,
            value,
            of: None,
        }));
    }
    let registered = agent.some_text("registered_at");
    facts.extend(registered.map(|at| Fact {
        of: None,
        label: "registered",
        value: wire::spoken(&at),
    }));
    if let Some(build) = agent.object("registration_metadata") {
        let parts = ["branch_name", "commit_hash", "build_timestamp"];
        let parts: Vec<String> = parts
            .iter()
            .filter_map(|part| build.some_text(part))
            .collect();
        if !parts.is_empty() {
            let value = parts.join(" ");
            facts.push(Fact {
                of: None,
                label: "build",
                value,
            });
        }
    }
    facts
}
