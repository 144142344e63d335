//! Added columns: which of them have room in a pane, and what stands in a cell. Those that were added
//! last give way first. It computes cells of rows on the screen only.

use ratatui::text::Span;

use super::{
    label::{self, Column as Beside},
    style::{Role, Style},
};
use crate::{
    analysis::CellValue as Value,
    app::{
        App,
        arrange::Arrangement,
        columns::{Column, Fact, List, Set, Shows},
        time::when,
    },
    guard::{clean, redact::Masking, safe_json},
    model::NodeId,
    text::{json::unquote, size, width},
};

/// Blanks in front of a column.
const GAP: usize = 2;

/// How many of the added columns fit into so many columns of the screen, and how many of those they take.
pub fn fitting(set: &Set, room: usize) -> (usize, usize) {
    let mut taken = 0;
    let mut count = 0;
    for column in &set.added {
        let wide = column.wide() + GAP;
        if taken + wide > room {
            break;
        }
        (taken, count) = (taken + wide, count + 1);
    }
    (count, taken)
}

/// The names of the first columns of a set, above their cells.
pub fn heads(style: &Style, set: &Set, count: usize) -> String {
    let shown = set.added.iter().take(count);
    shown.fold(String::new(), |heads, column| {
        let name = style.text(&clean::line(&column.name));
        heads + &padded(style, &name, column.wide(), is_number(column))
    })
}

/// The cell of a column, as wide as that.
pub fn cell(
    app: &App,
    style: &Style,
    (list, column): (List, &Column),
    value: &Value,
    masking: &mut Masking,
) -> Span<'static> {
    let (text, right) = told(app, style, list, value, masking);
    let text = padded(style, &text, column.wide(), right);
    Span::styled(text, style.of(Role::Dim))
}

fn padded(style: &Style, text: &str, wide: usize, right: bool) -> String {
    let text = style.fit(text, wide);
    let blanks = " ".repeat(wide.saturating_sub(width::width(&text)));
    let gap = " ".repeat(GAP);
    if right {
        format!("{gap}{blanks}{text}")
    } else {
        format!("{gap}{text}{blanks}")
    }
}

/// Whether the name of a column stands to the right, as its cells do.
fn is_number(column: &Column) -> bool {
    match &column.shows {
        Shows::Fact(fact) => matches!(
            fact,
            Fact::Started
                | Fact::Ended
                | Fact::Duration
                | Fact::Tokens
                | Fact::Input
                | Fact::Output
                | Fact::Cached
                | Fact::Reasoning
                | Fact::Number
                | Fact::Time
        ),
        Shows::Path(_) => false,
    }
}

/// What a cell says, and whether it is a number.
fn told(
    app: &App,
    style: &Style,
    list: List,
    value: &Value,
    masking: &mut Masking,
) -> (String, bool) {
    match value {
        Value::Nothing => (String::new(), false),
        Value::Text(text) => (style.told(text, masking), false),
        Value::Time(at) if list == List::Runs => (when::age(app.now, *at), true),
        Value::Time(at) => (when::clock(*at, &app.zone), true),
        Value::Span(span) => (when::span(*span), true),
        Value::Count(count) => (when::count(*count), true),
        Value::Far(bytes) => (style.text(&format!("in {}", size::of(*bytes))), true),
        Value::Json(json) => match json.first() {
            Some(b'"') => (style.told(&unquote(json), masking), false),
            Some(b'{' | b'[') => {
                let line = safe_json(json);
                let line = line.unwrap_or_else(|| String::from_utf8_lossy(json).into_owned());
                (style.told(&line, masking), false)
            }
            _ => (style.told(&String::from_utf8_lossy(json), masking), true),
        },
    }
}

/// The mission and the context of a run that does not stand below them.
pub fn beside(app: &App, node: NodeId, pane: u16) -> Vec<Beside> {
    let apart = matches!(app.arranged.by, Arrangement::Inbox | Arrangement::Causes);
    let mission = app.store.mission(app.store.owner(node));
    let whose = mission.zip(app.context_of(node)).filter(|_| apart);
    whose.map_or_else(Vec::new, |(mission, (_, info))| {
        let columns = [
            (Fact::Mission, Beside::mission(&mission.name)),
            (Fact::Context, Beside::context(&info.name)),
        ];
        let shown = columns.into_iter();
        let shown = shown.filter(|(fact, column)| label::has_room(app, pane, *fact, column));
        shown.map(|(_, column)| column).collect()
    })
}

/// What stands in the added columns of a run.
pub fn of_run(
    app: &App,
    style: &Style,
    node: NodeId,
    pane: u16,
    masking: &mut Masking,
) -> Vec<Span<'static>> {
    let (count, _) = label::added(app, pane);
    let shown = app.columns.sets.runs.added.iter().enumerate().take(count);
    shown
        .map(|(at, column)| {
            let value = app.shown_cell(List::Runs, node, (at, column), masking);
            cell(app, style, (List::Runs, column), &value, masking)
        })
        .collect()
}
