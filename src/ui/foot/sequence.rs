//! What may follow the keys that were pressed, once nothing has for a moment: every key with a word, on as
//! many lines as that takes. All of it comes out of the key map, as it is bound here and now; what would
//! do nothing here is left out.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::short;
use crate::{
    app::{App, action::Action},
    guard::clean,
    text::width,
    ui::{
        layout,
        style::{Role, Style},
    },
};

/// Lines of it at most.
const MOST: usize = 8;

/// Draws it over the last lines above `area`, and in it.
pub(super) fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let room = usize::from(area.width).saturating_sub(1);
    let mut lines: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut left = room;
    for (keys, what) in following(app, style) {
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
    // With a line above, so that it is not read as a part of what it lies over.
    let more = u16::try_from(lines.len()).unwrap_or_default();
    let grown = Rect {
        y: area.y.saturating_sub(more),
        height: area.height.saturating_add(more),
        ..area
    };
    frame.render_widget(Clear, grown);
    layout::seam(style, frame, Rect { height: 1, ..grown });
    for (place, line) in grown.rows().skip(1).zip(lines) {
        frame.render_widget(Line::from(line), place);
    }
}

/// The rest of each sequence that begins so, with what it does.
fn following(app: &App, style: &Style) -> Vec<(String, String)> {
    let all = app.keymap.following(app.mode(), &app.pending).into_iter();
    // The digits say the same of so many levels.
    let all = all.filter(|(_, action)| action.levels().is_none_or(|levels| levels == 1));
    let all = all.filter(|(_, action)| app.works(*action));
    let all = all.map(|(keys, action)| (keys, word(action).to_owned()));
    let own = app.commands_after().into_iter();
    let own = own.map(|(keys, name)| (keys, style.text(&clean::line(name))));
    all.chain(own).collect()
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
        Action::FoldTo1 => "one level, 2 to 9 as many",
        _ => short(action),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::export::Way;

    #[test]
    fn what_may_follow_is_told_in_words_and_not_by_the_names_of_actions() {
        // What the menu of exports and the levels of folds are called stands there.
        let apart = |action: Action| Way::of(action).is_some() || action.levels().is_some();
        for action in Action::ALL.iter().filter(|action| !apart(**action)) {
            assert!(!word(*action).contains('.'), "{}", word(*action));
        }
    }
}
