//! A run looked at again and again: what a look asks, and that nothing learnt is forgotten.

use super::*;

const RUN: &str = "ec5f45c3-d406-43e8-8f24-055d9925baaa";

fn look(known: &Known) -> Ask {
    let asks = ElizaOs.looks(&run_ref(RUN, Some(ROOM)), known);
    assert_eq!(asks.len(), 1, "{asks:?}");
    asks.into_iter().next().unwrap()
}

/// The live run of the fixture without lost results, so that a look has nothing to find out.
fn live() -> Bytes {
    let body = fixture("run.json");
    let body = text(&body);
    let (begun, _) = body.split_once(",\n  {\"type\":\"RUN_ENDED\"").unwrap();
    let body = format!("{begun}]}}}}");
    body.replace("\"status\":\"completed\"", "\"status\":\"started\"")
        .replace("\"endedAt\":1795166598139,", "")
        .replace("\"result\":null", "\"result\":{\"success\":true}")
        .into()
}

/// How many requests a look makes besides its own.
fn besides(nth: u32, body: &Bytes, ended: bool) -> Vec<&'static str> {
    let known = Known {
        newest: Some(1_795_166_598_122_000_000),
        events: 5,
        looks: nth,
        step: None,
        ended,
    };
    let batch = read_at(&look(&known), 200, body, NOW).unwrap();
    let name = |ask: &Ask| match ask {
        Ask::Aside { what, .. } => *what,
        _ => "again",
    };
    batch.also.iter().map(name).collect()
}

#[test]
fn a_look_is_one_request_and_now_and_then_one_more() {
    for nth in 1..8 {
        let expected: &[&str] = if nth % 2 == 0 {
            &["actions begun"]
        } else {
            &[]
        };
        assert_eq!(besides(nth, &live(), false), expected, "{nth}");
    }
    assert_eq!(besides(8, &live(), false), ["room", "actions begun"]);
}

#[test]
fn the_look_that_sees_the_end_reads_what_was_said_last() {
    let ended =
        text(&fixture("run.json")).replace("\"result\":null", "\"result\":{\"success\":true}");
    assert_eq!(besides(3, &ended.clone().into(), false), ["room"]);
    // The last looks only wait for rows that trail behind.
    assert!(besides(4, &ended.into(), true).is_empty());
}

#[test]
fn a_result_that_is_lost_anew_is_looked_up_at_once() {
    let lost = text(&live()).replace("\"result\":{\"success\":true}", "\"result\":null");
    let at = |ms: &str| lost.replace("1795166597954", ms);
    assert_eq!(besides(3, &at("1795166598200").into(), false), ["room"]);
    assert!(besides(3, &at("1795166590000").into(), false).is_empty());
}

#[test]
fn a_look_goes_past_the_server_s_cache_and_brings_rows_that_lie_earlier() {
    // The detail is not cached; the list is, unless it has a limit in time.
    let runs = ElizaOs.request(&runs_ask()).unwrap();
    assert!(runs.query.contains(&("from".to_owned(), "1".to_owned())));
    // An action is shown only once it ended, with a start that may lie minutes back.
    let known = Known {
        newest: Some(1_795_166_598_122_000_000),
        looks: 1,
        ..Known::default()
    };
    let batch = read(&look(&known), &live()).unwrap();
    assert!(
        events(&batch)
            .iter()
            .any(|event| event.kind == Kind::ToolCall)
    );
}

#[test]
fn what_the_memories_told_outlives_the_next_look() {
    let body = text(&live()).replace("\"result\":{\"success\":true}", "\"result\":null");
    let batch = read(&look(&Known::default()), &body.into()).unwrap();
    let action = batch
        .rows
        .iter()
        .find(|row| matches!(row.record(), Record::Event(event) if event.kind == Kind::ToolResult))
        .unwrap();
    let Row::Patch(Record::Event(again)) = action else {
        panic!("{action:?}");
    };
    let known = Event {
        is_error: Some(true),
        summary: Some("card declined".to_owned()),
        step_id: Some("1/2".to_owned()),
        ..again.clone()
    };
    let after = merge::event_patch(known.clone(), again.clone());
    assert_eq!(after, known);
}
