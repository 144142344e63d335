//! The ways out: a key, a name, what it weighs, how much of it is masked, and what it is good for. Lies over
//! what is below the top line and leaves the rest of the screen as it is.
//!
//! ```text
//!  export  Run the nightly refunds
//!  ▶ h  html         32.6 KB   3 masked  one page for a browser: bars, folds, no scripts
//!    m  markdown      4.5 KB   1 masked  for a ticket: what failed with its payloads
//! ```

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::{
    layout,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{
        App,
        export::{Menu, Way, Weight},
        keymap::Mode,
        time::when,
    },
    text::{size, width},
};

/// Columns of a key, a name, a size and a count.
const KEY: usize = 3;
const NAME: usize = 11;
const SIZE: usize = 9;
const MASKED: usize = 11;

/// Draws the menu, if it is open; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, main: Rect) -> Option<Rect> {
    let menu = app.export.as_ref()?;
    let rows = u16::try_from(Way::ALL.len()).unwrap_or(u16::MAX);
    let area = Rect {
        height: main.height.min(rows.saturating_add(2)),
        ..main
    };
    frame.render_widget(Clear, area);
    let mut places = area.rows();
    let head = places.next()?;
    frame.render_widget(title(app, menu, style, usize::from(head.width)), head);
    for ((at, way), place) in Way::ALL.into_iter().enumerate().zip(&mut places) {
        let selected = at == menu.view.selected;
        let weight = menu.weights.get(at).copied().flatten();
        let line = row(
            app,
            menu,
            style,
            (way, weight, selected),
            usize::from(place.width),
        );
        frame.render_widget(line, place);
        if selected {
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
    if let Some(last) = places.next() {
        layout::seam(style, frame, last);
    }
    Some(Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1).min(rows),
        ..area
    })
}

/// The run that leaves, or how many do.
pub(super) fn leaving(app: &App, menu: &Menu, style: &Style) -> String {
    let mut masking = app.redactor.masking();
    match menu.runs.as_slice() {
        [run] => {
            let run = app.store.run(*run);
            let named = run.map(|run| {
                if run.title.is_empty() {
                    &run.id
                } else {
                    &run.title
                }
            });
            style.told(named.map_or("", String::as_str), &mut masking)
        }
        runs => when::many(runs.len(), "marked run"),
    }
}

/// What leaves, or how far the writing is.
fn title(app: &App, menu: &Menu, style: &Style, columns: usize) -> Line<'static> {
    let what = leaving(app, menu, style);
    let beside = match (menu.writing, menu.unread) {
        (Some((way, _)), _) if menu.stopping => format!("stopping {}", way.word()),
        (Some((way, 0)), _) => format!("writing {} (Esc stops)", way.word()),
        (Some((way, read)), _) => {
            format!(
                "{} records read for {} (Esc stops)",
                when::count(read as u64),
                way.word()
            )
        }
        (None, 0) => String::new(),
        (None, unread) if unread == menu.runs.len() => "is read first".to_owned(),
        (None, unread) => format!("{unread} of them are read first"),
    };
    let room = columns.saturating_sub(9 + width::width(&beside) + 3);
    let mut spans = vec![
        Span::styled(" export  ", style.of(Role::Strong)),
        Span::raw(style.fit(&what, room).into_owned()),
    ];
    let role = if menu.writing.is_some() {
        Role::Running
    } else {
        Role::Dim
    };
    spans.push(Span::styled(format!("  {beside}"), style.of(role)));
    Line::from(spans)
}

fn row(
    app: &App,
    menu: &Menu,
    style: &Style,
    (way, weight, selected): (Way, Option<Weight>, bool),
    columns: usize,
) -> Line<'static> {
    let sign = if selected {
        style.glyph(Glyph::Cursor)
    } else {
        "  "
    };
    let key = app.keymap.key_for(Mode::Export, way.action());
    let (size, masked) = match weight {
        Some(weight) => (
            // What is still to be fetched comes on top.
            size::of(weight.bytes) + if weight.and_more { "+" } else { "" },
            match weight.masked {
                0 => "0 masked".to_owned(),
                n => format!("{n} masked"),
            },
        ),
        None if way == Way::Locator || menu.unread > 0 => (String::new(), String::new()),
        None => (style.fit("…", 2).into_owned(), String::new()),
    };
    let mut spans = vec![
        Span::raw(sign.to_owned()),
        Span::styled(
            width::pad(&key.unwrap_or_default(), KEY),
            style.of(Role::Strong),
        ),
        Span::styled(width::pad(way.word(), NAME), style.of(Role::Tool)),
        Span::raw(format!("{size:>SIZE$} {masked:>MASKED$}  ")),
    ];
    let taken: usize = spans.iter().map(Span::width).sum();
    let told = style.fit(way.told(), columns.saturating_sub(taken + 1));
    spans.push(Span::styled(told.into_owned(), style.of(Role::Dim)));
    Line::from(spans)
}
