//! What the filter shows and hides, while it is typed and after, and the way from a hit to what is around
//! it and back.

use super::{
    reading::{failed, ids, on_screen, said, selected, story, tool},
    *,
};
use crate::app::{filter, outline::Lens};

/// Presses keys and does at once what is to be asked beside the loop.
pub(super) fn ask(app: &mut App, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Judge(order) = effect {
            let mut told = Vec::new();
            filter::judge(&order, |judged| {
                told.push(judged);
                true
            });
            for judged in told {
                let effects = app.update(Msg::Judged(Box::new(judged)), NOW);
                ask(app, effects);
            }
        }
    }
}

pub(super) fn type_in(app: &mut App, keys: &str) {
    let keys = crate::app::key::parse_sequence(keys).unwrap();
    for key in keys {
        let effects = app.update(Msg::Key(key), NOW);
        ask(app, effects);
    }
}

fn letters(app: &mut App, text: &str) {
    for letter in text.chars() {
        let effects = app.update(Msg::Key(Key::char(letter)), NOW);
        ask(app, effects);
    }
}

/// A filter, typed and entered.
pub(super) fn filter(app: &mut App, text: &str) {
    type_in(app, "&");
    type_in(app, "ctrl-u");
    letters(app, text);
    type_in(app, "enter");
}

