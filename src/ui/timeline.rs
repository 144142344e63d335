//! Pane 2: the rows of one run. The tree widget paints what a row says, between a number and a time on
//! its left and a duration, tokens and a bar on its right, which stand in columns whatever the depth.
//!
//! ```text
//!   #  +offset  what                                   dur   tok  bar
//!  34  1:04.0   ~ tool  pay.quote  success: false      0.9s        ▏  ▌
//! ```

use std::fmt::Write as _;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    columns as added,
    operation::{self, Told},
    style::{Role, Style},
    tree,
};
use crate::{
    analysis::axis::Axis,
    app::{
        App, Bars, TimeColumn,
        columns::{Fact, List, Set},
        time::when,
    },
    guard::redact::Masking,
    model::{NodeId, Sort, Time},
    text::width,
};

/// Columns, the blank in front of them included.
const CURSOR: u16 = 2;
const NUMBER: u16 = 6;
const TIME: u16 = 9;
const TOOK: u16 = 7;
const TOKENS: u16 = 7;
/// Text that a row keeps before a column gives way.
const TEXT: u16 = 30;
/// Text that it keeps before a column gives way that somebody asked for.
const ASKED: u16 = 22;

/// How wide each column is in a pane of some width; 0: not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    number: u16,
    time: u16,
    took: u16,
    tokens: u16,
    bar: u16,
    /// Of the added columns together, and how many of them are shown.
    cells: u16,
    count: usize,
}

impl Columns {
    /// The more important a column the longer it stays: time, duration, what was asked for, bar, tokens,
    /// number.
    pub fn of(pane: u16, bars: Bars, with_tokens: bool, set: &Set) -> Self {
        let mut left = pane.saturating_sub(CURSOR + TEXT);
        let take = |wanted: u16, left: &mut u16| {
            if *left >= wanted {
                *left -= wanted;
                wanted
            } else {
                0
            }
        };
        let wanted = |fact: Fact, wide: u16| if set.shows(fact) { wide } else { 0 };
        let time = take(wanted(Fact::Time, TIME), &mut left);
        let took = take(wanted(Fact::Duration, TOOK), &mut left);
        let (count, cells) = added::fitting(set, usize::from(left + (TEXT - ASKED)));
        let cells = u16::try_from(cells).unwrap_or(u16::MAX);
        left = left.saturating_sub(cells);
        let bar = match bars {
            Bars::Inline => take(
                // Words end somewhere; a long axis tells more.
                (pane.saturating_sub(50 + cells) / 2).clamp(9, 60.max(pane / 4)),
                &mut left,
            ),
            Bars::Off | Bars::Pane => 0,
        };
        let tokens = if with_tokens {
            take(wanted(Fact::Tokens, TOKENS), &mut left)
        } else {
            0
        };
        let number = take(wanted(Fact::Number, NUMBER), &mut left);
        Self {
            number,
            time,
            took,
            tokens,
            bar,
            cells,
            count,
        }
    }

    /// The same with room for the numbers of a long run.
    #[must_use]
    pub fn with_numbers_up_to(self, last: usize) -> Self {
        let digits = last.checked_ilog10().unwrap_or_default() + 1;
        let wanted = u16::try_from(digits + 1).unwrap_or(NUMBER);
        let number = if self.number > 0 {
            self.number.max(wanted)
        } else {
            0
        };
        Self { number, ..self }
    }

    /// Where the waterfall has the whole screen: bars, and what a row needs to be known by.
    pub fn of_bars(pane: u16) -> Self {
        Self {
            took: TOOK,
            bar: pane.saturating_sub(CURSOR + TEXT + TOOK),
            ..Self::default()
        }
    }

    /// Columns of the axis beside the rows.
    pub fn axis(self) -> u16 {
        self.bar.saturating_sub(1)
    }

    /// Columns in front of what a row says.
    pub fn left(self) -> u16 {
        CURSOR + self.number + self.time
    }

    fn right(self) -> u16 {
        self.cells + self.took + self.tokens + self.bar
    }

    /// How many added columns there is no room for.
    pub fn crowded(self, app: &App) -> usize {
        app.columns
            .sets
            .events
            .added
            .len()
            .saturating_sub(self.count)
    }

    /// The names of the added columns.
    pub fn added_heads(self, app: &App, style: &Style) -> String {
        added::heads(style, &app.columns.sets.events, self.count)
    }

    /// The names of the columns, above them.
    pub fn heads(self, times: TimeColumn, pane: u16, added: &str, ticks: &str) -> String {
        let pad = |text: &str, width: u16| match width {
            0 => String::new(),
            width => format!("{text:>width$}", width = usize::from(width)),
        };
        let left = format!(
            "{:CURSOR$}{}{}",
            "",
            pad("#", self.number),
            pad(times.title(), self.time),
            CURSOR = usize::from(CURSOR)
        );
        let bar = match self.bar {
            0 => String::new(),
            width => format!(" {ticks:<width$}", width = usize::from(width) - 1),
        };
        let (took, tokens) = (pad("dur", self.took), pad("tok", self.tokens));
        let right = format!("{added}{took}{tokens}{bar}");
        let room = usize::from(pane).saturating_sub(left.len() + width::width(&right) + 3);
        format!("{left}   {:<room$}{right}", "what")
    }
}

