//! Captured replies of the agent API, told by the lists that it names and the keys that its records have.
//! Artifacts and spans do not say whose they are; a trace says it of its spans.

use super::{artifact, aside, cursor::Cursor, span};
use crate::{
    model::{Ask, Of, Page, RunRef},
    provider::{
        capture::{Answer, Capture, Frame, Paper, Sort, has, only, run},
        strip,
        wire::{self, Object, Raw},
    },
};

const EVENTS: Frame = ("{\"events\":[", "]}");
const SESSIONS: Frame = ("{\"sessions\":[", "]}");
const AGENTS: Frame = ("{\"agents\":[", "]}");
const ARTIFACTS: Frame = ("{\"artifacts\":[", "]}");
const TRACES: Frame = ("{\"traces\":[", "]}");
const SPANS: Frame = ("{\"spans\":[", "]}");
const SCHEDULES: Frame = ("{\"schedules\":[", "]}");

/// Lists whose records a reader knows or that have a name of their own here.
const LISTS: [&str; 9] = [
    "events",
    "sessions",
    "agents",
    "artifacts",
    "traces",
    "spans",
    "schedules",
    "executions",
    "client_tool_calls",
];

/// Lists of what is nothing of a run, and what is in them.
const OTHERS: [(&str, &str); 10] = [
    ("aliases", "aliases"),
    ("tools", "tools"),
    ("tool_servers", "tool servers"),
    ("instructions", "instructions"),
    ("pipelines", "pipelines"),
    ("runs", "runs of a pipeline"),
    ("connectors", "connectors"),
    ("secrets", "secrets"),
    ("metrics", "metrics"),
    ("hooks", "hooks"),
];

/// What calls a record by its name, best first.
const NAMES: [&str; 4] = ["name", "key", "id", "type"];

