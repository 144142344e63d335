//! Where one is, told to whoever keeps it and taken up again by the next app: the same run, the same row
//! under the cursor, the same folds.

use super::{
    looks::{load, planned},
    reading::{ids, on_screen, selected, story},
    *,
};
use crate::app::{
    arrange::WINDOW,
    resume::{Position, Session},
    shares::{ScreenMode, Splits},
    theme::{Theme, Themes},
};

const SECOND: i64 = 1_000_000_000;

fn later(seconds: i64) -> Time {
    Time(NOW.0 + seconds * SECOND)
}

fn notice(app: &App) -> String {
    let notice = app.notice.as_ref();
    notice.map_or_else(String::new, |notice| notice.text.clone())
}

/// An app that tells where one is.
fn telling(mut app: App) -> App {
    app.begin_resume(WINDOW, Vec::new());
    app
}

/// What is told by then.
fn told(app: &mut App, at: Time) -> Option<Session> {
    let mut effects = app.update(Msg::Tick, at).into_iter();
    effects.find_map(|effect| match effect {
        Effect::KeepPlace(session) => Some(*session),
        _ => None,
    })
}

/// The next app, and what it asks for at once.
fn next(session: Session) -> (App, Vec<Ticket>) {
    let (mut app, first) = app(&["c"]);
    app.measure(Measured {
        tree_rows: 10,
        wide: true,
        ..Measured::default()
    });
    app.begin_resume(WINDOW, session.runs);
    let mut asked = tickets(first);
    asked.extend(tickets(app.take_up(session.position)));
    (app, asked)
}

/// What the lists of contexts and missions are answered with, and what is asked because of that.
fn list(app: &mut App, asked: &[Ticket], missions: &[&str], runs: &[&str]) -> Vec<Ticket> {
    let mut more = Vec::new();
    for ticket in asked {
        let got = match ticket.ask {
            Ask::Missions { .. } => rows(missions.iter().map(|id| mission(id))),
            Ask::Runs { .. } => rows(runs.iter().map(|id| run(id, 5, RunStatus::Failed))),
            // Runs that are opened have nothing to do with it.
            _ if ticket.ask.run().is_some() => continue,
            _ => rows([]),
        };
        more.extend(tickets(answer(app, ticket, got)));
        more.extend(tickets(answer(app, ticket, Got::Done { more: None })));
    }
    more
}

#[test]
fn where_one_is_is_told_a_second_after_a_key_and_then_never_again() {
    let mut app = telling(on_screen(story()));
    assert_eq!(app.next_deadline(), None, "nobody did anything yet");
    press(&mut app, "j");
    assert_eq!(app.next_deadline(), Some(later(1)));
    app.dirty = false;
    let session = told(&mut app, later(1)).unwrap();
    assert!(!app.dirty, "nothing is painted for that");
    let (spot, look) = &session.runs[0];
    assert_eq!((&*spot.mission, &*spot.run), ("m", "r"));
    assert_eq!(look.cursor.as_deref(), Some("sorry"));
    assert_eq!(session.position.screen.as_ref(), Some(spot));
    assert_eq!(app.next_deadline(), None);
    press(&mut app, "j k");
    assert_eq!(told(&mut app, later(3)), None, "one is where one was");
    press(&mut app, "k");
    assert_eq!(
        app.session().unwrap().runs[0].1.cursor.as_deref(),
        Some("c2")
    );
    assert_eq!(app.session(), None, "whoever leaves tells only what is new");
}

#[test]
fn the_next_app_shows_the_same_run_with_the_same_folds_and_cursor() {
    let mut before = telling(on_screen(planned()));
    press(&mut before, "g h G");
    assert_eq!(selected(&before), "d");
    let (mut app, asked) = next(before.session().unwrap());
    load(&mut app, asked, "r", &planned());
    assert_eq!(screen(&app), screen(&before));
    assert_eq!(notice(&app), "");
    // A step under the cursor, too.
    let mut before = telling(on_screen(planned()));
    press(&mut before, "g j j j h");
    assert_eq!(selected(&before), "[s2]");
    let (mut app, asked) = next(before.session().unwrap());
    load(&mut app, asked, "r", &planned());
    assert_eq!(screen(&app), screen(&before));
}

