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
    // Not quiet for long yet.
    let batch = read_at(&look(&known), 200, body, 1_795_166_620_000).unwrap();
    let name = |ask: &Ask| match ask {
        Ask::Aside { what, .. } => *what,
        _ => "again",
    };
    batch.also.iter().map(name).collect()
}

#[test]
fn a_look_is_one_request_and_now_and_then_one_more() {
    let cost = |nth: u32| 1 + besides(nth, &live(), false).len();
    assert_eq!(besides(12, &live(), false), ["actions begun"]);
    assert_eq!(besides(24, &live(), false), ["room", "actions begun"]);
    // A room is two requests: itself, and what was said in it.
    let all: usize = (0..180).map(cost).sum();
    assert!(all + 7 <= 180 * 6 / 5, "{all}");
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
fn the_end_is_told_after_what_was_said_last() {
    let ends = |ended: bool| {
        let known = Known {
            newest: Some(1_795_166_598_122_000_000),
            looks: 3,
            ended,
            ..Known::default()
        };
        let batch = read(&look(&known), &fixture("run.json")).unwrap();
        assert_eq!(runs(&batch)[0].status, RunStatus::Succeeded);
        let all = events(&batch);
        all.iter()
            .filter(|event| event.type_sent == "RUN_ENDED")
            .count()
    };
    assert_eq!((ends(false), ends(true)), (0, 1));
}

#[test]
fn a_result_that_is_lost_anew_is_looked_up_at_once_and_then_seldom() {
    let lost = text(&live()).replace("\"result\":{\"success\":true}", "\"result\":null");
    let at = |ms: &str| Bytes::from(lost.replace("1795166597954", ms));
    assert_eq!(besides(3, &at("1795166598200"), false), ["room"]);
    assert!(besides(3, &at("1795166590000"), false).is_empty());
    // The youngest event of all, for as long as nothing younger comes.
    let youngest = at("1795166598122");
    let asked = (1..24).filter(|nth| besides(*nth, &youngest, false).contains(&"room"));
    assert_eq!(asked.collect::<Vec<_>>(), [12]);
}

#[test]
fn a_reply_without_calls_of_models_is_seldom_read_again_without_its_room() {
    let silent: Bytes = text(&live()).replace("MODEL_USED", "OTHER_EVENT").into();
    let again = (0..49).filter(|nth| besides(*nth, &silent, false).contains(&"again"));
    assert_eq!(again.collect::<Vec<_>>(), [24, 48]);
}

#[test]
fn a_followed_run_that_falls_silent_is_held_against_the_age_of_the_server() {
    let of = |nth: u32, now: i64| {
        let known = Known {
            newest: Some(1_795_166_598_122_000_000),
            looks: nth,
            ..Known::default()
        };
        let batch = read_at(&look(&known), 200, &live(), now).unwrap();
        let is_server = |ask: &&Ask| matches!(ask, Ask::Aside { what: "server", .. });
        batch.also.iter().find(is_server).cloned()
    };
    let (soon, late) = (1_795_166_620_000, 1_795_166_700_000);
    assert_eq!((of(6, soon), of(5, late)), (None, None));
    let server = of(6, late).unwrap();
    let up = r#"{"version":"1.7.2","uptime":20,"timestamp":"2026-11-20T09:25:00Z"}"#;
    let cut = read_at(&server, 200, &Bytes::from(up), late).unwrap();
    let reason = runs(&cut)[0].status_reason.clone().unwrap();
    assert!(reason.starts_with("interrupted"), "{reason}");
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
