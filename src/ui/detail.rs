//! Pane 3: the facts and the payload of the selected node, a window of rows of a document that was made
//! elsewhere. On a narrow screen four lines of it, the peek.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    brief, label,
    style::{Glyph, Role, Style},
};
use crate::{
    analysis::{self, Verdict, spelling},
    app::{App, outline::Lens, time::when},
    doc::{Annotation, Place, Shown, Spot, Tone},
    model::{NodeId, Sort},
    text::width,
};

/// Draws the document from its top line on. The sign of the row with the cursor stands in the column
/// before.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let lines = app.detail.lines(usize::from(area.height));
    for (place, shown) in area.rows().zip(&lines) {
        let line = paint(app, style, shown, place.width);
        label::render(&line, place, frame.buffer_mut());
        if app.in_detail() && shown.place.row == app.detail.cursor {
            let margin = (place.x.saturating_sub(1), place.y);
            if let Some(cell) = frame.buffer_mut().cell_mut(margin) {
                cell.set_symbol(style.glyph(Glyph::Cursor).trim_end());
            }
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
}

/// A heading runs on as a line to the edge of the pane.
fn heading(style: &Style, shown: &Shown, columns: u16) -> Option<Line<'static>> {
    let (Tone::Heading, text) = shown.line.spans.first()? else {
        return None;
    };
    let bar = style.glyph(Glyph::Line);
    let text = style.text(text);
    let sign = match shown.fold {
        Some(true) => style.glyph(Glyph::Closed),
        Some(false) => style.glyph(Glyph::Open),
        None => "",
    };
    let taken = width::width(&text) + width::width(sign) + 2;
    let rest = usize::from(columns).saturating_sub(taken);
    Some(Line::from(vec![
        Span::styled(sign, style.of(Role::Dim)),
        Span::styled(format!("{text} "), style.of(Role::Strong)),
        Span::styled(bar.repeat(rest), style.of(Role::Rule)),
    ]))
}

fn paint(app: &App, style: &Style, shown: &Shown, columns: u16) -> Line<'static> {
    if let Some(heading) = heading(style, shown, columns) {
        return heading;
    }
    let line = &shown.line;
    let mut spans = vec![Span::raw(" ".repeat(usize::from(line.indent)))];
    let mut room = usize::from(columns).saturating_sub(usize::from(line.indent));
    if let Some(folded) = shown.fold {
        let sign = style.glyph(if folded { Glyph::Closed } else { Glyph::Open });
        spans.push(Span::styled(sign, style.of(Role::Dim)));
        room = room.saturating_sub(width::width(sign));
    }
    for (tone, is_hit, text) in line.pieces() {
        let text = style.text(text);
        let text = style.fit(&text, room);
        room = room.saturating_sub(width::width(&text));
        let mut look = style.tone(tone);
        if is_hit {
            look = look.patch(style.of(Role::Hit));
        }
        label::push(Some(&text), look, &mut spans);
    }
    if let Some(Annotation::Time(time)) = shown.note {
        let told = format!("  {}", when::full(time, &app.zone));
        // A text that is the same time in the same zone needs no second spelling.
        let same = told.trim().get(..19).map(|start| start.replace(' ', "T"));
        let said = line.text();
        let is_told = said.ends_with("Z\"")
            && told.ends_with(" UTC")
            && same.is_some_and(|same| said.contains(&same));
        if !is_told && width::width(&told) <= room {
            spans.push(Span::styled(told, style.of(Role::Dim)));
        }
    }
    Line::from(spans)
}

/// Where in the document the window is, for the pane's title: `12/340`.
pub fn position(app: &App) -> String {
    let rows = app.detail.rows();
    let height = usize::from(app.measured.detail_rows);
    if rows <= height && !app.in_detail() {
        return String::new();
    }
    let at = if app.in_detail() {
        app.detail.cursor
    } else {
        app.detail.top.row
    };
    let more = if app.detail.progress().is_some() {
        "+"
    } else {
        ""
    };
    let inside = inside(app, height).unwrap_or_default();
    format!("{}/{rows}{more}{inside}", at + 1)
}