#[test]
fn the_row_where_one_was_beats_the_first_failure_but_no_key() {
    let mut before = telling(on_screen(story()));
    press(&mut before, "G k k");
    let session = before.session().unwrap();
    let (mut app, asked) = next(session.clone());
    load(&mut app, asked, "r", &story());
    assert_eq!(selected(&app), "c3");
    let (mut app, asked) = next(session);
    press(&mut app, "g");
    load(&mut app, asked, "r", &story());
    assert_ne!(
        selected(&app),
        "c3",
        "whoever pressed a key reads something else"
    );
}

#[test]
fn a_row_that_is_gone_gives_way_to_the_first_failure_and_that_is_said() {
    let mut before = telling(on_screen(story()));
    press(&mut before, "G");
    let (mut app, asked) = next(before.session().unwrap());
    load(&mut app, asked, "r", &story()[..8]);
    assert_eq!(selected(&app), "c2");
    assert_eq!(
        notice(&app),
        "the row where you were is gone: this is the first failure"
    );
}

#[test]
fn a_run_that_is_gone_gives_way_to_its_mission_and_that_is_said() {
    let mut before = telling(on_screen(story()));
    press(&mut before, "j");
    let (mut app, asked) = next(before.session().unwrap());
    assert!(app.screen().is_some(), "it is asked for at once");
    list(&mut app, &asked, &["m"], &[]);
    let trouble = Trouble::NotFound {
        message: "no such run".to_owned(),
    };
    for ticket in &asked {
        if ticket.ask.run().is_some() {
            answer(&mut app, ticket, Got::Failed(trouble.clone()));
        }
    }
    assert_eq!(app.screen(), None);
    assert_eq!(selected(&app), "m");
    assert_eq!(
        notice(&app),
        "run r, which was open last, is gone: this is its mission"
    );
}

#[test]
fn a_row_of_the_list_is_selected_once_it_is_there() {
    let mut before = telling(on_screen(story()));
    press(&mut before, "q j");
    assert_eq!(selected(&before), "old");
    let session = before.session().unwrap();
    assert_eq!(session.position.screen, None);
    let (mut app, asked) = next(session.clone());
    let more = list(&mut app, &asked, &["m"], &[]);
    list(&mut app, &more, &[], &["r", "old"]);
    assert_eq!(ids(&app), ["c", "m", "r", "old"]);
    assert_eq!(selected(&app), "old");
    // It is gone, or its mission is.
    let (mut app, asked) = next(session.clone());
    let more = list(&mut app, &asked, &["m"], &[]);
    list(&mut app, &more, &[], &["r"]);
    assert_eq!(selected(&app), "m");
    assert!(notice(&app).contains("is gone: this is its mission"));
    let (mut app, asked) = next(session.clone());
    list(&mut app, &asked, &["other"], &[]);
    assert_eq!(selected(&app), "c");
    assert!(notice(&app).contains("is gone: this is its context"));
    // A key is pressed before.
    let (mut app, asked) = next(session);
    press(&mut app, "k");
    assert_eq!(
        tickets(answer(&mut app, &asked[0], rows([mission("m")]))).len(),
        0
    );
    assert_eq!(selected(&app), "c");
}

#[test]
fn a_run_opened_later_has_its_cursor_and_a_bookmark_goes_before_it() {
    let mut before = telling(on_screen(story()));
    press(&mut before, "G");
    let runs = before.session().unwrap().runs;
    let nowhere = |runs| Session {
        runs,
        ..Session::default()
    };
    let (mut app, asked) = next(nowhere(runs.clone()));
    list(&mut app, &asked, &["m"], &[]);
    let more = tickets(press(&mut app, "j l"));
    list(&mut app, &more, &[], &["r"]);
    let asked = tickets(press(&mut app, "j enter"));
    load(&mut app, asked, "r", &story());
    assert_eq!(selected(&app), "bye");
    let (mut app, _) = next(nowhere(runs.clone()));
    let spot = runs[0].0.clone();
    let asked = tickets(app.go_to_spot(&crate::app::kept::Spot {
        event: Some("hello".to_owned()),
        ..spot
    }));
    load(&mut app, asked, "r", &story());
    assert_eq!(selected(&app), "hello");
}