fn count(app: &App) -> String {
    let told = app.filter_told().unwrap_or_default();
    let parts = [Some(told.count), told.not_read];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[test]
fn rows_that_match_are_shown_and_the_others_are_not() {
    for (query, rows) in [
        ("tool:find", vec!["c1", "c3"]),
        ("tool:pay verdict:failed", vec!["c2"]),
        ("-kind:tool", vec!["hello", "sorry", "bye"]),
        ("is:failure or \"from hello\"", vec!["hello", "c2"]),
        ("payload.q:1 -tool:pay", vec!["c1", "c3"]),
        ("status:failed tool:pay", vec!["c2"]),
        ("status:running tool:pay", vec![]),
        ("kind:tool_result", vec!["c1", "c2", "c3"]),
    ] {
        let mut app = on_screen(story());
        filter(&mut app, query);
        assert!(app.prompt.is_none(), "{query}");
        assert_eq!(ids(&app), rows, "{query}");
    }
}

#[test]
fn it_is_asked_while_it_is_typed_and_the_last_good_result_stays() {
    let mut app = on_screen(story());
    type_in(&mut app, "&");
    letters(&mut app, "tool:f*");
    assert_eq!(ids(&app), ["c1", "c3"]);
    assert_eq!(count(&app), "2 of 6 match");
    letters(&mut app, " verdict:fail");
    let fault = app.typing.fault.clone().unwrap();
    assert_eq!((fault.at.start, fault.nearest), (16, Some("failed")));
    assert_eq!(
        ids(&app),
        ["c1", "c3"],
        "the query is wrong: what was stays"
    );
    type_in(&mut app, "enter");
    assert!(app.prompt.is_some(), "a wrong query is not taken");
    letters(&mut app, "ed");
    assert_eq!(ids(&app), [] as [&str; 0]);
    type_in(&mut app, "esc");
    assert_eq!(ids(&app).len(), 7, "as it was before");
    assert!(app.filter.is_none() && app.prompt.is_none());
    assert_eq!(selected(&app), "c2");
}

#[test]
fn enter_shows_a_hit_among_all_others_and_esc_returns_to_it() {
    let mut app = on_screen(story());
    filter(&mut app, "tool:find");
    type_in(&mut app, "G");
    assert_eq!(selected(&app), "c3");
    type_in(&mut app, "enter");
    assert_eq!((ids(&app).len(), selected(&app)), (7, "c3".to_owned()));
    type_in(&mut app, "k k esc");
    assert_eq!((ids(&app).len(), selected(&app)), (2, "c3".to_owned()));
    type_in(&mut app, "esc");
    assert!(app.filter.is_none());
    assert_eq!((ids(&app).len(), selected(&app)), (7, "c3".to_owned()));
    assert!(app.screen().is_some(), "the run stays until the next Esc");
    type_in(&mut app, "esc");
    assert!(app.screen().is_none());
}

#[test]
fn where_nothing_matches_the_clause_that_hides_most_is_named_and_dropped() {
    let mut app = on_screen(story());
    filter(&mut app, "tool:find payload.qq:1 kind:tool");
    let told = app.filter_told().unwrap();
    assert!(told.none);
    assert_eq!(
        told.count,
        "matches none of 6 operations; esc clears it, Backspace drops payload.qq:1, which hides most; \
         nothing loaded has payload.qq (payload.q?)"
    );
    assert_eq!(told.chips, ["tool:find", "payload.qq:1", "kind:tool"]);
    type_in(&mut app, "backspace");
    assert_eq!(ids(&app), ["c1", "c3"]);
    assert!(app.screen().is_some());
}

#[test]
fn failures_among_the_matches() {
    let mut app = on_screen(story());
    filter(&mut app, "kind:tool");
    type_in(&mut app, "!");
    assert_eq!(ids(&app), ["c2"]);
    type_in(&mut app, "!");
    assert_eq!(ids(&app), ["c1", "c2", "c3"]);
    filter(&mut app, "tool:find");
    type_in(&mut app, "!");
    assert_eq!(
        ids(&app),
        ["c1", "c3"],
        "there is none among them, and it says so"
    );
    assert_eq!(app.outline.lens(), Lens::Matching);
}

#[test]
fn in_the_list_runs_match_by_themselves_or_by_what_is_in_them() {
    let mut app = opened(story());
    filter(&mut app, "status:succeeded");
    assert_eq!(ids(&app), ["c", "m", "old"]);
    assert_eq!(count(&app), "1 of 2 runs match");
    filter(&mut app, "tool:pay");
    assert_eq!(ids(&app), ["c", "m", "r", "c2"]);
    assert_eq!(count(&app), "1 of 6 match, not read: 1 (& Enter reads on)");
    filter(&mut app, "status:failed");
    assert_eq!(ids(&app).len(), 3 + 6, "all of it, without the silence");
    filter(&mut app, "");
    assert!(app.filter.is_none());
    assert_eq!(app.outline.lens(), Lens::Operations);
}

#[test]
fn what_comes_later_is_asked_as_it_comes() {
    let mut app = on_screen(story());
    filter(&mut app, "tool:pay or kind:msg");
    let before = ids(&app);
    let run = app.screen().unwrap();
    let ticket = tickets(press(&mut app, "r")).remove(0);
    let events = [
        tool("c8", 70, Kind::ToolCall, "pay"),
        tool("c9", 71, Kind::ToolCall, "find"),
        said("late", 72),
        failed(tool("r8", 73, Kind::ToolResult, "pay")),
    ];
    let ticket = Ticket {
        node: run,
        ..ticket
    };
    answer(&mut app, &ticket, rows(events));
    let more: Vec<String> = ids(&app).split_off(before.len());
    assert_eq!(more, ["c8", "late"]);
}

#[test]
fn tab_offers_what_is_loaded_but_nothing_that_has_to_be_hidden() {
    let mut app = on_screen(story());
    let typed = |app: &App| app.prompt.as_ref().unwrap().input.value().to_owned();
    for (begun, completed, offered) in [
        ("tool:", "tool:", vec!["find", "pay"]),
        ("tool:p", "tool:pay ", vec![]),
        ("-payload.", "-payload.", vec!["id", "q", "say"]),
        ("payload.s", "payload.say:", vec![]),
        ("ctx:", "ctx:c ", vec![]),
    ] {
        type_in(&mut app, "& ctrl-u");
        letters(&mut app, begun);
        type_in(&mut app, "tab");
        assert_eq!(typed(&app), completed);
        assert_eq!(app.typing.options, offered, "{begun}");
        type_in(&mut app, "esc");
    }
    let mut app = on_screen(vec![tool(
        "c1",
        1,
        Kind::ToolCall,
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    )]);
    type_in(&mut app, "&");
    letters(&mut app, "tool:");
    type_in(&mut app, "tab");
    assert_eq!(typed(&app), "tool:");
}

#[test]
fn tab_completes_and_the_arrows_bring_back_what_was_asked() {
    let mut app = on_screen(story());
    filter(&mut app, "tool:find");
    filter(&mut app, "tool:pay");
    let typed = |app: &App| app.prompt.as_ref().unwrap().input.value().to_owned();
    type_in(&mut app, "& ctrl-u");
    letters(&mut app, "verd");
    type_in(&mut app, "tab");
    assert_eq!(typed(&app), "verdict:");
    letters(&mut app, "so");
    type_in(&mut app, "tab");
    assert_eq!(app.typing.options, ["soft_failure", "soft"]);
    assert_eq!(typed(&app), "verdict:soft");
    letters(&mut app, "_");
    type_in(&mut app, "tab");
    assert_eq!(typed(&app), "verdict:soft_failure ");
    type_in(&mut app, "up up");
    assert_eq!(typed(&app), "tool:find");
    assert_eq!(ids(&app), ["c1", "c3"]);
    type_in(&mut app, "down");
    assert_eq!(typed(&app), "tool:pay");
    type_in(&mut app, "esc");
    assert_eq!(ids(&app), ["c2"]);
}

#[test]
fn services_are_asked_for_the_state_that_is_wanted_and_for_all_again() {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    filter(&mut app, "status:failed");
    assert_eq!(
        count(&app),
        "0 of 0 runs match, missions not opened: 1 (& Enter reads on)"
    );
    let status = |tickets: &[Ticket]| {
        tickets.iter().find_map(|ticket| match &ticket.ask {
            Ask::Runs { status, .. } => Some(*status),
            _ => None,
        })
    };
    press(&mut app, "&");
    let asked = tickets(press(&mut app, "enter"));
    assert_eq!(status(&asked), Some(Some(RunStatus::Failed)));
    for ticket in &asked {
        if matches!(ticket.ask, Ask::Runs { .. }) {
            answer(&mut app, ticket, rows([run("r", 5, RunStatus::Failed)]));
        }
        answer(&mut app, ticket, Got::Done { more: None });
    }
    assert_eq!(count(&app), "1 of 1 run match");
    press(&mut app, "j l");
    assert_eq!(ids(&app), ["c", "m", "r"]);
    let again = tickets(press(&mut app, "esc"));
    assert_eq!(
        status(&again),
        Some(None),
        "what was left out is listed now"
    );
}

#[test]
fn a_run_that_is_opened_from_the_matches_leads_back_to_them() {
    let mut app = opened(story());
    filter(&mut app, "tool:pay");
    type_in(&mut app, "g j j enter");
    assert!(app.screen().is_some());
    assert_eq!(ids(&app), ["c2"], "the filter holds there too");
    type_in(&mut app, "esc");
    assert!(app.screen().is_none() && app.filter.is_some());
    assert_eq!(selected(&app), "r");
    type_in(&mut app, "esc");
    assert!(app.filter.is_none());
}

#[test]
fn what_matches_in_a_folded_step_is_shown_and_folded_back_afterwards() {
    let story = vec![
        step("s", None),
        in_step(said("within", 10), "s"),
        step("t", None),
        in_step(said("other", 20), "t"),
        said("alone", 30),
    ];
    let mut app = on_screen(story);
    type_in(&mut app, "g z c G");
    let folded = screen(&app);
    assert!(!folded.contains(&"   within".to_owned()), "{folded:?}");
    filter(&mut app, "\"from within\"");
    let shown = screen(&app);
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[1].ends_with("within"), "{shown:?}");
    type_in(&mut app, "g esc");
    assert!(app.filter.is_none());
    assert_eq!(screen(&app).len(), folded.len(), "{:?}", screen(&app));
    // What the cursor is on is not folded away.
    filter(&mut app, "\"from within\"");
    type_in(&mut app, "G esc");
    assert_eq!(selected(&app), "within");
}

