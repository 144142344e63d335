//! The lists beside an agent or a task: inbox, spans, states, trackers, deployments, schedules. None of
//! them is needed to show a transcript and not every server has each, so a list that is missing is
//! silence and one that cannot be read is a line in the detail; neither fails what was asked.

use std::sync::Arc;

use super::{agent, asks, inbox, paging, said, span, task};
use crate::model::{Ask, Batch, Extra, Fact, Mission, Of, Page, Record, Reply, Row, Run, RunRef};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// Inbox events of a task and an agent; the run's mission is that agent.
pub const INBOX: &str = "inbox";
/// The same of an agent other than the one that the task was asked for under.
pub const INBOX_OF_OTHER: &str = "inbox of another agent";
/// Spans of a task.
pub const SPANS: &str = "spans";
/// The same on servers from before April 2026, which only know traces.
pub const TRACES: &str = "traces";
/// What its agents remember of a task.
pub const STATES: &str = "states";
/// How far its agents are with their inbox.
pub const TRACKERS: &str = "trackers";
/// Deployments of an agent.
pub const DEPLOYMENTS: &str = "deployments";
/// Schedules that start tasks of an agent.
pub const SCHEDULES: &str = "schedules";
/// The task alone, without the lists beside it: whether a followed one still runs.
pub const TASK: &str = "task";
/// A task or an agent whose name was taken for its id.
pub const NAMED: &str = "named";

/// The fact about it.
const OTHERS: &str = "other inbox";

/// An ask for a list beside a run, from its beginning.
pub fn of_run(run: &RunRef, what: &'static str) -> Ask {
    Ask::Aside {
        of: Of::Run(run.clone()),
        what,
        page: Page::default(),
    }
}

/// An ask for a list beside a mission, from its beginning.
pub fn of_mission(mission: &Arc<str>, what: &'static str) -> Ask {
    Ask::Aside {
        of: Of::Mission(Arc::clone(mission)),
        what,
        page: Page::default(),
    }
}

/// What a reply to such an ask means.
pub fn read(
    of: &Of,
    what: &'static str,
    page: &Page,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    if !reply.is_ok() {
        if said::is_no_route(reply) && !matches!(what, TASK | NAMED) {
            return Ok(Batch::default());
        }
        return Err(said::refusal(reply));
    }
    match (of, what) {
        (Of::Run(run), INBOX | INBOX_OF_OTHER) => inbox_page(run, what, page, reply),
        (Of::Run(run), SPANS | TRACES) => spans_page(run, what, page, reply),
        (Of::Run(run), STATES) => extras(run, "state", page, reply),
        (Of::Run(run), TRACKERS) => trackers(run, page, reply),
        (Of::Run(run), TASK) => {
            let (record, _) = task::run(reply, super::single(reply)?, &run.mission);
            Ok(super::alone(super::with_id(record, &run.run)))
        }
        (Of::Run(_), NAMED) => {
            let (record, _) = task::run(reply, super::single(reply)?, "");
            Ok(super::alone(record))
        }
        (Of::Mission(_), NAMED) => {
            let (record, _) = super::roster::mission(reply, super::single(reply)?);
            Ok(super::alone(record))
        }
        (Of::Mission(mission), DEPLOYMENTS) => agent::deployments(mission, reply),
        (Of::Mission(mission), SCHEDULES) => agent::schedules(mission, reply),
        _ => Ok(Batch::default()),
    }
}

/// What to note of such a list that cannot be read; none for what is no list but the thing itself.
pub fn without(ask: &Ask, why: &str) -> Option<Batch> {
    let Ask::Aside { of, what, .. } = ask else {
        return None;
    };
    let label = match *what {
        INBOX => "inbox",
        INBOX_OF_OTHER => OTHERS,
        SPANS | TRACES => "spans",
        STATES => "state",
        TRACKERS => "tracker",
        DEPLOYMENTS => "deployments",
        SCHEDULES => "schedules",
        _ => return None,
    };
    let facts = vec![match of {
        Of::Run(run) if label == OTHERS => Fact {
            label,
            value: format!("of agent {} not read: {why}", run.mission),
            of: Some(run.mission.to_string()),
        },
        _ => Fact {
            label,
            value: format!("not read: {why}"),
            of: None,
        },
    }];
    Some(noted(match of {
        Of::Run(run) => Record::Run(Run {
            id: run.run.to_string(),
            facts,
            ..Run::default()
        }),
        Of::Mission(mission) => Record::Mission(Mission {
            id: mission.to_string(),
            facts,
            ..Mission::default()
        }),
    }))
}

/// The patch names no mission: which of several agents a task is shown under, its row decides.
fn of_run_row(run: &RunRef, facts: Vec<Fact>, extras: Vec<Extra>) -> Row {
    Row::Patch(Record::Run(Run {
        id: run.run.to_string(),
        facts,
        extras,
        ..Run::default()
    }))
}

pub(super) fn noted(record: Record) -> Batch {
    Batch {
        rows: vec![Row::Patch(record)],
        ..Batch::default()
    }
}

/// The first count of a list that is whole.
fn counted(label: &'static str, page: &Page, rows: usize) -> Option<Fact> {
    let rows = u64::from(page.seen).saturating_add(rows as u64);
    (rows > 0).then(|| Fact {
        of: None,
        label,
        value: rows.to_string(),
    })
}