#[test]
fn what_is_not_loaded_again_yet_is_not_forgotten() {
    let mut before = telling(on_screen(planned()));
    press(&mut before, "g h G");
    let session = before.session().unwrap();
    // The service is slow, and somebody leaves before the run is there.
    let (mut app, asked) = next(session.clone());
    assert_eq!(app.session(), None);
    press(&mut app, "q");
    let kept = app
        .session()
        .map(|session| session.runs)
        .unwrap_or_default();
    for (_, look) in kept {
        assert_eq!(look.folded, ["s1"]);
        assert_eq!(look.cursor.as_deref(), Some("d"));
    }
    // Or presses a key, and goes on when it is there.
    let (mut app, again) = next(session);
    press(&mut app, "j");
    assert_eq!(app.session().unwrap().runs[0].1.folded, ["s1"]);
    load(&mut app, again, "r", &planned());
    assert_eq!(ids(&app), ["[s1]", "[s2]", "c", "d"]);
    drop(asked);
}

#[test]
fn a_filter_is_taken_up_unless_it_holds_what_is_masked() {
    let (mut app, _) = next(Session {
        position: Position {
            filter: "status:failed".to_owned(),
            ..Position::default()
        },
        ..Session::default()
    });
    let filter = app.filter.as_ref().map(|filter| filter.query.to_string());
    assert_eq!(filter.as_deref(), Some("status:failed"));
    press(&mut app, "j");
    assert_eq!(
        app.session().unwrap_or_default().position.filter,
        "status:failed"
    );
    app.redactor = Redactor::new(vec!["KEY0123456789abcdef".to_owned().into()]);
    super::filter::filter(&mut app, "KEY0123456789abcdef");
    let session = app.session().unwrap();
    assert_eq!(session.position.filter, "");
}

#[test]
fn borders_are_where_they_were() {
    let (mut app, _) = next(Session::default());
    let splits = Splits {
        two: Some(40),
        mode: ScreenMode::Full,
        ..Splits::default()
    };
    app.set_splits(splits);
    press(&mut app, "j");
    let session = app.session().unwrap();
    assert_eq!(session.position.splits, splits);
    let (app, _) = next(session);
    assert_eq!((app.splits(), app.full), (splits, Some(Pane::Tree)));
}

#[test]
fn a_theme_that_was_chosen_is_there_again_unless_another_is_named() {
    let dark = std::sync::Arc::new(Theme {
        name: "dark".to_owned(),
        ..Theme::default()
    });
    let themes = |named| Themes {
        all: vec![std::sync::Arc::clone(&dark)],
        named,
        ..Themes::default()
    };
    let (mut app, _) = next(Session::default());
    app.begin_theme(themes(false));
    app.show_theme("dark");
    let kept = app.session().unwrap().position.theme;
    assert_eq!(kept.as_deref(), Some("dark"));
    for (named, shown) in [(false, "dark"), (true, "ansi")] {
        let (mut app, _) = next(Session::default());
        app.begin_theme(themes(named));
        app.take_up_theme(kept.clone());
        assert_eq!(app.themes.now.name, shown);
        // What the command line names for once does not replace it.
        press(&mut app, "j");
        assert_eq!(app.session().unwrap().position.theme, kept);
    }
    let (mut app, _) = next(Session::default());
    app.begin_theme(themes(false));
    app.take_up_theme(Some("gone".to_owned()));
    assert!(
        notice(&app).contains("there is no theme \"gone\""),
        "{}",
        notice(&app)
    );
}
