//! Telnyx: every documented reply through `read`, every ask through `request`, pages to their end.

mod asides;
mod asked;
mod demo;
mod follow;
mod hostile;
mod inside;
mod pages;
mod quirks;

use std::time::Duration;

use bytes::Bytes;
use sortie::model::{
    Ask, Batch, Event, Mission, Page, Record, Reply, Run, RunRef, RunStatus, Span, Step, Time,
};
use sortie::provider::telnyx::Telnyx;
use sortie::provider::{Provider, ReadError, wire};

const MISSION: &str = "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4";
const RUN: &str = "0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08";

fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

fn runs(status: Option<RunStatus>) -> Ask {
    Ask::Runs {
        mission: MISSION.into(),
        status,
        page: Page::default(),
    }
}

fn run_ref() -> RunRef {
    RunRef {
        mission: MISSION.into(),
        run: RUN.into(),
        room: None,
    }
}

fn events() -> Ask {
    Ask::Events {
        run: run_ref(),
        page: Page::default(),
    }
}

fn event(id: &str) -> Ask {
    Ask::Event {
        run: run_ref(),
        event: id.into(),
    }
}

fn fixture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/telnyx");
    std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap()
}

/// Received an hour and a half after the running example run said anything last.
fn answer(ask: &Ask, status: u16, body: &str) -> Result<Batch, ReadError> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let received = at("2026-08-03T23:10:02Z").unwrap();
    let reply = Reply {
        status,
        body: &body,
        received,
    };
    Telnyx.read(ask, &reply)
}

fn read(ask: &Ask, body: &str) -> Batch {
    answer(ask, 200, body).unwrap()
}

fn at(spelled: &str) -> Option<Time> {
    wire::iso(spelled)
}

fn missions_of(batch: &Batch) -> Vec<Mission> {
    let rows = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Mission(mission) => Some(mission.clone()),
        _ => None,
    });
    rows.collect()
}

fn runs_of(batch: &Batch) -> Vec<Run> {
    let rows = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Run(run) => Some(run.clone()),
        _ => None,
    });
    rows.collect()
}

fn steps_of(batch: &Batch) -> Vec<Step> {
    let rows = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Step(step) => Some(step.clone()),
        _ => None,
    });
    rows.collect()
}

fn events_of(batch: &Batch) -> Vec<Event> {
    let rows = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Event(event) => Some(event.clone()),
        _ => None,
    });
    rows.collect()
}

fn part(event: &Event, span: Span) -> &str {
    std::str::from_utf8(event.raw.part(span)).unwrap()
}

#[test]
fn missions_are_read_whole() {
    let batch = read(&missions(), &fixture("missions"));
    assert_eq!((batch.skipped, batch.next.is_some()), (0, false));
    let found = missions_of(&batch);
    assert_eq!(found.len(), 2);
    let depot = &found[0];
    assert_eq!(
        (depot.id.as_str(), depot.name.as_str()),
        (MISSION, "Confirm depot night contacts")
    );
    assert_eq!(
        depot.description.as_deref(),
        Some("Call each depot and confirm who answers after 22:00")
    );
    assert_eq!(depot.status, None);
    assert_eq!(depot.created_at, at("2026-08-01T06:58:11.402913Z"));
    assert_eq!(depot.updated_at, at("2026-08-03T21:40:02.11822Z"));
    let facts: Vec<_> = depot
        .facts
        .iter()
        .map(|f| (f.label, f.value.as_str()))
        .collect();
    assert_eq!(facts[0], ("model", "moonshotai/Kimi-K2.6"));
    assert_eq!(facts[1], ("execution", "external"));
    assert!(facts[2].1.starts_with("Call every depot in the list once"));
    let raw = std::str::from_utf8(depot.raw.bytes()).unwrap();
    assert!(raw.starts_with("{\n      \"mission_id\"") && fixture("missions").contains(raw));
    let sweep = &found[1];
    assert_eq!(
        (sweep.name.as_str(), &sweep.description),
        ("Nightly IVR sweep", &None)
    );
    assert_eq!(sweep.facts.len(), 1);
}

#[test]
fn one_mission_names_what_it_owns_where_that_comes_along() {
    let ask = Ask::Mission {
        mission: MISSION.into(),
    };
    let plain = missions_of(&read(&ask, &fixture("mission")));
    assert_eq!((plain.len(), plain[0].facts.len()), (1, 3));
    let owning = fixture("mission").replacen(
        "\"name\"",
        r#""tools":[{"id":"t1","name":"crm"},{"type":"sms"}],"mcp_servers":["m1"],"name""#,
        1,
    );
    let found = missions_of(&read(&ask, &owning));
    let values: Vec<_> = found[0]
        .facts
        .iter()
        .skip(3)
        .map(|f| f.value.as_str())
        .collect();
    assert_eq!(values, ["crm\nsms", "m1"]);
}

