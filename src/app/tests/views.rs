//! Named views: what is kept under a name, shown again, listed and taken away, and what is not written down.

use std::time::Duration;

use super::{reading::on_screen, reading::story, *};
use crate::analysis::RunSort;
use crate::app::{
    arrange::Arrangement,
    views::{Change, Saved, View},
};

fn letters(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|letter| app.update(Msg::Key(Key::char(letter)), NOW))
        .collect()
}

fn command(app: &mut App, text: &str) -> Vec<Effect> {
    press(app, ":");
    letters(app, text);
    press(app, "enter")
}

fn changes(effects: Vec<Effect>) -> Vec<Change> {
    let changes = effects.into_iter().filter_map(|effect| match effect {
        Effect::Change(change) => change,
        _ => None,
    });
    changes.collect()
}

fn told(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn view(name: &str, by: Arrangement, query: &str) -> View {
    View {
        name: name.to_owned(),
        query: query.to_owned(),
        by,
        window: Duration::from_secs(7 * 24 * 3600),
        order: RunSort::default(),
        columns: None,
    }
}

fn filtered(app: &App) -> String {
    let filter = app.filter.as_ref();
    filter.map_or(String::new(), |filter| filter.query.to_string())
}

#[test]
fn a_view_keeps_filter_arrangement_and_window_and_brings_them_back() {
    let mut app = on_screen(story());
    press(&mut app, "q");
    command(&mut app, "window 7d");
    press(&mut app, "&");
    letters(&mut app, "status:failed since:2d");
    press(&mut app, "enter");
    command(&mut app, "sort duration");
    command(&mut app, "columns +tokens");
    let kept = changes(command(&mut app, "save-view oncall"));
    let oncall = View {
        order: RunSort::of_word("duration").unwrap(),
        columns: Some("+tokens".to_owned()),
        ..view("oncall", Arrangement::Inbox, "status:failed since:2d")
    };
    assert_eq!(kept, [Change::Save(oncall.clone())]);
    assert_eq!(
        told(&app),
        "view oncall saved: inbox · last 7d · longest first · columns +tokens · status:failed since:2d"
    );
    press(&mut app, "esc");
    command(&mut app, "window 1h");
    command(&mut app, "sort title");
    command(&mut app, "columns -tokens");
    assert_eq!(app.columns.sets.runs.to_string(), "");
    command(&mut app, "missions");
    assert_eq!(filtered(&app), "");
    command(&mut app, "view oncall");
    assert_eq!(filtered(&app), "status:failed since:2d");
    assert_eq!(
        (app.arranged.by, app.arranged.window, app.arranged.order),
        (oncall.by, oncall.window, oncall.order)
    );
    assert_eq!(app.columns.sets.runs.to_string(), "+tokens");
    // One without a filter takes away the one there is.
    let saved = Saved {
        views: vec![view("all", Arrangement::Missions, ""), oncall],
        ..Saved::default()
    };
    app.update(Msg::Saved(Box::new(saved)), NOW);
    command(&mut app, "views");
    assert_eq!(app.views.len(), 2);
    press(&mut app, "enter");
    assert!(app.view_list.is_none(), "the list closes");
    assert_eq!(
        (filtered(&app), app.arranged.by),
        (String::new(), Arrangement::Missions)
    );
}

#[test]
fn the_list_of_views_takes_one_away_and_says_what_it_was() {
    let mut app = on_screen(story());
    let views = ["a", "b", "c"].map(|name| view(name, Arrangement::Causes, "tool:pay"));
    let saved = Saved {
        views: views.to_vec(),
        ..Saved::default()
    };
    app.update(Msg::Saved(Box::new(saved)), NOW);
    command(&mut app, "views");
    let kept = changes(press(&mut app, "G d"));
    assert_eq!(kept, [Change::Remove("c".to_owned())]);
    assert_eq!(told(&app), "view c removed: causes · last 7d · tool:pay");
    assert_eq!(app.view_list.as_ref().unwrap().view.selected, 1);
    press(&mut app, "esc");
    assert!(app.view_list.is_none() && app.screen().is_some());
}

#[test]
fn a_view_that_cannot_be_is_refused_and_nothing_changes() {
    let mut app = on_screen(story());
    for (typed, why) in [
        ("save-view on call", "letters, digits"),
        ("save-view ../x", "letters, digits"),
        ("save-view raw", "take another name"),
    ] {
        assert_eq!(changes(command(&mut app, typed)), [], "{typed}");
        assert!(told(&app).contains(why), "{typed}: {}", told(&app));
    }
    let saved = Saved {
        views: vec![view("old", Arrangement::Inbox, "stauts:failed")],
        ..Saved::default()
    };
    app.update(Msg::Saved(Box::new(saved)), NOW);
    command(&mut app, "view old");
    assert!(told(&app).contains("view old holds no filter that can be read"));
    assert!(app.screen().is_some() && app.filter.is_none());
    app.show_view("none");
    assert!(told(&app).contains("there is no view none"));
}

#[test]
fn filters_come_back_with_the_arrows_and_secrets_are_not_written_down() {
    let mut app = on_screen(story());
    app.redactor = Redactor::new(vec!["KEY-of-17-letters".into()]);
    let saved = Saved {
        asked: vec!["tool:old".to_owned(), "tool:older".to_owned()],
        ..Saved::default()
    };
    app.update(Msg::Saved(Box::new(saved)), NOW);
    press(&mut app, "&");
    letters(&mut app, "tool:pay");
    let kept = changes(press(&mut app, "enter"));
    assert_eq!(kept, [Change::Asked("tool:pay".to_owned())]);
    press(&mut app, "& ctrl-u");
    letters(&mut app, "KEY-of-17-letters");
    assert_eq!(changes(press(&mut app, "enter")), []);
    assert_eq!(changes(command(&mut app, "save-view s")), []);
    assert!(told(&app).contains("masked elsewhere"));
    press(&mut app, "&");
    let mut back = Vec::new();
    for _ in 0..4 {
        press(&mut app, "up");
        back.push(app.prompt.as_ref().unwrap().input.value().to_owned());
    }
    assert_eq!(
        back,
        ["KEY-of-17-letters", "tool:pay", "tool:older", "tool:old"]
    );
}
