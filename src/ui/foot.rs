//! The line above the last: a prompt, a notice or the keys that work here.

mod columns;
mod filter;
mod sequence;
mod worth;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Clear,
};

use self::worth::worth_knowing;
use super::{
    layout,
    style::{Role, Style},
};
use crate::{
    app::{App, Prompt, Wants, action::Action, keymap::Mode},
    guard::clean,
    text::width,
};

/// Lines of a notice at most.
const NOTICE: usize = 4;

/// Draws what has the line just now: the prompt, the notice, the keys of a sequence, or the hints.
pub fn line(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    if let Some(prompt) = app.prompt.as_ref().filter(|_| app.palette.is_none()) {
        if prompt.wants == Wants::Filter {
            filter::draw_prompt(app, prompt, style, frame, area);
        } else if let Some(wrong) = app.wrong_within() {
            filter::draw_pattern(prompt, &wrong, style, frame, area);
        } else if prompt.wants == Wants::Columns {
            columns::draw_prompt(app, prompt, style, frame, area);
        } else {
            let area = draw_search_told(app, style, frame, area);
            draw_prompt(prompt, style, frame, area);
        }
        return;
    }
    if let Some(revealed) = &app.revealed {
        draw_notice(&revealed.text, style, Role::Soft, frame, area);
        return;
    }
    let waiting = !app.pending.is_empty() && app.pending_until.is_none();
    let waiting = waiting && app.palette.is_none();
    // Whoever waits for what may follow a key wants that, and not what the key before said.
    if let Some(notice) = app.notice.as_ref().filter(|_| !waiting) {
        let role = if notice.failed {
            Role::Failed
        } else {
            Role::Plain
        };
        draw_notice(&notice.text, style, role, frame, area);
        return;
    }
    if waiting {
        sequence::draw(app, style, frame, area);
        return;
    }
    let hints = if app.palette.is_some() {
        in_palette()
    } else {
        hints(app)
    };
    let mut spans = Vec::new();
    let mut room = usize::from(area.width);
    if let Some(count) = app.count {
        spans.push(Span::styled(
            style.text(&format!(" {count}×")),
            style.of(Role::Strong),
        ));
        room = room.saturating_sub(spans.iter().map(Span::width).sum());
    }
    if matches!(app.mode(), Mode::Tree | Mode::Detail) {
        spans.extend(filter::chips(app, style, room));
        let taken: usize = spans.iter().map(Span::width).sum();
        room = usize::from(area.width).saturating_sub(taken);
    }
    for (keys, what) in hints {
        let taken = width::width(&keys) + width::width(&what) + 3;
        if taken > room {
            continue;
        }
        room -= taken;
        spans.push(Span::styled(format!(" {keys}"), style.of(Role::Strong)));
        spans.push(Span::styled(format!(" {what} "), style.of(Role::Dim)));
    }
    frame.render_widget(Line::from(spans), area);
}

/// Where a notice needs more than its line it grows upwards: what it names (a path, a command that
/// fetches it) is there to be used.
fn draw_notice(text: &str, style: &Style, role: Role, frame: &mut Frame, area: Rect) {
    let text = style.text(&clean::line(text));
    let room = usize::from(area.width.saturating_sub(2));
    let wrapped = width::wrap(&text, room);
    let cut = wrapped.len() > NOTICE;
    let lines = wrapped.get(..NOTICE).unwrap_or(&wrapped);
    let more = u16::try_from(lines.len().saturating_sub(1)).unwrap_or_default();
    let grown = Rect {
        y: area.y.saturating_sub(more),
        height: area.height.saturating_add(more),
        ..area
    };
    frame.render_widget(Clear, grown);
    if more > 0 {
        let rule = Rect {
            y: grown.y.saturating_sub(1),
            height: 1,
            ..grown
        };
        layout::seam(style, frame, rule);
    }
    for (i, (place, line)) in grown.rows().zip(lines).enumerate() {
        let end = if cut && i + 1 == lines.len() {
            "…"
        } else {
            ""
        };
        let line = format!(" {}", style.fit(&format!("{line}{end}"), room));
        frame.render_widget(Line::styled(style.text(&line), style.of(role)), place);
    }
}

/// Draws a line that is being typed; says how many of its columns are scrolled away.
pub(super) fn draw_prompt(prompt: &Prompt, style: &Style, frame: &mut Frame, area: Rect) -> usize {
    let sign = prompt.wants.sign();
    let room = usize::from(area.width).saturating_sub(3 + sign.len());
    let text = clean::line(prompt.input.value()).into_owned();
    let hidden = prompt.input.visual_scroll(room);
    let shown: String = text.chars().skip(hidden).collect();
    let spans = vec![
        Span::styled(format!(" {sign}"), style.of(Role::Strong)),
        Span::raw(style.fit(&shown, room).into_owned()),
    ];
    frame.render_widget(Line::from(spans), area);
    let column = prompt.input.visual_cursor().saturating_sub(hidden) + 1 + sign.len();
    let x = area
        .x
        .saturating_add(u16::try_from(column).unwrap_or(u16::MAX))
        .min(area.right().saturating_sub(1));
    frame.set_cursor_position(Position { x, y: area.y });
    hidden
}

