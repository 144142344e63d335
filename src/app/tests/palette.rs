//! The palette: what is typed, what is found, and what Enter does.

use super::{
    reading::{on_screen, story},
    *,
};
use crate::app::{Entry, palette::seek};

fn letters(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|letter| app.update(Msg::Key(Key::char(letter)), NOW))
        .collect()
}

fn names(app: &App) -> Vec<String> {
    let palette = app.palette.as_ref().unwrap();
    palette.rows.iter().map(|entry| entry.name(app)).collect()
}

fn notice(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

/// A mission with so many runs, none of which is open.
fn many(runs: u32) -> App {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    press(&mut app, "j");
    for ticket in tickets(press(&mut app, "l")) {
        if matches!(ticket.ask, Ask::Runs { .. }) {
            let records = (0..runs).map(|n| run(&format!("run-{n}"), 1, RunStatus::Succeeded));
            answer(&mut app, &ticket, rows(records));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    app
}

#[test]
fn what_is_typed_in_full_is_done_and_letters_find_the_rest() {
    let is_so: [fn(&App) -> bool; 5] = [
        |app| app.detail.cut,
        |app| app.times == TimeColumn::Clock,
        |app| app.bars == Some(Bars::Off),
        |app| app.outline.lens() == outline::Lens::Raw,
        |app| app.help.is_some(),
    ];
    for (typed, is_so) in [
        ("wrap off", is_so[0]),
        ("  wrap off ", is_so[0]),
        ("times clock", is_so[1]),
        ("tclo", is_so[1]),
        ("bars off", is_so[2]),
        ("raw", is_so[3]),
        ("show the keys", is_so[4]),
    ] {
        let mut app = on_screen(story());
        press(&mut app, ":");
        letters(&mut app, typed);
        press(&mut app, "enter");
        assert!(is_so(&app), "{typed}");
    }
}

#[test]
fn runs_and_missions_are_gone_to_from_wherever_one_is() {
    let mut app = on_screen(story());
    press(&mut app, "enter ctrl-p");
    assert!(app.in_detail());
    letters(&mut app, "old");
    press(&mut app, "enter");
    let shown = app.store.run(app.screen().unwrap()).unwrap();
    assert_eq!(shown.id, "old");
    assert!(!app.in_detail() && app.prompt.is_none());
    // Ctrl-o leads back to where one was.
    press(&mut app, "ctrl-o");
    assert_eq!(app.store.run(app.screen().unwrap()).unwrap().id, "r");
    press(&mut app, ":");
    letters(&mut app, "m");
    let place = names(&app).iter().position(|name| name == "m  m").unwrap();
    for _ in 0..place {
        press(&mut app, "down");
    }
    press(&mut app, "enter");
    assert_eq!(app.screen(), None);
    assert_eq!(screen(&app)[1], ">  m");
}

#[test]
fn what_is_unknown_is_answered_with_the_nearest_and_can_be_typed_again() {
    let mut app = on_screen(story());
    press(&mut app, ":");
    letters(&mut app, "falures z");
    assert_eq!(names(&app), [] as [&str; 0]);
    press(&mut app, "enter");
    assert!(notice(&app).contains("did you mean :failures?"));
    press(&mut app, "ctrl-u");
    // What is like nothing is guessed at by nobody.
    letters(&mut app, "Live: gateway");
    press(&mut app, "enter");
    assert_eq!(
        notice(&app),
        "nothing that is loaded and no command is called \"Live: gateway\""
    );
    press(&mut app, "ctrl-u");
    letters(&mut app, "failures");
    press(&mut app, "enter");
    assert_eq!(app.outline.lens(), outline::Lens::Failures);
}

#[test]
fn esc_and_enter_on_nothing_change_nothing() {
    let mut app = on_screen(story());
    let before = screen(&app);
    for keys in [
        ": esc",
        ": enter",
        ": f a i l esc",
        ": x backspace backspace",
    ] {
        assert!(press(&mut app, keys).is_empty(), "{keys}");
        assert!(app.palette.is_none() && app.prompt.is_none(), "{keys}");
        assert_eq!(screen(&app), before, "{keys}");
    }
    assert!(matches!(press(&mut app, ": q enter")[..], [Effect::Quit]));
}

#[test]
fn tab_types_out_what_is_selected() {
    let mut app = on_screen(story());
    press(&mut app, ":");
    letters(&mut app, "wrof");
    press(&mut app, "tab");
    assert_eq!(app.prompt.as_ref().unwrap().input.value(), "wrap off");
    app.update(Msg::Paste("x".to_owned()), NOW);
    assert_eq!(names(&app), [] as [&str; 0]);
}

#[test]
fn what_was_used_last_comes_first_among_equals_only() {
    let mut app = many(3);
    for wanted in ["run-1", "run-2"] {
        press(&mut app, ":");
        letters(&mut app, wanted);
        press(&mut app, "enter q");
    }
    press(&mut app, ":");
    let runs = |app: &App| -> Vec<String> {
        let mut names = names(app);
        names.retain(|name| name.starts_with("run-"));
        names
    };
    let first = names(&app);
    assert_eq!(first[..2], ["run-2  m", "run-1  m"]);
    letters(&mut app, "run-");
    assert_eq!(runs(&app), ["run-2  m", "run-1  m", "run-0  m"]);
    letters(&mut app, "0");
    assert_eq!(runs(&app), ["run-0  m"]);
}

#[test]
fn many_names_are_looked_through_beside_the_loop_and_enter_waits_for_them() {
    let mut app = many(5_000);
    let mut orders: Vec<_> = press(&mut app, ": r u n - 4 2 4 2")
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Seek(order) => Some(order),
            _ => None,
        })
        .collect();
    assert_eq!(orders.len(), 9);
    assert!(app.palette.as_ref().unwrap().waits);
    let last = orders.pop().unwrap();
    // An answer that nobody waits for any more changes nothing.
    let early = seek::seek(&orders[3], || true).unwrap();
    app.update(Msg::Sought(early), NOW);
    assert!(app.palette.as_ref().unwrap().waits);
    assert!(press(&mut app, "enter").is_empty());
    assert!(app.palette.is_some());
    let found = seek::seek(&last, || true).unwrap();
    app.update(Msg::Sought(found), NOW);
    assert_eq!(app.store.run(app.screen().unwrap()).unwrap().id, "run-4242");
}

#[test]
fn zones_are_named_once_one_is_asked_for() {
    let mut app = on_screen(story());
    let effects = press(&mut app, ": z o n e space b e r");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::ZoneNames))
    );
    let zones = ["Asia/Tokyo", "Europe/Berlin"].map(Into::into).to_vec();
    app.update(Msg::ZoneNames(zones), NOW);
    let Some(Entry::Give(_, name)) = app.palette.as_ref().unwrap().rows.first() else {
        panic!("{:?}", names(&app));
    };
    assert_eq!(**name, *"Europe/Berlin");
    let [Effect::Zone(name)] = &press(&mut app, "enter")[..] else {
        panic!("no zone was asked for");
    };
    let zone = TimeZone::get(name).ok();
    app.update(Msg::Zone(name.clone(), zone), NOW);
    let shown = app.zone.iana_name();
    assert_eq!(shown, Some("Europe/Berlin"), "{:?}", app.notice);
    press(&mut app, "T");
    assert_eq!(app.zone, TimeZone::UTC);
    app.update(Msg::Zone("Europe/Berlni".into(), None), NOW);
    assert!(notice(&app).contains("did you mean Europe/Berlin?"));
}

