//! Agents → missions. An agent has no state of its own: whether it is enabled is a fact beside it.

use super::cursor::Cursor;
use super::{aside, made_id, object, page_key, rows};
use crate::model::{Ask, Batch, Fact, Mission, Page, Record, Reply, Row};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

pub(super) fn list(whole: Raw<'_>, reply: &Reply<'_>, page: &Page) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let agents = rows(&whole, "agents")?;
    let mut batch = Batch::default();
    for raw in &agents {
        let mission = mission(raw, reply, &mut batch.skipped);
        batch.rows.push(Row::Full(Record::Mission(mission)));
    }
    let next = Cursor::of(page).next(page, agents.len(), page_key(&whole));
    batch.next = next.map(|page| Ask::Missions { page });
    Ok(batch)
}

pub(super) fn one(whole: Raw<'_>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let agent = object(whole)?;
    if agent.first(&["key", "name", "agent_key", "id"]).is_none() {
        return Err(ReadError::Foreign("not an agent".to_owned()));
    }
    let mut batch = Batch::default();
    let mission = mission(whole, reply, &mut batch.skipped);
    batch
        .also
        .push(aside::of_mission(&mission.id, aside::SCHEDULES, ""));
    batch.rows.push(Row::Full(Record::Mission(mission)));
    Ok(batch)
}

/// Whether the key may read: a key with the role agent_user lists agents, and is then refused
/// everywhere, so the sessions of one are asked for too.
pub(super) fn proof(whole: Raw<'_>) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let agents = rows(&whole, "agents")?;
    let first = agents.first().and_then(|agent| Object::read(agent));
    let key = first.and_then(|agent| agent.some_text("key"));
    Ok(Batch {
        also: key
            .map(|key| aside::of_mission(&key, aside::PROOF, ""))
            .into_iter()
            .collect(),
        ..Batch::default()
    })
}

fn mission(raw: Raw<'_>, reply: &Reply<'_>, skipped: &mut u32) -> Mission {
    let agent = Object::read(raw);
    let text = |name: &str| agent.as_ref().and_then(|agent| agent.some_text(name));
    let id = ["key", "agent_key", "agent_id", "id"]
        .into_iter()
        .find_map(text);
    if id.is_none() {
        *skipped = skipped.saturating_add(1);
    }
    let id = id.unwrap_or_else(|| made_id(raw));
    Mission {
        name: text("name").unwrap_or_else(|| id.clone()),
        id,
        description: text("description"),
        status: None,
        created_at: agent.as_ref().and_then(|agent| agent.time("created_at")),
        updated_at: agent.as_ref().and_then(|agent| agent.time("updated_at")),
        facts: agent.as_ref().map(facts).unwrap_or_default(),
        extras: Vec::new(),
        raw: wire::payload(reply, raw),
    }
}

fn facts(agent: &Object<'_>) -> Vec<Fact> {
    let names = |field: &str| {
        let all = agent.object(field)?;
        let names: Vec<&str> = all.members().iter().map(|(name, _)| &**name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let first = agent.object("first_step");
    let first_name = || first.as_ref().and_then(|step| step.some_text("name"));
    let facts = [
        (
            "model",
            agent
                .object("model")
                .and_then(|model| model.some_text("name")),
        ),
        ("enabled", agent.text_of("enabled")),
        (
            "first step",
            agent.some_text("first_step_name").or_else(first_name),
        ),
        ("steps", names("steps")),
        ("tools", names("tool_configurations")),
        ("skills", names("skills")),
        ("instructions", first.as_ref().and_then(instructions)),
    ];
    wire::facts(facts)
}

fn instructions(step: &Object<'_>) -> Option<String> {
    let all = step.array("instructions")?;
    let texts: Vec<String> = all
        .into_iter()
        .filter_map(|one| {
            let one = Object::read(one)?;
            one.some_text("template").or_else(|| one.some_text("id"))
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}
