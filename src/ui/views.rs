//! The list of named views: name, arrangement, window and filter of each.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::style::{Role, Style};
use crate::{
    app::{
        App,
        arrange::{Arrangement, window_words},
        time::when,
        views::View,
    },
    guard::redact::Masking,
    text::width,
};

/// Columns of a name, an arrangement and a window at most.
const NAME: usize = 20;
const BY: usize = 9;
const WINDOW: usize = 7;

/// Draws the list over everything; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some(list) = &app.view_list else {
        return Rect::default();
    };
    frame.render_widget(Clear, area);
    let [title, head, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(area);
    let count = when::many(app.views.len(), "view");
    let line = Line::from(vec![
        Span::styled(" named views  ", style.of(Role::Strong)),
        Span::styled(count, style.of(Role::Dim)),
    ]);
    frame.render_widget(line, title);
    let names = format!(
        "  {:NAME$} {:BY$} {:WINDOW$} filter",
        "name", "by", "window"
    );
    frame.render_widget(Line::styled(names, style.of(Role::Dim)), head);
    if app.views.is_empty() {
        let hint = "  nothing is kept yet: :save-view NAME keeps filter, arrangement and window";
        let hint = style.fit(hint, usize::from(body.width)).into_owned();
        frame.render_widget(Line::styled(hint, style.of(Role::Dim)), body);
    }
    let mut masking = app.redactor.masking();
    for (at, place) in (list.view.top..).zip(body.rows()) {
        let Some(view) = app.views.get(at) else { break };
        let line = row(style, view, &mut masking, usize::from(place.width));
        frame.render_widget(line, place);
        if at == list.view.selected {
            style.select(frame.buffer_mut(), place);
        }
    }
    body
}

fn row(style: &Style, view: &View, masking: &mut Masking, columns: usize) -> Line<'static> {
    let mut cell = |text: &str, columns: usize| {
        let text = style.told(text, masking);
        width::pad(&style.fit(&text, columns), columns)
    };
    let window = match view.by {
        Arrangement::Inbox | Arrangement::Causes => window_words(view.window),
        Arrangement::Missions | Arrangement::Contexts => String::new(),
    };
    let room = columns.saturating_sub(2 + NAME + 1 + BY + 1 + WINDOW + 1);
    Line::from(vec![
        Span::styled(
            format!("  {} ", cell(&view.name, NAME)),
            style.of(Role::Tool),
        ),
        Span::raw(format!("{:BY$} {window:WINDOW$} ", view.by.word())),
        Span::raw(cell(&view.query, room)),
    ])
}
