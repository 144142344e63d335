//! What a row of the tree says, fitted into the columns that there are: what may be cut, what is never
//! cut, and what is shown whole or not at all. It decides no words.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget as _,
};
use regex::bytes::Regex;

use super::{
    columns,
    style::{Role, Style},
};
use crate::{
    app::{App, arrange::Arrangement, columns::Fact},
    guard::redact::Masking,
    text::width,
};

/// Columns of the time and of the duration at most, blanks before them included: always two before a
/// duration, or both would read as one value.
const TIME: usize = 9;
const TOOK: usize = 8;

/// Text that a row keeps before its columns on the right give way.
const TEXT: usize = 12;
/// Text that it keeps before columns give way that somebody asked for.
const ASKED: usize = 22;

/// The pane that is wide enough for mission and context.
const BOTH: u16 = 78;

/// A column beside the text: what it says, how wide it is at most with the two blanks before it, and the pane
/// that is wide enough for it.
#[derive(Hash)]
pub struct Column(pub String, pub usize, pub u16);

impl Column {
    /// The mission of a run that does not stand below it.
    pub fn mission(name: &str) -> Self {
        Self(name.to_owned(), 17, 60)
    }

    /// Its context.
    pub fn context(name: &str) -> Self {
        Self(name.to_owned(), 15, BOTH)
    }
}

/// How wide the columns beside the text are: as wide as what the rows on the screen have for them, so
/// that the text has the rest. 0: nothing stands in it.
#[derive(Debug, Default, Hash)]
pub struct Widths {
    beside: Vec<usize>,
    time: usize,
    took: usize,
}

impl Widths {
    /// For these rows in a pane of that width.
    pub fn of<'l>(app: &App, labels: impl Iterator<Item = &'l Label>, pane: u16) -> Self {
        let (time, took) = shown(app, pane);
        // A wide pane has room for longer names.
        let more = usize::from(pane.saturating_sub(100)) / 6;
        let mut widths = Self::default();
        let grow = |column: &mut usize, wide: usize, head: usize, most: usize| {
            if wide > 0 {
                *column = (*column).max((wide.max(head) + 2).min(most));
            }
        };
        for label in labels {
            if time {
                grow(&mut widths.time, width::width(&label.time), 4, TIME);
            }
            if took {
                grow(&mut widths.took, width::width(&label.took), 3, TOOK);
            }
            let beside = label.beside.iter().filter(|column| pane >= column.2);
            for (at, Column(text, most, _)) in beside.enumerate() {
                if widths.beside.len() <= at {
                    widths.beside.push(0);
                }
                if let Some(column) = widths.beside.get_mut(at) {
                    grow(column, width::width(text).max(1), 7, most + more);
                }
            }
        }
        widths
    }
}

/// The names of the columns on the right in a pane of that width, as wide as they are; `whose`: whether
/// rows say which mission and context they are of.
pub fn heads(app: &App, style: &Style, pane: u16, whose: bool, widths: &Widths) -> String {
    // In a narrow pane a cause has its course there.
    let is_course = app.arranged.by == Arrangement::Causes && pane < BOTH;
    let mission = if is_course { "" } else { "mission" };
    let whose = whose.then(|| {
        [
            (Fact::Mission, Column::mission(mission)),
            (Fact::Context, Column::context("context")),
        ]
    });
    let set = &app.columns.sets.runs;
    let (count, _) = added(app, pane);
    let names = whose
        .into_iter()
        .flatten()
        .filter(|(fact, column)| has_room(app, pane, *fact, column))
        .zip(&widths.beside)
        .fold(String::new(), |names, ((_, Column(name, ..)), columns)| {
            names + &format!("  {name:<0$}", columns.saturating_sub(2))
        });
    let names = names + &columns::heads(style, set, count);
    let head = |name: &str, columns: usize| match columns {
        0 => String::new(),
        columns => format!("{name:>columns$}"),
    };
    names + &head("when", widths.time) + &head("dur", widths.took)
}

/// Whether there is a column for the time and one for the duration. It depends on the pane alone, so
/// that the columns of rows of different depths are one below the other.
fn shown(app: &App, pane: u16) -> (bool, bool) {
    let set = &app.columns.sets.runs;
    (
        pane >= 40 && set.shows(Fact::Started),
        pane >= 60 && set.shows(Fact::Duration),
    )
}

