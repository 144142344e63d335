//! The help: what works here, what does not and why, and a word looked for in it.

use super::*;
use crate::app::help::{Not, Row};

fn row(app: &App, action: Action) -> Option<Row> {
    app.help_rows().into_iter().find(|row| row.action == action)
}

#[test]
fn what_does_nothing_says_why_when_it_is_pressed_and_in_the_help() {
    let table = [
        (
            "n",
            Action::SearchNext,
            "nothing was searched for yet: / searches",
        ),
        ("-", Action::PlaceSwap, "there is no place to go back to"),
        (
            "u",
            Action::BookmarkNext,
            "no bookmark in what is loaded: m sets one",
        ),
        (
            "2",
            Action::FocusTimeline,
            "no run is open: enter opens the selected one",
        ),
        ("y k", Action::CopyKey, "this row has no payload to copy"),
    ];
    for (keys, action, why) in table {
        let mut app = opened(vec![event("e", 1, Kind::Message)]);
        app.places = Places::default();
        let told = row(&app, action).and_then(|row| row.not);
        assert_eq!(told, Some(Not::Now(why.to_owned())), "{keys}");
        let effects = press(&mut app, keys);
        assert!(effects.is_empty(), "{keys}: {effects:?}");
        let said = app.notice.as_ref().map(|notice| notice.text.as_str());
        assert_eq!(said, Some(why), "{keys}");
    }
}

#[test]
fn what_was_searched_for_can_be_gone_through_and_the_sentence_names_the_bound_key() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    app.keymap.bind(keymap::Mode::Global, "/", "none").unwrap();
    app.keymap
        .bind(keymap::Mode::Global, "ctrl-f", "search")
        .unwrap();
    let why = app.unable(Action::SearchNext);
    assert_eq!(
        why.as_deref(),
        Some("nothing was searched for yet: ctrl-f searches")
    );
    press(&mut app, "ctrl-f e enter");
    assert_eq!(app.unable(Action::SearchNext), None);
}

#[test]
fn a_word_is_looked_for_in_the_help_also_in_keys_of_other_places() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    press(&mut app, "? / c u r l");
    let found: Vec<_> = app.help_rows().into_iter().map(|row| row.action).collect();
    assert!(found.contains(&Action::CopyFetch) && !found.contains(&Action::MoveDown));
    press(&mut app, "enter");
    assert!(app.prompt.is_none() && app.help_rows().len() == found.len());
    press(&mut app, "esc");
    assert!(app.help.is_some() && app.help_rows().len() > found.len());
    press(&mut app, "/ m a s k e d");
    let elsewhere = row(&app, Action::Reveal).and_then(|row| row.not);
    assert_eq!(elsewhere, Some(Not::Here("in the detail")));
    press(&mut app, "esc");
    assert!(app.help.as_ref().is_some_and(|help| help.sought.is_empty()));
    press(&mut app, "esc");
    assert!(app.help.is_none());
}