/// Types a reference and answers what it may name, as the loop does.
fn refer(app: &mut App, text: &str) -> Vec<Effect> {
    press(app, "O");
    letters(app, text);
    let effects = press(app, "enter");
    let [Effect::Refer(typed)] = &effects[..] else {
        panic!("{effects:?}");
    };
    let addresses = crate::provider::refer::addresses(typed, &[]);
    app.update(Msg::Referred(typed.clone(), addresses), NOW)
}

#[test]
fn what_is_loaded_is_opened_at_once_by_whatever_names_it() {
    let mut app = many(30);
    let shown = |app: &App| {
        let run = app.screen().and_then(|run| app.store.run(run));
        run.map(|run| run.id.clone()).unwrap_or_default()
    };
    for text in [
        "run-17",
        "m/run-17",
        "sortie:c/m/run-17",
        "http://localhost:5003/tasks/run-17",
        "02:14 ERROR task \"run-17\" failed, 31000ms",
    ] {
        press(&mut app, "1");
        refer(&mut app, text);
        assert_eq!(shown(&app), "run-17", "{text}: {}", notice(&app));
    }
    // What fits several is chosen from a list of just those.
    press(&mut app, "1");
    refer(&mut app, "run-2");
    assert_eq!(shown(&app), "run-2");
    press(&mut app, "1");
    refer(&mut app, "m/run-");
    assert_eq!(app.palette.as_ref().unwrap().rows.len(), 30);
    letters(&mut app, "29");
    press(&mut app, "enter");
    assert_eq!(shown(&app), "run-29");
}

