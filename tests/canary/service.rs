//! A service with one mission and one run, of which every text has all that is planted.

use super::{
    OWN, planted, secrets,
    server::{Asked, Say, reply},
};

pub const MISSION: &str = "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4";
pub const RUN: &str = "0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08";

/// Answers as Telnyx does.
pub fn answer(asked: &Asked) -> Vec<Say> {
    answer_of(asked, false)
}

/// The same where the fifth and the sixth event have ids that are secrets.
pub fn answer_with_ids(asked: &Asked) -> Vec<Say> {
    answer_of(asked, true)
}

fn answer_of(asked: &Asked, has_ids: bool) -> Vec<Say> {
    let text = planted();
    let short = format!("{} {OWN}", secrets()[0].1);
    let path = asked.line.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let mission = serde_json::json!({ "mission_id": MISSION, "name": format!("canary {short}"), "description": text,
        "instructions": text, "model": "m", "execution_mode": "managed", "created_at": "2026-08-03T21:00:00Z" });
    let run = serde_json::json!({ "run_id": RUN, "mission_id": MISSION, "status": "failed", "error": text,
        "input": text, "result_summary": text, "result_payload": { "api_key": secrets()[4].1, "text": text },
        "started_at": "2026-08-03T21:00:07Z", "finished_at": "2026-08-03T21:42:00Z", "metadata": { "note": text } });
    let id = |nth: usize| match nth {
        4 if has_ids => format!("e-{OWN}"),
        5 if has_ids => secrets()[0].1.clone(),
        nth => format!("e-{nth:02}"),
    };
    // The first two are a call with its result.
    let call = |nth: usize| match nth {
        0 | 1 => secrets()[0].1.clone(),
        nth => format!("c{nth}"),
    };
    let event = |nth: usize, sort: &str| {
        serde_json::json!({ "event_id": id(nth), "run_id": RUN, "type": sort, "summary": format!("canary {text}"),
            "timestamp": format!("2026-08-03T21:00:{nth:02}Z"), "step_id": "one", "agent_id": "claude",
            "payload": { "tool": "Bash", "tool_call_id": call(nth), "text": text, "api_key": secrets()[4].1,
                "arguments": serde_json::json!({ "cmd": text }).to_string(), "error": text } })
    };
    let sorts = [
        "tool_call",
        "tool_result",
        "message",
        "error",
        "custom",
        "status_change",
    ];
    let events: Vec<_> = sorts
        .iter()
        .enumerate()
        .map(|(nth, sort)| event(nth, sort))
        .collect();
    let step = serde_json::json!({ "step_id": "one", "description": text, "status": "failed", "sequence": 1 });
    let data = if path.ends_with("/events") {
        serde_json::json!(events)
    } else if path.contains("/events/") {
        event(0, "tool_call")
    } else if path.ends_with("/plan") {
        serde_json::json!([step])
    } else if path.ends_with("/runs") {
        serde_json::json!([run])
    } else if path.ends_with(RUN) {
        run
    } else if path.ends_with("/missions") {
        serde_json::json!([mission])
    } else if path.ends_with(MISSION) {
        mission
    } else {
        let body =
            serde_json::json!({ "errors": [{ "code": "1", "title": text, "detail": text }] });
        return reply(404, "", body.to_string());
    };
    let meta = serde_json::json!({ "page_number": 1, "page_size": 100, "total_pages": 1, "total_results": 1 });
    reply(
        200,
        "",
        serde_json::json!({ "data": data, "meta": meta }).to_string(),
    )
}
