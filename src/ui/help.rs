//! The keys, as they are bound here and now, and the screen of somebody who has nothing configured.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::{
    grammar,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{
        App,
        action::Action,
        help::{Help, Not, Own, Row, Sought},
        keymap::Mode,
        topic::Topic,
    },
    guard::clean,
    text::width,
};

/// Columns of the keys.
const KEYS: usize = 18;
/// Columns of a sentence, where more stands beside it.
const SENTENCE: usize = 64;
/// From this many columns on, the names of actions stand beside their sentences.
const NAMED: usize = KEYS + SENTENCE + 24;

/// Draws the list of keys over everything; says how far it can be scrolled.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, help: &Help) -> usize {
    frame.render_widget(Clear, area);
    let sought = help.sought.as_str();
    let lines = if sought.is_empty() {
        all(app, style, usize::from(area.width))
    } else {
        found(app, style, sought, usize::from(area.width))
    };
    let most = lines.len().saturating_sub(usize::from(area.height));
    let scrolled = help.scrolled.min(most);
    for (place, line) in area.rows().zip(lines.into_iter().skip(scrolled)) {
        frame.render_widget(fit(line, style, usize::from(place.width)), place);
    }
    most
}

/// Everything: the keys, the signs and, where rows have the keys, the query language.
fn all(app: &App, style: &Style, room: usize) -> Vec<Line<'static>> {
    let (works, not): (Vec<_>, Vec<_>) = app
        .help_rows()
        .into_iter()
        .partition(|row| row.not.is_none());
    let mut lines = vec![Line::styled(" Keys that work here", style.of(Role::Strong))];
    for topic in Topic::ALL {
        let mut rows = works
            .iter()
            .filter(|row| row.action.topic() == topic)
            .peekable();
        if rows.peek().is_some() {
            lines.push(Line::default());
            lines.push(Line::styled(
                format!(" {}", topic.title()),
                style.of(Role::Dim),
            ));
        }
        lines.extend(rows.flat_map(|row| told(row, style, room)));
    }
    if !not.is_empty() {
        lines.push(Line::default());
        lines.extend(title("Keys that do nothing just now", style));
        lines.extend(not.iter().flat_map(|row| told(row, style, room)));
    }
    lines.extend(own(app, style));
    lines.push(Line::default());
    lines.extend(title("What the signs mean", style));
    lines.extend(legend(style));
    if app.mode_below_help() == Mode::Tree {
        lines.push(Line::default());
        lines.extend(title("What a filter (& and --where) may be made of", style));
        lines.extend(grammar::lines(style));
    }
    lines
}

/// The person's own commands; those without keys are found by their names.
fn own(app: &App, style: &Style) -> Vec<Line<'static>> {
    let of_command = |own: &Own<'_>| {
        let name = style.text(&clean::line(&own.command.name));
        let keys = if own.keys.is_empty() { ":" } else { &own.keys };
        let on: Vec<&str> = own.command.on.iter().map(|row| row.word()).collect();
        let ink = |role| style.of(if own.not.is_some() { Role::Dim } else { role });
        let line = Line::from(vec![
            Span::styled(format!("  {}", width::pad(keys, KEYS)), ink(Role::Tool)),
            Span::styled(format!("{name} ({})", on.join(", ")), ink(Role::Plain)),
        ]);
        let why = own.not.as_ref().map(|not| why(not, style));
        std::iter::once(line).chain(why).collect::<Vec<_>>()
    };
    let commands = app.help_commands();
    let mut lines: Vec<Line<'static>> = commands.iter().flat_map(of_command).collect();
    if !lines.is_empty() {
        let title = Line::styled(" Commands of your own", style.of(Role::Strong));
        lines.splice(0..0, [Line::default(), title, Line::default()]);
    }
    lines
}

/// The keys with a word in what they do, wherever they are bound.
fn found(app: &App, style: &Style, sought: &str, room: usize) -> Vec<Line<'static>> {
    let rows = app.help_rows();
    let own = own(app, style);
    let sought = clean::line(sought);
    if rows.is_empty() && own.is_empty() {
        let told =
            format!(" No key does anything with \"{sought}\"; : finds commands without a key");
        return vec![Line::styled(style.text(&told), style.of(Role::Soft))];
    }
    let mut lines = title(&style.text(&format!("Keys with \"{sought}\"")), style);
    lines.extend(rows.iter().flat_map(|row| told(row, style, room)));
    // Between the two titles there is nothing, if no action was found.
    lines.extend(own.into_iter().skip(usize::from(rows.is_empty())));
    lines
}

fn title(text: &str, style: &Style) -> Vec<Line<'static>> {
    vec![
        Line::styled(format!(" {text}"), style.of(Role::Strong)),
        Line::default(),
    ]
}

/// An action with its keys and, where there is room, its name, which a key map is written with; why it does
/// nothing stands below.
fn told(row: &Row, style: &Style, room: usize) -> Vec<Line<'static>> {
    let off = row.not.is_some();
    let keys = style.of(if off { Role::Dim } else { Role::Tool });
    let mut spans = vec![Span::styled(
        format!("  {}", width::pad(&row.keys, KEYS)),
        keys,
    )];
    let said = if room >= NAMED {
        width::pad(row.told, SENTENCE)
    } else {
        row.told.to_owned()
    };
    let ink = if off {
        style.of(Role::Dim)
    } else {
        style.of(Role::Plain)
    };
    spans.push(Span::styled(said, ink));
    if room >= NAMED {
        let name = row.action.name();
        spans.push(Span::styled(name, style.of(Role::Dim)));
    }
    let below = row.not.as_ref().map(|not| why(not, style));
    std::iter::once(Line::from(spans)).chain(below).collect()
}

