//! A followed run in which nothing happens for longer than is usual for it.

use super::{
    live::{hear, live},
    *,
};
use crate::model::{Live, Watch};

const SECOND: i64 = 1_000_000_000;

/// So many events, each ten seconds behind the one before, the last one now.
fn steady(count: i64) -> Vec<Record> {
    let at = |n: i64| NOW.0 - (count - 1 - n) * 10 * SECOND;
    (0..count)
        .map(|n| in_step(event(&format!("e{n}"), at(n), Kind::Message), "quote"))
        .collect()
}

fn followed(count: i64) -> (App, Watch) {
    let (mut app, mut watches) = live(steady(count), "");
    let watch = watches.remove(0);
    hear(&mut app, &watch, Got::Live(Live::Streaming));
    (app, watch)
}

/// So many seconds later.
fn later(app: &mut App, seconds: i64) {
    app.update(Msg::Tick, Time(NOW.0 + seconds * SECOND));
}

fn told(app: &App) -> Option<(u64, u64, bool)> {
    let stalled = app.stalled()?;
    let silent = stalled.silent.as_secs();
    Some((silent, stalled.usual.as_secs(), stalled.in_step))
}

#[test]
fn silence_is_told_once_it_is_longer_than_usual_and_goes_with_the_next_event() {
    let (mut app, watch) = followed(20);
    later(&mut app, 59);
    assert_eq!(told(&app), None);
    assert_eq!(app.stall_due(), Some(Time(NOW.0 + 60 * SECOND)));
    later(&mut app, 60);
    assert_eq!(told(&app), Some((60, 10, true)));
    later(&mut app, 254);
    assert_eq!(told(&app), Some((250, 10, true)), "in steps of ten seconds");
    assert_eq!(
        app.stall_due(),
        Some(Time(NOW.0 + 260 * SECOND)),
        "nothing is drawn before it says something else"
    );
    let news = rows([event("late", NOW.0 + 254 * SECOND, Kind::Message)]);
    let arrival = Arrival {
        context: watch.context,
        node: watch.node,
        generation: watch.generation,
        ask: Ask::Run(watch.run.clone()),
        got: news,
    };
    let now = Time(NOW.0 + 254 * SECOND);
    app.update(Msg::Arrived(Box::new(arrival)), now);
    assert_eq!(told(&app), None);
}

#[test]
fn from_little_nothing_is_concluded_and_a_service_that_is_away_is_not_a_silent_run() {
    let (mut app, _) = followed(4);
    later(&mut app, 900);
    assert_eq!((told(&app), app.stall_due()), (None, None));

    let (mut app, watch) = followed(20);
    let lost = Live::Lost {
        trouble: Trouble::Cancelled,
        until: Time(NOW.0 + 100 * SECOND),
    };
    hear(&mut app, &watch, Got::Live(lost));
    later(&mut app, 90);
    assert_eq!(told(&app), None);
    hear(&mut app, &watch, Got::Live(Live::Streaming));
    later(&mut app, 150);
    assert_eq!(told(&app), None, "nobody could know before 100 s");
    later(&mut app, 160);
    assert_eq!(told(&app), Some((60, 10, true)));
}
