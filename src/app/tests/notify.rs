//! What rings while a run is followed, and what does not.

use super::{
    live::{hear, live, two},
    *,
};
use crate::app::notify::{On, Ring, Why};

fn rung(effects: Vec<Effect>) -> Vec<Ring> {
    let rings = effects.into_iter().filter_map(|effect| match effect {
        Effect::Notify(ring) => Some(*ring),
        _ => None,
    });
    rings.collect()
}

fn bell(app: &mut App, typed: &str) -> Vec<Effect> {
    press(app, ":");
    let letters = typed.chars();
    let mut effects: Vec<Effect> = letters
        .flat_map(|letter| app.update(Msg::Key(Key::char(letter)), NOW))
        .collect();
    effects.extend(press(app, "enter"));
    effects
}

fn notice(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn called(id: &str, at: i64, tool: &str) -> Record {
    match event(id, at, Kind::ToolCall) {
        Record::Event(event) => Record::Event(Event {
            tool: Some(tool.to_owned()),
            call_id: Some(format!("call-{id}")),
            ..event
        }),
        other => other,
    }
}

fn state(status: RunStatus, error: &str) -> Record {
    match run("live", 9, status) {
        Record::Run(run) => Record::Run(Run {
            error: (!error.is_empty()).then(|| error.to_owned()),
            ..run
        }),
        other => other,
    }
}

#[test]
fn a_condition_rings_once_for_what_comes() {
    let (mut app, followed) = live(two(), "");
    bell(&mut app, "bell tool:deploy");
    assert_eq!(app.bell.armed(), Some("tool:deploy"));
    let watch = &followed[0];
    assert!(rung(hear(&mut app, watch, rows([called("e3", 3, "search")]))).is_empty());
    let rings = rung(hear(&mut app, watch, rows([called("e4", 4, "deploy")])));
    assert_eq!(rings.len(), 1);
    let ring = &rings[0];
    assert_eq!(
        (ring.why, ring.condition.as_deref()),
        (Why::Match, Some("tool:deploy"))
    );
    assert_eq!(ring.event.as_ref().unwrap().id, "e4");
    assert!(
        ring.text.starts_with("sortie: m live: deploy"),
        "{}",
        ring.text
    );
    assert_eq!(notice(&app), ring.text);
    assert_eq!(app.bell.armed(), None, "it has rung");
    assert!(rung(hear(&mut app, watch, rows([called("e5", 5, "deploy")]))).is_empty());
}

#[test]
fn what_was_there_when_it_was_armed_does_not_ring() {
    let (mut app, followed) = live(vec![called("e1", 1, "deploy")], "");
    bell(&mut app, "bell tool:deploy");
    let mut again = called("e1", 1, "deploy");
    if let Record::Event(event) = &mut again {
        event.duration = Some(std::time::Duration::from_secs(3));
    }
    assert!(
        rung(hear(&mut app, &followed[0], rows([again]))).is_empty(),
        "it only changed"
    );
    let rings = rung(hear(
        &mut app,
        &followed[0],
        rows([called("e2", 2, "deploy")]),
    ));
    assert_eq!(rings.len(), 1);
}

#[test]
fn what_became_of_a_call_rings_when_its_result_comes() {
    let (mut app, followed) = live(vec![called("e1", 1, "deploy")], "");
    bell(&mut app, "bell tool:deploy verdict:failed");
    let mut result = called("e2", 2, "deploy");
    if let Record::Event(event) = &mut result {
        event.kind = Kind::ToolResult;
        event.call_id = Some("call-e1".to_owned());
        event.is_error = Some(true);
    }
    let rings = rung(hear(&mut app, &followed[0], rows([result])));
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].why, Why::Match);
}

#[test]
fn older_events_that_are_loaded_later_do_not_ring() {
    let (mut app, _) = live(two(), "");
    let run = app.follow.as_ref().unwrap().run;
    bell(&mut app, "bell tool:deploy");
    app.rows(run, vec![Row::Full(called("e0", 0, "deploy"))], 0);
    let effects = app.update(Msg::Tick, NOW);
    assert!(rung(effects).is_empty());
    assert_eq!(app.bell.armed(), Some("tool:deploy"));
}

