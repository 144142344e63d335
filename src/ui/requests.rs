//! The list of requests: when, which context, what came back, how long it took, and below the list why
//! the selected one was made. Paths were made by sortie from ids, and are cleaned like everything else.

use std::fmt::Write as _;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::style::{Role, Style};
use crate::{
    app::{App, requests::Requests, when},
    model::Sent,
    text::width,
};

/// Columns of a context's name at most.
const CONTEXT: usize = 14;
/// From this many columns on, there is room for everything but the reason.
const WIDE: u16 = 100;

/// Draws the list over everything; says how many rows it had.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> u16 {
    let Some(list) = &app.requests else {
        return 0;
    };
    frame.render_widget(Clear, area);
    let [title, head, body, reason] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(2),
    ])
    .areas(area);
    let wide = area.width >= WIDE;
    draw_title(list, style, frame, title);
    frame.render_widget(Line::styled(columns(wide), style.of(Role::Dim)), head);
    if list.rows.is_empty() {
        let nothing = Line::styled("  no request was made yet", style.of(Role::Dim));
        frame.render_widget(nothing, body);
    }
    for (at, place) in (list.top..).zip(body.rows()) {
        let Some(sent) = list.rows.get(at) else { break };
        frame.render_widget(row(app, style, sent, place.width, wide), place);
        if at == list.selected {
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
    if let Some(sent) = list.rows.get(list.selected) {
        let lines = told(app, style, sent);
        let lines = width::wrap(&lines, usize::from(reason.width).saturating_sub(2));
        for (place, line) in reason.rows().zip(lines) {
            frame.render_widget(Line::styled(format!(" {line}"), style.of(Role::Dim)), place);
        }
    }
    body.height
}

fn draw_title(list: &Requests, style: &Style, frame: &mut Frame, area: Rect) {
    let bytes: u64 = list.rows.iter().map(|sent| sent.bytes).sum();
    let from_memory = list.rows.iter().filter(|sent| sent.cached).count();
    let mut text = format!(
        "{}, {}",
        when::many(list.rows.len(), "request"),
        when::size(usize::try_from(bytes).unwrap_or(usize::MAX))
    );
    if from_memory > 0 {
        let _ = write!(text, ", {from_memory} unchanged");
    }
    let line = Line::from(vec![
        Span::styled(" requests  ", style.of(Role::Strong)),
        Span::styled(text, style.of(Role::Dim)),
    ]);
    frame.render_widget(line, area);
}

fn columns(wide: bool) -> String {
    let more = if wide { "  size     tries " } else { " " };
    format!(
        " {:<9}{:<CONTEXT$} {:<6}{:>7}{more} path",
        "when", "context", "status", "took"
    )
}

fn row(app: &App, style: &Style, sent: &Sent, columns: u16, wide: bool) -> Line<'static> {
    let mut masking = app.redactor.masking();
    let context = style.told(&sent.context, &mut masking);
    let context = width::pad(&style.fit(&context, CONTEXT), CONTEXT);
    let (status, role) = match sent.status {
        Some(200..=299) if sent.cached => ("same".to_owned(), Role::Dim),
        Some(304) => ("same".to_owned(), Role::Dim),
        Some(status @ 200..=299) => (status.to_string(), Role::Good),
        Some(status @ 429) => (status.to_string(), Role::Soft),
        Some(status) => (status.to_string(), Role::Failed),
        None => ("none".to_owned(), Role::Failed),
    };
    let mut spans = vec![
        Span::styled(
            format!(" {:<9}", when::clock(sent.at, &app.zone)),
            style.of(Role::Dim),
        ),
        Span::raw(format!("{context} ")),
        Span::styled(format!("{status:<6}"), style.of(role)),
        Span::raw(format!("{:>7} ", when::span(sent.took))),
    ];
    if wide {
        let size = when::size(usize::try_from(sent.bytes).unwrap_or(usize::MAX));
        spans.push(Span::raw(format!(" {size:<9}")));
        spans.push(Span::raw(format!("{:<6} ", sent.retries + 1)));
    }
    let taken: usize = spans.iter().map(|span| width::width(&span.content)).sum();
    let path = if sent.method == "GET" {
        sent.path.clone()
    } else {
        format!("{} {}", sent.method, sent.path)
    };
    let path = style.told(&path, &mut masking);
    let room = usize::from(columns).saturating_sub(taken + 1);
    spans.push(Span::raw(style.fit(&path, room).into_owned()));
    Line::from(spans)
}

/// The whole path of the selected request and why it was made.
fn told(app: &App, style: &Style, sent: &Sent) -> String {
    let mut masking = app.redactor.masking();
    let tries = match sent.retries {
        0 => String::new(),
        n => format!(", try {}", n + 1),
    };
    let reason = if sent.reason.is_empty() {
        String::new()
    } else {
        format!("{}{tries}: ", sent.reason)
    };
    style.told(
        &format!("{reason}{} {}", sent.method, sent.path),
        &mut masking,
    )
}
