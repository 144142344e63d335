//! What is sent to Telnyx for each ask, and what the lists over all runs answer.

use super::{
    MISSION, RUN, Telnyx, answer, event, events, events_of, fixture, missions, read, run_ref, runs,
    runs_of,
};
use sortie::model::{Ask, Batch, Elsewhere, Kind, Of, Only, Page, Record, RunStatus};
use sortie::provider::{Provider, ReadError};

fn all_runs(status: Option<RunStatus>) -> Ask {
    let page = Page::default();
    Ask::AllRuns { status, page }
}

fn all_events(kind: Option<Kind>) -> Ask {
    let page = Page::default();
    Ask::AllEvents { kind, page }
}

fn picked(only: Only) -> Ask {
    Ask::Picked {
        run: run_ref(),
        only,
        page: Page::default(),
    }
}

fn kind(kind: Kind) -> Ask {
    picked(Only {
        kind: Some(kind),
        ..Only::default()
    })
}

/// Path and query, the query as it is written by hand.
fn sent(ask: &Ask) -> (String, String) {
    let request = Telnyx.request(ask).unwrap();
    assert!(Telnyx.routes().contains(&request.template()), "{ask:?}");
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (request.path, query.join("&"))
}

#[test]
fn every_ask_has_its_request() {
    let all = "/ai/missions";
    let mission = format!("{all}/{MISSION}");
    let run = format!("{mission}/runs/{RUN}");
    let paged = |size: u32| format!("page[number]=1&page[size]={size}");
    let filtered = |filter: &str, size| format!("{filter}&{}", paged(size));
    let only = Only {
        kind: Some(Kind::Error),
        step: Some("call é/2".into()),
        agent: Some("oncall".into()),
    };
    let one = Ask::Mission {
        mission: MISSION.into(),
    };
    let aside = |of, what| Ask::Aside {
        of,
        what,
        page: Page::default(),
    };
    let runs_of_it = format!("{mission}/runs");
    let events_of_it = format!("{run}/events");
    let every_event = format!("{all}/events");
    for (ask, path, query) in [
        (missions(), all, paged(100)),
        (one, &mission, String::new()),
        (runs(None), &runs_of_it, paged(100)),
        (
            runs(Some(RunStatus::Failed)),
            &runs_of_it,
            filtered("status=failed", 100),
        ),
        (runs(Some(RunStatus::TimedOut)), &runs_of_it, paged(100)),
        (all_runs(None), &format!("{all}/runs"), paged(100)),
        (
            all_runs(Some(RunStatus::Cancelled)),
            &format!("{all}/runs"),
            filtered("status=cancelled", 100),
        ),
        (Ask::Run(run_ref()), &run, String::new()),
        (Ask::Steps(run_ref()), &format!("{run}/plan"), String::new()),
        (events(), &events_of_it, paged(500)),
        (
            picked(only),
            &events_of_it,
            filtered("type=error&step_id=call é/2&agent_id=oncall", 500),
        ),
        (kind(Kind::Unknown), &events_of_it, paged(500)),
        (
            kind(Kind::Data),
            &events_of_it,
            filtered("type=custom", 500),
        ),
        (all_events(None), &every_event, paged(500)),
        (
            all_events(Some(Kind::Status)),
            &every_event,
            filtered("type=status_change", 500),
        ),
        (all_events(Some(Kind::Step)), &every_event, paged(500)),
        (
            event("a/b é"),
            &format!("{run}/events/a%2Fb%20%C3%A9"),
            String::new(),
        ),
        (
            aside(Of::Mission(MISSION.into()), "tools"),
            &format!("{mission}/tools"),
            String::new(),
        ),
        (
            aside(Of::Run(run_ref()), "linked agents"),
            &format!("{run}/telnyx-agents"),
            String::new(),
        ),
        (Ask::Check, all, paged(1)),
    ] {
        assert_eq!(sent(&ask), (path.to_owned(), query));
    }
}

#[test]
fn lists_that_stand_where_missions_do_are_no_missions() {
    for mission in ["runs", "events", ""] {
        let mission = mission.into();
        assert_eq!(Telnyx.request(&Ask::Mission { mission }), None);
    }
    let unknown = Ask::Aside {
        of: Of::Mission(MISSION.into()),
        what: "spells",
        page: Page::default(),
    };
    assert_eq!(Telnyx.request(&unknown), None);
}

