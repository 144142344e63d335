//! Records made by hand, for what the demo does not have.

use bytes::Bytes;
use sortie::app::ContextInfo;
use sortie::model::{
    Ask, CallMembers, Event, Got, Kind, Mission, Order, Payload, Record, Row, Run, RunStatus, Step,
    Ticket, Time,
};

use crate::library;

/// Some time ago.
pub fn ago(seconds: i64) -> Time {
    Time(library::now().0 - seconds * 1_000_000_000)
}

pub fn context(name: &str, provider: &str) -> ContextInfo {
    ContextInfo {
        name: name.to_owned(),
        provider: provider.to_owned(),
        base_url: format!("https://{provider}.example"),
        credential: format!("from {}_API_KEY", provider.to_uppercase()),
        insecure: false,
        call_ids: true,
        call_members: CallMembers::default(),
        all_runs: false,
        tails: false,
        console_url: None,
        offline: None,
    }
}

pub fn mission(name: &str) -> Record {
    Record::Mission(Mission {
        id: format!("m-{name}"),
        name: name.to_owned(),
        ..Mission::default()
    })
}

pub fn run(title: &str, status: RunStatus) -> Record {
    Record::Run(Run {
        id: format!("r-{title}"),
        title: title.to_owned(),
        status,
        started_at: Some(ago(600)),
        ..Run::default()
    })
}

pub fn step(id: &str, parent: Option<&str>) -> Record {
    Record::Step(Step {
        id: id.to_owned(),
        title: format!("level {id}"),
        raw: Payload::new(Bytes::from(format!(r#"{{"step_id":"{id}"}}"#))),
        parent_id: parent.map(str::to_owned),
        started_at: Some(ago(500)),
        ..Step::default()
    })
}

/// An event with that text as title, summary and payload.
pub fn event(at: i64, text: &str) -> Event {
    let raw = serde_json::json!({ "text": text, text: at }).to_string();
    Event {
        id: format!("e-{at}"),
        kind: Kind::ToolResult,
        order: Order { at, tie: 0 },
        time: Some(ago(500 - at)),
        tool: Some(text.to_owned()),
        summary: Some(text.to_owned()),
        is_error: Some(at % 2 == 1),
        raw: Payload::new(Bytes::from(raw)),
        ..Event::default()
    }
}

/// These rows and no more.
pub fn rows(ticket: &Ticket, records: Vec<Record>) -> Vec<(Ask, Got)> {
    let rows = records.into_iter().map(Row::Full).collect();
    vec![
        (ticket.ask.clone(), Got::Rows { rows, skipped: 0 }),
        (ticket.ask.clone(), Got::Done { more: None }),
    ]
}