/// What came of a search so far, at the end of the line in which it is typed; says what is left of that.
fn draw_search_told(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Rect {
    let Some((text, failed)) = app.search_told() else {
        return area;
    };
    let role = if failed { Role::Failed } else { Role::Dim };
    let room = usize::from(area.width) * 2 / 3;
    let text = style.text(&clean::line(&text));
    let text = format!(" {} ", style.fit(&text, room));
    let columns = u16::try_from(width::width(&text)).unwrap_or(u16::MAX);
    let left = area.width.saturating_sub(columns);
    let place = Rect {
        x: area.x.saturating_add(left),
        width: area.width.saturating_sub(left),
        ..area
    };
    frame.render_widget(Span::styled(text, style.of(role)), place);
    Rect {
        width: left,
        ..area
    }
}

/// The keys of the palette, which are those of a line that is typed.
fn in_palette() -> Vec<(String, String)> {
    let keys = [
        ("enter", "do it"),
        ("up down", "choose"),
        ("tab", "complete"),
        ("esc", "close"),
    ];
    keys.map(|(keys, what)| (keys.to_owned(), what.to_owned()))
        .to_vec()
}

/// Keys with what they do here in a word or two.
fn hints(app: &App) -> Vec<(String, String)> {
    use Action as A;
    let mode = app.mode();
    worth_knowing(app)
        .iter()
        .filter(|action| app.unable(**action).is_none())
        .filter_map(|action| {
            let quits = *action == A::Back && !app.can_go_back();
            let what = match *action {
                A::Back if quits => "quit",
                A::PartNext if mode == Mode::Detail => "next part",
                A::CopyValue if app.message_list.is_some() => "copy",
                A::Open if mode == Mode::Review => "write",
                A::Escape if mode == Mode::Review => "back, unwritten",
                action => short(action),
            };
            Some((app.keymap.key_for(mode, *action)?, what.to_owned()))
        })
        .collect()
}

fn short(action: Action) -> &'static str {
    match action {
        Action::CopyValue => "copy payload",
        Action::Messages => "messages",
        Action::CopyId => "copy id",
        Action::CopyPath => "copy path",
        Action::CopyRun => "copy run id",
        Action::CopyTable => "copy table",
        Action::Sort => "sort",
        Action::SortReverse => "reverse",
        Action::Columns => "columns",
        Action::WindowOn => "sideways",
        Action::Calls => "calls",
        Action::MaskToggle => "un-mask, mask",
        Action::MaskMore => "mask more",
        Action::Bookmark => "bookmark",
        Action::Bookmarks => "bookmarks",
        Action::Note => "note",
        Action::Views => "views",
        Action::Remove => "remove",
        Action::Help => "keys",
        Action::Back => "back",
        Action::Open => "open",
        Action::Search => "search",
        Action::Filter => "filter",
        Action::Arrange => "arrange",
        Action::Command => "palette",
        Action::SearchNext => "next hit",
        Action::ErrorNext => "next failure",
        Action::Refresh => "refresh",
        Action::Follow => "follow",
        Action::Failures => "failures only",
        Action::PairOther => "other side",
        Action::RunNext => "next run",
        Action::PartNext => "next step",
        Action::ToolNext => "same tool",
        Action::Times => "times",
        Action::Bars => "bars",
        Action::Zoom => "zoom",
        Action::Idle => "idle",
        Action::PlaceSwap => "place before",
        Action::ApiLog => "requests",
        Action::MoveDown => "down",
        Action::MoveLast => "newest",
        Action::Full => "full screen",
        Action::ScreenNext => "more room",
        Action::Mouse => "mouse",
        Action::View => "other view",
        Action::Wrap => "wrap",
        Action::Unescape => "unescape",
        Action::Toggle | Action::FoldRow => "fold",
        Action::UnfoldRow => "unfold",
        Action::FoldDeep => "fold all in it",
        Action::UnfoldDeep => "unfold all in it",
        Action::FoldAll => "fold all",
        Action::UnfoldAll => "unfold all",
        Action::SiblingNext => "same level",
        Action::CopyLine => "one line",
        Action::CopyString => "string",
        Action::CopyKey => "key",
        Action::CopyBrackets => "bracket path",
        Action::CopyFilter => "jq filter",
        Action::Pager => "pager",
        Action::Editor => "editor",
        Action::Pipe => "pipe",
        Action::FocusNext => "other pane",
        Action::FocusTree => "tree",
        Action::FocusTimeline => "rows of the run",
        Action::FocusDetail => "detail",
        Action::FocusBars => "waterfall",
        Action::Demo => "start the demo",
        Action::Escape => "close",
        Action::Print => "print",
        Action::Save => "save",
        Action::Grade => "next grade",
        Action::Console => "web page",
        Action::MoveUp => "up",
        Action::MoveFirst => "first",
        Action::HalfDown => "half a page down",
        Action::HalfUp => "half a page up",
        Action::PageDown => "page down",
        Action::PageUp => "page up",
        Action::SiblingPrev => "same level before",
        Action::ScreenPrev => "less room",
        Action::SplitLeft => "border left",
        Action::SplitRight => "border right",
        Action::SearchPrev => "hit before",
        Action::ErrorPrev => "failure before",
        Action::RunPrev => "run before",
        Action::PartPrev => "step before",
        Action::ToolPrev => "same tool before",
        Action::PlaceBack => "walk back",
        Action::WindowShrink => "less time",
        Action::WindowGrow => "more time",
        Action::WindowBack => "earlier",
        Action::MarksDrop => "drop marks",
        Action::BookmarkNext => "next bookmark",
        Action::BookmarkPrev => "bookmark before",
        Action::TimeZone => "time zone",
        other => other.name(),
    }
}
