//! The app as a person meets it: keys in, what is selected, shown and asked for out.

mod again;
mod anew;
mod calls;
mod causes;
mod columns;
mod custom;
mod demand;
mod file;
mod filter;
mod help;
mod inbox;
mod kept;
mod keys;
mod live;
mod loads;
mod looks;
mod messages;
mod notify;
mod order;
mod palette;
mod parts;
mod parts_filtered;
mod payload;
mod reading;
mod resume;
mod reveal;
mod review;
mod root;
mod search;
mod stalled;
mod views;
mod ways;

use bytes::Bytes;

use super::{action::Action, key::Key, *};
use crate::model::{
    Arrival, Ask, Event, Got, Kind, Mission, Order, Payload, Record, Row, Run, RunStatus, Step,
    Ticket, Trouble,
};

const NOW: Time = Time(1_795_166_597_761_000_000);

fn keymap() -> Keymap {
    crate::config::keys::defaults()
}

fn app(names: &[&str]) -> (App, Vec<Effect>) {
    app_warned(names, &[])
}

/// At a start at which that was wrong.
fn app_warned(names: &[&str], warnings: &[&str]) -> (App, Vec<Effect>) {
    let contexts = names.iter().map(|name| ContextInfo {
        name: (*name).to_owned(),
        ..ContextInfo::default()
    });
    App::new(
        Setup {
            contexts: contexts.collect(),
            keymap: keymap(),
            redactor: Redactor::default(),
            zone: TimeZone::UTC,
            local_zone: TimeZone::UTC,
            switches: std::sync::Arc::default(),
            read_on_above: usize::MAX,
            limit: Limit {
                rows: 20_000,
                bytes: 64 << 20,
            },
            looked_for: Vec::new(),
            warnings: warnings.iter().map(|text| (*text).to_owned()).collect(),
        },
        NOW,
    )
}

fn tickets(effects: Vec<Effect>) -> Vec<Ticket> {
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Load(ticket) => Some(ticket),
            _ => None,
        })
        .collect()
}

fn answer(app: &mut App, ticket: &Ticket, got: Got) -> Vec<Effect> {
    let arrival = Arrival {
        context: ticket.context,
        node: ticket.node,
        generation: ticket.generation,
        ask: ticket.ask.clone(),
        got,
    };
    app.update(Msg::Arrived(Box::new(arrival)), NOW)
}

fn rows(records: impl IntoIterator<Item = Record>) -> Got {
    Got::Rows {
        rows: records.into_iter().map(Row::Full).collect(),
        skipped: 0,
    }
}

fn mission(id: &str) -> Record {
    Record::Mission(Mission {
        id: id.to_owned(),
        name: id.to_owned(),
        ..Mission::default()
    })
}

fn run(id: &str, started: i64, status: RunStatus) -> Record {
    Record::Run(Run {
        id: id.to_owned(),
        started_at: Some(Time(started)),
        status,
        ..Run::default()
    })
}

fn event(id: &str, at: i64, kind: Kind) -> Record {
    let raw = Payload::new(Bytes::from(format!(
        r#"{{"id":"{id}","say":"hello from {id}"}}"#
    )));
    Record::Event(Event {
        id: id.to_owned(),
        kind,
        order: Order { at, tie: 0 },
        time: Some(Time(at)),
        raw,
        ..Event::default()
    })
}

fn in_step(record: Record, step: &str) -> Record {
    match record {
        Record::Event(event) => Record::Event(Event {
            step_id: Some(step.to_owned()),
            ..event
        }),
        other => other,
    }
}

fn step(id: &str, parent: Option<&str>) -> Record {
    Record::Step(Step {
        id: id.to_owned(),
        title: id.to_owned(),
        parent_id: parent.map(str::to_owned),
        ..Step::default()
    })
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let keys = super::key::parse_sequence(keys).unwrap();
    keys.into_iter()
        .flat_map(|key| app.update(Msg::Key(key), NOW))
        .collect()
}

/// What the rows are called, indented by depth, the selected one marked.
fn screen(app: &App) -> Vec<String> {
    app.outline
        .window(0, 100)
        .into_iter()
        .map(|node| {
            let name = match app.store.sort(node) {
                Sort::Context => app.context_of(node).unwrap().1.name.clone(),
                Sort::Mission => app.store.mission(node).unwrap().id.clone(),
                Sort::Run => app.store.run(node).unwrap().id.clone(),
                Sort::Step => format!("[{}]", app.store.step(node).unwrap().id),
                Sort::Event => app.store.event(node).unwrap().id,
                Sort::Note => "(note)".to_owned(),
                Sort::Group => format!("{:?}", app.arranged.head(node).unwrap()),
            };
            let mark = if app.selected == Some(node) {
                "> "
            } else {
                "  "
            };
            format!("{mark}{}{name}", " ".repeat(app.outline.depth(node)))
        })
        .collect()
}