#[test]
fn an_event_is_gone_to_by_its_id_and_by_its_number() {
    let mut app = on_screen(story());
    let events: Vec<NodeId> = app.store.events_of(app.screen().unwrap()).collect();
    let id = app.store.event(events[2]).unwrap().id;
    press(&mut app, "g");
    refer(&mut app, &format!("r#{id}"));
    let there = app.selected;
    assert_eq!(there, Some(app.row_for(events[2])));
    press(&mut app, "g");
    refer(&mut app, "r#3");
    assert_eq!(app.selected, there);
    press(&mut app, "1");
    refer(&mut app, &id);
    assert_eq!(app.selected, there);
}

#[test]
fn what_is_not_loaded_is_looked_for_outside_until_a_key_is_pressed() {
    use crate::app::{find::refer::Located, kept::Spot};
    let mut app = many(3);
    let order = |effects: &[Effect]| match effects {
        [Effect::Locate(order)] => (order.number, order.addresses.len()),
        other => panic!("{other:?}"),
    };
    let (number, many) = order(&refer(&mut app, "far-1"));
    assert_eq!(many, 1);
    assert!(notice(&app).contains("Esc gives up"));
    assert_eq!(order(&press(&mut app, "esc")), (number, 0));
    let spot = Spot {
        context: "c".to_owned(),
        mission: "m".to_owned(),
        run: "far-1".to_owned(),
        ..Spot::default()
    };
    let found = |number| Located {
        number,
        runs: Ok(vec![spot.clone()]),
    };
    app.update(Msg::Located(found(number)), NOW);
    assert_eq!(app.screen(), None, "nobody waits for it any more");
    let (number, _) = order(&refer(&mut app, "far-1"));
    app.update(Msg::Located(found(number)), NOW);
    assert_eq!(app.store.run(app.screen().unwrap()).unwrap().id, "far-1");
    press(&mut app, "1");
    let (number, _) = order(&refer(&mut app, "far-2"));
    let runs = Err("no run fits far-2: looked at all runs of c".to_owned());
    app.update(Msg::Located(Located { number, runs }), NOW);
    assert!(notice(&app).contains("looked at all runs of c"));
}

#[test]
fn a_run_named_by_its_ids_gets_a_row_only_where_its_service_has_it() {
    use crate::app::find::refer::Located;
    let mut app = many(3);
    let rows_before = screen(&app);
    let ask = |app: &mut App| tickets(refer(app, "sortie:c/m/far-1#e1")).remove(0);
    let asked = ask(&mut app);
    assert!(matches!(&asked.ask, Ask::Run(run) if &*run.run == "far-1"));
    // Somebody who presses a key does not wait for it.
    let effects = press(&mut app, "esc");
    assert!(matches!(effects[..], [Effect::Cancel(number)] if number == asked.generation));
    answer(&mut app, &asked, rows([run("far-1", 1, RunStatus::Failed)]));
    assert!(answer(&mut app, &asked, Got::Done { more: None }).is_empty());
    assert_eq!((screen(&app), app.screen()), (rows_before.clone(), None));
    // Where the service has no such run, the lists are looked through, and one stays where one was.
    let asked = ask(&mut app);
    let trouble = Trouble::Unreachable {
        host: "c".to_owned(),
        cause: "refused".to_owned(),
    };
    let effects = answer(&mut app, &asked, Got::Failed(trouble));
    let [Effect::Locate(order)] = &effects[..] else {
        panic!("{effects:?}");
    };
    let runs = Err("no run fits far-1".to_owned());
    let number = order.number;
    app.update(Msg::Located(Located { number, runs }), NOW);
    assert!(notice(&app).contains("no run fits"), "{}", notice(&app));
    assert_eq!((screen(&app), app.screen()), (rows_before, None));
    // Where it has it, it is opened.
    let asked = ask(&mut app);
    answer(&mut app, &asked, rows([run("far-1", 1, RunStatus::Failed)]));
    let effects = answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(app.store.run(app.screen().unwrap()).unwrap().id, "far-1");
    let asks_for_events = |ticket: Ticket| matches!(ticket.ask, Ask::Events { .. });
    assert!(tickets(effects).into_iter().any(asks_for_events));
}
