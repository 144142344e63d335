//! The list of what was said at the bottom of the screen: when, how serious, how often, and below it the
//! whole text of the selected one.

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
        list::messages::{Message, Severity},
        time::when,
    },
    guard::{clean, redact::Masking},
    text::width,
};

/// Columns of a time and of how serious it is.
const WHEN: usize = 8;
const SEVERITY: usize = 7;

/// Draws the list over everything; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some(list) = &app.message_list else {
        return Rect::default();
    };
    frame.render_widget(Clear, area);
    let mut masking = app.redactor.masking();
    let rows = app.messages.rows();
    let whole = app
        .listed_message()
        .map(|message| whole(style, message, &mut masking, area.width))
        .unwrap_or_default();
    // Nothing stands below a list of nothing.
    let about = whole.len() + usize::from(!whole.is_empty());
    let about = u16::try_from(about).unwrap_or(u16::MAX);
    let [title, head, body, about] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(about.min(area.height / 2)),
    ])
    .areas(area);
    frame.render_widget(counts(app, style), title);
    let names = format!("  {:WHEN$}  {:SEVERITY$}  what", "when", "");
    frame.render_widget(Line::styled(names, style.of(Role::Dim)), head);
    if rows.is_empty() {
        let nothing = Line::styled("  nothing was said yet", style.of(Role::Dim));
        frame.render_widget(nothing, body);
    }
    for (at, place) in (list.view.top..).zip(body.rows()) {
        let Some(message) = rows.get(at) else { break };
        let line = row(app, style, message, &mut masking, usize::from(place.width));
        frame.render_widget(line, place);
        if at == list.view.selected {
            style.select(frame.buffer_mut(), place);
        }
    }
    let rule = style
        .glyph(super::style::Glyph::Line)
        .repeat(usize::from(area.width));
    let lines = [Line::styled(rule, style.of(Role::Rule))]
        .into_iter()
        .chain(whole.into_iter().map(|line| Line::raw(format!(" {line}"))));
    for (place, line) in about.rows().zip(lines) {
        frame.render_widget(line, place);
    }
    body
}

fn counts(app: &App, style: &Style) -> Line<'static> {
    let all = app.messages.rows().len();
    let mut text = when::many(all, "message");
    for severity in [Severity::Failure, Severity::Warning] {
        let count = app.messages.count(severity);
        if count > 0 {
            text = format!("{text}, {}", when::many(count, severity.word()));
        }
    }
    Line::from(vec![
        Span::styled(" messages  ", style.of(Role::Strong)),
        Span::styled(text, style.of(Role::Dim)),
    ])
}

fn row(
    app: &App,
    style: &Style,
    message: &Message,
    masking: &mut Masking,
    columns: usize,
) -> Line<'static> {
    let role = match message.severity {
        Severity::Note => Role::Dim,
        Severity::Warning => Role::Soft,
        Severity::Failure => Role::Failed,
    };
    let times = match message.times {
        0 | 1 => String::new(),
        times => format!("  {}", style.text(&format!("×{times}"))),
    };
    let taken = 2 + WHEN + 2 + SEVERITY + 2 + width::width(&times);
    let room = columns.saturating_sub(taken + 1);
    let text = style.told(&message.text, masking);
    Line::from(vec![
        Span::styled(
            format!("  {:WHEN$}  ", when::clock(message.at, &app.zone)),
            style.of(Role::Dim),
        ),
        Span::styled(
            format!("{:SEVERITY$}  ", message.severity.word()),
            style.of(role),
        ),
        Span::raw(style.fit(&text, room).into_owned()),
        Span::styled(times, style.of(Role::Dim)),
    ])
}

/// All of a message, line by line.
fn whole(style: &Style, message: &Message, masking: &mut Masking, columns: u16) -> Vec<String> {
    let text = masking.text(&message.text).into_owned();
    let text = style.text(&clean::line(&text));
    let room = usize::from(columns).saturating_sub(2);
    let lines = width::wrap(&text, room).into_iter();
    lines.map(|line| style.text(line)).collect()
}