/// How many added columns there is room for in a pane, and how wide they are together.
pub fn added(app: &App, pane: u16) -> (usize, usize) {
    let (time, took) = shown(app, pane);
    let right = usize::from(time) * TIME + usize::from(took) * TOOK;
    // The cursor, the fold mark and a level.
    let room = usize::from(pane).saturating_sub(6 + ASKED + right);
    columns::fitting(&app.columns.sets.runs, room)
}

/// Whether the mission or the context of a run has a column: behind what was asked for.
pub fn has_room(app: &App, pane: u16, fact: Fact, column: &Column) -> bool {
    let set = &app.columns.sets.runs;
    let (_, taken) = added(app, pane);
    let taken = u16::try_from(taken).unwrap_or(u16::MAX);
    set.shows(fact) && pane >= column.2.saturating_add(taken)
}

/// What a row says, before it is fitted into its columns.
#[derive(Default, Hash)]
pub struct Label {
    /// What it is, cut where there is no room.
    pub left: Vec<(String, Role)>,
    /// How many failures are folded away below, or what can be done, behind `left`: never cut away.
    pub faults: String,
    /// Stands for `faults` where that would cut `left`.
    pub terse: &'static str,
    /// Behind that.
    pub more: Vec<(String, Role)>,
    /// What the person noted, behind the title: it keeps a part of the row.
    pub note: String,
    /// Behind the rest, whole or not at all.
    pub id: String,
    /// Beside all that, each where the pane is wide enough for it.
    pub beside: Vec<Column>,
    /// Cells of added columns, as wide as those.
    pub cells: Vec<Span<'static>>,
    /// When, on the right.
    pub time: String,
    /// How long, behind that.
    pub took: String,
}

/// Columns from which on a title leaves some to the reason of a failure.
const BOTH_TOLD: usize = 56;

/// Columns below which a piece behind the title is left out rather than cut.
const LEAST: usize = 8;

impl Label {
    /// Fitted into a row at that depth, in a pane of that width, alone in it or not.
    pub fn fit(
        self,
        app: &App,
        style: &Style,
        masking: &mut Masking,
        place: (usize, u16, bool),
        widths: &Widths,
    ) -> Line<'static> {
        let sought = app
            .search
            .as_ref()
            .map(|search| (&search.needle, search.number));
        let key = style.fitted().key((&self, place, widths, sought));
        if let Some(line) = style.fitted().get(key, &app.redactor) {
            return line;
        }
        let masked = masking.masked();
        let line = self.fit_anew(app, style, masking, place, widths);
        // Which number a placeholder has depends on the rows above.
        if masking.masked() == masked {
            style.fitted().keep(key, line.clone());
        }
        line
    }

    fn fit_anew(
        self,
        app: &App,
        style: &Style,
        masking: &mut Masking,
        (depth, pane, alone): (usize, u16, bool),
        widths: &Widths,
    ) -> Line<'static> {
        // The cursor's two columns where it is drawn there, two for each level, two for the fold mark.
        let cursor = if alone { 2 } else { 0 };
        let columns = usize::from(pane).saturating_sub(2 + cursor + 2 * depth);
        let (mut time, mut took) = if self.time.is_empty() && self.took.is_empty() {
            (0, 0)
        } else {
            (widths.time, widths.took)
        };
        if columns < TEXT + time + took {
            took = 0;
        }
        if columns < TEXT + time {
            time = 0;
        }
        let right = time + took;
        let room = columns.saturating_sub(right);
        let beside = self.beside.into_iter().filter(|column| pane >= column.2);
        let beside = beside.zip(widths.beside.iter().copied());
        let beside: Vec<(Column, usize)> = beside.collect();
        let taken: usize = beside.iter().map(|(_, columns)| columns).sum();
        let taken = taken + self.cells.iter().map(Span::width).sum::<usize>();
        let room = room.saturating_sub(taken);
        let sought = app.search.as_ref().map(|search| search.matcher.regex());
        let mut spans = Vec::new();
        let mut put = |(text, role): (String, Role), room: usize| {
            let safe = style.told(&text, masking);
            let fitted = style.fit(&safe, room);
            highlight(&fitted, style.of(role), sought, style, &mut spans);
            room.saturating_sub(width::width(&fitted))
        };
        let told: usize = self.left.iter().map(|piece| width::width(&piece.0)).sum();
        let is_tight = told + width::width(&self.faults) > room && !self.terse.is_empty();
        let said = if is_tight {
            self.terse.to_owned()
        } else {
            self.faults
        };
        let faults = width::width(&said).min(room);
        let noted = width::width(&self.note).min(room / 2).min(room - faults);
        let reason = reason(&self.more, room - faults - noted);
        let kept = faults + noted + reason;
        let mut room = self
            .left
            .into_iter()
            .fold(room - kept, |room, piece| put(piece, room));
        room = put((said, Role::Failed), room + kept);
        room = put((self.note, Role::Dim), room);
        room = self
            .more
            .into_iter()
            // A few letters and an ellipsis say nothing.
            .filter(|piece| !piece.0.is_empty())
            .fold(room, |room, piece| {
                let whole = width::width(&piece.0) <= room;
                if whole || room >= LEAST {
                    put(piece, room)
                } else {
                    room
                }
            });
        if width::width(&self.id) <= room {
            room = put((self.id, Role::Dim), room);
        }
        // Blanks cost as much as letters: none where nothing stands behind them.
        if right > 0 || !beside.is_empty() || !self.cells.is_empty() {
            spans.push(Span::raw(" ".repeat(room)));
        }
        for (Column(text, ..), columns) in beside {
            let safe = style.told(&text, masking);
            let fitted = style.fit(&safe, columns.saturating_sub(2)).into_owned();
            let blanks = columns.saturating_sub(2 + width::width(&fitted));
            push(
                Some(&format!("  {fitted}{}", " ".repeat(blanks))),
                style.of(Role::Dim),
                &mut spans,
            );
        }
        for cell in self.cells {
            push(Some(&cell.content), cell.style, &mut spans);
        }
        for (text, columns) in [(self.time, time), (self.took, took)] {
            if columns > 0 {
                let text = format!("{text:>columns$}");
                spans.push(Span::styled(text, style.of(Role::Dim)));
            }
        }
        Line::from(spans)
    }
}

