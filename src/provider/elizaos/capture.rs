//! Captured replies of an ElizaOS server, in its envelope or in the bare form of its documentation, and the
//! records of its lists one by one.

use super::{envelope, side::Side};
use crate::{
    model::{Ask, Page, RunRef},
    provider::{
        capture::{Answer, Capture, Frame, Paper, Sort, has, only},
        wire::{self, Object, Raw},
    },
};

const RUNS: Frame = ("{\"runs\":[", "]}");
const AGENTS: Frame = ("{\"agents\":[", "]}");
const ROOMS: Frame = ("{\"rooms\":[", "]}");
const LOGS: Frame = ("{\"logs\":[", "]}");
const MEMORIES: Frame = ("{\"memories\":[", "]}");

/// Lists of which the server sends an object.
const LISTS: [&str; 4] = ["runs", "agents", "memories", "rooms"];

/// Lists of what is nothing of a run, what is in them, and a member of each.
const OTHERS: [(&str, &str, &str); 5] = [
    ("messages", "messages of a channel", "channelId"),
    ("channels", "channels", "messageServerId"),
    ("messageServers", "message servers", "sourceType"),
    ("sessions", "message sessions", "sessionId"),
    ("logs", "lines of the server's log", "msg"),
];

/// What calls a record by its name, best first.
const NAMES: [&str; 6] = ["name", "content", "sessionId", "msg", "id", "type"];

/// What is in such a value; none where it is none of this service.
pub(super) fn captured(whole: Raw<'_>) -> Option<Capture<'_>> {
    let Some(object) = Object::read(whole) else {
        return Capture::list(wire::array(whole)?, false, |record| sort(record, false));
    };
    if let Some(words) = refused(&object) {
        return Some(Capture::one(whole, true, Sort::Refusal(words)));
    }
    let is_wrapped = object.boolean("success") == Some(true);
    let data = if is_wrapped {
        object.raw("data")?
    } else {
        whole
    };
    let Some(inside) = Object::read(data) else {
        // Only logs come as a bare list.
        return Capture::list(wire::array(data)?, false, |record| {
            log(record).or_else(|| panel(record))
        });
    };
    if let Some(run) = run(&inside) {
        let page = Page::default();
        let answer = Answer::single(Ask::Events { run, page });
        return Some(Capture::one(whole, true, answer.sort()));
    }
    for name in LISTS {
        let is_empty = inside.array(name).is_some_and(|rows| rows.is_empty());
        if is_empty && (is_wrapped || has(&inside, "hasMore")) {
            return Some(Capture::one(whole, true, Sort::Nothing(name)));
        }
        if let Some(rows) = inside.array(name).filter(|rows| !rows.is_empty()) {
            return Capture::list(rows, true, |record| {
                let is_run = name == "runs" && record.says("runId");
                is_run.then(summary).or_else(|| sort(record, is_wrapped))
            });
        }
    }
    for (name, what, member) in OTHERS {
        if let Some(rows) = inside.array(name).filter(|rows| !rows.is_empty()) {
            return Capture::list(rows, true, |record| {
                let paper = || Sort::Paper(Paper::of(what, record, &NAMES));
                record.says(member).then(paper)
            });
        }
    }
    Capture::list(vec![data], false, |record| sort(record, is_wrapped))
}

/// What a record is. In the server's envelope less is enough to tell it.
fn sort(record: &Object<'_>, is_wrapped: bool) -> Option<Sort> {
    let page = Page::default();
    let listed = |ask, frame| Some(Answer::listed(ask, frame).sort());
    match () {
        () if is_summary(record) => Some(summary()),
        () if is_memory(record) => {
            let ask = Ask::AllEvents { kind: None, page };
            listed(ask, MEMORIES)
        }
        () if record.says("channelId") && record.says("agentId") && record.says("source") => {
            listed(Side::Rooms.beside(&record.some_text("agentId")?)?, ROOMS)
        }
        () if is_agent(record, is_wrapped) => {
            let mission = record.some_text("id")?.into();
            let is_whole = has(record, "settings") || has(record, "system");
            let answer = if is_whole {
                Answer::single(Ask::Mission { mission })
            } else {
                Answer::listed(Ask::Missions { page }, AGENTS)
            };
            Some(answer.sort())
        }
        () => log(record).or_else(|| paper(record).map(Sort::Paper)),
    }
}

fn log(record: &Object<'_>) -> Option<Sort> {
    let is_one = record.object("body").is_some()
        && record.says("type")
        && record.says("createdAt")
        && record.says("entityId");
    let page = Page::default();
    let ask = Ask::AllEvents { kind: None, page };
    is_one.then(|| Answer::listed(ask, LOGS).sort())
}

fn panel(record: &Object<'_>) -> Option<Sort> {
    let is_one = only(record, &["name", "path"]) && record.says("name") && record.says("path");
    is_one.then(|| Sort::Paper(Paper::of("panels", record, &["name"])))
}

fn run(data: &Object<'_>) -> Option<RunRef> {
    data.array("events")?;
    let summary = data.object("summary");
    let told = summary.as_ref().unwrap_or(data);
    Some(RunRef {
        mission: told.some_text("agentId").unwrap_or_default().into(),
        run: told.some_text("runId")?.into(),
        room: None,
    })
}

/// A run of the list.
fn summary() -> Sort {
    let ask = Ask::Runs {
        mission: "".into(),
        status: None,
        page: Page::default(),
    };
    Answer::listed(ask, RUNS).sort()
}

/// Others have runs with a state too, but not these counts.
fn is_summary(record: &Object<'_>) -> bool {
    let is_counted = |counts: Object<'_>| counts.raw("modelCalls").is_some();
    record.says("runId") && has(record, "status") && record.object("counts").is_some_and(is_counted)
}

fn is_memory(record: &Object<'_>) -> bool {
    let ids = ["id", "entityId", "roomId", "agentId"];
    ids.iter().all(|name| record.says(name))
        && record.object("content").is_some()
        && has(record, "createdAt")
}

fn is_agent(record: &Object<'_>, is_wrapped: bool) -> bool {
    let is_told = if is_wrapped {
        has(record, "bio") || has(record, "system") || has(record, "characterName")
    } else {
        has(record, "bio") && (has(record, "characterName") || has(record, "plugins"))
    };
    record.says("id") && record.says("name") && is_told
}

/// What is nothing of a run.
fn paper(record: &Object<'_>) -> Option<Paper> {
    let is_version = record.says("version") && has(record, "uptime") && has(record, "timestamp");
    is_version.then(|| Paper::of("server versions", record, &["version"]))
}

/// What a captured refusal says; none where it may be anything else.
fn refused(object: &Object<'_>) -> Option<String> {
    let is_said = object.boolean("success") == Some(false) && has(object, "error");
    let is_bare = object.says("error")
        && object.members().len() == 2
        && only(object, &["error", "message", "details"]);
    (is_said || is_bare)
        .then(|| envelope::said(object))
        .flatten()
}