#[test]
fn esc_stops_what_is_read_for_the_filter_before_it_drops_the_filter() {
    let (mut app, effects) = app(&["a"]);
    for ticket in tickets(effects) {
        answer(&mut app, &ticket, rows([mission("m"), mission("n")]));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    filter(&mut app, "status:failed");
    assert!(
        count(&app).contains("missions not opened: 2"),
        "{}",
        count(&app)
    );
    let lists = |effects: Vec<Effect>| {
        let asked = tickets(effects).into_iter();
        asked
            .filter(|ticket| matches!(ticket.ask, Ask::Runs { .. }))
            .count()
    };
    assert_eq!(lists(press(&mut app, "& enter")), 2);
    assert!(!count(&app).contains("not opened"), "{}", count(&app));
    let later = Time(NOW.0 + 1_000_000_000);
    let esc = Key::plain(crate::app::key::Code::Esc);
    let effects = app.update(Msg::Key(esc), later);
    let stopped = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Cancel(_)));
    assert_eq!(stopped.count(), 2, "{effects:?}");
    assert!(app.filter.is_some());
    let notice = app.notice.as_ref().unwrap();
    assert_eq!(notice.text, "stopped reading 2 lists; & Enter reads on");
    assert!(
        count(&app).contains("missions not opened: 2"),
        "{}",
        count(&app)
    );
    assert_eq!(lists(press(&mut app, "& enter")), 2);
    app.update(Msg::Key(esc), NOW);
    assert!(
        app.filter.is_none(),
        "a quick one is over before anybody could mean it"
    );
}

#[test]
fn in_an_inbox_the_count_is_of_what_its_window_shows() {
    const HOUR: i64 = 3_600_000_000_000;
    let (mut app, effects) = app(&["a"]);
    for ticket in tickets(effects) {
        answer(&mut app, &ticket, rows([mission("m")]));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    let runs = [
        run("bad", NOW.0 - HOUR, RunStatus::Failed),
        run("good", NOW.0 - 2 * HOUR, RunStatus::Succeeded),
        run("old", NOW.0 - 30 * HOUR, RunStatus::Failed),
    ];
    for ticket in tickets(press(&mut app, "a")) {
        answer(&mut app, &ticket, rows(runs.clone()));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    filter(&mut app, "status:failed");
    assert_eq!(count(&app), "1 of 2 runs match");
    press(&mut app, ": m i s s i o n s enter");
    assert!(
        count(&app).starts_with("2 of 3 runs match"),
        "{}",
        count(&app)
    );
}
