//! Agents as missions. What an agent has besides its record (its rooms, the server that it runs on) is
//! asked of lists of their own, and only for one that is looked at: listing agents is one request.

use super::envelope;
use super::lists::{fact, list_of};
use super::secrets;
use super::side::Side;
use crate::model::{Batch, Mission, Record, Reply, Row};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// All agents, running or not.
pub(super) fn all(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let agents = list_of(data, "agents")?;
    let mut batch = Batch::default();
    for (n, raw) in agents.iter().enumerate() {
        let mission = agent(raw).unwrap_or_else(|| {
            batch.skipped += 1;
            Mission {
                id: format!("unreadable-{n}"),
                name: "unreadable record".to_owned(),
                raw: secrets::payload(raw),
                ..Mission::default()
            }
        });
        batch.rows.push(Row::Full(Record::Mission(mission)));
    }
    Ok(batch)
}

/// One agent in full.
pub(super) fn one(id: &str, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let object = Object::read(data)
        .ok_or_else(|| ReadError::Foreign("an agent that is no JSON object".to_owned()))?;
    let mut mission = agent(data).unwrap_or_default();
    if mission.id.is_empty() {
        id.clone_into(&mut mission.id);
        mission.raw = secrets::payload(data);
    }
    for (label, name) in [("system", "system"), ("username", "username")] {
        fact(&mut mission.facts, label, object.some_text(name));
    }
    for label in ["topics", "adjectives", "plugins"] {
        fact(
            &mut mission.facts,
            label,
            object.raw(label).and_then(|raw| lines(raw, ", ")),
        );
    }
    if object.boolean("enabled") == Some(false) {
        fact(&mut mission.facts, "enabled", Some("false".to_owned()));
    }
    Ok(Batch {
        rows: vec![Row::Full(Record::Mission(mission))],
        also: [Side::Server, Side::Rooms]
            .into_iter()
            .filter_map(|side| side.beside(id))
            .collect(),
        ..Batch::default()
    })
}

fn agent(raw: Raw<'_>) -> Option<Mission> {
    let object = Object::read(raw)?;
    Some(Mission {
        id: object
            .some_text("id")
            .or_else(|| object.some_text("agentId"))?,
        name: object
            .some_text("name")
            .or_else(|| object.some_text("characterName"))
            .unwrap_or_default(),
        description: object.raw("bio").and_then(|bio| lines(bio, "\n")),
        status: object.some_text("status"),
        created_at: object.time("createdAt"),
        updated_at: object.time("updatedAt"),
        facts: Vec::new(),
        extras: Vec::new(),
        raw: secrets::payload(raw),
    })
}

/// A string, or an array of strings joined.
fn lines(raw: Raw<'_>, joint: &str) -> Option<String> {
    let all = match wire::array(raw) {
        Some(items) => items
            .into_iter()
            .filter_map(wire::text)
            .collect::<Vec<_>>()
            .join(joint),
        None => wire::text(raw)?,
    };
    (!all.trim().is_empty()).then_some(all)
}
