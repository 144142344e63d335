//! Captured replies of the missions service, told by the members that its records always have. Other APIs
//! of the same company wrap their records alike, so the wrapping tells nothing.

use std::sync::Arc;

use crate::{
    model::{Ask, Page, RunRef},
    provider::wire::{self, Object, Raw},
};

/// The ask that such a reply answers; none where it is none.
pub(super) fn sniff(bytes: &[u8]) -> Option<Ask> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    let whole = Object::read(serde_json::from_str(text).ok()?)?;
    let data = whole.raw("data")?;
    match wire::array(data) {
        Some(rows) => list(&rows),
        None => one(&Object::read(data)?),
    }
}

fn one(record: &Object<'_>) -> Option<Ask> {
    if let Some(event) = event(record) {
        return Some(Ask::Event {
            run: run(record, "run_id")?,
            event: event.into(),
        });
    }
    if is_run(record) {
        return Some(Ask::Run(run(record, "run_id")?));
    }
    let mission = mission(record)?.into();
    Some(Ask::Mission { mission })
}

fn list(rows: &[Raw<'_>]) -> Option<Ask> {
    let first = Object::read(rows.first()?)?;
    let page = Page::default();
    if event(&first).is_some() {
        let run = run(&first, "run_id")?;
        let is_one = rows.iter().all(|row| {
            let of = Object::read(row).and_then(|row| row.some_text("run_id"));
            of.as_deref() == Some(&*run.run)
        });
        return Some(if is_one {
            Ask::Events { run, page }
        } else {
            Ask::AllEvents { kind: None, page }
        });
    }
    if is_step(&first) {
        return Some(Ask::Steps(run(&first, "run_id")?));
    }
    if is_run(&first) {
        let mission = first.some_text("mission_id")?.into();
        let status = None;
        return Some(Ask::Runs {
            mission,
            status,
            page,
        });
    }
    mission(&first).map(|_| Ask::Missions { page })
}

fn event(record: &Object<'_>) -> Option<String> {
    let is_one = record.says("type") && record.says("run_id") && record.says("timestamp");
    let id = record.some_text("event_id").filter(|_| is_one)?;
    let tells = record.raw("payload").is_some() || record.says("summary");
    tells.then_some(id)
}

fn is_step(record: &Object<'_>) -> bool {
    record.says("step_id")
        && record.says("run_id")
        && record.raw("sequence").is_some()
        && record.says("status")
}

fn is_run(record: &Object<'_>) -> bool {
    record.says("run_id") && record.says("mission_id") && record.says("status")
}

fn mission(record: &Object<'_>) -> Option<String> {
    let id = record.some_text("mission_id")?;
    (record.says("name") && !record.says("run_id")).then_some(id)
}

fn run(record: &Object<'_>, name: &str) -> Option<RunRef> {
    let mission = record.some_text("mission_id").unwrap_or_default();
    Some(RunRef {
        mission: mission.into(),
        run: Arc::from(record.some_text(name)?),
        room: None,
    })
}