#[test]
fn runs_are_read_whole() {
    let found = runs_of(&read(&runs(None), &fixture("runs")));
    assert_eq!(found.len(), 3);
    let running = &found[0];
    assert_eq!(
        (running.id.as_str(), running.mission_id.as_str()),
        (RUN, MISSION)
    );
    assert_eq!(running.title, "Confirm who answers at night");
    assert_eq!(
        (running.status, running.status_sent.as_deref()),
        (RunStatus::Running, Some("running"))
    );
    assert_eq!(
        (running.ended_at, running.duration, running.tokens),
        (None, None, None)
    );
    assert_eq!(running.quiet_since, at("2026-08-03T21:40:02.118Z"));
    let good = &found[1];
    assert_eq!(
        (good.status, good.title.as_str()),
        (RunStatus::Succeeded, "")
    );
    assert_eq!(good.duration, Some(Duration::from_secs(44 * 60 + 10)));
    assert_eq!(good.facts[0].value, "11 of 12 depots confirmed");
    assert_eq!(good.quiet_since, None);
    let failed = &found[2];
    assert_eq!(
        failed.error.as_deref(),
        Some("No phone number free for the assistant")
    );
    assert_eq!(failed.ended_at, at("2026-07-31T21:02:12Z"));
}

#[test]
fn one_run_reads_like_its_row_and_nulls_like_absences() {
    let ask = Ask::Run(run_ref());
    let failed = &runs_of(&read(&ask, &fixture("run")))[0];
    assert_eq!(
        (failed.status, failed.title.as_str()),
        (RunStatus::Failed, "Confirm who answers at night")
    );
    assert_eq!(failed.duration, Some(Duration::from_secs(132)));
    assert!(failed.facts.is_empty());
    let cancelled = &runs_of(&read(&ask, &fixture("cancelled")))[0];
    assert_eq!(cancelled.status, RunStatus::Cancelled);
    assert_eq!(
        (cancelled.ended_at, &cancelled.status_reason),
        (at("2026-08-03T21:42:00Z"), &None)
    );
}

#[test]
fn a_run_that_ended_without_saying_when_says_so() {
    let body = fixture("run").replace("\"finished_at\": \"2026-07-31T21:02:12Z\",", "");
    let run = &runs_of(&read(&Ask::Run(run_ref()), &body))[0];
    assert_eq!(run.ended_at, at("2026-07-31T21:02:12Z"));
    assert!(run.status_reason.is_some());
    let unheard = body.replace("\"failed\"", "\"exploded\"");
    let run = &runs_of(&read(&Ask::Run(run_ref()), &unheard))[0];
    assert_eq!(
        (run.status, run.status_sent.as_deref()),
        (RunStatus::Unknown, Some("exploded"))
    );
    assert_eq!(run.ended_at, None);
}

#[test]
fn refusals_speak_in_the_services_words() {
    for (status, body, words) in [
        (
            401,
            fixture("error_gateway"),
            "The key was missing or not valid.",
        ),
        (429, fixture("error_too_many"), "Slow down."),
        (
            422,
            fixture("error_validation"),
            "query.page[size]: Input should be less than or equal to 1000",
        ),
        (409, fixture("error_detail"), "Run not found"),
        (
            400,
            r#"{"errors":[{"code":10015,"title":"Bad request"}]}"#.to_owned(),
            "Bad request",
        ),
        (
            400,
            r#"{"errors":[{"description":"no such thing"}]}"#.to_owned(),
            "no such thing",
        ),
        (
            422,
            r#"{"detail":[{"loc":["body","steps",0,"sequence"],"msg":"wrong"}]}"#.to_owned(),
            "body.steps.0.sequence: wrong",
        ),
        (
            502,
            "<html>\n<h1>Bad  Gateway</h1>".to_owned(),
            "<html> <h1>Bad Gateway</h1>",
        ),
        (503, String::new(), "an empty answer"),
    ] {
        let said = answer(&missions(), status, &body).unwrap_err();
        assert_eq!(said, ReadError::Said(words.to_owned()));
    }
    let gone = answer(&Ask::Run(run_ref()), 404, &fixture("error_detail"));
    assert_eq!(
        gone.unwrap_err(),
        ReadError::Missing("Run not found".to_owned())
    );
    let long = answer(&missions(), 500, &"é".repeat(5_000))
        .unwrap_err()
        .to_string();
    assert_eq!(long.chars().count(), 200);
}