#[test]
fn a_kind_with_several_types_is_picked_type_by_type() {
    let mut next = Some(kind(Kind::Step));
    let mut asked = Vec::new();
    while let Some(ask) = next {
        let query = sent(&ask).1;
        let (word, rest) = query.split_once('&').unwrap();
        asked.push(format!("{word} {}", rest.split('&').next().unwrap()));
        let pages = if word == "type=step_completed" { 2 } else { 1 };
        let rows = if word == "type=step_started" {
            String::new()
        } else {
            format!(r#"{{"event_id":"{query}","type":"step_started","summary":""}}"#)
        };
        next = read(
            &ask,
            &format!(r#"{{"data":[{rows}],"meta":{{"total_pages":{pages}}}}}"#),
        )
        .next;
    }
    assert_eq!(
        asked,
        [
            "type=step_started page[number]=1",
            "type=step_completed page[number]=1",
            "type=step_completed page[number]=2",
            "type=step_failed page[number]=1",
        ]
    );
}

#[test]
fn a_filter_that_the_service_does_not_know_changes_nothing_else() {
    let ask = kind(Kind::Error);
    let batch = read(&ask, &fixture("every_type"));
    assert_eq!(events_of(&batch).len(), 10, "callers pick again");
    let refused = answer(&ask, 422, &fixture("error_validation")).unwrap_err();
    assert!(matches!(refused, ReadError::Said(_)));
}

#[test]
fn runs_of_all_missions_name_theirs() {
    let batch = read(&all_runs(None), &fixture("runs"));
    assert_eq!((batch.skipped, batch.also.len()), (0, 0));
    assert!(runs_of(&batch).iter().all(|run| run.mission_id == MISSION));
    let pages = fixture("runs").replace("\"total_pages\": 1", "\"total_pages\": 2");
    let next = read(&all_runs(Some(RunStatus::Running)), &pages)
        .next
        .unwrap();
    assert_eq!(
        sent(&next).1,
        "status=running&page[number]=2&page[size]=100"
    );
}

fn elsewhere_of(batch: &Batch) -> Vec<Elsewhere> {
    let rows = batch.rows.iter().map(|row| match row.record() {
        Record::Elsewhere(elsewhere) => (**elsewhere).clone(),
        other => panic!("{other:?}"),
    });
    rows.collect()
}

#[test]
fn events_of_all_runs_name_their_run_and_no_mission() {
    let found = elsewhere_of(&read(&all_events(None), &fixture("all_events")));
    let told: Vec<_> = found
        .iter()
        .map(|e| {
            (
                e.mission.as_str(),
                e.run.as_str(),
                e.event.id.as_str(),
                e.event.kind,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", RUN, "e-08", Kind::Error),
            (
                "",
                "e3a81f64-92cd-4b0f-b5d3-71a6f0c8d2e9",
                "77",
                Kind::Error
            ),
        ]
    );
    let odd = elsewhere_of(&read(&all_events(None), r#"{"data":[7,{"event_id":"e"}]}"#));
    assert_eq!(
        (odd[0].event.raw.bytes().as_ref(), odd[0].event.kind),
        (&b"7"[..], Kind::Unknown)
    );
    assert_eq!((odd[1].run.as_str(), odd[1].event.id.as_str()), ("", "e"));
    // A page shifted by news repeats a row: the list goes on all the same.
    let first = fixture("all_events").replace("\"total_pages\": 1", "\"total_pages\": 3");
    let second = read(&all_events(None), &first).next.unwrap();
    assert_eq!(sent(&second).1, "page[number]=2&page[size]=500");
    assert_eq!(
        read(&second, &first).next,
        None,
        "the very same page is the end"
    );
}

#[test]
fn a_check_asks_for_one_row_and_proves_that_it_may() {
    let proof = read(&Ask::Check, &fixture("missions"));
    assert_eq!(proof, Batch::default());
    assert_eq!(read(&Ask::Check, "{\"data\":[]}"), Batch::default());
    let refused = answer(&Ask::Check, 401, &fixture("error_gateway")).unwrap_err();
    assert_eq!(refused.to_string(), "The key was missing or not valid.");
    assert!(matches!(
        answer(&Ask::Check, 200, "<html>"),
        Err(ReadError::Foreign(_))
    ));
}
