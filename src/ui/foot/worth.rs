//! Which keys the last line tells of, by where one is.

use crate::app::{App, action::Action, keymap::Mode};

/// What is worth knowing here, the most useful first, help and quit always.
pub(super) fn worth_knowing(app: &App) -> &'static [Action] {
    use Action as A;
    match app.mode() {
        Mode::Empty => &[A::Demo, A::Help, A::Back],
        Mode::Help => &[A::Escape, A::Search, A::Back],
        // They stand below what is looked at.
        Mode::Preview => &[],
        Mode::List => in_list(app),
        Mode::Export => &[A::Help, A::Escape, A::Open, A::MoveDown],
        Mode::Review => &[
            A::Help,
            A::Escape,
            A::Open,
            A::MaskToggle,
            A::MaskMore,
            A::MoveDown,
        ],
        Mode::Log => &[A::Help, A::Escape, A::MoveDown, A::MoveLast],
        Mode::Detail => &[
            A::Help,
            A::Back,
            A::Toggle,
            A::PartNext,
            A::Search,
            A::SearchNext,
            A::CopyValue,
            A::View,
            A::Wrap,
            A::Unescape,
            A::FoldAll,
            A::CopyPath,
            A::Pager,
            A::SiblingNext,
            A::FocusTree,
        ],
        Mode::Tree if app.screen().is_some() => &[
            A::Help,
            A::Back,
            A::Open,
            A::ErrorNext,
            A::Failures,
            A::PairOther,
            A::RunNext,
            A::PartNext,
            A::Search,
            A::Filter,
            A::ToolNext,
            A::Times,
            A::Columns,
            A::Calls,
            A::Bars,
            A::Follow,
            A::CopyValue,
            A::Full,
            A::Zoom,
            A::Idle,
            A::PlaceSwap,
            A::SearchNext,
        ],
        Mode::Tree | Mode::Global | Mode::Prompt => &[
            A::Help,
            A::Back,
            A::Open,
            A::Search,
            A::Filter,
            A::Arrange,
            A::ErrorNext,
            A::Follow,
            A::Command,
            A::Sort,
            A::Columns,
            A::Refresh,
            A::CopyValue,
            A::Full,
            A::View,
            A::CopyId,
            A::FocusNext,
            A::ApiLog,
            A::SearchNext,
        ],
    }
}

/// The same in a list that lies over the rows.
fn in_list(app: &App) -> &'static [Action] {
    use Action as A;
    match () {
        () if app.calls.is_some() => &[
            A::Help,
            A::Escape,
            A::Open,
            A::Sort,
            A::SortReverse,
            A::Search,
            A::WindowOn,
            A::CopyTable,
            A::CopyValue,
        ],
        () if app.view_list.is_some() => &[A::Help, A::Escape, A::Open, A::Remove, A::MoveDown],
        () if app.message_list.is_some() => &[A::Help, A::Escape, A::CopyValue, A::MoveDown],
        () => &[
            A::Help,
            A::Escape,
            A::Open,
            A::Bookmark,
            A::Note,
            A::MoveDown,
        ],
    }
}
