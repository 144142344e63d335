//! Marks, bookmarks and notes as a person meets them: signs on rows, copies of several rows, the way to
//! what is kept, loaded or not.

use super::*;
use crate::app::kept::{Deed, Entry, Item, Kept};
use crate::app::outline::Mark;

fn marked(app: &App, mark: Mark) -> Vec<String> {
    (0..app.outline.marked(mark))
        .filter_map(|nth| app.outline.nth_marked(nth, mark))
        .map(|node| match app.store.sort(node) {
            Sort::Event => app.store.event(node).unwrap().id,
            Sort::Run => app.store.run(node).unwrap().id.clone(),
            Sort::Mission => app.store.mission(node).unwrap().id.clone(),
            other => format!("{other:?}"),
        })
        .collect()
}

fn said(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn selected(app: &App) -> String {
    let shown = screen(app);
    let row = shown.iter().find(|row| row.starts_with('>')).unwrap();
    row[1..].trim().to_owned()
}

fn three() -> App {
    opened(
        (1..=3)
            .map(|n| event(&format!("e{n}"), n, Kind::Message))
            .collect(),
    )
}

fn copied(app: &mut App, keys: &str) -> (String, String) {
    match press(app, keys).pop() {
        Some(Effect::Copy { text, what }) => (String::from_utf8(text).unwrap(), what.into_owned()),
        Some(Effect::Gather(order)) => {
            let what = order.what.clone().into_owned();
            (
                String::from_utf8(carry::picks::gather(*order)).unwrap(),
                what,
            )
        }
        other => panic!("{other:?}: {}", said(app)),
    }
}

/// What leaves to be written down.
fn entries(effects: Vec<Effect>) -> Vec<Entry> {
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Keep(entry) => Some(*entry),
            _ => None,
        })
        .collect()
}

fn recalled(app: &mut App, kept: Kept) {
    let kept = Box::new(kept);
    app.update(Msg::Recalled { kept, fault: None }, NOW);
}

#[test]
fn space_marks_row_after_row_and_copies_take_the_marked_ones_in_order() {
    let mut app = three();
    // from the last one up: the order is that of the rows
    press(&mut app, "j j j space k k space");
    assert_eq!(marked(&app, Mark::Picked), ["e2", "e3"]);
    let (text, what) = copied(&mut app, "y y");
    assert_eq!(
        text,
        "{\"id\":\"e2\",\"say\":\"hello from e2\"}\n{\"id\":\"e3\",\"say\":\"hello from e3\"}"
    );
    assert_eq!(what, "2 payloads");
    assert_eq!(copied(&mut app, "y i"), ("e2\ne3".into(), "2 ids".into()));
    assert_eq!(copied(&mut app, "y r"), ("r".into(), "1 run id".into()));
    assert_eq!(
        copied(&mut app, "y l").0,
        "sortie:c/m/r#e2\nsortie:c/m/r#e3"
    );
    press(&mut app, "k space");
    assert_eq!(marked(&app, Mark::Picked), ["e3"], "and off again");
    press(&mut app, ":");
    app.update(Msg::Paste("marks.drop".to_owned()), NOW);
    press(&mut app, "enter");
    assert_eq!(said(&app), "1 mark taken away");
    assert_eq!(copied(&mut app, "y i").1, "id", "the row alone again");
}

#[test]
fn in_the_detail_copies_are_of_the_value_whatever_is_marked() {
    let mut app = three();
    press(&mut app, "j space");
    assert_eq!(copied(&mut app, "enter G y y").0, "\"hello from e2\"");
}

#[test]
fn marked_runs_are_those_of_the_list_and_of_no_other_screen() {
    let mut app = three();
    press(&mut app, "space g G space");
    assert_eq!(marked(&app, Mark::Picked), ["r", "old"]);
    press(&mut app, "g j j enter");
    assert_eq!(app.picked(), 0);
    press(&mut app, "space q");
    assert_eq!(copied(&mut app, "y r").0, "r\nold");
}

#[test]
fn bookmarks_are_set_stepped_through_and_taken_away() {
    let mut app = three();
    let set = entries(press(&mut app, "j m"));
    assert_eq!(set.len(), 1);
    assert_eq!((set[0].spot.run.as_str(), set[0].at), ("r", NOW));
    assert_eq!(set[0].spot.event.as_deref(), Some("e1"));
    press(&mut app, "j j m");
    let table = [
        ("g", "c"),
        ("u", "e1"),
        ("u", "e3"),
        ("u", "e1"),
        ("U", "e3"),
        ("U", "e1"),
    ];
    for (keys, expected) in table {
        press(&mut app, keys);
        assert_eq!(selected(&app), expected, "{keys}");
    }
    assert_eq!(said(&app), "bookmark 1 of 2");
    let gone = entries(press(&mut app, "m"));
    assert_eq!(gone[0].deed, Deed::Bookmark(false));
    assert_eq!(marked(&app, Mark::Bookmark), ["e3"]);
    press(&mut app, "g j m");
    assert!(said(&app).contains("neither"), "{}", said(&app));
    press(&mut app, "j m");
    assert_eq!(marked(&app, Mark::Bookmark), ["r", "e3"]);
}

