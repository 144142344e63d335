//! Large runs: what comes out of order is sorted in by a worker, while the screen goes on with what it knows
//! and loses nothing of what comes meanwhile.

use super::{
    live::{hear, live},
    reading::tool,
    *,
};
use crate::{app::operations::anew, model::Watch};

const MANY: i64 = 3_000;

fn said(at: i64) -> Record {
    event(&format!("e{at}"), at * 1_000_000_000, Kind::Message)
}

/// A long run that is followed, with the cursor on its newest row, a call at second 10 whose result comes
/// at second 9,000, and one event that came too late.
fn long() -> (App, Watch) {
    let mut records: Vec<Record> = (1..=MANY).map(|n| said(n * 2)).collect();
    records.push(tool("c1", 11, Kind::ToolCall, "find"));
    let (mut app, followed) = live(records, "");
    let watch = followed[0].clone();
    // The call stands behind what came later than it.
    let first = order(&mut app);
    answered(&mut app, first);
    hear(&mut app, &watch, rows([said(3)]));
    (app, watch)
}

/// What the loop does as soon as it has time.
fn go_on(app: &mut App) {
    while app.is_behind() {
        app.update(Msg::GoOn, NOW);
    }
}

/// The order for a worker, once its time has come.
fn order(app: &mut App) -> anew::Anew {
    let due = app.next_deadline().unwrap();
    let effects = app.update(Msg::Tick, due);
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::ReadAnew(order) => Some(*order),
        _ => None,
    });
    order.unwrap()
}

/// The worker answers, and the loop has time.
fn answered(app: &mut App, order: anew::Anew) {
    let fresh = Box::new(anew::read(order));
    app.update(Msg::ReadAnew(fresh), NOW);
    go_on(app);
}

fn of(app: &App, id: &str) -> NodeId {
    let run = app.follow.as_ref().unwrap().run;
    app.store.find(run, Sort::Event, id).unwrap()
}

#[test]
fn what_comes_while_a_worker_reads_is_read_when_it_has_answered() {
    let (mut app, watch) = long();
    assert_eq!(app.role(of(&app, "e3")), None, "it waits for its place");
    let order = order(&mut app);
    let more = [
        tool("r1", 9_000, Kind::ToolResult, "find"),
        event("oh no", 9_001_000_000_000, Kind::Error),
    ];
    hear(&mut app, &watch, rows(more));
    assert_eq!(
        app.selected,
        Some(of(&app, "oh no")),
        "the cursor goes along"
    );
    assert_eq!(app.role(of(&app, "oh no")), None);
    assert_eq!(app.operation(of(&app, "c1")).unwrap().answer, None);
    answered(&mut app, order);
    assert!(app.role(of(&app, "e3")).is_some());
    assert_eq!(
        app.operation(of(&app, "c1")).unwrap().answer,
        Some(of(&app, "r1"))
    );
    assert!(app.role(of(&app, "oh no")).unwrap().fails);
    assert_eq!(app.selected, Some(of(&app, "oh no")));
    hear(&mut app, &watch, rows([said(9_002)]));
    assert_eq!(app.selected, Some(of(&app, "e9002")));
}

#[test]
fn a_reading_that_nobody_waits_for_any_more_changes_nothing() {
    let (mut app, _) = long();
    let order = order(&mut app);
    app.update(Msg::Contexts(Vec::new()), NOW);
    let effects = app.update(Msg::ReadAnew(Box::new(anew::read(order))), NOW);
    let discards = |effect: &Effect| matches!(effect, Effect::Discard(_));
    assert!(effects.iter().all(discards), "{effects:?}");
    assert!(!app.is_behind());
}

#[test]
fn where_the_worker_broke_what_came_meanwhile_is_read_all_the_same() {
    let (mut app, watch) = long();
    let order = order(&mut app);
    let run = order.run;
    let result = tool("r1", 9_000, Kind::ToolResult, "find");
    hear(&mut app, &watch, rows([result]));
    drop(order);
    app.update(Msg::StaysAsRead(run), NOW);
    go_on(&mut app);
    let again = self::order(&mut app);
    answered(&mut app, again);
    assert_eq!(
        app.operation(of(&app, "c1")).unwrap().answer,
        Some(of(&app, "r1"))
    );
}
