//! The filter on its line: its clauses and how much matches; while it is typed, what is wrong with it under
//! the very character, what may stand there, or which clauses the services filter by themselves.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::draw_prompt as draw_line;
use crate::{
    app::{App, Prompt, query::Fault},
    doc::matcher::Wrong,
    guard::clean,
    text::width,
    ui::{
        layout,
        style::{Role, Style},
    },
};

/// What stands below a line in which nothing is typed yet.
const HOW: &str = "Tab completes fields, names and payload keys, up brings back: status:failed tool:pay.* \
                   dur:>30s payload.amount:>=1000";

/// Columns that a sentence beside the caret should have.
const ROOM: usize = 40;

/// The clauses of the filter and how much matches.
pub fn chips(app: &App, style: &Style, room: usize) -> Vec<Span<'static>> {
    let Some(told) = app.filter_told() else {
        return Vec::new();
    };
    let count = style.text(&clean::line(&told.count));
    let mut left = room.saturating_sub(width::width(&count) + 6).max(room / 3);
    let mut spans = vec![Span::styled(" &", style.of(Role::Strong))];
    for chip in &told.chips {
        let chip = style.text(&clean::line(chip));
        if left < 4 {
            spans.push(Span::raw(" …"));
            break;
        }
        let chip = style.fit(&chip, left.saturating_sub(1)).into_owned();
        left = left.saturating_sub(width::width(&chip) + 1);
        spans.push(Span::raw(" "));
        spans.push(Span::styled(chip, style.of(Role::Tool)));
    }
    let taken: usize = spans.iter().map(Span::width).sum();
    let role = if told.none { Role::Soft } else { Role::Dim };
    let count = style
        .fit(&count, room.saturating_sub(taken + 3))
        .into_owned();
    let mut rest = room.saturating_sub(taken + 3 + width::width(&count));
    spans.push(Span::styled(format!("  {count} "), style.of(role)));
    if let Some(not_read) = &told.not_read {
        rest = rest.saturating_sub(2);
        if width::width(not_read) <= rest {
            spans.push(Span::styled(format!(" {not_read} "), style.of(Role::Dim)));
        }
    }
    spans
}

/// The line above the last two, for what is typed; the rule goes one up.
pub fn lifted(style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let above = Rect {
        y: area.y.saturating_sub(1),
        ..area
    };
    let rule = Rect {
        y: area.y.saturating_sub(2),
        ..area
    };
    frame.render_widget(Clear, above);
    layout::seam(style, frame, rule);
    above
}

/// The line that is being typed, and one below it about it.
pub fn draw_prompt(app: &App, prompt: &Prompt, style: &Style, frame: &mut Frame, area: Rect) {
    let above = lifted(style, frame, area);
    let hidden = draw_line(prompt, style, frame, above);
    let room = usize::from(area.width);
    let offers = !app.typing.options.is_empty();
    if let Some(fault) = app.typing.fault.as_ref().filter(|_| !offers) {
        draw_fault(fault, prompt, style, frame, (area, hidden));
        return;
    }
    let told = if app.typing.options.is_empty() {
        let told = app.filter_told().unwrap_or_default();
        let parts = [Some(told.count), app.filter_split(), told.not_read];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            HOW.to_owned()
        } else {
            parts.join("  ")
        }
    } else {
        app.typing.options.join("  ")
    };
    let told = style.text(&clean::line(&told));
    let told = format!("  {}", style.fit(&told, room.saturating_sub(2)));
    frame.render_widget(Line::styled(told, style.of(Role::Dim)), area);
}

/// A pattern for a search in the detail that is no regular expression, with what is wrong below it.
pub fn draw_pattern(prompt: &Prompt, wrong: &Wrong, style: &Style, frame: &mut Frame, area: Rect) {
    let above = lifted(style, frame, area);
    let hidden = draw_line(prompt, style, frame, above);
    let before: String = prompt.input.value().chars().take(wrong.at).collect();
    let column = (width::width(&before) + 2).saturating_sub(hidden);
    let said = format!("{}: looked for as it stands", wrong.what);
    let line = caret(style, column, wrong.under, &said, usize::from(area.width));
    frame.render_widget(Line::styled(line, style.of(Role::Dim)), area);
}

/// What is wrong with a line, under the very character of the line above; so many columns of that are
/// scrolled away.
pub fn draw_fault(
    fault: &Fault,
    prompt: &Prompt,
    style: &Style,
    frame: &mut Frame,
    (area, hidden): (Rect, usize),
) {
    let (before, under) = fault.columns(prompt.input.value());
    let column = (before + 1 + prompt.wants.sign().len()).saturating_sub(hidden);
    let said = match fault.nearest {
        Some(nearest) => format!("{nearest}? {}", fault.expected),
        None => fault.expected.clone(),
    };
    let line = caret(style, column, under, &said, usize::from(area.width));
    frame.render_widget(Line::styled(line, style.of(Role::Failed)), area);
}

/// A caret under the fault with the sentence behind it, or before it where there is more room.
fn caret(style: &Style, column: usize, under: usize, said: &str, room: usize) -> String {
    let said = style.text(&clean::line(said));
    let column = column.min(room.saturating_sub(1));
    let under = under.min(room - column).max(1);
    let behind = room.saturating_sub(column + under + 1);
    let caret = "^".repeat(under);
    if behind >= width::width(&said) || behind >= ROOM || behind >= column {
        return format!("{}{caret} {}", " ".repeat(column), style.fit(&said, behind));
    }
    let before = column.saturating_sub(2);
    let said = style.fit(&said, before);
    let pad = column.saturating_sub(width::width(&said) + 1);
    format!("{}{said} {caret}", " ".repeat(pad))
}
