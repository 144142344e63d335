//! How somebody looks at a run, taken by one app and given to another: the same rows, the same row under
//! the cursor, the same signs.

use super::{
    filter::{ask, filter, type_in},
    reading::{ids, on_screen, said, selected, story},
    *,
};
use crate::{
    app::{kept::Entry, outline::Mark},
    model::{Look, Offline},
};

/// Another app, to which these looks were carried, before anything of it is loaded.
fn carried(looks: Vec<Look>) -> (App, Vec<Ticket>) {
    let (mut app, first) = app(&["c"]);
    app.measure(Measured::default());
    app.contexts[0].1.offline = Some(Offline {
        context: "c".to_owned(),
        looks,
        ..Offline::default()
    });
    let mut asked = tickets(first);
    asked.extend(tickets(app.look_as_told()));
    (app, asked)
}

pub(super) fn load(app: &mut App, asked: Vec<Ticket>, of: &str, records: &[Record]) {
    for ticket in asked {
        let is_it = ticket.ask.run().is_some_and(|run| &*run.run == of);
        if is_it && matches!(ticket.ask, Ask::Events { .. }) {
            answer(app, &ticket, rows(records.iter().cloned()));
        }
        if is_it && matches!(ticket.ask, Ask::Run(_)) {
            answer(app, &ticket, rows([run(of, 5, RunStatus::Failed)]));
        }
        let more = answer(app, &ticket, Got::Done { more: None });
        ask(app, more);
    }
}

fn signed(app: &App, mark: Mark) -> Vec<String> {
    let nodes = (0..app.outline.marked(mark)).filter_map(|nth| app.outline.nth_marked(nth, mark));
    nodes
        .map(|node| app.store.event(node).unwrap().id)
        .collect()
}

pub(super) fn planned() -> Vec<Record> {
    vec![
        step("s1", None),
        step("s2", None),
        in_step(said("a", 1), "s1"),
        in_step(said("b", 2), "s1"),
        in_step(said("c", 3), "s2"),
        in_step(said("d", 4), "s2"),
    ]
}

fn look(app: &App) -> Look {
    app.look_of(app.screen().unwrap())
}

#[test]
fn another_sees_the_same_rows_signs_and_cursor() {
    let mut maker = on_screen(planned());
    press(&mut maker, "g h");
    assert_eq!(ids(&maker), ["[s1]", "[s2]", "c", "d"]);
    let mut entries: Vec<Entry> = Vec::new();
    for keys in ["G m", "k ;"] {
        press(&mut maker, keys);
    }
    maker.update(Msg::Paste("look here".to_owned()), NOW);
    for effect in press(&mut maker, "enter") {
        if let Effect::Keep(entry) = effect {
            entries.push(*entry);
        }
    }
    assert_eq!(selected(&maker), "c");
    let told = look(&maker);
    assert_eq!(told.cursor.as_deref(), Some("c"));
    let (mut other, asked) = carried(vec![told.clone()]);
    load(&mut other, asked, "r", &planned());
    assert_eq!(screen(&other), screen(&maker));
    assert_eq!(signed(&other, Mark::Bookmark), ["d"]);
    let here = other.selected.unwrap();
    assert_eq!(other.kept_at(here).unwrap().note, "look here");
    assert_eq!(look(&other), told, "and carries it on");
}

#[test]
fn a_step_under_the_cursor_a_filter_and_failures_alone_are_seen_again() {
    let mut maker = on_screen(planned());
    press(&mut maker, "G");
    press(&mut maker, "g j j j");
    assert_eq!(selected(&maker), "[s2]");
    let (mut other, asked) = carried(vec![look(&maker)]);
    load(&mut other, asked, "r", &planned());
    assert_eq!(screen(&other), screen(&maker));

    let mut maker = on_screen(story());
    filter(&mut maker, "tool:find");
    type_in(&mut maker, "G");
    assert_eq!(
        (ids(&maker), selected(&maker)),
        (vec!["c1".to_owned(), "c3".to_owned()], "c3".to_owned())
    );
    let (mut other, asked) = carried(vec![look(&maker)]);
    load(&mut other, asked, "r", &story());
    assert_eq!(screen(&other), screen(&maker));

    let mut maker = on_screen(story());
    press(&mut maker, "G k");
    assert_eq!(
        selected(&maker),
        "(note)",
        "the silence before the last words"
    );
    let (mut other, asked) = carried(vec![look(&maker)]);
    load(&mut other, asked, "r", &story());
    assert_eq!(screen(&other), screen(&maker));

    let mut maker = on_screen(story());
    press(&mut maker, "!");
    assert_eq!(ids(&maker), ["c2"]);
    let (mut other, asked) = carried(vec![look(&maker)]);
    load(&mut other, asked, "r", &story());
    assert_eq!(screen(&other), screen(&maker));
}

#[test]
fn each_of_several_bundles_is_seen_as_its_maker_saw_it() {
    let look = |run: &str, cursor: &str| Look {
        mission: Some("m".to_owned()),
        run: Some(run.to_owned()),
        cursor: Some(cursor.to_owned()),
        folded: vec!["s1".to_owned()],
        ..Look::default()
    };
    let (mut app, asked) = carried(vec![look("r", "c"), look("other", "d")]);
    load(&mut app, asked, "r", &planned());
    assert_eq!(selected(&app), "c");
    press(&mut app, "q");
    let both = [
        run("r", 5, RunStatus::Failed),
        run("other", 4, RunStatus::Failed),
    ];
    let listed = app.store.all(Sort::Mission).next().unwrap();
    app.rows(listed, both.into_iter().map(Row::Full).collect(), 0);
    press(&mut app, "j");
    let opened = tickets(press(&mut app, "enter"));
    load(&mut app, opened, "other", &planned());
    assert_eq!(selected(&app), "d");
    assert_eq!(ids(&app), ["[s1]", "[s2]", "c", "d"]);
}

#[test]
fn whoever_presses_a_key_meanwhile_stays_where_that_leads() {
    let look = Look {
        mission: Some("m".to_owned()),
        run: Some("r".to_owned()),
        cursor: Some("b".to_owned()),
        filter: Some("kind:tool".to_owned()),
        ..Look::default()
    };
    let (mut app, asked) = carried(vec![look]);
    press(&mut app, "j");
    load(&mut app, asked, "r", &planned());
    assert_ne!(selected(&app), "b");
    assert!(app.filter.is_none());
}

#[test]
fn a_file_beside_what_is_shown_is_gone_to_and_leaves_the_rest_as_it_is() {
    let look = Look {
        mission: Some("m".to_owned()),
        run: Some("r".to_owned()),
        cursor: Some("d".to_owned()),
        ..Look::default()
    };
    let mut app = on_screen(story());
    let info = ContextInfo {
        name: "c-2".to_owned(),
        offline: Some(Offline {
            context: "c".to_owned(),
            looks: vec![look],
            ..Offline::default()
        }),
        ..ContextInfo::default()
    };
    let beside = Beside {
        contexts: vec![info],
        ..Beside::default()
    };
    let asked = tickets(app.update(Msg::Beside(Box::new(beside)), NOW));
    assert!(asked.iter().all(|ticket| ticket.context == ContextId(1)));
    load(&mut app, asked, "r", &planned());
    assert_eq!(selected(&app), "d");
    let context = app.context_of(app.selected.unwrap()).unwrap().1;
    assert_eq!(context.name, "c-2");
    press(&mut app, "ctrl-o");
    assert_eq!(
        ids(&app),
        ["hello", "c1", "c2", "sorry", "c3", "(note)", "bye"]
    );
}