fn inbox_page(
    run: &RunRef,
    what: &'static str,
    page: &Page,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let rows = super::list(reply)?;
    let mut batch = Batch::default();
    let mut ids = Vec::new();
    for raw in &rows {
        let (event, readable) = inbox::event(reply, raw);
        batch.skipped += u32::from(!readable);
        ids.push(event.id.clone());
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    batch.next = paging::by_last(page, asks::INBOX, &ids).map(|page| Ask::Aside {
        of: Of::Run(run.clone()),
        what,
        page,
    });
    let fact = if what == INBOX {
        counted("inbox", page, rows.len())
    } else {
        // Another agent's count must take the place of nobody else's.
        counted(OTHERS, page, rows.len()).map(|fact| Fact {
            value: format!("{} of agent {}", fact.value, run.mission),
            of: Some(run.mission.to_string()),
            ..fact
        })
    };
    if batch.next.is_none()
        && let Some(fact) = fact
    {
        batch.rows.push(of_run_row(run, vec![fact], Vec::new()));
    }
    Ok(batch)
}

fn spans_page(
    run: &RunRef,
    what: &'static str,
    page: &Page,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let rows = super::list(reply)?;
    if what == SPANS && !rows.iter().all(|raw| span::is_of(raw, &run.run)) {
        // The server does not know this filter, and these are the spans of everybody.
        return Ok(Batch {
            next: Some(of_run(run, TRACES)),
            ..Batch::default()
        });
    }
    let mut batch = Batch::default();
    let mut oldest = None;
    let mut ids = Vec::new();
    for raw in &rows {
        let (event, readable) = span::event(reply, raw);
        batch.skipped += u32::from(!readable);
        ids.push(event.id.clone());
        // The list comes in the order of the starts.
        let start = event.time.map_or(0, |time| time.0);
        oldest = Some(oldest.map_or(start, |at: i64| at.min(start)));
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    if !paging::reaches_known(page, oldest) {
        let limit = asks::spans_limit(page);
        batch.next = paging::by_number(page, limit, &ids).map(|page| Ask::Aside {
            of: Of::Run(run.clone()),
            what,
            page,
        });
    }
    if batch.next.is_none() && page.after.is_none() {
        batch.rows.extend(sums(run, page, &rows));
    }
    Ok(batch)
}

/// What all spans together tell of the run. Tokens are only summed where one page holds all spans.
fn sums(run: &RunRef, page: &Page, rows: &[Raw<'_>]) -> Option<Row> {
    let fact = counted("spans", page, rows.len())?;
    let tokens = (page.index == 0).then(|| span::total(rows)).flatten();
    Some(Row::Patch(Record::Run(Run {
        id: run.run.to_string(),
        facts: vec![fact],
        tokens,
        ..Run::default()
    })))
}

/// The rows of a list as one extra: the record itself where there is one only.
pub(super) fn extra(label: &str, page: &Page, reply: &Reply<'_>, whole: Raw<'_>) -> Option<Extra> {
    let rows = wire::array(whole)?;
    let raw = match rows.as_slice() {
        [] => return None,
        [only] => wire::payload(reply, only),
        _ => wire::payload(reply, whole),
    };
    let label = match page.index {
        0 => label.to_owned(),
        n => format!("{label}, page {}", n.saturating_add(1)),
    };
    Some(Extra { label, raw })
}

fn extras(run: &RunRef, label: &str, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let (whole, ids) = listed(reply)?;
    let mut batch = Batch::default();
    if let Some(extra) = extra(label, page, reply, whole) {
        batch.rows.push(of_run_row(run, Vec::new(), vec![extra]));
    }
    batch.next = next(run, STATES, page, &ids);
    Ok(batch)
}

/// The list as a whole and the ids in it.
pub(super) fn listed<'a>(reply: &'a Reply<'_>) -> Result<(Raw<'a>, Vec<String>), ReadError> {
    let rows = super::list(reply)?;
    let id = |raw: &Raw<'_>| {
        let id = Object::read(raw).and_then(|row| row.some_text("id"));
        id.unwrap_or_else(|| super::derived_id(raw.get()))
    };
    Ok((wire::body(reply)?, rows.iter().map(id).collect()))
}

fn next(run: &RunRef, what: &'static str, page: &Page, ids: &[String]) -> Option<Ask> {
    Some(Ask::Aside {
        of: Of::Run(run.clone()),
        what,
        page: paging::by_number(page, asks::SIDE, ids)?,
    })
}

/// Every task has one tracker per agent from its creation; one that says nothing is left out.
fn trackers(run: &RunRef, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let (whole, ids) = listed(reply)?;
    let rows = wire::array(whole).unwrap_or_default();
    let told: Vec<Object<'_>> = rows.into_iter().filter_map(Object::read).collect();
    let words = told.iter().filter_map(|tracker| {
        let status = tracker.some_text("status");
        let reason = tracker.some_text("status_reason");
        match (status, reason) {
            (Some(status), Some(reason)) => Some(format!("{status}: {reason}")),
            (status, reason) => status.or(reason),
        }
    });
    let words: Vec<String> = words.collect();
    let untouched = !told.is_empty()
        && told.iter().all(|tracker| {
            let members = ["status", "status_reason", "last_processed_event_id"];
            tracker.raw("id").is_some() && tracker.first(&members).is_none()
        });
    let mut batch = Batch::default();
    let extra = extra("tracker", page, reply, whole);
    if let Some(extra) = extra.filter(|_| !untouched) {
        let fact = (!words.is_empty()).then(|| Fact {
            of: None,
            label: "tracker",
            value: words.join("\n"),
        });
        let facts = fact.into_iter().collect();
        batch.rows.push(of_run_row(run, facts, vec![extra]));
    }
    batch.next = next(run, TRACKERS, page, &ids);
    Ok(batch)
}