#[test]
fn the_end_of_a_followed_run_rings_as_it_is_wished() {
    let both = On {
        failure: true,
        end: true,
    };
    let failure = On { end: false, ..both };
    for (on, status, why) in [
        (both, RunStatus::Failed, Some(Why::Failure)),
        (both, RunStatus::Succeeded, Some(Why::End)),
        (failure, RunStatus::TimedOut, Some(Why::Failure)),
        (failure, RunStatus::Cancelled, None),
        (On::default(), RunStatus::Failed, None),
    ] {
        let (mut app, followed) = live(two(), "");
        app.bell.on = on;
        let rings = rung(hear(
            &mut app,
            &followed[0],
            rows([state(status, "402 declined")]),
        ));
        assert_eq!(rings.first().map(|ring| ring.why), why, "{on:?} {status:?}");
        if why == Some(Why::Failure) {
            let text = format!("sortie: m live {}: 402 declined", status.word());
            assert_eq!(rings[0].text, text);
        }
        let again = hear(
            &mut app,
            &followed[0],
            rows([state(status, "402 declined!")]),
        );
        assert!(rung(again).is_empty(), "once");
    }
}

#[test]
fn a_condition_on_the_run_rings_in_place_of_its_end() {
    let (mut app, followed) = live(two(), "");
    app.bell.on = On {
        failure: true,
        end: true,
    };
    bell(&mut app, "bell tool:deploy or status:failed");
    let rings = rung(hear(
        &mut app,
        &followed[0],
        rows([state(RunStatus::Failed, "")]),
    ));
    let whys: Vec<Why> = rings.iter().map(|ring| ring.why).collect();
    assert_eq!(whys, [Why::Match]);
}

#[test]
fn what_is_told_is_one_clean_line_without_secrets() {
    let (mut app, followed) = live(two(), "");
    app.redactor = Redactor::new(vec!["hunter2222".into()]);
    app.bell.on.failure = true;
    let error = format!(
        "hunter2222\n\u{1b}]52;c;eA==\u{7}\u{202e} {}",
        "long ".repeat(100)
    );
    let rings = rung(hear(
        &mut app,
        &followed[0],
        rows([state(RunStatus::Failed, &error)]),
    ));
    let text = &rings[0].text;
    assert!(
        !text.contains("hunter") && text.chars().count() <= 200,
        "{text}"
    );
    assert!(
        !text.contains(|c: char| c.is_control() || c == '\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn the_bell_says_what_it_waits_for_and_what_is_no_query() {
    let (mut app, _) = live(two(), "");
    bell(&mut app, "bell");
    assert!(
        notice(&app).starts_with("no condition is armed"),
        "{}",
        notice(&app)
    );
    bell(&mut app, "bell stauts:x");
    assert!(app.notice.as_ref().unwrap().failed, "{}", notice(&app));
    assert_eq!(app.bell.armed(), None);
    bell(&mut app, "bell kind:tool");
    bell(&mut app, "bell");
    assert!(
        notice(&app).contains("armed: kind:tool"),
        "{}",
        notice(&app)
    );
    bell(&mut app, "bell off");
    assert_eq!(app.bell.armed(), None);
}

#[test]
fn the_palette_completes_conditions() {
    let (mut app, _) = live(vec![called("e1", 1, "deploy")], "");
    press(&mut app, ":");
    for letter in "bell tool:de".chars() {
        app.update(Msg::Key(Key::char(letter)), NOW);
    }
    let palette = app.palette.as_ref().unwrap();
    let names: Vec<String> = palette.rows.iter().map(|entry| entry.name(&app)).collect();
    assert!(names.contains(&"bell tool:deploy".to_owned()), "{names:?}");
}

#[test]
fn watch_opens_the_run_and_follows_it() {
    let (mut app, _) = live(two(), "");
    press(&mut app, "F");
    press(&mut app, "h h");
    assert!(app.screen().is_none() && app.follow.is_none());
    let effects = bell(&mut app, "watch");
    let follows = |effect: &Effect| matches!(effect, Effect::Follow(_));
    assert!(effects.iter().any(follows));
    assert!(app.screen().is_some());
    bell(&mut app, "watch");
    assert!(app.follow.is_some(), "said twice it does not stop");
}
