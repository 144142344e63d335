//! What actions are about: the headings under which help and the cheat sheet tell the keys.

use super::action::Action;

/// A heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// From row to row, and what Enter does.
    Moving,
    /// Search, filter, failures, bookmarks.
    Finding,
    /// Which runs, in what order, with what beside them.
    Lists,
    /// Steps, pairs, times, bars.
    Runs,
    /// Payloads.
    Reading,
    /// To the clipboard, or printed.
    Copying,
    /// To files and other programs.
    Handing,
    /// Panes, help, leaving.
    Screen,
}

impl Topic {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::Moving,
        Self::Finding,
        Self::Lists,
        Self::Runs,
        Self::Reading,
        Self::Copying,
        Self::Handing,
        Self::Screen,
    ];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Moving => "Moving",
            Self::Finding => "Finding",
            Self::Lists => "Lists of runs",
            Self::Runs => "In a run",
            Self::Reading => "Reading payloads",
            Self::Copying => "Copying and printing",
            Self::Handing => "Handing over",
            Self::Screen => "The screen",
        }
    }
}

impl Action {
    /// What it is about.
    pub fn topic(self) -> Topic {
        let name = self.name();
        match self {
            Self::Open
            | Self::Up
            | Self::Unfold
            | Self::Fold
            | Self::Toggle
            | Self::PlaceSwap
            | Self::PlaceBack => Topic::Moving,
            Self::Search
            | Self::Filter
            | Self::SearchNext
            | Self::SearchPrev
            | Self::ErrorNext
            | Self::ErrorPrev
            | Self::Failures
            | Self::Reference
            | Self::Command
            | Self::Bookmarks
            | Self::Note
            | Self::Views
            | Self::SaveView
            | Self::Remove => Topic::Finding,
            Self::Arrange
            | Self::Missions
            | Self::Inbox
            | Self::Causes
            | Self::Contexts
            | Self::Sort
            | Self::SortReverse
            | Self::Columns
            | Self::Mark
            | Self::MarksDrop
            | Self::RunNext
            | Self::RunPrev
            | Self::Refresh
            | Self::Refetch => Topic::Lists,
            Self::PartNext
            | Self::PartPrev
            | Self::ToolNext
            | Self::ToolPrev
            | Self::PairOther
            | Self::Raw
            | Self::Times
            | Self::Bars
            | Self::Idle
            | Self::Zoom
            | Self::Follow
            | Self::Calls => Topic::Runs,
            Self::View | Self::Wrap | Self::Unescape | Self::Number | Self::Data | Self::Reveal => {
                Topic::Reading
            }
            Self::Export | Self::Pager | Self::Editor | Self::Pipe | Self::Console => {
                Topic::Handing
            }
            Self::Grade | Self::Print | Self::Save => Topic::Copying,
            _ if begins(
                name,
                &["move.", "half.", "page.", "sibling.", "fold.", "unfold."],
            ) =>
            {
                Topic::Moving
            }
            _ if begins(name, &["bookmark"]) => Topic::Finding,
            _ if begins(name, &["window."]) => Topic::Runs,
            _ if begins(name, &["copy.", "print."]) => Topic::Copying,
            _ if begins(name, &["export.", "mask."]) => Topic::Handing,
            _ => Topic::Screen,
        }
    }
}

fn begins(name: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|begin| name.starts_with(begin))
}
