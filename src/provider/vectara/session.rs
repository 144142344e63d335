//! Sessions → runs. `stopped` means idle: whether that was an answer, a failure or an interruption
//! is in the newest event, which a peek of one row fetches. Peeks are bounded, so that a long list
//! of sessions does not become as many requests; what was not looked at is of unknown status.

use super::cursor::Cursor;
use super::{aside, event, made_id, object, page_key, rows};
use crate::model::{Ask, Batch, Fact, Page, Record, Reply, Row, Run, RunRef, RunStatus, Time};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// How many sessions of a list are looked into.
const PEEKS: usize = 50;
const HOUR: i64 = 3_600_000_000_000;
/// How young the newest event of a live run is, on servers that send no status.
const LIVELY: i64 = 300_000_000_000;

pub(super) fn list(
    ask: &Ask,
    mission: &str,
    whole: Raw<'_>,
    reply: &Reply<'_>,
    page: &Page,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sessions = rows(&whole, "sessions")?;
    let mut skipped = 0;
    let mut runs: Vec<Run> = sessions
        .iter()
        .map(|raw| run(mission, raw, reply, &mut skipped))
        .collect();
    // The service states no order of its own.
    runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
    let also = match page.index {
        0 => runs
            .iter()
            .filter(|run| is_news(run, page.after))
            .filter_map(|run| Peek::at(run, false))
            .take(PEEKS)
            .collect(),
        _ => Vec::new(),
    };
    let mut next = ask.clone();
    let going_on = Cursor::of(page).next(page, sessions.len(), page_key(&whole));
    let next = going_on.map(|onward| {
        if let Ask::Runs { page, .. } = &mut next {
            *page = onward;
        }
        next
    });
    Ok(Batch {
        rows: runs
            .into_iter()
            .map(|run| Row::Full(Record::Run(run)))
            .collect(),
        next,
        also,
        skipped,
    })
}

/// Whether a listed session may not be known as it is: in a list that is read again what began before
/// `after` and has stopped was looked into before.
fn is_news(run: &Run, after: Option<i64>) -> bool {
    let began = run.started_at.map(|at| at.0);
    run.status_sent.as_deref() != Some("stopped")
        || after.zip(began).is_none_or(|(after, began)| began >= after)
}

pub(super) fn one(of: &RunRef, whole: Raw<'_>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if object(whole)?
        .first(&["key", "name", "agent_key", "status"])
        .is_none()
    {
        return Err(ReadError::Foreign("not a session".to_owned()));
    }
    let mut skipped = 0;
    let run = run(&of.mission, whole, reply, &mut skipped);
    let mut also: Vec<Ask> = Peek::at(&run, true).into_iter().collect();
    if run.status != RunStatus::Pending {
        also.push(aside::of_run(of, aside::ARTIFACTS, Page::default()));
        also.push(aside::of_run(of, aside::TRACES, Page::default()));
    }
    Ok(Batch {
        rows: vec![Row::Full(Record::Run(run))],
        next: None,
        also,
        skipped,
    })
}

/// The session alone, while it is followed. What its end was like its newest event tells, and
/// whether one that had ended goes on again.
pub(super) fn looked(
    of: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let mut batch = one(of, whole, reply)?;
    let goes_on = batch.rows.iter().any(|row| match row.record() {
        Record::Run(run) => run.status == RunStatus::Running,
        _ => false,
    });
    let again = Cursor::of(page).note == "ended";
    batch.also.retain(|ask| match ask {
        Ask::Events { .. } => !goes_on || again,
        _ => false,
    });
    Ok(batch)
}

/// For which calls a session waits. Their arguments are secrets in clear text and are not read.
pub(super) fn waited(of: &RunRef, whole: Raw<'_>) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let calls = rows(&whole, "client_tool_calls")?;
    let names: Vec<String> = calls
        .into_iter()
        .filter_map(|call| event::waiting_name(&Object::read(call)?))
        .collect();
    let mut run = patch(of);
    if !names.is_empty() {
        let line = wire::one_line(&format!("waits for: {}", names.join(", ")), 100);
        run.status_reason = Some(line);
    }
    Ok(Batch {
        rows: vec![Row::Patch(Record::Run(run))],
        ..Batch::default()
    })
}

