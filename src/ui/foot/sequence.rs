//! What may follow the keys that were pressed, once nothing has for a moment: every key with a word, on as
//! many lines as that takes. All of it comes out of the key map, as it is bound here and now.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::short;
use crate::{
    app::{App, action::Action},
    text::width,
    ui::style::{Role, Style},
};

/// Lines of it at most.
const MOST: usize = 8;

/// Draws it over the last lines above `area`, and in it.
pub(super) fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let begun: String = app.pending.iter().map(ToString::to_string).collect();
    let room = usize::from(area.width).saturating_sub(1);
    let mut lines: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut left = room;
    for (keys, what) in following(app, &begun) {
        let taken = width::width(&keys) + width::width(&what) + 4;
        if taken > left && left < room {
            lines.push(Vec::new());
            left = room;
        }
        left = left.saturating_sub(taken);
        if let Some(line) = lines.last_mut() {
            line.push(Span::styled(format!(" {keys}"), style.of(Role::Strong)));
            line.push(Span::styled(format!(" {what}  "), style.of(Role::Dim)));
        }
    }
    lines.truncate(MOST);
    let more = u16::try_from(lines.len().saturating_sub(1)).unwrap_or_default();
    let grown = Rect {
        y: area.y.saturating_sub(more),
        height: area.height.saturating_add(more),
        ..area
    };
    frame.render_widget(Clear, grown);
    for (place, line) in grown.rows().zip(lines) {
        frame.render_widget(Line::from(line), place);
    }
}

/// The rest of each sequence that begins so, with what it does.
fn following(app: &App, begun: &str) -> Vec<(String, String)> {
    let all = app.keymap.hints(app.mode()).into_iter();
    all.flat_map(|(keys, action)| {
        let rest = keys.split(' ').filter_map(|keys| keys.strip_prefix(begun));
        let rest: Vec<String> = rest
            .filter(|rest| !rest.is_empty())
            .map(str::to_owned)
            .collect();
        rest.into_iter()
            .map(move |rest| (rest, word(action).to_owned()))
    })
    .collect()
}

/// A word for what comes after a key that says copy or print.
fn word(action: Action) -> &'static str {
    match action.printed().unwrap_or(action) {
        Action::CopyValue => "value",
        Action::CopyLine => "one line",
        Action::CopyString => "string",
        Action::CopyKey => "key",
        Action::CopyPath => "path",
        Action::CopyBrackets => "bracket path",
        Action::CopyFilter => "jq filter",
        Action::CopyId => "id",
        Action::CopyRun => "run id",
        Action::CopyUrl => "url",
        Action::CopyLocator => "locator",
        Action::CopyFetch => "curl (get)",
        Action::CopyReplay => "curl (replay)",
        Action::CopyMarkdown => "markdown",
        Action::CopyReport => "run markdown",
        Action::CopyError => "error",
        Action::CopyOperation => "operation json",
        Action::CopyTable => "table",
        _ => short(action),
    }
}
