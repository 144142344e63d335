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
        export::{self, Way},
        keymap::Mode,
    },
    guard::clean,
    text::width,
};

/// Draws the list of keys over everything; says how far it can be scrolled.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, scrolled: usize) -> usize {
    frame.render_widget(Clear, area);
    let mode = app.mode_below_help();
    let mut hints = app.keymap.hints(mode);
    if mode == Mode::Empty {
        hints.retain(|(_, action)| matters_without_rows(*action));
    }
    if matches!(mode, Mode::List | Mode::Log) {
        hints.retain(|(_, action)| matters_in_a_list(*action, app));
    }
    if mode == Mode::Export {
        hints.retain(|(_, action)| {
            let leaves = matches!(action, Action::Open | Action::Escape | Action::Back);
            leaves || Way::of(*action).is_some() || export::matters(*action)
        });
    }
    if mode == Mode::Detail {
        hints.retain(|(_, action)| !is_of_the_timeline(*action));
    }
    // The digits say the same of so many levels.
    hints.retain(|(_, action)| action.levels().is_none_or(|levels| levels == 1));
    let mut lines = vec![
        Line::styled(" Keys that work here", style.of(Role::Strong)),
        Line::default(),
    ];
    lines.extend(hints.into_iter().map(|(keys, action)| {
        Line::from(vec![
            Span::styled(format!("  {}", width::pad(&keys, 18)), style.of(Role::Tool)),
            Span::raw(told(action, mode)),
        ])
    }));
    lines.push(Line::default());
    lines.push(Line::styled(" What the signs mean", style.of(Role::Strong)));
    lines.push(Line::default());
    lines.extend(legend(style));
    if mode == Mode::Tree {
        let title = " What a filter (& and --where) may be made of";
        lines.push(Line::default());
        lines.push(Line::styled(title, style.of(Role::Strong)));
        lines.push(Line::default());
        lines.extend(grammar::lines(style));
    }
    let most = lines.len().saturating_sub(usize::from(area.height));
    for (place, line) in area.rows().zip(lines.into_iter().skip(scrolled.min(most))) {
        frame.render_widget(line, place);
    }
    most
}

/// What an action does where the keys are.
fn told(action: Action, mode: Mode) -> &'static str {
    match action {
        Action::Open if mode == Mode::Export => "Write it in the selected form.",
        Action::Escape if mode == Mode::Export => "Stop what is being written, or close the menu.",
        Action::Search if mode == Mode::List => "Show only calls with a word.",
        Action::WindowBack if mode == Mode::List => "Scroll the arguments to the left.",
        Action::WindowOn if mode == Mode::List => "Scroll the arguments to the right.",
        _ if mode != Mode::Detail => action.description(),
        Action::PartNext => "Go to the next part: request, response, record.",
        Action::PartPrev => "Go to the part before.",
        Action::WindowBack => "Scroll to the left, where lines are cut.",
        Action::WindowOn => "Scroll to the right, where lines are cut.",
        Action::Search => "Search in what is shown here.",
        Action::SearchNext => "Go to the next match.",
        Action::SearchPrev => "Go to the match before.",
        Action::Unfold => "Unfold, go in, or unwrap what is in a string.",
        Action::Fold => "Fold, or go out.",
        Action::Open => "Fold or unfold, or unwrap what is in a string.",
        Action::CopyValue => "Copy the value.",
        Action::CopyPath => "Copy the path to the value.",
        Action::PrintValue => "Print the value below the screen, until a key.",
        Action::PrintPath => "Print the path to the value.",
        action => action.description(),
    }
}

/// Whether it only changes the rows and bars of a run, which do not have the keys.
fn is_of_the_timeline(action: Action) -> bool {
    matches!(
        action,
        Action::Failures
            | Action::Raw
            | Action::Times
            | Action::Bars
            | Action::Zoom
            | Action::WindowShrink
            | Action::WindowGrow
            | Action::FocusBars
            | Action::Idle
    )
}

/// Whether it does anything where there is nothing to look at.
fn matters_without_rows(action: Action) -> bool {
    matches!(
        action,
        Action::Demo
            | Action::Help
            | Action::Back
            | Action::Escape
            | Action::Redraw
            | Action::Suspend
            | Action::Quit
    )
}

/// Whether it does anything in the list that lies over the rows.
fn matters_in_a_list(action: Action, app: &App) -> bool {
    use Action as A;
    let of_calls = matches!(
        action,
        A::Sort
            | A::SortReverse
            | A::Search
            | A::WindowBack
            | A::WindowOn
            | A::CopyTable
            | A::CopyValue
            | A::CopyLine
            | A::CopyId
            | A::CopyRun
            | A::CopyPath
            | A::Pager
            | A::Editor
            | A::Pipe
    );
    let of_bookmarks = matches!(action, A::Bookmark | A::Note);
    matches!(
        action,
        A::MoveDown
            | A::MoveUp
            | A::MoveFirst
            | A::MoveLast
            | A::HalfDown
            | A::HalfUp
            | A::PageDown
            | A::PageUp
            | A::Open
            | A::Back
            | A::Escape
            | A::Command
            | A::Help
            | A::Redraw
            | A::Suspend
            | A::Quit
    ) || of_calls && app.calls.is_some()
        || of_bookmarks && app.bookmarks.is_some()
        || action == A::Remove && app.view_list.is_some()
        || matches!(action, A::ApiLog | A::CopyFetch | A::PrintFetch) && app.requests.is_some()
        || action == A::Bookmarks && app.bookmarks.is_some()
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

/// Draws what to do when no context is configured.
pub fn draw_empty(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let demo = app.keymap.key_for(Mode::Empty, Action::Demo);
    // What to do comes first: a low screen has no room for the whole list.
    let mut lines = vec![
        Line::styled(
            "  sortie shows what AI agents did. Nothing to read from yet.",
            style.of(Role::Strong),
        ),
        Line::default(),
        Line::from(vec![
            Span::styled(
                format!("  {} ", demo.unwrap_or_default()),
                style.of(Role::Strong),
            ),
            Span::raw(" starts the built-in demo: nothing to set up"),
        ]),
        Line::raw("     or set one of these variables and start sortie again:"),
    ];
    lines.extend(app.looked_for.iter().map(|(name, found)| {
        let (glyph, role) = if *found {
            (Glyph::Ok, Role::Good)
        } else {
            (Glyph::Failed, Role::Dim)
        };
        Line::from(vec![
            Span::styled(format!("     {} ", style.glyph(glyph)), style.of(role)),
            Span::raw(style.text(&clean::line(name))),
        ])
    }));
    for (place, line) in area.rows().zip(lines) {
        frame.render_widget(line, place);
    }
}