/// Draws the rows of the pane from its top on.
pub fn draw(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    area: Rect,
    (run, columns): (NodeId, Columns),
) {
    let rows = app.rows_of(Some(run), area.height);
    let text = Rect {
        x: area.x + columns.left(),
        width: area.width.saturating_sub(columns.left() + columns.right()),
        ..area
    };
    tree::draw(app, style, frame, text, (rows, false));
    let window = rows.seen.window(rows.top, usize::from(area.height));
    let axis = axis(app, run, columns.axis());
    let mut masking = app.redactor.masking();
    let mut before = rows
        .top
        .checked_sub(1)
        .and_then(|row| rows.seen.node_at(row))
        .and_then(|node| began(app, node));
    for (place, node) in area.rows().zip(&window) {
        let told = operation::told(app, *node);
        let at = began(app, *node);
        let told_left = (*node, columns, at, before, run);
        left(app, style, frame, (place, rows.selected), told_left);
        right(
            app,
            style,
            frame,
            place,
            (*node, columns, &told, axis.as_ref()),
            &mut masking,
        );
        before = at.or(before);
        if rows.selected == Some(*node) && rows.has_keys {
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
}

/// Whether any of its events tells of tokens.
pub fn has_tokens(app: &App, run: NodeId) -> bool {
    app.digest(run)
        .is_some_and(|digest| digest.tokens().is_some())
}

/// The axis of a run on so many columns.
pub fn axis(app: &App, run: NodeId, columns: u16) -> Option<Axis> {
    (columns > 0).then_some(())?;
    let (window, _) = app.axis_window(run)?;
    let idle: Vec<(Time, Time)> = if app.fold_idle {
        let gaps = app.digest(run)?.gaps();
        let mut idle: Vec<_> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        // Nothing has been heard of it since.
        let last = app.digest(run)?.extent()?.1;
        let silent = window.to().0.saturating_sub(last.0);
        if silent > 2_000_000_000 && silent.unsigned_abs() > window.nanos() / 10 {
            idle.push((last, window.to()));
        }
        idle
    } else {
        Vec::new()
    };
    Some(Axis::new(window, &idle, columns))
}

fn began(app: &App, node: NodeId) -> Option<Time> {
    match app.store.sort(node) {
        Sort::Note | Sort::Group => None,
        _ => app.extent_of(node).map(|(from, _)| from),
    }
}

type Left = (NodeId, Columns, Option<Time>, Option<Time>, NodeId);

fn left(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    (place, selected): (Rect, Option<NodeId>),
    (node, columns, at, before, run): Left,
) {
    let cursor = if selected == Some(node) {
        style.glyph(super::style::Glyph::Cursor).to_owned()
    } else {
        " ".repeat(usize::from(CURSOR))
    };
    let number = match (columns.number, app.store.sort(node)) {
        (1.., Sort::Event) => app.store.number(node),
        _ => None,
    };
    let number = number.map_or_else(String::new, |number| number.to_string());
    let time = match (columns.time, at) {
        (1.., Some(at)) => time(app, run, at, before),
        _ => String::new(),
    };
    let (wide, long) = (usize::from(columns.number), usize::from(columns.time));
    let mut text = cursor;
    if wide > 0 {
        let width = wide - 1;
        let _ = write!(text, "{number:>width$} ");
    }
    if long > 0 {
        let width = long - 1;
        let _ = write!(text, "{time:>width$} ");
    }
    let area = Rect {
        width: columns.left().min(place.width),
        ..place
    };
    frame.render_widget(Span::styled(text, style.of(Role::Dim)), area);
}

/// What the time column says of a row.
fn time(app: &App, run: NodeId, at: Time, before: Option<Time>) -> String {
    match app.times {
        TimeColumn::Clock => when::clock(at, &app.zone),
        TimeColumn::Age => when::age(app.now, at),
        TimeColumn::Delta => before
            .map(|before| when::delta(before, at))
            .unwrap_or_default(),
        TimeColumn::Offset => {
            let started = app.store.run(run).and_then(|run| run.started_at);
            let first = app.digest(run).and_then(crate::analysis::Digest::extent);
            let origin = started.or(first.map(|(from, _)| from)).unwrap_or(at);
            when::offset(origin, at)
        }
    }
}

fn right(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    place: Rect,
    (node, columns, told, axis): (NodeId, Columns, &Told, Option<&Axis>),
    masking: &mut Masking,
) {
    let area = Rect {
        x: place.x + place.width.saturating_sub(columns.right()),
        width: columns.right().min(place.width),
        ..place
    };
    let (took, tokens) = (usize::from(columns.took), usize::from(columns.tokens));
    let added = app.columns.sets.events.added.iter().enumerate();
    let mut spans: Vec<Span<'static>> = added
        .take(columns.count)
        .map(|(at, column)| {
            let value = app.shown_cell(List::Events, node, (at, column), masking);
            added::cell(app, style, (List::Events, column), &value, masking)
        })
        .collect();
    if took > 0 {
        let text = format!("{:>took$}", told.took);
        spans.push(Span::styled(text, style.of(Role::Dim)));
    }
    if tokens > 0 {
        let text = format!("{:>tokens$}", told.tokens);
        spans.push(Span::styled(text, style.of(Role::Dim)));
    }
    if let Some(axis) = axis.filter(|_| columns.bar > 0) {
        spans.push(Span::raw(" "));
        spans.extend(operation::bar(app, style, node, axis));
    }
    frame.render_widget(Line::from(spans), area);
}

#[cfg(test)]
mod tests;
