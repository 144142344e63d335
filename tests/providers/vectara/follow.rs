//! Looks at a followed session.

use super::*;
use sortie::model::{Known, Order, RunStatus};

fn looks(known: &Known) -> Vec<Ask> {
    Vectara.looks(&run_ref(), known)
}

fn known(newest: &str, looks: u32) -> Known {
    Known {
        newest: Some(time(newest).0),
        events: 40,
        looks,
        ..Known::default()
    }
}

fn list(ids: &[(&str, &str)], key: &str) -> String {
    let rows: Vec<String> = ids
        .iter()
        .map(|(id, at)| {
            format!(r#"{{"id":"{id}","type":"thinking","created_at":"2026-07-02T08:00:{at}Z"}}"#)
        })
        .collect();
    let rows = rows.join(",");
    format!(r#"{{"events":[{rows}],"metadata":{{"page_key":"{key}"}}}}"#)
}

#[test]
fn a_look_asks_for_the_session_and_a_few_events() {
    let asks = looks(&known("2026-07-02T08:00:30Z", 0));
    let paths: Vec<String> = asks
        .iter()
        .map(|ask| Vectara.request(ask).unwrap().path)
        .collect();
    let session = format!("/agents/{AGENT}/sessions/{SESSION}");
    assert_eq!(paths, [session.clone(), format!("{session}/events")]);
    let query = Vectara.request(&asks[1]).unwrap().query;
    assert_eq!(query[0], ("limit".to_owned(), "20".to_owned()));
    assert_eq!(
        looks(&known("2026-07-02T08:00:30Z", 9)).len(),
        4,
        "now and then more"
    );
    let last = Known {
        ended: true,
        ..Known::default()
    };
    assert_eq!(looks(&last).len(), 4, "and at the end");
}

#[test]
fn a_look_ends_where_the_known_begins() {
    let ask = &looks(&known("2026-07-02T08:00:30Z", 0))[1];
    let all_new = read(ask, 200, list(&[("d", "40"), ("c", "31")], "k")).unwrap();
    let onward = all_new.next.expect("what is older may be new as well");
    let query = Vectara.request(&onward).unwrap().query;
    assert_eq!(query[0].1, "20", "pages of one list have one length");
    // Late rows are dated a little earlier.
    assert!(
        read(&onward, 200, list(&[("b", "28")], "l"))
            .unwrap()
            .next
            .is_some()
    );
    let reached = read(&onward, 200, list(&[("b", "30"), ("a", "20")], "l")).unwrap();
    assert_eq!(reached.next, None);
    assert_eq!(events_in(&reached).len(), 2);
}

#[test]
fn a_list_that_comes_oldest_first_is_followed_to_its_end() {
    let ask = &looks(&known("2026-07-02T08:00:30Z", 0))[1];
    let batch = read(ask, 200, list(&[("a", "01"), ("b", "09")], "k")).unwrap();
    assert!(batch.next.is_some());
}

#[test]
fn among_equal_times_later_looks_come_later() {
    let order = |looked: u32, ids: &[(&str, &str)]| -> Vec<Order> {
        let ask = &looks(&known("2026-07-02T08:00:30Z", looked))[1];
        let events = events_in(&read(ask, 200, list(ids, "")).unwrap());
        events.iter().map(|event| event.order).collect()
    };
    let whole = read(&events(), 200, list(&[("a", "30")], "")).unwrap();
    let loaded = events_in(&whole)[0].order;
    let first = order(0, &[("c", "30"), ("b", "30"), ("a", "30")]);
    let second = order(1, &[("f", "30"), ("e", "30"), ("d", "30"), ("c", "30")]);
    assert!(loaded < first[1] && first[1] < first[0]);
    assert!(first[0] < second[2] && second[2] < second[0]);
}

#[test]
fn known_children_are_not_asked_for_again() {
    let child = String::from_utf8(fixture("sub_agent_output").to_vec()).unwrap();
    let body = format!(r#"{{"events":[{child}]}}"#);
    let new = &looks(&known("2026-07-02T08:15:00Z", 0))[1];
    assert_eq!(read(new, 200, body.clone()).unwrap().also.len(), 1);
    let old = &looks(&known("2026-07-02T08:15:19.377Z", 0))[1];
    assert_eq!(read(old, 200, body).unwrap().also.len(), 0);
}

#[test]
fn a_look_at_the_session_asks_no_more_while_it_runs() {
    let session = |word: &str| format!(r#"{{"key":"s","status":"{word}"}}"#);
    let asks = looks(&Known::default());
    let running = read(&asks[0], 200, session("running")).unwrap();
    assert_eq!(runs_in(&running)[0].status, RunStatus::Running);
    assert!(running.also.is_empty());
    let stopped = read(&asks[0], 200, session("stopped")).unwrap();
    assert_eq!(stopped.also.len(), 1, "how it ended its newest event tells");
    let ended = Known {
        ended: true,
        ..Known::default()
    };
    let again = read(&looks(&ended)[0], 200, session("running")).unwrap();
    assert_eq!(again.also.len(), 1, "that it goes on again too");
}

#[test]
fn a_status_that_flips_before_the_answer_is_listed_is_no_end() {
    let asks = looks(&Known::default());
    let stopped = read(&asks[0], 200, r#"{"key":"s","status":"stopped"}"#).unwrap();
    let question = |at: &str| {
        format!(r#"{{"events":[{{"id":"a","type":"input_message","created_at":"{at}"}}]}}"#)
    };
    let looked = |at: &str| {
        let batch = read(&stopped.also[0], 200, question(at)).unwrap();
        runs_in(&batch)[0].status
    };
    assert_eq!(looked("2026-07-02T09:42:55Z"), RunStatus::Unknown);
    assert_eq!(looked("2026-07-01T09:42:55Z"), RunStatus::Succeeded);
}

/// A look at a session whose last known step is `investigate`.
fn in_a_step(newest: &str) -> Ask {
    let known = Known {
        step: Some("investigate".into()),
        ..known(newest, 3)
    };
    looks(&known)[1].clone()
}

fn step_of<'a>(events: &'a [Event], id: &str) -> Option<&'a str> {
    let event = events.iter().find(|event| event.id == id).unwrap();
    event.step_id.as_deref()
}

#[test]
fn new_events_stay_in_the_step_that_was_known_until_a_transition_comes() {
    let ask = in_a_step("2026-07-02T08:00:30Z");
    let quiet = list(&[("d", "40"), ("c", "31"), ("b", "30"), ("a", "20")], "k");
    let events = events_in(&read(&ask, 200, quiet).unwrap());
    assert_eq!(step_of(&events, "d"), Some("investigate"));
    assert_eq!(step_of(&events, "c"), Some("investigate"));
    assert_eq!(step_of(&events, "a"), None, "what is older is known");
    let moved = r#"{"events":[
        {"id":"d","type":"thinking","created_at":"2026-07-02T08:00:50Z"},
        {"id":"t","type":"step_transition","from_step":"investigate","to_step":"close","created_at":"2026-07-02T08:00:45Z"},
        {"id":"q","type":"input_message","created_at":"2026-07-02T08:00:41Z"},
        {"id":"c","type":"thinking","created_at":"2026-07-02T08:00:40Z"},
        {"id":"a","type":"thinking","created_at":"2026-07-02T08:00:20Z"}],
        "metadata":{"page_key":"k"}}"#;
    let events = events_in(&read(&ask, 200, moved).unwrap());
    assert_eq!(step_of(&events, "d"), Some("close"));
    for id in ["q", "c"] {
        assert_eq!(step_of(&events, id), Some("investigate"), "{id}");
    }
}

#[test]
fn a_look_that_does_not_reach_the_known_is_cast_again_at_more_events() {
    let ask = in_a_step("2026-07-02T08:00:30Z");
    let burst = read(&ask, 200, list(&[("d", "50"), ("c", "49")], "k")).unwrap();
    assert!(burst.rows.is_empty() && burst.next.is_none());
    let wide = &burst.also[0];
    let query = Vectara.request(wide).unwrap().query;
    assert_eq!(query[0], ("limit".to_owned(), "100".to_owned()));
    let all = list(&[("d", "50"), ("c", "49"), ("b", "40"), ("a", "20")], "k");
    let batch = read(wide, 200, all).unwrap();
    let events = events_in(&batch);
    assert!(batch.next.is_none());
    for id in ["b", "c", "d"] {
        assert_eq!(step_of(&events, id), Some("investigate"), "{id}");
    }
    // More still: no list is read for ever.
    let more = read(wide, 200, list(&[("d", "50"), ("c", "49")], "k")).unwrap();
    assert!(more.next.is_some() && more.also.is_empty());
}

#[test]
fn the_turns_that_ended_between_two_looks_are_looked_into() {
    let last = Known {
        ended: true,
        ..Known::default()
    };
    let asks = looks(&last);
    let traces = asks.iter().find(|ask| {
        let request = Vectara.request(ask).unwrap();
        request.path.ends_with("/traces")
    });
    let rows: Vec<String> = (0..14)
        .map(|n| format!(r#"{{"trace_id":"t{n}","started_at":"2026-07-02T08:{n:02}:00Z"}}"#))
        .collect();
    let body = format!(r#"{{"traces":[{}]}}"#, rows.join(","));
    let batch = read(traces.unwrap(), 200, body).unwrap();
    let paths: Vec<String> = batch
        .also
        .iter()
        .map(|ask| Vectara.request(ask).unwrap().path)
        .collect();
    assert_eq!(paths.len(), 10);
    assert_eq!(
        paths[0], "/agent_analytics/traces/t13/spans",
        "newest first"
    );
}
