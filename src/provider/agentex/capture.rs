//! Captured replies: transcripts and all that lies beside a task or an agent, listed or one by one. Told by
//! the members that a record of each sort must have.

use super::{aside, said};
use crate::{
    model::{Ask, Page, RunRef},
    provider::{
        capture::{Answer, Capture, Frame, Paper, Sort, has, only, run},
        strip,
        wire::{self, Object, Raw},
    },
};

const LIST: Frame = ("[", "]");
const SCHEDULES: Frame = ("{\"run_schedules\":[", "]}");

/// All members of a span.
const SPAN: [&str; 10] = [
    "id",
    "trace_id",
    "task_id",
    "parent_id",
    "name",
    "start_time",
    "end_time",
    "input",
    "output",
    "data",
];

/// What is in such a value; none where it is none of this service.
pub(super) fn captured(whole: Raw<'_>) -> Option<Capture<'_>> {
    let Some(object) = Object::read(whole) else {
        return Capture::list(wire::array(whole)?, true, sort);
    };
    if let Some(task) = export(&object) {
        return Some(Capture::one(
            whole,
            true,
            Answer::single(events(task)).sort(),
        ));
    }
    if let Some(rows) = object.array("run_schedules") {
        return Capture::list(rows, true, sort);
    }
    if let Some(rows) = object.array("data") {
        let is_page = |sort: &Sort| matches!(sort, Sort::Answer(answer) if matches!(answer.ask, Ask::Events { .. }));
        return Capture::list(rows, true, |record| sort(record).filter(is_page));
    }
    if let Some(words) = refused(&object) {
        return Some(Capture::one(whole, true, Sort::Refusal(words)));
    }
    Capture::list(vec![whole], false, sort)
}

fn sort(record: &Object<'_>) -> Option<Sort> {
    let ask = of_task(record).or_else(|| alone(record));
    if let Some(ask) = ask {
        return Some(Answer::listed(ask, LIST).sort());
    }
    if let Some(agent) = record.some_text("agent_id")
        && is_schedule(record)
    {
        let ask = aside::of_mission(&agent.into(), aside::SCHEDULES);
        return Some(Answer::listed(ask, SCHEDULES).sort());
    }
    paper(record).map(Sort::Paper)
}

/// The ask that a record of a task answers.
fn of_task(record: &Object<'_>) -> Option<Ask> {
    if is_span(record) {
        let task = record.some_text("task_id");
        let task = task.or_else(|| record.some_text("trace_id"));
        return Some(aside::of_run(&run(None, task), aside::SPANS));
    }
    // Without the agent: several of them tell of one task.
    let of = run(None, Some(record.some_text("task_id")?));
    let is_of_agent = record.says("id") && record.says("agent_id");
    match () {
        () if is_message(record) => Some(events(of)),
        () if !is_of_agent => None,
        () if record.raw("sequence_id").is_some() && has(record, "content") => {
            Some(aside::of_run(&of, aside::INBOX))
        }
        () if record.object("state").is_some() => Some(aside::of_run(&of, aside::STATES)),
        () if has(record, "last_processed_event_id") => Some(aside::of_run(&of, aside::TRACKERS)),
        () => None,
    }
}

/// The ask that a record of no task answers.
fn alone(record: &Object<'_>) -> Option<Ask> {
    let page = Page::default();
    if is_task(record) {
        return Some(Ask::Runs {
            mission: "".into(),
            status: None,
            page,
        });
    }
    if record.says("id") && record.says("name") && record.says("acp_type") {
        return Some(Ask::Missions { page });
    }
    let agent = record.some_text("agent_id")?;
    let is_deployed = record.says("id") && has(record, "docker_image");
    is_deployed.then(|| aside::of_mission(&agent.into(), aside::DEPLOYMENTS))
}

fn events(run: RunRef) -> Ask {
    Ask::Events {
        run,
        page: Page::default(),
    }
}

/// `{"task_id", "messages", "task_states"}`; a task without messages exports an empty list.
fn export(object: &Object<'_>) -> Option<RunRef> {
    let messages = object.array("messages")?;
    let task = match messages.first() {
        Some(first) => Object::read(first).filter(is_message)?.some_text("task_id"),
        None => object.raw("task_states").and(object.some_text("task_id")),
    };
    task.map(|task| run(None, Some(task)))
}

/// An inbox event looks like a message too, but has a number.
fn is_message(record: &Object<'_>) -> bool {
    let is_typed = |content: Object<'_>| content.raw("type").is_some();
    record.says("task_id")
        && record.object("content").is_some_and(is_typed)
        && record.raw("sequence_id").is_none()
}

/// Members that are null tell it too.
fn is_task(record: &Object<'_>) -> bool {
    let members = ["status", "cleaned_at", "task_metadata"];
    record.says("id") && members.iter().all(|name| has(record, name))
}

fn is_span(record: &Object<'_>) -> bool {
    let says = ["id", "trace_id", "name", "start_time"];
    // Others name the times alike, and keep more.
    says.iter().all(|name| record.says(name)) && has(record, "end_time") && only(record, &SPAN)
}

fn is_schedule(record: &Object<'_>) -> bool {
    let tells = ["cron_expression", "interval_seconds", "next_action_times"];
    let is_told = tells.iter().any(|name| has(record, name));
    record.says("id") && record.says("name") && has(record, "paused") && is_told
}

/// What is nothing of a run.
fn paper(record: &Object<'_>) -> Option<Paper> {
    let is_of_agent = record.says("id") && record.says("agent_id");
    if is_of_agent && has(record, "deployment_timestamp") && has(record, "commit_hash") {
        let names = ["commit_hash", "branch_name", "id"];
        return Some(Paper::of("past deployments", record, &names));
    }
    if is_of_agent && record.says("api_key_type") {
        let kept = strip::without(record, "api_key");
        return Some(Paper {
            kept,
            ..Paper::of("API keys", record, &["name", "id"])
        });
    }
    let is_query = only(record, &["task_id", "query", "result"]) && has(record, "result");
    (is_query && record.says("query")).then(|| Paper::of("answers to a query", record, &["query"]))
}

/// What a captured refusal says; none where it may be anything else.
fn refused(object: &Object<'_>) -> Option<String> {
    let is_code = |name: &str| object.count(name).is_some_and(|code| code >= 400);
    let is_null = has(object, "data") && object.raw("data").is_none();
    let is_said = only(object, &["message", "code", "data"]) && is_code("code") && is_null;
    let is_wrong =
        only(object, &["message", "status_code", "data"]) && is_code("status_code") && is_null;
    let is_detail = only(object, &["detail"]) && object.says("detail");
    (is_said || is_wrong || is_detail)
        .then(|| said::words_of(object))
        .flatten()
}
