//! Captured replies of the missions service, told by the members that its records always have. Other APIs
//! of the same company wrap their records alike, so the wrapping tells nothing but of lists with pages.

use super::{asides, reply};
use crate::{
    model::{Ask, Page},
    provider::{
        capture::{Answer, Capture, Frame, Paper, Sort, has, only, run},
        wire::{self, Object, Raw},
    },
};

const LIST: Frame = ("{\"data\":[", "]}");

/// What calls a record by its name, best first.
const NAMES: [&str; 9] = [
    "name",
    "title",
    "id",
    "tool_id",
    "knowledge_base_id",
    "mcp_server_id",
    "scheduled_event_id",
    "type",
    "url",
];

/// Kinds of tools, as the service names them.
const TOOLS: [&str; 14] = [
    "webhook",
    "function",
    "sms",
    "send_message",
    "retrieval",
    "handoff",
    "hangup",
    "transfer",
    "invite",
    "refer",
    "send_dtmf",
    "skip_turn",
    "pay",
    "client_side_tool",
];

/// All members of an event.
const EVENT: [&str; 9] = [
    "event_id",
    "run_id",
    "type",
    "summary",
    "timestamp",
    "step_id",
    "agent_id",
    "payload",
    "idempotency_key",
];

/// How a record came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    /// With nothing around it.
    Bare,
    /// As `data`.
    Data,
    /// As `data`, with pages.
    Paged,
    /// As `data`, among other members.
    Other,
}

/// What is in such a value; none where it is none of this service.
pub(super) fn captured(whole: Raw<'_>) -> Option<Capture<'_>> {
    let Some(object) = Object::read(whole) else {
        let rows = wire::array(whole)?;
        return Capture::list(rows, false, |record| sort(record, Wrapping::Bare));
    };
    let Some(data) = object.raw("data") else {
        if let Some(words) = reply::refused(&object) {
            return Some(Capture::one(whole, true, Sort::Refusal(words)));
        }
        return Capture::list(vec![whole], false, |record| sort(record, Wrapping::Bare));
    };
    let is_paged = object.object("meta").is_some_and(|meta| {
        meta.raw("page_number").is_some() && meta.raw("total_results").is_some()
    });
    let wrapping = match only(&object, &["data", "meta"]) {
        true if is_paged => Wrapping::Paged,
        true => Wrapping::Data,
        false => Wrapping::Other,
    };
    let rows = wire::array(data).unwrap_or_else(|| vec![data]);
    if rows.is_empty() && wrapping == Wrapping::Paged {
        return Some(Capture::one(whole, true, Sort::Nothing("records")));
    }
    Capture::list(rows, true, |record| sort(record, wrapping))
}

fn sort(record: &Object<'_>, wrapping: Wrapping) -> Option<Sort> {
    // Many logs have events like these: without the wrapping no member may be another's.
    let is_foreign = wrapping == Wrapping::Bare && is_event(record) && !only(record, &EVENT);
    if is_foreign {
        return None;
    }
    let ask = of_run(record).or_else(|| is_mission(record).then(missions));
    match ask {
        Some(ask) => Some(Answer::listed(ask, LIST).sort()),
        None => paper(record, wrapping).map(Sort::Paper),
    }
}

/// The ask that a record of a run answers.
fn of_run(record: &Object<'_>) -> Option<Ask> {
    let run = run(
        record.some_text("mission_id"),
        Some(record.some_text("run_id")?),
    );
    let page = Page::default();
    match () {
        () if is_event(record) => Some(Ask::Events { run, page }),
        () if is_step(record) => Some(Ask::Steps(run)),
        () if record.says("telnyx_agent_id") => Some(asides::linked(&run)),
        () if record.says("mission_id") && record.says("status") => Some(Ask::Runs {
            mission: run.mission,
            status: None,
            page,
        }),
        () => None,
    }
}

fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

fn is_event(record: &Object<'_>) -> bool {
    record.says("type")
        && record.says("timestamp")
        && record.says("event_id")
        && (record.raw("payload").is_some() || has(record, "summary"))
}

fn is_step(record: &Object<'_>) -> bool {
    record.says("step_id") && record.raw("sequence").is_some() && record.says("status")
}

fn is_mission(record: &Object<'_>) -> bool {
    record.says("mission_id") && record.says("name") && !record.says("run_id")
}

/// What the contract does not type, and what lies beside missions.
fn paper(record: &Object<'_>, wrapping: Wrapping) -> Option<Paper> {
    let is_wrapped = matches!(wrapping, Wrapping::Data | Wrapping::Paged);
    let sort = record.some_text("type").unwrap_or_default();
    let named = record.says("type") || record.says("name");
    let what = match () {
        () if record.says("knowledge_base_id") => "knowledge bases",
        () if record.says("mcp_server_id") => "MCP servers",
        () if record.says("scheduled_event_id") => "scheduled events",
        () if record.says("tool_id") && named => "tools",
        () if !is_wrapped => return None,
        () if TOOLS.contains(&sort.as_str()) => "tools",
        () if has(record, "conversation_insights") => "insights of conversations",
        () if has(record, "last_message_at") => "conversations",
        () if record.says("role") && has(record, "text") => "messages of a conversation",
        () if wrapping == Wrapping::Paged => "records",
        () => return None,
    };
    Some(Paper::of(what, record, &NAMES))
}
