//! Captured replies of the agent API, told by the lists that it names and the keys that its records have.

use crate::{
    model::{Ask, Page, RunRef},
    provider::wire::Object,
};

/// The ask that such a reply answers.
pub(super) fn sniff(bytes: &[u8]) -> Option<Ask> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let whole = Object::read(serde_json::from_str(text).ok()?)?;
    let first = |name| Object::read(whole.array(name)?.first()?);
    let page = Page::default();
    if let Some(event) = first("events") {
        let run = session_of(&event)?;
        return Some(Ask::Events { run, page });
    }
    if let Some(session) = first("sessions") {
        return Some(Ask::Runs {
            mission: session.some_text("agent_key")?.into(),
            status: None,
            page,
        });
    }
    if let Some(agent) = first("agents") {
        agent.raw("tool_configurations")?;
        return Some(Ask::Missions { page });
    }
    alone(&whole)
}

/// One record.
fn alone(record: &Object<'_>) -> Option<Ask> {
    if record.says("type") && record.says("session_key") && record.says("created_at") {
        return Some(Ask::Event {
            run: session_of(record)?,
            event: record.some_text("id")?.into(),
        });
    }
    let key = record.some_text("key")?;
    if record.raw("tool_configurations").is_some() && record.raw("first_step").is_some() {
        let mission = key.into();
        return Some(Ask::Mission { mission });
    }
    let mission = record.some_text("agent_key")?.into();
    let is_session = record.says("status") && record.raw("enabled").is_some();
    is_session.then(|| {
        Ask::Run(RunRef {
            mission,
            run: key.into(),
            room: None,
        })
    })
}

fn session_of(event: &Object<'_>) -> Option<RunRef> {
    let session = event.some_text("session_key");
    Some(RunRef {
        mission: "file".into(),
        run: session.or_else(|| event.some_text("session_id"))?.into(),
        room: None,
    })
}