/// One context, mission m, run r opened, with these in it, everything loaded, the run selected.
fn opened(records: Vec<Record>) -> App {
    let (mut app, effects) = app(&["c"]);
    app.measure(Measured {
        tree_rows: 10,
        detail_rows: 10,
        detail_columns: 40,
        wide: true,
        ..Measured::default()
    });
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    press(&mut app, "j");
    for ticket in tickets(press(&mut app, "l")) {
        if matches!(ticket.ask, Ask::Runs { .. }) {
            answer(
                &mut app,
                &ticket,
                rows([
                    run("r", 5, RunStatus::Failed),
                    run("old", 1, RunStatus::Succeeded),
                ]),
            );
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    press(&mut app, "j");
    let mut records = Some(records);
    for ticket in tickets(press(&mut app, "l")) {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, &ticket, rows(records.take().unwrap()));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    app
}

#[test]
fn every_context_is_asked_for_its_missions_at_the_start() {
    let (app, effects) = app(&["a", "b"]);
    let tickets = tickets(effects);
    assert_eq!(tickets.len(), 2);
    assert!(
        tickets
            .iter()
            .all(|ticket| matches!(ticket.ask, Ask::Missions { .. }))
    );
    assert_eq!(screen(&app), ["> a", "   (note)", "  b", "   (note)"]);
}

#[test]
fn unfolding_asks_and_shows_runs_newest_first() {
    let app = opened(vec![event("e1", 1, Kind::Message)]);
    assert_eq!(screen(&app), ["  c", "   m", ">   r", "     e1", "    old"]);
}

#[test]
fn one_failed_context_says_so_in_its_row_and_the_others_go_on() {
    let (mut app, effects) = app(&["a", "b"]);
    let tickets = tickets(effects);
    let trouble = Trouble::Unreachable {
        host: "a".to_owned(),
        cause: "refused".to_owned(),
    };
    answer(&mut app, &tickets[0], Got::Failed(trouble));
    answer(&mut app, &tickets[1], rows([mission("m")]));
    answer(&mut app, &tickets[1], Got::Done { more: None });
    assert_eq!(screen(&app), ["> a", "   (note)", "  b", "   m"]);
    let again = press(&mut app, "j enter");
    assert!(
        again
            .iter()
            .any(|effect| matches!(effect, Effect::Load(ticket) if ticket.node == tickets[0].node))
    );
}

#[test]
fn news_of_an_older_attempt_is_dropped() {
    let (mut app, effects) = app(&["a"]);
    let old = &tickets(effects)[0];
    let effects = press(&mut app, "r");
    assert!(effects.iter().any(
        |effect| matches!(effect, Effect::Cancel(generation) if *generation == old.generation)
    ));
    answer(&mut app, old, rows([mission("stale")]));
    assert_eq!(screen(&app), ["> a", "   (note)"]);
}

#[test]
fn rows_that_arrive_above_leave_the_selection_on_its_line() {
    let records = (10..60)
        .map(|n| event(&format!("e{n}"), n, Kind::Message))
        .collect();
    let mut app = opened(records);
    press(&mut app, "pgdn pgdn");
    let (selected, line) = (
        app.selected,
        app.outline.row_of(app.selected.unwrap()).unwrap() - app.top,
    );
    for ticket in tickets(press(&mut app, "r")) {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(
                &mut app,
                &ticket,
                rows((0..9).map(|n| event(&format!("new{n}"), n, Kind::Message))),
            );
        }
    }
    assert_eq!(app.selected, selected);
    assert_eq!(
        app.outline.row_of(selected.unwrap()).unwrap() - app.top,
        line
    );
}

#[test]
fn steps_nest_whatever_order_they_come_in() {
    let app = opened(vec![
        in_step(event("e1", 1, Kind::Message), "inner"),
        step("inner", Some("outer")),
        in_step(event("e2", 2, Kind::Message), "unplanned"),
        step("outer", None),
        event("e3", 3, Kind::Message),
        step("later", None),
        step("a", Some("b")),
        step("b", Some("a")),
    ]);
    let mut opened = app;
    let all: Vec<_> = opened.store.all(Sort::Step).collect();
    for node in all {
        opened.outline.set_open(node, true);
    }
    let shown = screen(&opened);
    let expected = ["     [unplanned]", "      e2", "     e3"];
    let at = shown.iter().position(|row| row == expected[0]).unwrap();
    assert_eq!(shown[at..at + 3], expected);
    let outer = shown.iter().position(|row| row == "     [outer]").unwrap();
    assert_eq!(shown[outer + 1], "      [inner]");
    assert_eq!(shown[outer + 2], "       e1");
    assert!(
        shown.iter().any(|row| row.ends_with("[a]"))
            && shown.iter().any(|row| row.ends_with("[b]")),
        "a circle hides nothing: {shown:?}"
    );
}

#[test]
fn lists_that_were_cut_go_on_when_their_end_is_in_sight() {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    let next = Ask::Missions {
        page: crate::model::Page {
            index: 1,
            ..Default::default()
        },
    };
    answer(
        &mut app,
        first,
        Got::Done {
            more: Some(next.clone()),
        },
    );
    assert_eq!(screen(&app), ["> c", "   m", "   (note)"]);
    let asked = tickets(press(&mut app, "j"));
    assert_eq!(
        asked.iter().map(|ticket| &ticket.ask).collect::<Vec<_>>(),
        [&next]
    );
}

/// Lets a file's missions, runs and events arrive one after the other, with keys pressed before one of them.
/// Says what is asked then.
fn arrive(
    app: &mut App,
    first: Vec<Effect>,
    answers: impl IntoIterator<Item = Vec<Record>>,
    early: Option<(usize, &str)>,
) -> Vec<Ticket> {
    let mut asked = tickets(first);
    for (place, records) in answers.into_iter().enumerate() {
        if let Some((_, keys)) = early.filter(|(before, _)| *before == place) {
            press(app, keys);
        }
        let mut records = Some(records);
        for ticket in std::mem::take(&mut asked) {
            let some = records.take().unwrap_or_default();
            asked.extend(tickets(answer(app, &ticket, rows(some))));
            let done = Got::Done { more: None };
            asked.extend(tickets(answer(app, &ticket, done)));
        }
    }
    asked
}