fn run(mission: &str, raw: Raw<'_>, reply: &Reply<'_>, skipped: &mut u32) -> Run {
    let session = Object::read(raw);
    let text = |name: &str| session.as_ref().and_then(|session| session.some_text(name));
    let id = ["key", "session_key", "session_id", "id"]
        .into_iter()
        .find_map(text);
    if id.is_none() {
        *skipped = skipped.saturating_add(1);
    }
    let readable = id.is_some();
    let id = id.unwrap_or_else(|| made_id(raw));
    let status_sent = text("status");
    let (status, reason) = match status_sent.as_deref() {
        Some("unstarted") => (RunStatus::Pending, None),
        Some("running") => (RunStatus::Running, None),
        Some("stopped") => (
            RunStatus::Unknown,
            Some("stopped; its newest event is not read yet"),
        ),
        Some(_) => (
            RunStatus::Unknown,
            Some("the service sent a word that sortie does not know"),
        ),
        None => (RunStatus::Unknown, Some("the service sent no status")),
    };
    Run {
        mission_id: mission.to_owned(),
        title: ["description", "name"]
            .into_iter()
            .find_map(text)
            .unwrap_or_else(|| if readable { id.clone() } else { String::new() }),
        id,
        status,
        status_sent,
        status_reason: reason.map(str::to_owned),
        started_at: session
            .as_ref()
            .and_then(|session| session.time("created_at")),
        parent_run_id: text("created_by_session_key"),
        facts: session.as_ref().map(facts).unwrap_or_default(),
        raw: wire::payload(reply, raw),
        ..Run::default()
    }
}

fn facts(session: &Object<'_>) -> Vec<Fact> {
    let name = session
        .some_text("name")
        .filter(|_| session.some_text("description").is_some());
    let tags = session
        .raw("metadata")
        .map(|tags| wire::one_line(tags.get(), 200));
    let facts = [
        ("name", name),
        ("metadata", tags.filter(|tags| tags != "{}")),
        ("enabled", session.text_of("enabled")),
        ("next step", session.some_text("current_step_name")),
        ("alias", session.some_text("alias_key")),
        ("parent agent", session.some_text("created_by_agent_key")),
        ("deleted after", lifetime(session)),
        // Of the latest model call only: it is no sum and stays out of the run's tokens.
        (
            "latest call",
            session
                .object("session_context_usage")
                .as_ref()
                .and_then(usage),
        ),
    ];
    wire::facts(facts)
}

fn lifetime(session: &Object<'_>) -> Option<String> {
    let minutes = session
        .count("tti_minutes")
        .filter(|minutes| *minutes > 0)?;
    Some(format!("{minutes} idle minutes"))
}

fn usage(usage: &Object<'_>) -> Option<String> {
    let part = |group: &str, field: &str, word: &str| {
        let count = usage.object(group)?.count(field)?;
        Some(format!("{count} {word}"))
    };
    let whole = |field: &str, word: &str| Some(format!("{} {word}", usage.count(field)?));
    let parts: Vec<String> = [
        part("input_tokens", "count", "in"),
        part("input_tokens", "cached_tokens", "cached"),
        part("output_tokens", "count", "out"),
        part("output_tokens", "reasoning_tokens", "reasoning"),
        whole("total_tokens", "total"),
        whole("model_context_window", "window"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| format!("{} (tokens)", parts.join(", ")))
}

/// A look at the newest event of a session: what the session said of itself, when it began, and
/// whether it was opened or only listed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Peek {
    status: String,
    started: Option<Time>,
    opened: bool,
}

const PEEK: &str = "newest event";