/// Columns that a title leaves to what went wrong, where both have room.
fn reason(more: &[(String, Role)], room: usize) -> usize {
    let told = more.first().filter(|(_, role)| *role == Role::Failed);
    let told = told.filter(|_| room >= BOTH_TOLD);
    told.map_or(0, |(text, _)| width::width(text).min(room * 2 / 5))
}

/// The text with what the search looks for set apart.
pub fn highlight(
    text: &str,
    paint: ratatui::style::Style,
    sought: Option<&Regex>,
    style: &Style,
    spans: &mut Vec<Span<'static>>,
) {
    let Some(sought) = sought else {
        push(Some(text), paint, spans);
        return;
    };
    let mut from = 0;
    for found in sought.find_iter(text.as_bytes()) {
        push(text.get(from..found.start()), paint, spans);
        let hit = text.get(found.range());
        push(hit, paint.patch(style.of(Role::Hit)), spans);
        from = found.end();
    }
    push(text.get(from..), paint, spans);
}

/// A piece of text, whose clusters may need more columns than it does as a whole.
pub fn push(text: Option<&str>, paint: ratatui::style::Style, spans: &mut Vec<Span<'static>>) {
    // A span is given the columns of its whole text, its clusters may need more.
    for piece in text.map(width::apart).into_iter().flatten() {
        if !piece.is_empty() {
            spans.push(Span::styled(piece.to_owned(), paint));
        }
    }
}

/// Paints a line as ratatui does, without asking of plain letters which of them belong together.
pub fn render(line: &Line<'_>, area: Rect, buffer: &mut Buffer) {
    let mut left = area.intersection(buffer.area);
    for span in &line.spans {
        if left.is_empty() {
            return;
        }
        let columns = if width::is_plain(&span.content) {
            let letters = span.content.bytes().zip(left.left()..left.right());
            for (letter, x) in letters {
                if let Some(cell) = buffer.cell_mut((x, left.y)) {
                    cell.set_char(char::from(letter)).set_style(span.style);
                }
            }
            span.content.len()
        } else {
            span.render(left, buffer);
            span.width()
        };
        let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(left.width);
        (left.x, left.width) = (left.x + columns, left.width - columns);
    }
}
