//! The table of tool calls: number, verdict, tool, duration, step and the arguments, as far as they are
//! scrolled to. Arguments are masked and cleaned like everything else, for the rows on the screen only.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::style::{Glyph, Role, Style};
use crate::{
    analysis::{Call, CallOrder, Verdict},
    app::{App, list::calls::Calls, time::when},
    guard::{clean, redact::Masking, redact::Sort, safe_json},
    model::NodeId,
    text::width,
};

/// Bytes of arguments that are gone through for a row; Enter shows what is larger.
const HEAD: usize = 16 << 10;
const NUMBER: usize = 6;
const TOOL: usize = 20;
const TOOK: usize = 7;
const STEP: usize = 12;
/// From this many columns on there is room for the step.
const WIDE: u16 = 100;

/// Draws the table over everything; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some(calls) = &app.calls else {
        return Rect::default();
    };
    frame.render_widget(Clear, area);
    let [title, head, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(area);
    frame.render_widget(told(app, style, calls), title);
    frame.render_widget(heads(style, calls, area.width), head);
    if calls.rows.is_empty() {
        let text = match (calls.all, app.loading.is_empty()) {
            (0, true) => "  no tool was called in what is loaded".to_owned(),
            (0, false) => style.text("  loading…"),
            (all, _) => format!("  none of {all} has this word: / and Enter shows all"),
        };
        frame.render_widget(Line::styled(text, style.of(Role::Dim)), body);
    }
    let mut masking = app.redactor.masking();
    for (at, place) in (calls.view.top..).zip(body.rows()) {
        let Some((node, call)) = calls.rows.get(at) else {
            break;
        };
        let line = row(app, style, calls, (*node, call), place.width, &mut masking);
        frame.render_widget(line, place);
        if at == calls.view.selected {
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
    body
}

fn told(app: &App, style: &Style, calls: &Calls) -> Line<'static> {
    let more = |run: &NodeId| app.loads.get(run).is_some_and(|load| load.more.is_some());
    let plus = if calls.runs.iter().any(more) { "+" } else { "" };
    let many = |count: usize, plus: &str| {
        let s = if count == 1 && plus.is_empty() {
            ""
        } else {
            "s"
        };
        format!("{count}{plus} call{s}")
    };
    let mut text = if calls.word.is_empty() {
        many(calls.all, plus)
    } else {
        let word = style.text(&clean::line(&calls.word));
        let word = style.fit(&word, 20);
        format!(
            "{} of {} with {word}",
            calls.rows.len(),
            many(calls.all, plus)
        )
    };
    if calls.runs.len() > 1 {
        text = format!("{text} of {} runs", calls.runs.len());
    }
    let way = if calls.reverse { ", backwards" } else { "" };
    text = format!("{text}  by {}{way}", calls.by.word());
    if calls.from > 0 {
        text = format!("{text}  from column {}", calls.from + 1);
    }
    Line::from(vec![
        Span::styled(" calls  ", style.of(Role::Strong)),
        Span::styled(text, style.of(Role::Dim)),
    ])
}

fn heads(style: &Style, calls: &Calls, columns: u16) -> Line<'static> {
    let name = |order: CallOrder, name: &str| {
        let sign = match (calls.by == order, calls.reverse) {
            (true, false) => "+",
            (true, true) => "-",
            (false, _) => "",
        };
        format!("{sign}{name}")
    };
    let step = if columns >= WIDE {
        format!("  {:STEP$}", name(CallOrder::Step, "step"))
    } else {
        String::new()
    };
    let text = format!(
        "  {:>NUMBER$} {:2}{:TOOL$} {:>TOOK$}{step}  {}",
        name(CallOrder::Number, "#"),
        if calls.by == CallOrder::Verdict {
            name(CallOrder::Verdict, "")
        } else {
            String::new()
        },
        name(CallOrder::Tool, "tool"),
        name(CallOrder::Duration, "dur"),
        name(CallOrder::Arguments, "arguments"),
    );
    Line::styled(text, style.of(Role::Dim))
}

fn row(
    app: &App,
    style: &Style,
    calls: &Calls,
    (node, call): (NodeId, &Call),
    columns: u16,
    masking: &mut Masking,
) -> Line<'static> {
    let (glyph, role) = sign(call.verdict);
    let selected = calls.call().is_some_and(|(selected, _)| *selected == node);
    let cursor = if selected {
        style.glyph(Glyph::Cursor)
    } else {
        "  "
    };
    let number = call.number.or_else(|| app.store.number(node));
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    let cell = |text: &str, columns: usize, masking: &mut Masking| {
        let text = style.told(text, masking);
        width::pad(&style.fit(&text, columns), columns)
    };
    let took = call.took.map(when::span).unwrap_or_default();
    let mut spans = vec![
        Span::styled(format!("{cursor}{number:>NUMBER$} "), style.of(Role::Dim)),
        Span::styled(format!("{} ", style.glyph(glyph)), style.of(role)),
        Span::styled(cell(&call.tool, TOOL, masking), style.of(Role::Tool)),
        Span::styled(format!(" {took:>TOOK$}"), style.of(Role::Dim)),
    ];
    let mut taken = 2 + NUMBER + 1 + 2 + TOOL + 1 + TOOK;
    if columns >= WIDE {
        let step = app
            .store
            .find(app.store.owner(node), crate::model::Sort::Step, &call.step);
        let title = step.and_then(|step| app.store.step(step));
        let title = title.map(|step| step.title.as_str());
        let title = title.filter(|title| !title.is_empty());
        let step = cell(title.unwrap_or(&call.step), STEP, masking);
        spans.push(Span::styled(format!("  {step}"), style.of(Role::Status)));
        taken += 2 + STEP;
    }
    let room = usize::from(columns).saturating_sub(taken + 3);
    let text = arguments(style, call, masking);
    let (cut, _) = width::cut_at(&text, calls.from);
    let shown = text.get(cut..).unwrap_or_default();
    spans.push(Span::raw(format!("  {}", style.fit(shown, room))));
    Line::from(spans)
}

/// On one line, masked and cleaned.
fn arguments(style: &Style, call: &Call, masking: &mut Masking) -> String {
    let bytes = call.arguments.bytes();
    if bytes.len() > HEAD {
        let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or_default());
        let masked = masking.json(head.as_bytes(), Sort::Any).into_owned();
        let text = String::from_utf8_lossy(&masked).into_owned();
        return style.text(&clean::line(&format!("{text}…")));
    }
    let masked = masking.json(bytes, Sort::Any);
    let text = safe_json(&masked).unwrap_or_else(|| String::from_utf8_lossy(&masked).into_owned());
    style.text(&clean::line(&text))
}

fn sign(verdict: Verdict) -> (Glyph, Role) {
    match verdict {
        Verdict::Failed => (Glyph::Failed, Role::Failed),
        Verdict::SoftFailure => (Glyph::Soft, Role::Soft),
        Verdict::Unanswered => (Glyph::Unknown, Role::Soft),
        Verdict::Running => (Glyph::Running, Role::Running),
        Verdict::Cancelled | Verdict::Skipped => (Glyph::Cancelled, Role::Dim),
        Verdict::NotReported => (Glyph::Quiet, Role::Dim),
        Verdict::Ok => (Glyph::Ok, Role::Good),
    }
}
