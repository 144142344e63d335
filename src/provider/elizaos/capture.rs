//! Captured replies of an ElizaOS server, in its envelope or in the bare form of its documentation.

use crate::{
    model::{Ask, Page, RunRef},
    provider::wire::{Object, array},
};

/// The ask that such a reply answers.
pub(super) fn sniff(bytes: &[u8]) -> Option<Ask> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let whole = Object::read(serde_json::from_str(text).ok()?)?;
    let wrapped = whole.boolean("success") == Some(true);
    let data = if wrapped {
        whole.object("data")?
    } else {
        whole
    };
    let page = Page::default();
    if let Some(run) = run(&data) {
        return Some(Ask::Events { run, page });
    }
    let first = |name| Object::read(data.raw(name).and_then(array)?.first()?);
    if let Some(run) = first("runs") {
        return run.says("runId").then(|| Ask::Runs {
            mission: "".into(),
            status: None,
            page,
        });
    }
    if !wrapped {
        return None;
    }
    if let Some(agent) = first("agents") {
        return agent.says("id").then_some(Ask::Missions { page });
    }
    let is_agent = data.says("name") && (data.raw("bio").is_some() || data.says("system"));
    let mission = data.some_text("id").filter(|_| is_agent)?.into();
    Some(Ask::Mission { mission })
}

fn run(data: &Object<'_>) -> Option<RunRef> {
    data.array("events")?;
    let summary = data.object("summary");
    let told = summary.as_ref().unwrap_or(data);
    Some(RunRef {
        mission: told.some_text("agentId").unwrap_or_default().into(),
        run: told.some_text("runId")?.into(),
        room: told.some_text("roomId").map(Into::into),
    })
}
