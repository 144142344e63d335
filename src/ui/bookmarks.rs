//! The list of bookmarks and notes: which run and event, what is noted, how long ago; below it where the
//! selected one lies and its whole note.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::{
    row::short,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{
        App,
        kept::{Bookmarks, Item},
        time::when,
    },
    guard::redact::Masking,
    text::width,
};

/// Columns of the time, and of a context's name at most.
const AGE: usize = 5;
const CONTEXT: usize = 16;
/// Columns of a run's name.
const RUN: usize = 14;
/// Lines about the selected one.
const ABOUT: u16 = 3;

/// Draws the list over everything; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some(list) = &app.bookmarks else {
        return Rect::default();
    };
    frame.render_widget(Clear, area);
    let [title, head, body, about] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(ABOUT),
    ])
    .areas(area);
    frame.render_widget(counts(app, style, list), title);
    let names = format!(
        "  {:>AGE$}  {:CONTEXT$} {:RUN$} what",
        "age", "context", "run"
    );
    frame.render_widget(Line::styled(names, style.of(Role::Dim)), head);
    if list.rows.is_empty() {
        let hint = "  nothing is kept yet: m sets a bookmark on a run or event, ; writes a note";
        let hint = style.fit(hint, usize::from(body.width)).into_owned();
        frame.render_widget(Line::styled(hint, style.of(Role::Dim)), body);
    }
    let mut masking = app.redactor.masking();
    for (at, place) in (list.view.top..).zip(body.rows()) {
        let Some(item) = list.rows.get(at) else { break };
        let line = row(app, style, item, &mut masking, usize::from(place.width));
        frame.render_widget(line, place);
        if at == list.view.selected {
            style.select(frame.buffer_mut(), place);
        }
    }
    if let Some(item) = list.rows.get(list.view.selected) {
        tell(style, frame, about, item, &mut masking);
    }
    body
}

fn counts(app: &App, style: &Style, list: &Bookmarks) -> Line<'static> {
    let bookmarks = list.rows.iter().filter(|item| item.bookmark).count();
    let notes = list
        .rows
        .iter()
        .filter(|item| !item.note.is_empty())
        .count();
    let mut text = format!(
        "{}, {}",
        when::many(bookmarks, "bookmark"),
        when::many(notes, "note")
    );
    let broken = app.kept.broken;
    if broken > 0 {
        let lines = when::many(broken, "line");
        text = format!("{text}; {lines} on disk could not be read");
    }
    Line::from(vec![
        Span::styled(" bookmarks and notes  ", style.of(Role::Strong)),
        Span::styled(text, style.of(Role::Dim)),
    ])
}

fn row(
    app: &App,
    style: &Style,
    item: &Item,
    masking: &mut Masking,
    columns: usize,
) -> Line<'static> {
    let mut cell = |text: &str, columns: usize| {
        let text = style.told(text, masking);
        width::pad(&style.fit(&text, columns), columns)
    };
    let sign = if item.bookmark {
        style.glyph(Glyph::Bookmark)
    } else {
        " "
    };
    let taken = 2 + AGE + 2 + CONTEXT + 1 + RUN + 1;
    let room = columns.saturating_sub(taken);
    let noted = if item.note.is_empty() {
        0
    } else {
        (width::width(&item.note) + 4).min(room / 2)
    };
    let what = match (&item.spot.event, item.title.as_str()) {
        (None, "") => "the run",
        (Some(event), "") => event,
        (_, title) => title,
    };
    let mut spans = vec![
        Span::styled(format!("{sign} "), style.of(Role::Strong)),
        Span::styled(
            format!("{:>AGE$}  ", when::age(app.now, item.at)),
            style.of(Role::Dim),
        ),
        Span::raw(cell(&item.spot.context, CONTEXT) + " "),
        Span::raw(cell(short(&item.spot.run), RUN) + " "),
        Span::raw(cell(what, room.saturating_sub(noted))),
    ];
    if noted > 0 {
        let note = cell(&format!("  ; {}", item.note), noted);
        spans.push(Span::styled(note, style.of(Role::Dim)));
    }
    Line::from(spans)
}

/// Where it lies, by ids, and what is noted on it.
fn tell(style: &Style, frame: &mut Frame, area: Rect, item: &Item, masking: &mut Masking) {
    let spot = &item.spot;
    let event = spot.event.as_ref().map(|event| format!("#{event}"));
    let whole = format!(
        "{}/{}/{}{}",
        spot.context,
        spot.mission,
        spot.run,
        event.unwrap_or_default()
    );
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = vec![style.fit(&style.told(&whole, masking), room).into_owned()];
    let note = style.told(&item.note, masking);
    lines.extend(width::wrap(&note, room).into_iter().map(str::to_owned));
    for (place, line) in area.rows().zip(lines) {
        let line = style.fit(&line, room).into_owned();
        frame.render_widget(Line::styled(format!(" {line}"), style.of(Role::Dim)), place);
    }
}
