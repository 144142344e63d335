//! What lies around the runs: agents, rooms, the log rows that runs are computed from, and the
//! memories, which alone tell what was said and how an action truly ended.

use serde_json::{Value, json};

use super::View;
use super::story::{Agent, Event, Run, World, id};
use super::wire::{Answer, Query, array, is_uuid, quoted};

impl<'a> View<'a> {
    /// The agent whose routes these are.
    pub fn agent(&self) -> Option<&'a Agent> {
        self.world.agents.get(self.at)
    }

    /// Its runs, those that have not begun included.
    pub fn runs(&self) -> &'a [Run] {
        self.agent().map_or(&[], |agent| &agent.runs)
    }

    /// What the service tells of a run by now. An action is linked to its run only by the row written
    /// at its end, so one at work is not seen.
    pub fn events(&self, run: &'a Run) -> impl Iterator<Item = &'a Event> + use<'a> {
        let now = self.now;
        let past = move |event: &&Event| event.at <= now;
        let ended: std::collections::HashSet<&str> = run
            .events
            .iter()
            .filter(past)
            .filter(|event| event.kind == "ACTION_COMPLETED")
            .filter_map(|event| event.action.as_deref())
            .collect();
        run.events.iter().filter(past).filter(move |event| {
            event.kind != "ACTION_STARTED"
                || event.action.as_deref().is_some_and(|id| ended.contains(id))
        })
    }
}

