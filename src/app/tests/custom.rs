//! Commands of the person's own: keys that run them, the rows they are for, what they are given.

use super::{
    reading::{on_screen, story},
    *,
};
use crate::app::{
    custom::{Command, Given, Job, Output, Program, Row},
    key::parse_sequence,
};

fn own(name: &str, keys: &str, on: &[Row]) -> Command {
    Command {
        name: name.to_owned(),
        keys: parse_sequence(keys).unwrap_or_default(),
        run: Program::Line("jq .".to_owned()),
        on: on.to_vec(),
        output: Output::default(),
        secrets: false,
        line: 1,
    }
}

fn with(mut app: App, commands: Vec<Command>) -> App {
    app.set_commands(commands);
    app
}

fn job(effects: Vec<Effect>) -> Option<Job> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Own(job) => Some(*job),
        _ => None,
    })
}

fn said(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn value<'j>(job: &'j Job, name: &str) -> Option<&'j str> {
    let mut known = job.variables.iter();
    known
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.as_str())
}

#[test]
fn a_key_runs_a_command_on_the_row_and_says_which_one_it_is() {
    let commands = vec![own("jq tool", "ctrl-x l", &Row::ALL)];
    let mut app = with(on_screen(story()), commands);
    assert_eq!(job(press(&mut app, "ctrl-x")).map(|job| job.dry), None);
    assert!(app.pending_until.is_some(), "more may follow");
    assert_eq!(app.commands_after(), [("l".to_owned(), "jq tool")]);
    let job = job(press(&mut app, "l")).unwrap();
    let [(context, _, Given::Event(run, _, event))] = job.records.as_slice() else {
        panic!("{:?}", job.records);
    };
    assert_eq!((&**context, &*run.id, &*event.id), ("c", "r", "c2"));
    for (name, expected) in [
        ("SORTIE_CONTEXT", Some("c")),
        ("SORTIE_MISSION", Some("m")),
        ("SORTIE_RUN", Some("r")),
        ("SORTIE_EVENT", Some("c2")),
        ("SORTIE_STATUS", Some("failed")),
        ("SORTIE_TOOL", Some("pay")),
        ("SORTIE_LOCATOR", Some("sortie:c/m/r#c2")),
        ("SORTIE_URL", None),
    ] {
        assert_eq!(value(&job, name), expected, "{name}");
    }
    // What begins its keys alone, and other keys, mean what they meant.
    let before = app.selected;
    press(&mut app, "ctrl-x j");
    assert_ne!(app.selected, before);
}

#[test]
fn a_key_that_begins_those_of_a_command_acts_alone_after_a_while() {
    let mut app = with(on_screen(story()), vec![own("x", "j x", &Row::ALL)]);
    let before = app.selected;
    press(&mut app, "j");
    assert_eq!(app.selected, before);
    let due = app.pending_until.unwrap();
    app.update(Msg::Tick, due);
    assert_ne!(app.selected, before);
    assert!(job(press(&mut app, "j x")).is_some());
}

