//! The two run routes. The list is made from run event rows as the service makes it: a window of the
//! newest rows, two to a run, so that a run that straddles a limit shows half of itself, and only
//! rows of the run's own id count. The detail follows actions too and says the last word of a run.

use std::fmt::Write as _;

use super::View;
use super::story::{Event, Run};
use super::wire::{Answer, Query, array, is_uuid};

/// One run as the list's query sees it.
struct Seen<'a> {
    run: &'a Run,
    status: &'static str,
    started: Option<f64>,
    ended: Option<f64>,
}

/// `GET /api/agents/{agent}/runs`.
pub(super) fn list(view: &View<'_>, query: &Query) -> Answer {
    let room = match query.room() {
        Ok(room) => room,
        Err(answer) => return answer,
    };
    let limit = match query.int("limit") {
        None | Some(0) => 20,
        Some(n) => usize::try_from(n.clamp(1, 100)).unwrap_or(1),
    };
    let mut seen = window(view, query, room, limit);
    if let Some(status) = query.word("status")
        && ["started", "completed", "timeout", "error"].contains(&status)
    {
        seen.retain(|seen| seen.status == status);
    }
    // Newest first, those whose start lies outside last: none is the smallest.
    seen.sort_by(|a, b| {
        b.started
            .partial_cmp(&a.started)
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let total = seen.len();
    let runs = array(seen.iter().take(limit).map(|seen| listed(view, seen)));
    Answer::data(&format!(
        r#"{{"runs":{runs},"total":{total},"hasMore":{}}}"#,
        total > limit
    ))
}

fn window<'a>(view: &View<'a>, query: &Query, room: Option<&str>, limit: usize) -> Vec<Seen<'a>> {
    let after = |at: f64| {
        query
            .int("from")
            .is_none_or(|from| from == 0 || view.world.millis(at) >= from)
    };
    let before = |at: f64| {
        query
            .int("to")
            .is_none_or(|to| to == 0 || view.world.millis(at) <= to)
    };
    let mut rows: Vec<(&Run, &Event)> = view
        .runs()
        .iter()
        .filter(|run| room.is_none_or(|room| run.room == room))
        .flat_map(|run| run.events.iter().map(move |event| (run, event)))
        .filter(|(_, event)| matches!(event.kind.as_str(), "RUN_STARTED" | "RUN_ENDED"))
        .filter(|(_, event)| event.at <= view.now && after(event.at) && before(event.at))
        .collect();
    rows.sort_by(|a, b| b.1.at.total_cmp(&a.1.at));
    rows.truncate((limit * 20).max(200));
    let mut all: Vec<Seen<'_>> = Vec::new();
    for (run, event) in rows {
        let at = all
            .iter()
            .position(|seen| seen.run.id == run.id)
            .unwrap_or_else(|| {
                all.push(Seen {
                    run,
                    status: "started",
                    started: None,
                    ended: None,
                });
                all.len() - 1
            });
        let Some(seen) = all.get_mut(at) else {
            continue;
        };
        if event.kind == "RUN_STARTED" {
            seen.started = Some(event.at);
        } else if let Some(word) = known_end(event.status.as_deref()) {
            // Rows come newest first, so an earlier timeout overwrites a late completion. Words that
            // the query does not know (muted, off, …) leave the run as started for ever.
            seen.status = word;
            seen.ended = Some(event.at);
        }
    }
    all
}

fn known_end(status: Option<&str>) -> Option<&'static str> {
    match status {
        Some("completed") => Some("completed"),
        Some("timeout") => Some("timeout"),
        Some("error") => Some("error"),
        _ => None,
    }
}