/// Where in the row with the cursor the window is, where that is longer than what is seen of it.
fn inside(app: &App, height: usize) -> Option<String> {
    let detail = &app.detail;
    if !app.in_detail() {
        return None;
    }
    if detail.cut {
        return (detail.from > 0).then(|| format!(" column {}", detail.from + 1));
    }
    let lines = detail.doc.as_ref()?.height(detail.cursor, detail.lay());
    let line = if detail.top.row == detail.cursor {
        detail.top.line
    } else {
        0
    };
    (lines > height || line > 0).then(|| format!(" line {}/{lines}", line + 1))
}

/// What an operation is, what became of it and why, its events.
fn operation_title(app: &App, style: &Style, node: NodeId) -> Option<(String, String)> {
    (app.outline.lens() != Lens::Raw).then_some(())?;
    let operation = app.operation(node).filter(|op| op.node == node)?;
    let event = app.store.event(node)?;
    let mut parts = Vec::new();
    let verdict = operation.verdict.word().replace('_', " ");
    if operation.verdict != Verdict::NotReported {
        parts.push(match operation.rule {
            Some(rule) => format!("{verdict} ({})", rule.word()),
            None => verdict,
        });
    }
    let number = |node: NodeId| {
        let number = app.store.number(node);
        number.map_or_else(String::new, |number| format!("#{number}"))
    };
    let pair = spelling::pair(operation.why, style.is_ascii());
    parts.push(match operation.answer {
        Some(answer) => format!("{} {pair} {}", number(node), number(answer)),
        None => number(node),
    });
    if operation.early && !operation.skewed {
        parts.push("early result".to_owned());
    }
    if let Some(repeat) = &operation.repeat {
        let sort = match (repeat.is_loop, repeat.differs) {
            (true, _) => "loop",
            (false, true) => "polling",
            (false, false) => "the same",
        };
        parts.push(format!(
            "{}{} {sort}",
            style.glyph(Glyph::Times),
            repeat.count
        ));
    }
    if let Some(by) = operation.recovered_by {
        parts.push(format!("recovered by {}", number(by)));
    }
    parts.extend(event.call_id.clone());
    parts.extend(event.time.map(|time| when::full(time, &app.zone)));
    let title = analysis::headline(&event).title;
    Some((title, format!("  {}", parts.join("  "))))
}

/// The peek: what it is, then the beginning of what is to be read.
pub fn peek(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let Some(first) = area.rows().next() else {
        return;
    };
    frame.render_widget(Line::from(peek_title(app, style, area.width)), first);
    let rest = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(1),
        height: area.height.saturating_sub(1),
    };
    let trouble = trouble_row(app);
    if trouble.is_none() && !app.detail.sides.is_empty() {
        draw_sides(&app.detail.sides, style, frame, rest);
        return;
    }
    let told = brief::of(app, style, rest).or_else(|| beginning(app, usize::from(rest.height)));
    if let Some(text) = told.filter(|_| trouble.is_none()) {
        let text = style.text(&text);
        let lines = text
            .lines()
            .flat_map(|line| width::wrap(line, usize::from(rest.width)));
        for (place, line) in rest.rows().zip(lines) {
            frame.render_widget(Line::raw(line.to_owned()), place);
        }
        return;
    }
    let from = trouble.unwrap_or_else(|| peek_from(app));
    let lines = app.detail.window(Place::of(from), usize::from(rest.height));
    for (place, shown) in rest.rows().zip(&lines) {
        frame.render_widget(paint(app, style, shown, place.width), place);
    }
}

/// The beginning of what is to be read: its lines where there is room for them, else one behind the other.
fn beginning(app: &App, height: usize) -> Option<String> {
    let text = app.detail.peek.as_ref()?;
    let fits = text.lines().count() <= height;
    Some(if fits {
        text.clone()
    } else {
        text.replace('\n', "  ")
    })
}

