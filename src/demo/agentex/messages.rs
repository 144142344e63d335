//! What is read per task and in order: the transcript, in both of its paging families, the whole
//! export, and the inbox events with their key of the last one seen.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Value, json};

use super::fault::Fault;
use super::lists::known;
use super::query::{Checks, Query};
use super::side::Inbox;
use super::transcript::{Message, owner, stored};
use super::world::{Task, World};

type Body = Result<String, Fault>;

pub fn export(world: &World, task: &Task) -> String {
    let elapsed = world.clock.elapsed();
    let messages: Vec<String> = world
        .messages(task)
        .map(|m| m.body(&task.id, &world.clock, elapsed))
        .collect();
    let states = Value::Array(world.states(task));
    format!(
        r#"{{"task_id":"{}","messages":[{}],"task_states":{states}}}"#,
        task.id,
        messages.join(",")
    )
}

/// Newest first, but ascending ids inside one millisecond: the order of the service.
fn newest_first<'a>(world: &'a World, task: &'a Task) -> Vec<&'a Message> {
    let mut all: Vec<&Message> = world.messages(task).collect();
    all.sort_by(|a, b| (b.millis, &a.id).cmp(&(a.millis, &b.id)));
    all
}

fn bodies(world: &World, task: &Task, messages: &[&Message]) -> String {
    let elapsed = world.clock.elapsed();
    let texts: Vec<String> = messages
        .iter()
        .map(|m| m.body(&task.id, &world.clock, elapsed))
        .collect();
    format!("[{}]", texts.join(","))
}

pub fn messages(world: &World, query: &Query) -> Body {
    let task = known(world, query.required("task_id")?)?;
    let (limit, skip) = query.page(Checks::Messages)?;
    let mut all = newest_first(world, task);
    let ascending = query
        .text("order_direction")
        .is_some_and(|way| way.eq_ignore_ascii_case("asc"));
    match query.text("order_by").unwrap_or("created_at") {
        "created_at" | "updated_at" if ascending => {
            all.sort_by(|a, b| (a.millis, &a.id).cmp(&(b.millis, &b.id)));
        }
        "created_at" | "updated_at" => {}
        _ => all.sort_by(|a, b| a.id.cmp(&b.id)),
    }
    let page: Vec<&Message> = all.into_iter().skip(skip).take(limit).collect();
    Ok(bodies(world, task, &page))
}

pub fn paginated(world: &World, query: &Query) -> Body {
    let task = known(world, query.required("task_id")?)?;
    let limit = query.number("limit", 50)?;
    let direction = query.text("direction").unwrap_or("older");
    if !["older", "newer"].contains(&direction) {
        let why = "Input should be 'older' or 'newer'";
        return Err(Fault::parameter(
            "direction",
            "literal_error",
            why,
            &format!("'{direction}'"),
        ));
    }
    if limit == 0 {
        return Ok(r#"{"data":[],"next_cursor":null,"has_more":true}"#.to_owned());
    }
    let limit = usize::try_from(limit).unwrap_or(50);
    let mut all = newest_first(world, task);
    // A cursor that cannot be read, or names no message, is ignored.
    let place = query
        .text("cursor")
        .and_then(cursor_id)
        .and_then(|id| all.iter().position(|m| m.id == id));
    match place {
        Some(at) if direction == "older" => drop(all.drain(..=at)),
        Some(at) => all.truncate(at),
        None => {}
    }
    let has_more = all.len() > limit;
    all.truncate(limit);
    let cursor = all
        .last()
        .filter(|_| has_more)
        .map(|last| cursor(world, last));
    let cursor = cursor.map_or("null".to_owned(), |text| format!("\"{text}\""));
    Ok(format!(
        r#"{{"data":{},"next_cursor":{cursor},"has_more":{has_more}}}"#,
        bodies(world, task, &all)
    ))
}

fn cursor(world: &World, last: &Message) -> String {
    let at = stored(&world.clock, last.at);
    URL_SAFE.encode(json!({"v": 1, "id": last.id, "created_at": at}).to_string())
}

fn cursor_id(text: &str) -> Option<String> {
    let value: Value = serde_json::from_slice(&URL_SAFE.decode(text).ok()?).ok()?;
    Some(value.get("id")?.as_str()?.to_owned())
}

pub fn message(world: &World, id: &str) -> Body {
    let elapsed = world.clock.elapsed();
    let by = |task: &&Task| id.get(8..18) == Some(&owner(&task.id));
    for task in world.tasks.iter().filter(by) {
        if let Some(found) = world.messages(task).find(|message| message.id == id) {
            return Ok(found.body(&task.id, &world.clock, elapsed));
        }
    }
    Err(Fault::no_id(id))
}

pub fn events(world: &World, query: &Query) -> Body {
    let task = known(world, query.required("task_id")?)?;
    let agent = query.required("agent_id")?;
    let limit = query
        .text("limit")
        .map(|_| query.bounded("limit", 1000, 1000))
        .transpose()?;
    if world.cleaned(task).is_some() {
        return Ok("[]".to_owned());
    }
    let all: Vec<&Inbox> = world.events(&task.id, agent).collect();
    // An id nobody knows is ignored: everything comes, from the start.
    let after = query
        .text("last_processed_event_id")
        .and_then(|id| all.iter().position(|event| event.id == id));
    let rest = all
        .iter()
        .skip(after.map_or(0, |at| at + 1))
        .take(limit.unwrap_or(usize::MAX));
    Ok(Value::Array(rest.map(|event| world.event_row(event)).collect()).to_string())
}
