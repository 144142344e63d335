//! What would be masked of an export, place by place: what happens to it, where it is, what it is and what
//! stands there. Lies over all that is below the top line.
//!
//! ```text
//!  bundle  Run the nightly refunds                                     2 masked, 1 NOT MASKED
//!  ▶ masked       #12     raw.arguments.api_key               api_key            ‹api_key#1›
//!    NOT MASKED   #31     raw.result.password                 password           ‹password#2›
//!    stays masked #36     raw.headers.authorization           credential in use  ‹key#3›
//! ```

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use super::{
    export::leaving,
    style::{Role, Style},
};
use crate::{
    app::{
        App,
        export::{Menu, Review},
        time::when,
    },
    guard::{ASKED, Fate, Masking, Place},
    text::width,
};

/// Columns of what happens, of the record, of the kind and of what stands there.
const FATE: usize = 13;
const RECORD: usize = 8;
const KIND: usize = 19;
const BY: usize = 18;
/// Columns of a path at most: beyond them the rest of the row would stand far off.
const PATH: usize = 60;
/// The kind has a column of its own from here on; what stands there names it, too.
const WIDE: usize = 96;

/// Draws the list, if it is open; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, main: Rect) -> Option<Rect> {
    let menu = app.export.as_ref()?;
    let review = menu.review.as_ref()?;
    frame.render_widget(Clear, main);
    let parts = [
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
    ];
    let [head, names, body] = Layout::vertical(parts).areas(main);
    let columns = usize::from(main.width);
    frame.render_widget(title(app, menu, review, style, columns), head);
    let heads = cells(
        style,
        ["what happens", "in", "where", "kind", "stands there"],
        columns,
    );
    frame.render_widget(
        Line::styled(format!("  {}", heads.concat()), style.of(Role::Dim)),
        names,
    );
    let mut masking = app.redactor.masking();
    let places = review.found.as_ref().map(|found| found.places.as_slice());
    let places = places.unwrap_or_default();
    if places.is_empty() && review.found.is_some() {
        let told = style.text("  nothing in it has to be masked");
        frame.render_widget(Line::styled(told, style.of(Role::Dim)), body);
    }
    let several = menu.runs.len() > 1;
    for (at, line) in (review.view.top..).zip(body.rows()) {
        let Some(place) = places.get(at) else { break };
        let row = row(
            review,
            style,
            (place, several),
            &mut masking,
            usize::from(line.width),
        );
        frame.render_widget(row, line);
        if at == review.view.selected {
            style.select(frame.buffer_mut(), line);
        }
    }
    Some(body)
}

/// What leaves, and how much of it is masked or how far somebody is with it.
fn title(app: &App, menu: &Menu, review: &Review, style: &Style, columns: usize) -> Line<'static> {
    let what = leaving(app, menu, style);
    let (told, role) = state(menu, review);
    let told = style.text(&told);
    let word = format!(" {}  ", review.way.word());
    let taken = width::width(&word) + width::width(&told) + 3;
    let room = columns.saturating_sub(taken);
    Line::from(vec![
        Span::styled(word, style.of(Role::Strong)),
        Span::raw(width::pad(&style.fit(&what, room), room)),
        Span::styled(format!("  {told}"), style.of(role)),
    ])
}

fn state(menu: &Menu, review: &Review) -> (String, Role) {
    let gone_through = |what: &str, records: usize| match records {
        0 => format!("{what} (Esc stops)"),
        n => format!("{what}: {} records (Esc stops)", when::count(n as u64)),
    };
    match (menu.writing, review.looking) {
        (Some(_), _) if menu.stopping => ("stopping".to_owned(), Role::Running),
        (Some((_, written)), _) => (gone_through("writing", written), Role::Running),
        (None, Some(records)) => (
            gone_through("looking for what is masked", records),
            Role::Running,
        ),
        (None, None) => {
            let (masked, seen) = review.counts();
            let before = review.found.as_ref().map_or(0, |found| found.before);
            let mut told = format!("{} masked", when::count(masked as u64));
            if seen > 0 {
                told = format!("{told}, {} NOT MASKED", when::count(seen as u64));
            }
            if before > 0 {
                told = format!("{told}, {} before it was read", when::count(before as u64));
            }
            let role = if seen > 0 { Role::Failed } else { Role::Plain };
            (told, role)
        }
    }
}

fn row(
    review: &Review,
    style: &Style,
    (place, several): (&Place, bool),
    masking: &mut Masking,
    columns: usize,
) -> Line<'static> {
    let fate = review.fate(place);
    let (word, role) = match fate {
        Fate::Masked if place.kind() == ASKED => ("as you asked", Role::Plain),
        Fate::Masked => ("masked", Role::Plain),
        Fate::Shown => ("NOT MASKED", Role::Failed),
        Fate::Kept => ("stays masked", Role::Dim),
    };
    let record = match place.number {
        Some(number) => format!("#{number}"),
        None => place.record.to_owned(),
    };
    let record = if several {
        format!("{}:{record}", place.run)
    } else {
        record
    };
    let path = style.told(&place.path, masking);
    let kind = match fate {
        Fate::Kept => "credential in use",
        _ if place.kind() == ASKED => "what you typed",
        _ => place.kind(),
    };
    let by = match fate {
        Fate::Kept if columns < WIDE => "a key in use".to_owned(),
        Fate::Shown => "the value itself".to_owned(),
        _ => style.text(&place.by),
    };
    let [fate, record, path, kind, by] = cells(style, [word, &record, &path, kind, &by], columns);
    Line::from(vec![
        Span::styled(format!("  {fate}"), style.of(role)),
        Span::styled(record, style.of(Role::Tool)),
        Span::raw(path),
        Span::styled(kind, style.of(Role::Dim)),
        Span::raw(by),
    ])
}

/// The cells of a row, each as wide as its column; the end of a path tells more than its beginning.
fn cells(style: &Style, texts: [&str; 5], columns: usize) -> [String; 5] {
    let [fate, record, path, kind, by] = texts;
    let wide = columns >= WIDE;
    let beside = if wide { KIND } else { 0 };
    let room = columns.saturating_sub(2 + FATE + RECORD + beside + BY);
    let room = room.min(PATH);
    let cell = |text: &str, columns: usize| {
        let text = style.fit(text, columns.saturating_sub(1));
        width::pad(&text, columns)
    };
    [
        cell(fate, FATE),
        cell(record, RECORD),
        width::pad(&style.fit_end(path, room.saturating_sub(1)), room),
        if wide {
            cell(kind, KIND)
        } else {
            String::new()
        },
        style.fit(by, BY).into_owned(),
    ]
}