impl Peek {
    /// The ask that looks, for a session whose state it can settle.
    fn at(run: &Run, opened: bool) -> Option<Ask> {
        let status = run.status_sent.as_deref().unwrap_or_default();
        if !matches!(status, "" | "running" | "stopped") {
            return None;
        }
        let started = run
            .started_at
            .map(|at| at.0.to_string())
            .unwrap_or_default();
        let opened = if opened { "opened" } else { "listed" };
        let cursor = format!("{PEEK}/{status}/{started}/{opened}");
        Some(Ask::Events {
            run: RunRef {
                mission: run.mission_id.as_str().into(),
                run: run.id.as_str().into(),
                room: None,
            },
            page: Page {
                cursor: Some(cursor.into()),
                ..Page::default()
            },
        })
    }

    /// Whether a page of events is such a look.
    pub(super) fn of(page: &Page) -> Option<Self> {
        Self::read(page.cursor.as_deref()?)
    }

    /// What such an ask carries.
    pub(super) fn text(ask: &Ask) -> Option<String> {
        match ask {
            Ask::Events { page, .. } => page.cursor.as_deref().map(str::to_owned),
            _ => None,
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        (parts.next()? == PEEK).then_some(())?;
        Some(Self {
            status: parts.next()?.to_owned(),
            started: parts.next()?.parse().ok().map(Time),
            opened: parts.next() == Some("opened"),
        })
    }
}

/// What the newest event says about its session.
pub(super) fn peeked(
    of: &RunRef,
    peek: &Peek,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let newest = rows(&whole, "events")?
        .first()
        .and_then(|raw| event::read(raw, reply));
    let at = newest.as_ref().and_then(|newest| newest.time);
    let age = at.map(|at| reply.received.0.saturating_sub(at.0));
    let mut run = patch(of);
    let mut also = Vec::new();
    run.updated_at = at;
    let verdict = newest.as_ref().and_then(event::verdict);
    let unanswered = newest.as_ref().is_some_and(event::begins_turn);
    let lively = newest.as_ref().is_some_and(event::goes_on) && age.is_some_and(|age| age < LIVELY);
    if peek.status == "running" || (peek.status.is_empty() && lively) {
        run.status = RunStatus::Running;
        run.quiet_since = at.filter(|_| age.is_some_and(|age| age >= HOUR));
        run.status_reason = newest.as_ref().and_then(event::waiting);
        let silent = age.is_some_and(|age| age >= LIVELY);
        if peek.opened
            && newest
                .as_ref()
                .is_some_and(|newest| event::may_wait(newest, silent))
        {
            also.push(aside::of_run(of, aside::WAITING, Page::default()));
        }
    } else if let Some((status, reason)) = verdict {
        run.status = status;
        run.error = newest.as_ref().and_then(event::complaint);
        run.status_reason = Some(reason.to_owned());
    } else if unanswered && age.is_some_and(|age| age < LIVELY) {
        // The status flips before the last events are listed.
        run.status_reason = Some("stopped; its newest message has no answer yet".to_owned());
    } else if peek.status == "stopped" || newest.is_some() {
        run.status = RunStatus::Succeeded;
        run.status_reason = Some("stopped without an error in its last turn".to_owned());
    }
    if run.status.is_final() {
        run.ended_at = at;
        run.duration = at
            .zip(peek.started)
            .and_then(|(end, start)| end.since(start));
    }
    Ok(Batch {
        rows: vec![Row::Patch(Record::Run(run))],
        also,
        ..Batch::default()
    })
}

/// The newest event could not be had: the run stays as it is, with the reason.
pub(super) fn unread(of: &RunRef, why: &str) -> Batch {
    let mut run = patch(of);
    run.status_reason = Some(format!("its newest event cannot be read: {why}"));
    Batch {
        rows: vec![Row::Patch(Record::Run(run))],
        ..Batch::default()
    }
}

/// A run of which nothing is known but its place.
pub(super) fn patch(of: &RunRef) -> Run {
    Run {
        mission_id: of.mission.to_string(),
        id: of.run.to_string(),
        ..Run::default()
    }
}