/// What is in such a value; none where it is none of this service.
pub(super) fn captured(whole: Raw<'_>) -> Option<Capture<'_>> {
    let Some(object) = Object::read(whole) else {
        let rows = wire::array(whole)?;
        return Capture::list(rows, false, |record| sort(record, ""));
    };
    // An event may have a list of artifacts.
    let is_event = object.says("type") && object.says("session_key");
    for name in LISTS.into_iter().filter(|_| !is_event) {
        if let Some(rows) = object.array(name).filter(|rows| !rows.is_empty()) {
            return Capture::list(rows, true, |record| sort(record, name));
        }
    }
    let is_list = object.object("metadata").is_some();
    let names = LISTS.into_iter().chain(OTHERS.map(|(name, _)| name));
    for name in names.filter(|_| is_list) {
        let is_empty = object.array(name).is_some_and(|rows| rows.is_empty());
        if is_empty && only(&object, &[name, "metadata"]) {
            return Some(Capture::one(whole, true, Sort::Nothing(name)));
        }
    }
    for (name, what) in OTHERS {
        let rows = object.array(name).filter(|rows| !rows.is_empty());
        if let Some(rows) = rows.filter(|_| is_list && only(&object, &[name, "metadata"])) {
            let paper = |record: &Object<'_>| Sort::Paper(Paper::of(what, record, &NAMES));
            return Capture::list(rows, true, |record| Some(paper(record)));
        }
    }
    if let Some(words) = refused(&object) {
        return Some(Capture::one(whole, true, Sort::Refusal(words)));
    }
    Capture::list(vec![whole], false, |record| sort(record, ""))
}

/// What a record is that stands in a list of this name, or in none.
fn sort(record: &Object<'_>, list: &str) -> Option<Sort> {
    let answer = match list {
        "events" => event(record),
        "sessions" => session(record),
        "agents" => agent(record),
        "" => event(record)
            .filter(|_| {
                let says = ["id", "type", "session_key", "created_at"];
                says.iter().all(|name| record.says(name))
            })
            .or_else(|| session(record).filter(|_| has(record, "enabled")))
            .or_else(|| agent(record).filter(|_| has(record, "first_step") || has(record, "model")))
            .or_else(|| beside(record).filter(|_| !is_anybodys(record))),
        _ => beside(record),
    };
    match answer {
        Some(answer) => Some(answer.sort()),
        None => paper(record).map(Sort::Paper),
    }
}

fn event(record: &Object<'_>) -> Option<Answer> {
    let session = record.some_text("session_key");
    let session = session.or_else(|| record.some_text("session_id"))?;
    let ask = Ask::Events {
        run: run(None, Some(session)),
        page: Page::default(),
    };
    Some(Answer::listed(ask, EVENTS))
}

fn session(record: &Object<'_>) -> Option<Answer> {
    let is_one = record.says("key") && !has(record, "schedule");
    let ask = Ask::Runs {
        mission: record.some_text("agent_key").filter(|_| is_one)?.into(),
        status: None,
        page: Page::default(),
    };
    Some(Answer::listed(ask, SESSIONS))
}

fn agent(record: &Object<'_>) -> Option<Answer> {
    let is_one = record.says("key") && record.raw("tool_configurations").is_some();
    let page = Page::default();
    is_one.then(|| Answer::listed(Ask::Missions { page }, AGENTS))
}

/// Whether a trace or a span by itself may be of another service: many call theirs so.
fn is_anybodys(record: &Object<'_>) -> bool {
    let is_span = record.says("span_id");
    let own = if is_span {
        has(record, "has_children") && has(record, "attributes")
    } else {
        record.says("agent_key") || record.says("session_key")
    };
    record.says("trace_id") && !own
}

/// What lies beside agents and sessions.
fn beside(record: &Object<'_>) -> Option<Answer> {
    let text = |name| record.some_text(name);
    let nobodys = run(None, None);
    if let Some(id) = text("span_id") {
        let trace = text("trace_id").filter(|_| record.says("operation"))?;
        return Some(of_trace(&nobodys, &trace, &id));
    }
    if let Some(trace) = text("trace_id") {
        let run = run(text("agent_key"), text("session_key"));
        let is_one = record.says("status") && has(record, "started_at");
        let ask = aside::of_run(&run, aside::TRACES, Page::default());
        return is_one.then(|| Answer {
            thread: Some(trace.into()),
            ..Answer::listed(ask, TRACES)
        });
    }
    if let Some(id) = text("artifact_id") {
        let is_one = record.says("filename") && has(record, "mime_type");
        let answer = if has(record, "data") {
            Answer::single(Ask::Event {
                run: nobodys,
                event: artifact::id(&id).into(),
            })
        } else {
            let ask = aside::of_run(&nobodys, aside::ARTIFACTS, Page::default());
            Answer::listed(ask, ARTIFACTS)
        };
        return is_one.then_some(answer);
    }
    let agent = text("agent_key").filter(|_| record.says("key") && has(record, "schedule"))?;
    let ask = Ask::Aside {
        of: Of::Mission(agent.into()),
        what: aside::SCHEDULES,
        page: Page::default(),
    };
    Some(Answer::listed(ask, SCHEDULES))
}

fn of_trace(nobodys: &RunRef, trace: &str, id: &str) -> Answer {
    let page = Cursor::noted(trace.to_owned());
    let alone = Ask::Event {
        run: nobodys.clone(),
        event: span::id(trace, id).into(),
    };
    Answer {
        alone: Some(alone),
        thread: Some(trace.into()),
        ..Answer::listed(aside::of_run(nobodys, aside::SPANS, page), SPANS)
    }
}

/// What is nothing of a run. Arguments of calls that wait for the caller are secrets in clear text.
fn paper(record: &Object<'_>) -> Option<Paper> {
    if record.says("schedule_key") && has(record, "executed_at") {
        return Some(Paper::of(
            "executions of a schedule",
            record,
            &["session_key", "error_message", "status", "workflow_run_id"],
        ));
    }
    if record.says("event_id") && record.says("tool_configuration_name") && has(record, "arguments")
    {
        return Some(Paper {
            kept: strip::without(record, "arguments"),
            ..Paper::of(
                "calls that wait for the caller",
                record,
                &["tool_configuration_name"],
            )
        });
    }
    if record.says("key") && record.object("policy").is_some() {
        return Some(Paper::of("aliases", record, &NAMES));
    }
    let id = record.some_text("id")?;
    (id.starts_with("tol_") && record.says("name")).then(|| Paper::of("tools", record, &NAMES))
}

/// What a captured refusal says; none where it may be anything else.
fn refused(object: &Object<'_>) -> Option<String> {
    let is_one = only(object, &["id", "messages", "field_errors", "request_id"])
        && (object.says("request_id") || object.object("field_errors").is_some());
    is_one.then(|| super::said_in(object))
}
