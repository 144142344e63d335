//! What was said at the bottom of the screen, to be read again.

use super::*;
use crate::app::list::messages::Severity;

fn command(app: &mut App, name: &str) {
    press(app, ":");
    app.update(Msg::Paste(name.to_owned()), NOW);
    press(app, "enter");
}

fn rows(app: &App) -> Vec<(&str, Severity, u32)> {
    let rows = app.messages.rows().iter();
    rows.map(|row| (row.text.as_str(), row.severity, row.times))
        .collect()
}

#[test]
fn what_passed_at_the_bottom_can_be_read_again_and_copied() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    press(&mut app, "n");
    app.update(Msg::Copied(Err("no way took it".to_owned())), NOW);
    app.update(Msg::Copied(Ok("copied".to_owned())), NOW);
    app.update(Msg::Copied(Err("no way took it".to_owned())), NOW);
    command(&mut app, "messages");
    assert!(app.message_list.is_some() && app.notice.is_none());
    assert_eq!(
        rows(&app),
        [
            ("no way took it", Severity::Failure, 2),
            ("copied", Severity::Note, 1),
            (
                "nothing was searched for yet: / searches",
                Severity::Note,
                1
            ),
        ]
    );
    let Some(Effect::Copy { text, .. }) = press(&mut app, "j j y y").pop() else {
        panic!("nothing was copied");
    };
    assert_eq!(text, b"nothing was searched for yet: / searches");
    // What comes in above does not move the cursor off what is read.
    app.update(Msg::Copied(Ok("copied again".to_owned())), NOW);
    assert_eq!(
        app.listed_message().unwrap().text,
        "nothing was searched for yet: / searches"
    );
    press(&mut app, "esc");
    assert!(app.message_list.is_none());
    press(&mut app, "L");
    assert!(app.message_list.is_some());
    press(&mut app, "@");
    assert!(app.message_list.is_none() && app.requests.is_some());
}

#[test]
fn what_the_list_cannot_give_is_not_taken_from_the_row_below_it() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    press(&mut app, "n L");
    for keys in ["y i", "y l", "y c", "v"] {
        assert!(press(&mut app, keys).is_empty(), "{keys}");
    }
    assert!(app.works(Action::CopyValue) && !app.works(Action::CopyLocator));
}

#[test]
fn all_that_was_wrong_at_the_start_is_there() {
    let (app, _) = app_warned(&["c"], &["config.toml:1: first", "keys.toml:2: second"]);
    let warnings: Vec<_> = rows(&app).into_iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(
        warnings,
        [
            ("keys.toml:2: second", Severity::Warning),
            ("config.toml:1: first", Severity::Warning)
        ]
    );
}

#[test]
fn what_yields_to_a_complaint_is_kept_too() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    app.complain("it broke");
    app.mention("by the way");
    assert_eq!(app.notice.as_ref().unwrap().text, "it broke");
    assert_eq!(rows(&app)[0].0, "by the way");
}