#[test]
fn marked_rows_are_records_one_after_another_with_what_they_have_in_common() {
    let mut app = with(on_screen(story()), vec![own("x", "ctrl-x", &[Row::Event])]);
    press(&mut app, "g space space");
    let job = job(press(&mut app, "ctrl-x")).unwrap();
    let ids = job.records.iter().map(|(_, _, given)| match given {
        Given::Event(_, _, event) => event.id.clone(),
        other => panic!("{other:?}"),
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["hello", "c1"]);
    assert_eq!(value(&job, "SORTIE_RUN"), Some("r"));
    assert_eq!(value(&job, "SORTIE_EVENT"), None);
}

#[test]
fn a_command_is_only_for_the_rows_it_names_and_not_for_what_is_typed() {
    let mut app = with(on_screen(story()), vec![own("x", "ctrl-x", &[Row::Run])]);
    assert!(job(press(&mut app, "ctrl-x")).is_none());
    assert_eq!(said(&app), "x is for a run: this row is none");
    press(&mut app, "q");
    assert!(job(press(&mut app, "ctrl-x")).is_some());
    let mut other = with(
        on_screen(story()),
        vec![own("y", "", &[Row::Run, Row::Mission])],
    );
    other.run_command("y", false);
    assert_eq!(
        said(&other),
        "y is for a run or a mission: this row is none"
    );
    press(&mut app, "/");
    assert!(job(press(&mut app, "ctrl-x")).is_none(), "a line is typed");
}

#[test]
fn a_command_is_found_by_its_name_and_can_be_looked_at_before() {
    let mut app = with(on_screen(story()), vec![own("jq tool", "", &Row::ALL)]);
    let typed = |app: &mut App, text: &str| {
        press(app, ":");
        app.update(Msg::Paste(text.to_owned()), NOW);
        job(press(app, "enter"))
    };
    assert!(typed(&mut app, "jq tool").is_some_and(|job| !job.dry));
    assert!(
        typed(&mut app, "jqt").is_some_and(|job| !job.dry),
        "by letters"
    );
    assert!(typed(&mut app, "dry jq tool").is_some_and(|job| job.dry));
    assert!(typed(&mut app, "dry other").is_none());
    assert!(said(&app).contains("there is no command \"other\": there are jq tool"));
}

#[test]
fn secrets_are_given_only_after_somebody_agreed_and_never_to_a_dry_run() {
    let mut command = own("x", "ctrl-x", &Row::ALL);
    command.secrets = true;
    let mut app = with(on_screen(story()), vec![command]);
    let secret = "api_key: sk-live-0123456789abcdef0123";
    assert!(job(app.run_command("x", true)).is_some_and(|mut job| {
        let told = job.masking.text(secret).into_owned();
        job.dry && told != secret
    }));
    assert!(job(press(&mut app, "ctrl-x")).is_none());
    assert!(said(&app).contains("once more runs it"), "{}", said(&app));
    for _ in 0..2 {
        let mut job = job(press(&mut app, "ctrl-x")).unwrap();
        assert_eq!(job.masking.text(secret), secret);
    }
}

#[test]
fn a_command_that_wants_secrets_is_told_where_they_were_left_out() {
    let mut command = own("x", "ctrl-x", &Row::ALL);
    command.secrets = true;
    let kept = |raw: &'static str| match event("e", 1, Kind::Message) {
        Record::Event(event) => Record::Event(Event {
            raw: Payload::new(Bytes::from_static(raw.as_bytes())),
            ..event
        }),
        other => other,
    };
    for (raw, told) in [
        (r#"{"id":"e","api_key":"‹api_key#1›"}"#, true),
        (r#"{"id":"e","api_key":"k3y","say":"‹so› #1"}"#, false),
    ] {
        let mut app = with(on_screen(vec![kept(raw)]), vec![command.clone()]);
        press(&mut app, "ctrl-x");
        assert!(job(press(&mut app, "ctrl-x")).is_some());
        assert_eq!(said(&app).contains("R fetches it anew"), told, "{raw}");
    }
}

#[test]
fn the_help_finds_a_command_by_its_name_and_its_keys_go_to_no_action() {
    let commands = vec![
        own("dump", "ctrl-x l", &[Row::Event]),
        own("next", "j", &Row::ALL),
    ];
    let mut app = with(on_screen(story()), commands);
    press(&mut app, "?");
    let down = |app: &App| {
        let rows = app.help_rows();
        let mut down = rows
            .into_iter()
            .filter(|row| row.action == Action::MoveDown);
        down.next().map(|row| row.keys)
    };
    assert_eq!(down(&app).as_deref(), Some("down"), "j runs the command");
    press(&mut app, "/");
    for letter in "dump".chars() {
        press(&mut app, &letter.to_string());
    }
    let names = |app: &App| {
        let found = app.help_commands().into_iter();
        let found = found.map(|own| (own.command.name.clone(), own.not.is_some()));
        found.collect::<Vec<_>>()
    };
    assert_eq!(names(&app), [("dump".to_owned(), false)]);
    press(&mut app, "enter");
    press(&mut app, "esc");
    press(&mut app, "esc");
    // Over a list it is found too, with where it works.
    press(&mut app, "@");
    press(&mut app, "?");
    assert_eq!(names(&app), []);
    press(&mut app, "/");
    for letter in "dump".chars() {
        press(&mut app, &letter.to_string());
    }
    assert_eq!(names(&app), [("dump".to_owned(), true)]);
}