/// What was asked on one line, what came back on those that are left.
fn draw_sides(sides: &[(&'static str, String)], style: &Style, frame: &mut Frame, area: Rect) {
    const LABEL: u16 = 8;
    let rows = usize::from(area.height);
    let others = sides.len().saturating_sub(1);
    let mut places = area.rows();
    for (at, (label, text)) in sides.iter().enumerate() {
        let room = usize::from(area.width.saturating_sub(LABEL));
        let text = style.text(text);
        let lines = if at == others {
            rows.saturating_sub(at)
        } else {
            1
        };
        let wrapped = width::wrap(&text, room);
        for (nth, line) in wrapped.iter().take(lines).enumerate() {
            let Some(place) = places.next() else {
                return;
            };
            let label = if nth == 0 { *label } else { "" };
            let more = nth + 1 == lines && wrapped.len() > lines;
            // What is cut off begins on this line yet.
            let whole = match wrapped.get(nth + 1).filter(|_| more) {
                Some(next) => format!("{line} {next}{}", style.text("…")),
                None => (*line).to_owned(),
            };
            let spans = vec![
                Span::styled(format!("{label:<7} "), style.of(Role::Dim)),
                Span::raw(style.fit(&whole, room).into_owned()),
            ];
            frame.render_widget(Line::from(spans), place);
        }
    }
}

/// Where the facts say what went wrong with the loading, below the heading of that.
fn trouble_row(app: &App) -> Option<usize> {
    let doc = app.detail.doc.as_ref()?;
    let titles =
        (0..app.detail.body).filter(|row| matches!(doc.spot(*row), Some(Spot::Title { .. })));
    titles.min().map(|row| row + 1)
}

/// The row below the heading of the body; the facts where there is no body.
fn peek_from(app: &App) -> usize {
    let body = app.detail.body;
    if body < app.detail.rows() {
        body + 1
    } else {
        0
    }
}

fn peek_title(app: &App, style: &Style, columns: u16) -> Vec<Span<'static>> {
    let Some(node) = app.selected else {
        return Vec::new();
    };
    let (title, more) = match app.store.sort(node) {
        Sort::Event if let Some(told) = operation_title(app, style, node) => Some(told),
        Sort::Event => app.store.event(node).map(|event| {
            let number = app
                .store
                .number(node)
                .map(|n| format!("#{n}  "))
                .unwrap_or_default();
            let call = event
                .call_id
                .as_ref()
                .map(|call| format!("  {call}"))
                .unwrap_or_default();
            let time = event
                .time
                .map(|time| when::full(time, &app.zone))
                .unwrap_or_default();
            (
                analysis::headline(&event).title,
                format!("  {number}{time}{call}"),
            )
        }),
        Sort::Run => app.store.run(node).map(|run| {
            let reason = run.error.as_ref().or(run.status_reason.as_ref());
            (
                run.status.word().to_owned(),
                reason
                    .map(|reason| format!("  {reason}"))
                    .unwrap_or_default(),
            )
        }),
        Sort::Mission => app.store.mission(node).map(|mission| {
            let updated = mission.updated_at.or(mission.created_at);
            let updated = updated.map(|at| format!("updated {}", when::full(at, &app.zone)));
            let more: Vec<&str> = mission
                .status
                .iter()
                .chain(&updated)
                .map(|s| &**s)
                .collect();
            (mission.name.clone(), format!("  {}", more.join("  ")))
        }),
        Sort::Step => app
            .store
            .step(node)
            .map(|step| (step.title.clone(), format!("  {}", step.status.word()))),
        Sort::Context => app
            .context_of(node)
            .map(|(_, info)| (info.name.clone(), format!("  {}", info.base_url))),
        Sort::Note | Sort::Group => None,
    }
    .unwrap_or_default();
    let mut masking = app.redactor.masking();
    let room = usize::from(columns).saturating_sub(1);
    let title = style.told(&title, &mut masking);
    let title = style.fit(&title, room).into_owned();
    let more = style.told(&more, &mut masking);
    let left = room.saturating_sub(width::width(&title));
    vec![
        Span::styled(format!(" {title}"), style.of(Role::Strong)),
        Span::styled(style.fit(&more, left).into_owned(), style.of(Role::Dim)),
    ]
}