/// Why a key does nothing here, below its line.
fn why(not: &Not, style: &Style) -> Line<'static> {
    let why = match not {
        Not::Now(why) => why.clone(),
        Not::Here(place) => format!("it works {place}"),
    };
    let why = style.text(&clean::line(&why));
    Line::styled(format!("  {}{why}", " ".repeat(KEYS)), style.of(Role::Soft))
}

/// A line whose end says so where it is cut.
fn fit(mut line: Line<'static>, style: &Style, room: usize) -> Line<'static> {
    let before: usize = line.spans.iter().rev().skip(1).map(Span::width).sum();
    if let Some(last) = line.spans.last_mut() {
        let fit = style.fit(&last.content, room.saturating_sub(before));
        last.content = fit.into_owned().into();
    }
    line
}

fn legend(style: &Style) -> Vec<Line<'static>> {
    let signs = [
        (Glyph::Ok, Role::Good, "it went well"),
        (
            Glyph::Failed,
            Role::Failed,
            "it failed; with a number: so many failures are folded away below",
        ),
        (
            Glyph::Soft,
            Role::Soft,
            "its content says that it failed, although its status does not",
        ),
        (
            Glyph::Loop,
            Role::Soft,
            "the same call again and again, with the same result",
        ),
        (
            Glyph::Pair,
            Role::Dim,
            "a call with its result; with ? they were put together by what is in and around them",
        ),
        (Glyph::Running, Role::Running, "it is said to be running"),
        (Glyph::Cancelled, Role::Dim, "it was cancelled or left out"),
        (
            Glyph::Unknown,
            Role::Soft,
            "a call that was never answered; a state or kind that is not known",
        ),
        (Glyph::Change, Role::Status, "a step or the run changed"),
        (Glyph::Message, Role::User, "somebody said something"),
        (Glyph::Bookmark, Role::Strong, "it has a bookmark"),
        (
            Glyph::Picked,
            Role::Strong,
            "it is marked: copies take it along",
        ),
        (
            Glyph::Quiet,
            Role::Dim,
            "a call, a thought, a fact: nothing said about success",
        ),
    ];
    signs
        .into_iter()
        .map(|(glyph, role, text)| {
            Line::from(vec![
                Span::styled(format!("  {}  ", style.glyph(glyph)), style.of(role)),
                Span::raw(text),
            ])
        })
        .collect()
}

/// Cells of a variable that was looked for, with its sign and the gap behind it.
const SOUGHT: usize = 27;

/// Draws what to do when no context is configured.
pub fn draw_empty(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let key = |action| app.keymap.key_for(Mode::Empty, action).unwrap_or_default();
    let says = |key: &str, text: &'static str| {
        Line::from(vec![
            Span::styled(format!("  {key:<3}"), style.of(Role::Strong)),
            Span::raw(text),
        ])
    };
    // What to do comes first: a low screen has no room for the whole list.
    let mut lines = vec![
        Line::styled(
            "  sortie shows what AI agents did. Nothing to read from yet.",
            style.of(Role::Strong),
        ),
        Line::default(),
        says(
            &key(Action::Demo),
            "starts the built-in demo: nothing to set up",
        ),
        says(&key(Action::Help), "lists the keys"),
        Line::default(),
        Line::from(vec![
            Span::raw("  In a shell "),
            Span::styled("sortie config init", style.of(Role::Strong)),
            Span::raw(" writes a first context."),
        ]),
        Line::raw("  Or set a service's variables and start again. Looked for:"),
    ];
    let room = usize::from(area.width).saturating_sub(2);
    let (files, variables): (Vec<_>, Vec<_>) = app
        .looked_for
        .iter()
        .partition(|sought| sought.name.contains('/'));
    let apart = (room / SOUGHT).max(1);
    // What is wrong comes first: it is what there is to do.
    let (wrong, files): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.wrong.is_some());
    let found = wrong.chunks(1).chain(variables.chunks(apart));
    let found = found.chain(files.chunks(1));
    lines.extend(found.flat_map(|some| looked_for(style, some, room)));
    for (place, line) in area.rows().zip(lines) {
        frame.render_widget(fit(line, style, usize::from(place.width)), place);
    }
}

/// What was looked for, in one line; what is wrong with a file is told whole, on as many as that takes.
fn looked_for(style: &Style, some: &[&Sought], room: usize) -> Vec<Line<'static>> {
    let mut spans = vec![Span::raw("  ")];
    for sought in some {
        let is_file = sought.name.contains('/');
        let (glyph, role) = match (&sought.wrong, sought.found) {
            (Some(_), _) => (Glyph::Failed, Role::Failed),
            (None, true) => (Glyph::Ok, Role::Good),
            (None, false) => (Glyph::Failed, Role::Dim),
        };
        let sign = format!("{} ", style.glyph(glyph));
        spans.push(Span::styled(sign, style.of(role)));
        if let Some(wrong) = &sought.wrong {
            let wrong = style.text(&clean::line(wrong));
            let pieces = width::wrap(&wrong, room.saturating_sub(2)).into_iter();
            return pieces
                .enumerate()
                .map(|(at, piece)| {
                    let mut line = if at == 0 {
                        spans.clone()
                    } else {
                        vec![Span::raw("    ")]
                    };
                    line.push(Span::styled(piece.to_owned(), style.of(Role::Failed)));
                    Line::from(line)
                })
                .collect();
        }
        let name = style.text(&clean::line(&sought.name));
        let cells = SOUGHT.saturating_sub(2).max(width::width(&name));
        spans.push(Span::raw(width::pad(&name, cells)));
        if is_file && sought.found {
            spans.push(Span::styled("  names no context", style.of(Role::Dim)));
        }
    }
    vec![Line::from(spans)]
}