#[test]
fn a_bookmark_is_found_through_folds_and_stays_through_a_refresh() {
    let mut app = three();
    press(&mut app, "j j m k k h g");
    press(&mut app, "u");
    assert_eq!(selected(&app), "e2");
    for ticket in tickets(press(&mut app, "r")) {
        if matches!(ticket.ask, Ask::Events { .. }) {
            let events = (1..=4).map(|n| event(&format!("e{n}"), n, Kind::Data));
            answer(&mut app, &ticket, rows(events));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    assert_eq!(marked(&app, Mark::Bookmark), ["e2"]);
}

#[test]
fn a_note_is_typed_changed_and_emptied_under_one_key() {
    let mut app = three();
    press(&mut app, "j ;");
    app.update(Msg::Paste("looks new".to_owned()), NOW);
    // Rows may come and the selection go while it is typed.
    let there = app.selected.unwrap();
    app.selected = app.outline.node_at(5);
    let noted = entries(press(&mut app, "enter"));
    assert_eq!(noted[0].deed, Deed::Note("looks new".to_owned()));
    assert_eq!(app.kept_at(there).unwrap().note, "looks new");
    app.selected = Some(there);
    press(&mut app, ";");
    assert_eq!(app.prompt.as_ref().unwrap().input.value(), "looks new");
    assert!(entries(press(&mut app, "enter")).is_empty(), "nothing new");
    let gone = entries(press(&mut app, "; ctrl-u enter"));
    assert_eq!(gone[0].deed, Deed::Note(String::new()));
    assert_eq!(app.kept_at(there), None);
}

#[test]
fn what_comes_from_disk_is_shown_unless_something_younger_is_under_way() {
    let mut app = three();
    recalled(&mut app, Kept::default());
    let mut kept = Kept::default();
    for entry in entries(press(&mut app, "j m j m")) {
        kept.take(entry);
    }
    // The answer to the first of the two lacks the second.
    recalled(&mut app, Kept::default());
    assert_eq!(marked(&app, Mark::Bookmark), ["e1", "e2"]);
    recalled(&mut app, kept.clone());
    assert_eq!(marked(&app, Mark::Bookmark), ["e1", "e2"]);
    let mut fresh = three();
    recalled(&mut fresh, kept);
    assert_eq!(marked(&fresh, Mark::Bookmark), ["e1", "e2"]);
}

#[test]
fn the_list_goes_to_a_bookmark_in_a_run_that_is_not_loaded() {
    let mut kept = Kept::default();
    for entry in entries(press(&mut three(), "j j m")) {
        kept.take(entry);
    }
    let (mut app, first) = app(&["c"]);
    recalled(&mut app, kept);
    press(&mut app, "'");
    assert_eq!(app.bookmarks.as_ref().unwrap().rows.len(), 1);
    let asked = tickets(press(&mut app, "enter"));
    assert!(app.bookmarks.is_none());
    let run = app.screen().unwrap();
    assert_eq!(app.store.run(run).unwrap().id, "r");
    // The list of missions may come later: it is the same mission.
    for ticket in tickets(first) {
        answer(&mut app, &ticket, rows([mission("m")]));
    }
    assert_eq!(app.store.all(Sort::Mission).count(), 1);
    let one = |n: i64| rows([event(&format!("e{n}"), n, Kind::Message)]);
    let more = Ask::Check;
    let mut on = Vec::new();
    for ticket in asked {
        let mut rest = None;
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, &ticket, one(1));
            rest = Some(more.clone());
        }
        on.extend(answer(&mut app, &ticket, Got::Done { more: rest }));
    }
    let on = tickets(on);
    assert_eq!(on.len(), 1, "it is loaded on until the event comes");
    answer(&mut app, &on[0], one(2));
    assert_eq!(selected(&app), "e2");
}

#[test]
fn whoever_presses_a_key_is_not_taken_to_a_bookmark_any_more() {
    let mut kept = Kept::default();
    for entry in entries(press(&mut three(), "j j m")) {
        kept.take(entry);
    }
    let (mut app, _) = app(&["c"]);
    recalled(&mut app, kept);
    let asked = tickets(press(&mut app, "' enter"));
    press(&mut app, "j");
    for ticket in asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            let events = (1..=3).map(|n| event(&format!("e{n}"), n, Kind::Message));
            answer(&mut app, &ticket, rows(events));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    assert_ne!(selected(&app), "e2");
}

#[test]
fn an_event_that_is_gone_and_a_service_that_is_not_there_are_told() {
    let mut app = three();
    let mut kept = Kept::default();
    for mut entry in entries(press(&mut app, "j m")) {
        entry.spot.event = Some("purged".to_owned());
        kept.take(entry.clone());
        entry.spot.provider = "telnyx".to_owned();
        entry.at = Time(entry.at.0 + 1);
        kept.take(entry);
    }
    app.keeping = Keeping::default();
    recalled(&mut app, kept);
    press(&mut app, "' enter");
    assert_eq!(
        said(&app),
        "no context here is of telnyx: this was kept in c"
    );
    press(&mut app, "' j enter");
    assert_eq!(said(&app), "this run has no event purged any more");
}

#[test]
fn a_bookmark_in_the_list_can_be_taken_away_and_noted() {
    let mut app = three();
    press(&mut app, "j m j m '");
    let left = |app: &App| -> Vec<Item> { app.bookmarks.as_ref().unwrap().rows.clone() };
    assert_eq!(left(&app).len(), 2);
    press(&mut app, "j ;");
    app.update(Msg::Paste("keep this".to_owned()), NOW);
    press(&mut app, "enter m");
    let rows = left(&app);
    assert_eq!(rows.len(), 2, "the note is still there");
    assert!(!rows[1].bookmark && rows[1].note == "keep this");
    press(&mut app, "k m");
    assert_eq!(left(&app).len(), 1);
    press(&mut app, "esc");
    assert!(app.bookmarks.is_none());
}