fn listed(view: &View<'_>, seen: &Seen<'_>) -> String {
    let ms = |at: Option<f64>| {
        at.map_or_else(|| "null".to_owned(), |at| view.world.millis(at).to_string())
    };
    let run = seen.run;
    let mut out = format!(
        r#"{{"runId":"{}","status":"{}","startedAt":{},"endedAt":{},"durationMs":null,"#,
        run.id,
        seen.status,
        ms(seen.started),
        ms(seen.ended)
    );
    if let Some(message) = &run.message {
        let _ = write!(out, r#""messageId":"{message}","#);
    }
    let counts = Counts::of(view.events(run), false);
    let _ = write!(
        out,
        r#""roomId":"{}","entityId":"{}","metadata":{},"counts":{}}}"#,
        run.room,
        run.entity,
        run.metadata,
        counts.text()
    );
    out
}

/// `GET /api/agents/{agent}/runs/{run}`. Any agent's path gives any run of the server; what is not
/// known is a run that has started and has no events.
pub(super) fn detail(view: &View<'_>, id: &str, query: &Query) -> Answer {
    if !is_uuid(id) {
        return Answer::invalid("run");
    }
    let room = match query.room() {
        Ok(room) => room,
        Err(answer) => return answer,
    };
    let runs = view.world.agents.iter().flat_map(|agent| &agent.runs);
    let run = runs
        .filter(|run| room.is_none_or(|room| run.room == room))
        .find(|run| run.id == id && run.start <= view.now);
    let Some(run) = run else {
        return unknown(view, id, room);
    };
    let events: Vec<&Event> = view.events(run).collect();
    let ends = || events.iter().filter(|event| event.kind == "RUN_ENDED");
    let status = ends().next_back().and_then(|event| event.status.as_deref());
    let ended = ends().next_back().map(|event| view.world.millis(event.at));
    let started = view.world.millis(run.start);
    let mut out = format!(
        r#"{{"summary":{{"runId":"{id}","status":"{}","startedAt":{started},"#,
        status.unwrap_or("started")
    );
    if let Some(ended) = ended {
        let _ = write!(
            out,
            r#""endedAt":{ended},"durationMs":{},"#,
            ended - started
        );
    }
    if let Some(message) = &run.message {
        let _ = write!(out, r#""messageId":"{message}","#);
    }
    let _ = write!(
        out,
        r#""roomId":"{}","entityId":"{}","counts":{}}},"events":"#,
        run.room,
        run.entity,
        Counts::of(events.iter().copied(), true).text()
    );
    out.push_str(&array(events.iter().map(|event| {
        format!(
            r#"{{"type":"{}","timestamp":{},"data":{}}}"#,
            event.kind,
            view.world.millis(event.at),
            event.sent()
        )
    })));
    out.push('}');
    Answer::data(&out)
}

fn unknown(view: &View<'_>, id: &str, room: Option<&str>) -> Answer {
    let room = room.map_or_else(String::new, |room| format!(r#""roomId":"{room}","#));
    let agent = view.agent().map_or("", |agent| &agent.id);
    Answer::data(&format!(
        r#"{{"summary":{{"runId":"{id}","status":"started",{room}"entityId":"{agent}","counts":{}}},"events":[]}}"#,
        Counts::default().text()
    ))
}

/// What a summary counts.
#[derive(Debug, Default)]
struct Counts {
    actions: usize,
    models: usize,
    errors: usize,
    evaluators: usize,
}

impl Counts {
    /// Actions run under ids of their own: only the detail finds them, and counts the model calls
    /// made inside them twice.
    fn of<'a>(events: impl Iterator<Item = &'a Event>, follow_actions: bool) -> Self {
        let mut counts = Self::default();
        for event in events {
            match event.kind.as_str() {
                "MODEL_USED" => counts.models += 1,
                "EVALUATOR_COMPLETED" => counts.evaluators += 1,
                "EMBEDDING_EVENT" if event.status.as_deref() == Some("failed") => {
                    counts.errors += 1;
                }
                "ACTION_COMPLETED" if follow_actions => {
                    counts.actions += 1;
                    counts.models += event.prompts;
                    counts.errors += usize::from(event.failed);
                }
                _ => {}
            }
        }
        counts
    }

    fn text(&self) -> String {
        format!(
            r#"{{"actions":{},"modelCalls":{},"errors":{},"evaluators":{}}}"#,
            self.actions, self.models, self.errors, self.evaluators
        )
    }
}