/// `GET /api/agents`.
pub(super) fn agents(world: &World) -> Answer {
    let agents = array(world.agents.iter().map(|agent| {
        let (name, status) = (
            quoted(&agent.name),
            if agent.active { "active" } else { "inactive" },
        );
        format!(
            r#"{{"id":"{}","name":{name},"characterName":{name},"bio":{},"status":"{status}"}}"#,
            agent.id,
            quoted(&agent.bio)
        )
    }));
    Answer::data(&format!(r#"{{"agents":{agents}}}"#))
}

/// `GET /api/agents/{agent}`: stopped ones too.
pub(super) fn agent(world: &World, wanted: &str) -> Answer {
    if !is_uuid(wanted) {
        return Answer::invalid("agent");
    }
    match world.agents.iter().find(|agent| agent.id == wanted) {
        Some(agent) => Answer::data(&agent.record),
        None => Answer::not_found("Agent not found"),
    }
}

/// `GET /api/agents/{agent}/rooms`: the agent's own room is always there.
pub(super) fn rooms(view: &View<'_>) -> Answer {
    let Some(agent) = view.agent() else {
        return Answer::not_found("Agent not found");
    };
    let own = json!({"id": agent.id, "name": agent.name, "channelId": agent.id, "agentId": agent.id,
        "messageServerId": null, "serverId": null, "worldId": agent.id, "type": "SELF", "source": "self", "metadata": null});
    let rooms = agent.rooms.iter().map(|room| room.text(agent) + "}");
    Answer::data(&format!(
        r#"{{"rooms":{}}}"#,
        array(std::iter::once(own.to_string()).chain(rooms))
    ))
}

/// `GET /api/agents/{agent}/rooms/{room}`.
pub(super) fn room(view: &View<'_>, wanted: &str) -> Answer {
    if !is_uuid(wanted) {
        return Answer::invalid("room");
    }
    let found = view.agent().and_then(|agent| {
        let room = agent.rooms.iter().find(|room| room.id == wanted)?;
        Some(room.text(agent) + r#","worldName":"Demo server"}"#)
    });
    found.map_or_else(
        || Answer::not_found("Room not found"),
        |text| Answer::data(&text),
    )
}

/// `GET /api/agents/{agent}/memories`: by room, without a limit.
pub(super) fn memories(view: &View<'_>, query: &Query) -> Answer {
    let wanted = match query.room() {
        Ok(room) => room.map(str::to_owned),
        Err(answer) => return answer,
    };
    let channel = query
        .word("channelId")
        .and_then(|channel| room_of(view, channel));
    remembered(view, query, wanted.or(channel).as_deref(), None)
}

/// `GET /api/agents/{agent}/rooms/{channel}/memories`: a wrong channel gives an empty list.
pub(super) fn room_memories(view: &View<'_>, channel: &str, query: &Query) -> Answer {
    let limit = usize::try_from(query.int("limit").unwrap_or(20).max(1)).unwrap_or(1);
    let room = room_of(view, channel).unwrap_or_default();
    remembered(view, query, Some(&room), Some(limit))
}

fn room_of(view: &View<'_>, channel: &str) -> Option<String> {
    let room = view
        .agent()?
        .rooms
        .iter()
        .find(|room| room.channel == channel)?;
    Some(room.id.clone())
}

fn remembered(view: &View<'_>, query: &Query, room: Option<&str>, limit: Option<usize>) -> Answer {
    let Some(agent) = view.agent() else {
        return Answer::not_found("Agent not found");
    };
    let before = query.int("before").unwrap_or(i64::MAX);
    let mut found: Vec<(f64, Value)> = agent
        .runs
        .iter()
        .filter(|run| room.is_none_or(|room| run.room == room))
        .flat_map(|run| of_run(view, agent, run))
        .filter(|(at, _)| *at <= view.now && view.world.millis(*at) <= before)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let memories = found.into_iter().take(limit.unwrap_or(usize::MAX));
    Answer::data(&format!(
        r#"{{"memories":{}}}"#,
        array(memories.map(|(_, memory)| memory.to_string()))
    ))
}

/// The message that began a run, the true results of its actions, and the reply.
fn of_run(view: &View<'_>, agent: &Agent, run: &Run) -> Vec<(f64, Value)> {
    let memory = |id: &str, at: f64, entity: &str, content: Value, metadata: Value| {
        let memory = json!({"id": id, "type": "messages", "createdAt": view.world.millis(at), "entityId": entity,
            "agentId": agent.id, "roomId": run.room, "unique": true, "content": content, "metadata": metadata});
        (at, memory)
    };
    let mut all = Vec::new();
    if let (Some(message), Some(text)) = (&run.message, &run.text) {
        let content = json!({"text": text, "source": "client_chat"});
        all.push(memory(
            message,
            run.start - 0.02,
            &run.entity,
            content,
            json!({"type": "message"}),
        ));
    }
    for event in &run.events {
        let (Some(action), Some(truth)) = (&event.action, &event.truth) else {
            continue;
        };
        let failed = truth.get("success") != Some(&Value::Bool(true));
        let group = id(&run.id, "group");
        let content = json!({"type": "action_result", "text": truth.get("text"), "source": "action",
            "actionName": event.action_name, "actionStatus": if failed { "failed" } else { "completed" },
            "runId": group, "planStep": truth.get("planStep"), "actionResult": truth});
        let metadata = json!({"type": "action_result", "runId": group, "parentRunId": run.id,
            "actionId": action, "actionName": event.action_name});
        all.push(memory(
            action,
            event.at - 0.01,
            &agent.id,
            content,
            metadata,
        ));
    }
    if let (Some(reply), Some(end)) = (
        &run.reply,
        run.events.iter().rfind(|e| e.kind == "RUN_ENDED"),
    ) {
        let content = json!({"text": reply, "actions": ["REPLY"], "inReplyTo": run.message});
        let metadata = json!({"type": "message"});
        all.push(memory(
            &id(&run.id, "reply"),
            end.at - 0.05,
            &agent.id,
            content,
            metadata,
        ));
    }
    all
}

/// `GET /api/agents/{agent}/logs`: the rows of all agents, newest first, ten unless told otherwise.
pub(super) fn logs(view: &View<'_>, query: &Query) -> Answer {
    let room = match query.room() {
        Ok(room) => room,
        Err(answer) => return answer,
    };
    let count = match (query.word("count"), query.int("count")) {
        (None, _) => 10,
        (Some(_), None) => usize::MAX,
        (Some(_), Some(n)) => usize::try_from(n).unwrap_or(0),
    };
    let offset = query
        .int("offset")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0);
    let mut rows: Vec<(&Run, &Event, String)> = view
        .world
        .agents
        .iter()
        .flat_map(|agent| &agent.runs)
        .filter(|run| room.is_none_or(|room| run.room == room))
        .flat_map(|run| run.events.iter().map(move |event| (run, event)))
        .filter(|(_, event)| event.at <= view.now)
        .map(|(run, event)| (run, event, row_type(event)))
        .filter(|(_, _, kind)| query.word("type").is_none_or(|wanted| kind == wanted))
        .collect();
    rows.sort_by(|a, b| b.1.at.total_cmp(&a.1.at));
    let kept = rows.into_iter().skip(offset).take(count);
    let kept = kept.filter(|(_, _, kind)| query.all("excludeTypes").all(|not| not != kind));
    Answer::data(&array(
        kept.map(|(run, event, kind)| row(view, run, event, &kind)),
    ))
}

fn row_type(event: &Event) -> String {
    match event.kind.as_str() {
        "RUN_STARTED" | "RUN_ENDED" => "run_event".to_owned(),
        "ACTION_STARTED" => "action_event".to_owned(),
        "ACTION_COMPLETED" => "action".to_owned(),
        "EVALUATOR_COMPLETED" => "evaluator".to_owned(),
        "EMBEDDING_EVENT" => "embedding_event".to_owned(),
        "MODEL_USED" => {
            let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
            let model = data.get("modelType").and_then(Value::as_str);
            format!("useModel:{}", model.unwrap_or_default())
        }
        other => other.to_lowercase(),
    }
}

fn row(view: &View<'_>, run: &Run, event: &Event, kind: &str) -> String {
    let body = if kind == "run_event" {
        run_event(view, run, event)
    } else {
        let own = match kind {
            "action" => format!(
                r#""runId":"{}","parentRunId":"{}""#,
                id(&run.id, "group"),
                run.id
            ),
            "action_event" => format!(r#""runId":"{}""#, id(&run.id, "group")),
            _ => format!(r#""runId":"{}""#, run.id),
        };
        let error = match &event.truth {
            Some(Value::String(why)) => format!(r#","error":{}"#, quoted(why)),
            _ => String::new(),
        };
        let rest = event.sent();
        format!("{{{own}{error},{}", rest.trim_start_matches('{'))
    };
    format!(
        r#"{{"id":"{}","createdAt":"{:.3}","entityId":"{}","roomId":"{}","type":"{kind}","body":{body}}}"#,
        id(&run.id, &format!("log/{}/{}", event.at, event.kind)),
        view.world.clock.at(event.at),
        run.entity,
        run.room
    )
}

fn run_event(view: &View<'_>, run: &Run, event: &Event) -> String {
    let ms = |at: f64| view.world.millis(at);
    let mut body = serde_json::Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("runId", run.id.as_str().into());
    put(
        "status",
        event.status.as_deref().unwrap_or("started").into(),
    );
    put("messageId", run.message.as_deref().into());
    put("roomId", run.room.as_str().into());
    put("entityId", run.entity.as_str().into());
    put("startTime", ms(run.start).into());
    if event.kind == "RUN_ENDED" {
        put("endTime", ms(event.at).into());
        put("duration", (ms(event.at) - ms(run.start)).into());
    }
    if let Some(error) = &event.error {
        put("error", error.as_str().into());
    }
    put("source", "messageHandler".into());
    Value::Object(body).to_string()
}
