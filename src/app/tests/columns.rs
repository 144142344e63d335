//! Columns as a person meets them: the line in which they are typed, what stands in their cells, what is
//! remembered, and rows copied as a table.

use super::*;
use crate::{
    analysis::CellValue,
    app::{
        columns::{List, Sets},
        msg::CopyRows,
    },
    export::{Grid, cells},
};

fn called(id: &str, at: i64, payload: &str) -> Record {
    let raw = Payload::new(Bytes::from(payload.to_owned()));
    Record::Event(Event {
        id: id.to_owned(),
        kind: Kind::ToolCall,
        tool: Some(format!("pay.{id}")),
        order: Order { at, tie: 0 },
        time: Some(Time(at)),
        raw,
        ..Event::default()
    })
}

/// A run, folded and selected, in which two calls tell of an amount.
fn paid() -> App {
    let mut app = opened(vec![
        called("e1", 1, r#"{"say": "hello"}"#),
        called(
            "e2",
            2,
            r#"{"amount": 1290, "api_key": "sk-very-secret-123456"}"#,
        ),
        called("e3", 3, r#"{"amount": 7}"#),
    ]);
    press(&mut app, "h");
    app
}

fn typed(app: &mut App, line: &str) -> Vec<Effect> {
    press(app, "C ctrl-u");
    app.update(Msg::Paste(line.to_owned()), NOW)
}

fn shown(app: &App) -> String {
    app.columns.sets.of(app.list_shown()).to_string()
}

/// What stands in the added columns of the selected run.
fn cells_of(app: &App) -> Vec<String> {
    let run = app.selected.unwrap();
    let mut masking = app.redactor.masking();
    let added = app.columns.sets.runs.added.iter().enumerate();
    let cells = added.map(
        |(at, column)| match app.run_cell(run, at, column, &mut masking) {
            CellValue::Json(json) => String::from_utf8(json).unwrap(),
            CellValue::Nothing => String::new(),
            CellValue::Text(text) => text,
            other => format!("{other:?}"),
        },
    );
    cells.collect()
}

#[test]
fn what_is_typed_is_shown_at_once_and_the_last_good_columns_stay() {
    let mut app = paid();
    typed(&mut app, "+tokens");
    assert_eq!(shown(&app), "+tokens");
    app.update(Msg::Paste(" +duratoin".to_owned()), NOW);
    assert_eq!(shown(&app), "+tokens");
    let fault = app.columns.typing.fault.clone().unwrap();
    assert_eq!((fault.at, fault.nearest), (9..17, Some("duration")));
    press(&mut app, "enter");
    assert!(app.prompt.is_some(), "a wrong line stays to be put right");
    press(&mut app, "esc");
    assert_eq!(shown(&app), "", "Esc puts everything back");
    typed(&mut app, "-started +id");
    let effects = press(&mut app, "enter");
    assert!(matches!(
        effects.first(),
        Some(Effect::Remember(memory)) if memory.columns == [Some("-started +id".to_owned()), None]
    ));
    // The line begins with what there is.
    press(&mut app, "C");
    assert_eq!(app.prompt.as_ref().unwrap().input.value(), "-started +id ");
}

#[test]
fn tab_completes_columns() {
    for (line, completed) in [
        ("", "+"),
        ("dur", "+duration "),
        ("+tok", "+tokens "),
        ("-ti", "-ti"),
        ("-st", "-started "),
        ("+x:pay", "+x:payload."),
        ("id +err", "id +error "),
        ("payload.am", "+payload.amount "),
        ("+x:payload.s", "+x:payload.say "),
        ("+payload.none", "+payload.none"),
    ] {
        let mut app = paid();
        typed(&mut app, line);
        press(&mut app, "tab");
        let value = app.prompt.as_ref().unwrap().input.value().to_owned();
        assert_eq!(value, completed, "{line}");
    }
}

#[test]
fn a_value_of_what_a_run_did_stands_beside_it_masked() {
    let mut app = paid();
    typed(
        &mut app,
        "+refund:payload.amount +payload.api_key +id +status +payload.none",
    );
    let effects = press(&mut app, "enter");
    let [amount, key, id, status, none] = cells_of(&app).try_into().unwrap();
    assert_eq!((amount.as_str(), id.as_str()), ("1290", "r"));
    assert_eq!((status.as_str(), none.as_str()), ("failed", ""));
    assert!(!key.is_empty() && !key.contains("secret"), "{key}");
    let probe = effects.into_iter().find_map(|effect| match effect {
        Effect::Probe(probe) => Some(probe),
        _ => None,
    });
    let probe = probe.unwrap();
    let (number, absent) = (probe.number, probe.absent());
    assert_eq!(absent, ["payload.none"]);
    app.update(Msg::Probed(number, absent), NOW);
    let told = app.notice.as_ref().unwrap();
    assert_eq!(told.text, "payload.none: nowhere in what is loaded");
}

#[test]
fn rows_of_a_run_have_columns_of_their_own() {
    let mut app = paid();
    press(&mut app, "enter");
    typed(&mut app, "+agent +amount:payload.amount");
    press(&mut app, "enter j j");
    assert_eq!(
        (shown(&app).as_str(), app.columns.sets.runs.is_usual()),
        ("+agent +amount:payload.amount", true)
    );
    let column = &app.columns.sets.events.added[1];
    let mut masking = app.redactor.masking();
    let cells: Vec<CellValue> = app
        .outline
        .window(0, 10)
        .into_iter()
        .map(|node| app.row_cell(node, column, &mut masking))
        .collect();
    assert!(
        cells.contains(&CellValue::Json(b"1290".to_vec())),
        "{cells:?}"
    );
}

#[test]
fn a_kept_cell_follows_what_it_was_cut_out_of() {
    let shown = |app: &App| {
        let column = &app.columns.sets.events.added[0];
        let mut masking = app.redactor.masking();
        let rows = app.outline.window(0, 10).into_iter();
        rows.map(|node| app.shown_cell(List::Events, node, (0, column), &mut masking))
            .filter(|cell| *cell != CellValue::Nothing)
            .collect::<Vec<_>>()
    };
    let json = |text: &str| CellValue::Json(text.as_bytes().to_vec());
    let mut app = paid();
    press(&mut app, "enter");
    typed(&mut app, "+payload.amount");
    press(&mut app, "enter");
    assert_eq!(shown(&app), [json("1290"), json("7")]);
    let run = app.screen().unwrap();
    let mission = app.store.owner(run);
    let changed = called("e3", 3, r#"{"amount": 8}"#);
    app.store.put(run, Row::Full(changed));
    assert!(app.store.mission(mission).is_some());
    app.update(Msg::Tick, NOW);
    assert_eq!(shown(&app), [json("1290"), json("8")]);
    press(&mut app, "C ctrl-u");
    app.update(Msg::Paste("+payload.api_key".to_owned()), NOW);
    let [CellValue::Json(key)] = &shown(&app)[..] else {
        panic!("{:?}", shown(&app));
    };
    assert!(key.starts_with("\"‹".as_bytes()), "masked as ever");
}

#[test]
fn columns_begin_with_the_configuration_and_what_was_typed_goes_before_it() {
    let mut app = paid();
    let usual = Sets {
        runs: List::Runs.set("+tokens").unwrap(),
        ..Sets::default()
    };
    app.begin_columns(usual.clone(), [None, None]);
    assert_eq!(shown(&app), "+tokens");
    assert_eq!(app.memory().columns, [None, None]);
    app.begin_columns(usual.clone(), [Some(String::new()), None]);
    assert_eq!(shown(&app), "");
    assert_eq!(app.memory().columns, [Some(String::new()), None]);
    app.begin_columns(usual, [Some("+nonsense".to_owned()), None]);
    assert_eq!(shown(&app), "+tokens");
    press(&mut app, ": c o l u m n s space + e r r o r enter");
    assert_eq!(shown(&app), "+tokens +error");
}

#[test]
fn rows_are_copied_as_a_table_with_the_columns_that_are_shown() {
    let table = |effects: Vec<Effect>| -> String {
        let order = effects.into_iter().find_map(|effect| match effect {
            Effect::CopyRows(order) => Some(order),
            _ => None,
        });
        let CopyRows {
            names,
            rows,
            mut masking,
            ..
        } = *order.unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        cells::spell(&names, &rows, Grid::Tsv, &mut masking)
    };
    let mut app = paid();
    typed(&mut app, "-mission -context +refund:payload.amount");
    press(&mut app, "enter");
    assert_eq!(
        table(press(&mut app, "y t")),
        "id\tstatus\ttitle\tstarted_at\tduration_ms\trefund\n\
         r\tfailed\t\t1970-01-01T00:00:00.000000005Z\t\t1290\n"
    );
    press(&mut app, "space space");
    assert_eq!(table(press(&mut app, "y t")).lines().count(), 3);
    press(&mut app, "g");
    app.drop_picks();
    press(&mut app, "y t");
    assert!(app.notice.as_ref().unwrap().text.contains("neither"));
}
