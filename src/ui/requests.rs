//! The list of requests: when, which context, what came back, how long it took and why it was made, and
//! below it the whole path of the selected one. Paths are made of ids, and cleaned like everything else.

use std::fmt::Write as _;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::style::{Role, Style};
use crate::{
    app::{App, list::requests::Requests, time::when},
    model::Sent,
    text::{size, width},
};

/// Columns of a context's name at most.
const CONTEXT: usize = 14;
/// Columns of the reason where the path stands behind it.
const REASON: usize = 60;
/// From this many columns on, there is room for sizes and tries.
const WIDE: u16 = 100;
/// From this many columns on, there is room for the path too.
const WIDEST: u16 = 150;

/// Draws the list over everything; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some(list) = &app.requests else {
        return Rect::default();
    };
    frame.render_widget(Clear, area);
    let [title, head, body, reason] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(2),
    ])
    .areas(area);
    draw_title(list, style, frame, title);
    frame.render_widget(Line::styled(columns(area.width), style.of(Role::Dim)), head);
    if list.rows.is_empty() {
        let nothing = Line::styled("  no request was made yet", style.of(Role::Dim));
        frame.render_widget(nothing, body);
    }
    for (at, place) in (list.view.top..).zip(body.rows()) {
        let Some(sent) = list.rows.get(at) else { break };
        frame.render_widget(row(app, style, sent, place.width), place);
        if at == list.view.selected {
            style.select(frame.buffer_mut(), place);
        }
    }
    if let Some(sent) = list.rows.get(list.view.selected) {
        let lines = told(app, style, sent);
        let lines = width::wrap(&lines, usize::from(reason.width).saturating_sub(2));
        for (place, line) in reason.rows().zip(lines) {
            frame.render_widget(Line::styled(format!(" {line}"), style.of(Role::Dim)), place);
        }
    }
    body
}

fn draw_title(list: &Requests, style: &Style, frame: &mut Frame, area: Rect) {
    let bytes: u64 = list.rows.iter().map(|sent| sent.bytes).sum();
    let from_memory = list.rows.iter().filter(|sent| sent.cached).count();
    let mut text = format!(
        "{}, {}",
        when::many(list.rows.len(), "request"),
        size::of(usize::try_from(bytes).unwrap_or(usize::MAX))
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

fn columns(area: u16) -> String {
    let more = if area >= WIDE {
        "      size  tries  "
    } else {
        " "
    };
    let path = if area >= WIDEST {
        format!("{:<REASON$} path", "why")
    } else {
        "why".to_owned()
    };
    format!(
        "  {:<9}{:<CONTEXT$} {:<6}{:>7}{more} {path}",
        "when", "context", "status", "dur"
    )
}

fn row(app: &App, style: &Style, sent: &Sent, columns: u16) -> Line<'static> {
    let mut masking = app.redactor.masking();
    let context = style.told(&sent.context, &mut masking);
    let context = width::pad(&style.fit(&context, CONTEXT), CONTEXT);
    let (status, role) = match sent.status {
        Some(304) => ("same".to_owned(), Role::Dim),
        Some(200..=299) if sent.cached => ("same".to_owned(), Role::Dim),
        Some(status @ 200..=399) => (status.to_string(), Role::Good),
        Some(status @ 429) => (status.to_string(), Role::Soft),
        Some(status) => (status.to_string(), Role::Failed),
        None => ("none".to_owned(), Role::Failed),
    };
    let mut spans = vec![
        Span::styled(
            format!("  {:<9}", when::clock(sent.at, &app.zone)),
            style.of(Role::Dim),
        ),
        Span::raw(format!("{context} ")),
        Span::styled(format!("{status:<6}"), style.of(role)),
        Span::raw(format!("{:>7} ", when::span(sent.took))),
    ];
    if columns >= WIDE {
        let size = size::of(usize::try_from(sent.bytes).unwrap_or(usize::MAX));
        spans.push(Span::raw(format!(" {size:>9}")));
        spans.push(Span::raw(format!("  {:<6} ", sent.retries + 1)));
    }
    let reason = if sent.reason.is_empty() {
        &sent.path
    } else {
        &sent.reason
    };
    let reason = style.told(reason, &mut masking);
    if columns >= WIDEST {
        let reason = style.fit(&reason, REASON);
        spans.push(Span::raw(format!("{} ", width::pad(&reason, REASON))));
        let path = style.told(&sent.path, &mut masking);
        let room = left(&spans, columns);
        let path = style.fit(&path, room).into_owned();
        spans.push(Span::styled(path, style.of(Role::Dim)));
    } else {
        let room = left(&spans, columns);
        spans.push(Span::raw(style.fit(&reason, room).into_owned()));
    }
    Line::from(spans)
}

fn left(spans: &[Span<'_>], columns: u16) -> usize {
    let taken: usize = spans.iter().map(|span| width::width(&span.content)).sum();
    usize::from(columns).saturating_sub(taken + 1)
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
