//! A mission. It has no status of its own; its tools, knowledge bases and servers are untyped and
//! only promised for the single read, so they are named where they come along and not missed else.

use crate::model::{Fact, Mission, Record, Reply};
use crate::provider::wire::{self, Object, Raw};

/// The mission that `raw` is; none without an id.
pub(super) fn read(reply: &Reply<'_>, raw: Raw<'_>) -> Option<Record> {
    let object = Object::read(raw)?;
    let id = object.some_text("mission_id")?;
    let mut facts = Vec::new();
    for (label, member) in [
        ("model", "model"),
        ("execution", "execution_mode"),
        ("instructions", "instructions"),
    ] {
        let text = object.some_text(member);
        facts.extend(text.map(|value| Fact { label, value }));
    }
    for (label, member) in [
        ("tools", "tools"),
        ("knowledge bases", "knowledge_bases"),
        ("MCP servers", "mcp_servers"),
    ] {
        facts.extend(names(&object, member).map(|value| Fact { label, value }));
    }
    Some(Record::Mission(Mission {
        name: object.some_text("name").unwrap_or_else(|| id.clone()),
        id,
        description: object.some_text("description"),
        status: None,
        created_at: object.time("created_at"),
        updated_at: object.time("updated_at"),
        facts,
        extras: Vec::new(),
        raw: wire::payload(reply, raw),
    }))
}

/// What the entries of an untyped list call themselves, one a line.
fn names(object: &Object<'_>, member: &str) -> Option<String> {
    let keys = [
        "name",
        "title",
        "id",
        "tool_id",
        "knowledge_base_id",
        "mcp_server_id",
        "type",
        "url",
    ];
    let names: Vec<String> = object
        .array(member)?
        .into_iter()
        .filter_map(|entry| {
            wire::text(entry).or_else(|| {
                let entry = Object::read(entry)?;
                keys.iter().find_map(|key| entry.some_text(key))
            })
        })
        .collect();
    (!names.is_empty()).then(|| names.join("\n"))
}
