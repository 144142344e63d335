//! Everything a key may ask of the screen: one name and one sentence each.
//!
//! The names are what a key map writes, the sentences what the help screen
//! shows. What an action does is decided by `update`, never here.

macro_rules! actions {
    ($($action:ident $name:literal $description:literal;)*) => {
        /// Something the person asks for with a key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($action,)*
        }

        impl Action {
            /// All actions, in the order in which help lists them.
            pub const ALL: &[Action] = &[$(Action::$action,)*];

            /// The name a key map uses.
            pub fn name(self) -> &'static str {
                match self {
                    $(Action::$action => $name,)*
                }
            }

            /// One sentence for the help screen.
            pub fn description(self) -> &'static str {
                match self {
                    $(Action::$action => $description,)*
                }
            }
        }
    };
}

actions! {
    MoveDown "move.down" "Move to the next row.";
    MoveUp "move.up" "Move to the row before.";
    MoveFirst "move.first" "Go to the first row.";
    MoveLast "move.last" "Go to the last row.";
    HalfDown "half.down" "Move half a page down.";
    HalfUp "half.up" "Move half a page up.";
    PageDown "page.down" "Move a page down.";
    PageUp "page.up" "Move a page up.";
    SiblingNext "sibling.next" "Go to the next row of the same level.";
    SiblingPrev "sibling.prev" "Go to the row of the same level before.";
    Unfold "unfold" "Unfold the row, or go to its first child.";
    Fold "fold" "Fold the row, or go to its parent.";
    Open "open" "Open the selected row.";
    Up "up" "Go to the parent row.";
    Back "back" "Go back, or quit where there is nothing to go back to.";
    Escape "escape" "Stop what is loading, or leave what is on top.";
    FocusNext "focus.next" "Give the keys to the next pane.";
    FocusTree "focus.tree" "Give the keys to the tree.";
    FocusDetail "focus.detail" "Give the keys to the detail.";
    Full "full" "Show the pane on the whole screen, again to go back.";
    ScreenNext "screen.next" "Give the pane more room: most of it, then all of it.";
    ScreenPrev "screen.prev" "Give the pane all of the room, then less.";
    SplitLeft "split.left" "Move the border of the panes to the left, or up.";
    SplitRight "split.right" "Move the border of the panes to the right, or down.";
    Mouse "mouse" "Use the mouse, or leave it to the terminal.";
    Search "search" "Search what is loaded.";
    Filter "filter" "Show only what a query picks, and what leads to it.";
    SearchNext "search.next" "Go to the next hit.";
    SearchPrev "search.prev" "Go to the hit before.";
    ErrorNext "error.next" "Go to the next failed row.";
    ErrorPrev "error.prev" "Go to the failed row before.";
    RunNext "run.next" "Go to the next run of the list.";
    RunPrev "run.prev" "Go to the run of the list before.";
    PartNext "part.next" "Go to the next step or turn.";
    PartPrev "part.prev" "Go to the step or turn before.";
    ToolNext "tool.next" "Go to the next call of the same tool.";
    ToolPrev "tool.prev" "Go to the call of the same tool before.";
    PairOther "pair.other" "Go from a call to its result and back.";
    PlaceSwap "place.swap" "Go to the place before, and back again.";
    PlaceBack "place.back" "Walk back through the places one was in.";
    Failures "failures" "Show failures only, or everything.";
    Raw "raw" "Show the records as the service sent them, one to one.";
    Times "times" "Show other times: offset, clock, age, since the row above.";
    Bars "bars" "Show bars beside the rows, in a pane, or not at all.";
    Arrange "arrange" "Arrange the runs by missions, as an inbox, by cause, context.";
    Missions "missions" "Arrange the runs by missions.";
    Inbox "inbox" "Show the runs of all contexts, what failed first.";
    Causes "causes" "Group failed runs by what they have in common.";
    Contexts "contexts" "Arrange the runs by contexts.";
    Zoom "zoom" "Show the selected row alone on the axis, or the whole run.";
    WindowShrink "window.shrink" "Show half as much time on the axis.";
    WindowGrow "window.grow" "Show twice as much time on the axis.";
    WindowBack "window.back" "Scroll the axis to earlier times.";
    WindowOn "window.on" "Scroll the axis to later times.";
    FocusTimeline "focus.timeline" "Give the keys to the run's rows.";
    FocusBars "focus.bars" "Show the waterfall in a pane of its own.";
    Reference "reference" "Open what is pasted: an id, a locator, an address.";
    Command "command" "Find anything by its name: actions, settings, runs.";
    Idle "idle" "Fold silence, or show time as it was.";
    CopyValue "copy.value" "Copy the payload of the selected row.";
    CopyId "copy.id" "Copy the id of the selected row.";
    CopyRun "copy.run" "Copy the id of the run.";
    CopyPath "copy.path" "Copy the path to the payload, of a run the locator.";
    CopyTable "copy.table" "Copy the rows as a table, cells between tabs.";
    Calls "calls" "List every tool call of the run or the marked runs.";
    Sort "sort" "Sort the list by the next column.";
    SortReverse "sort.reverse" "Sort the list the other way round.";
    Columns "columns" "Show other columns beside the rows: facts, values of payloads.";
    Mark "mark" "Mark the row for copies, and go to the next one.";
    MarksDrop "marks.drop" "Take all marks away.";
    Bookmark "bookmark" "Set a bookmark, or take it away.";
    BookmarkNext "bookmark.next" "Go to the next bookmark.";
    BookmarkPrev "bookmark.prev" "Go to the bookmark before.";
    Bookmarks "bookmarks" "List the bookmarks and notes of all runs.";
    Views "views" "List the named views: filter, arrangement and window.";
    SaveView "save-view" "Keep filter, arrangement and window under a name.";
    Messages "messages" "List what was said at the bottom of the screen.";
    Remove "remove" "Take the selected view out of the list of views.";
    Note "note" "Write a note on the run or event, or change it.";
    Refresh "refresh" "Fetch the selected row again.";
    Refetch "refetch" "Fetch it again, also where it was kept because it had ended.";
    Follow "follow" "Follow the run, go to its newest row, or stop following.";
    ApiLog "api.log" "Show the requests that were made.";
    CopyLine "copy.line" "Copy the value on one line.";
    CopyString "copy.string" "Copy the text that the value stands for.";
    CopyKey "copy.key" "Copy the key of the value.";
    CopyBrackets "copy.brackets" "Copy the path to the value in brackets.";
    CopyFilter "copy.jq" "Copy the jq filter that gives the value.";
    CopyUrl "copy.url" "Copy the address of its page in the service's console.";
    CopyLocator "copy.locator" "Copy the locator, which `sortie open` takes.";
    CopyFetch "copy.fetch" "Copy the curl that reads the record again.";
    CopyReplay "copy.replay" "Copy a curl that makes the call again, after a look at it.";
    CopyMarkdown "copy.markdown" "Copy the operation as Markdown.";
    CopyReport "copy.report" "Copy the run as Markdown.";
    CopyError "copy.error" "Copy what is said to have gone wrong.";
    CopyOperation "copy.operation" "Copy the operation as JSON, call and result.";
    PrintValue "print.value" "Print the payload below the screen, until a key.";
    PrintLine "print.line" "Print the value on one line.";
    PrintString "print.string" "Print the text that the value stands for.";
    PrintKey "print.key" "Print the key of the value.";
    PrintPath "print.path" "Print the path to the payload, of a run the locator.";
    PrintBrackets "print.brackets" "Print the path to the value in brackets.";
    PrintFilter "print.jq" "Print the jq filter that gives the value.";
    PrintId "print.id" "Print the id of the row.";
    PrintRun "print.run" "Print the id of the run.";
    PrintUrl "print.url" "Print the address of its page in the service's console.";
    PrintLocator "print.locator" "Print the locator, which `sortie open` takes.";
    PrintFetch "print.fetch" "Print the curl that reads the record again.";
    PrintReplay "print.replay" "Print the curl that makes the call again.";
    PrintMarkdown "print.markdown" "Print the operation as Markdown.";
    PrintReport "print.report" "Print the run as Markdown.";
    PrintError "print.error" "Print what is said to have gone wrong.";
    PrintOperation "print.operation" "Print the operation as JSON, call and result.";
    PrintTable "print.table" "Print the rows as a table between tabs.";
    Grade "grade" "Show the call in the next grade.";
    Print "print" "Print what is shown below the screen.";
    Save "save" "Save what is shown in a file.";
    Console "console" "Open its page in the service's console.";
    Reveal "reveal" "Show the masked value under the cursor for 10 seconds.";
    Export "export" "Write the run or the marked runs to a file, for somebody else.";
    ExportBundle "export.bundle" "Write a bundle that shows another sortie this view.";
    ExportHtml "export.html" "Write a page for a browser.";
    ExportMarkdown "export.markdown" "Write Markdown for a ticket.";
    ExportJson "export.json" "Write a JSON document that opens again.";
    ExportJsonl "export.jsonl" "Write bare records as JSON lines.";
    ExportCsv "export.csv" "Write the operations as a table.";
    ExportOtlp "export.otlp" "Write a trace for OpenTelemetry.";
    ExportLocator "export.locator" "Copy only what names the run.";
    MaskToggle "mask.toggle" "Let the selected value be seen, or mask it again.";
    MaskMore "mask.more" "Mask one more value, wherever it occurs.";
    Pager "pager" "Read the value in a pager.";
    Editor "editor" "Open a copy of the value in an editor.";
    Pipe "pipe" "Send the value to a command.";
    Toggle "toggle" "Fold or unfold the row.";
    FoldRow "fold.row" "Fold the row.";
    UnfoldRow "unfold.row" "Unfold the row.";
    FoldDeep "fold.deep" "Fold the row and all that is in it.";
    UnfoldDeep "unfold.deep" "Unfold the row and all that is in it.";
    FoldAll "fold.all" "Fold everything.";
    UnfoldAll "unfold.all" "Unfold everything.";
    FoldTo1 "fold.to.1" "Show one level; 2 to 9 show as many.";
    FoldTo2 "fold.to.2" "Show two levels.";
    FoldTo3 "fold.to.3" "Show three levels.";
    FoldTo4 "fold.to.4" "Show four levels.";
    FoldTo5 "fold.to.5" "Show five levels.";
    FoldTo6 "fold.to.6" "Show six levels.";
    FoldTo7 "fold.to.7" "Show seven levels.";
    FoldTo8 "fold.to.8" "Show eight levels.";
    FoldTo9 "fold.to.9" "Show nine levels.";
    Unescape "unescape" "Show what a string says, line by line, or as it was sent.";
    Number "number" "Number the lines of texts, or not.";
    Data "data" "Show JSON with its brackets, or without.";
    View "view" "Show the payload pretty, as markdown, raw, or in bytes.";
    Wrap "wrap" "Wrap long lines in the detail, or cut them.";
    TimeZone "time.zone" "Show times in UTC, the local zone, or the configured one.";
    Demo "demo" "Start the built-in demo.";
    Help "help" "Show the keys.";
    Redraw "redraw" "Draw the whole screen again.";
    Suspend "suspend" "Stop and give the terminal back to the shell.";
    Quit "quit" "Quit now.";
}

impl Action {
    /// Whether doing it again goes on from where it led, as moving does.
    pub fn is_step(self) -> bool {
        matches!(
            self,
            Self::MoveDown
                | Self::MoveUp
                | Self::HalfDown
                | Self::HalfUp
                | Self::PageDown
                | Self::PageUp
                | Self::SiblingNext
                | Self::SiblingPrev
                | Self::Up
                | Self::SearchNext
                | Self::SearchPrev
                | Self::ErrorNext
                | Self::ErrorPrev
                | Self::PartNext
                | Self::PartPrev
                | Self::ToolNext
                | Self::ToolPrev
                | Self::PlaceBack
                | Self::WindowBack
                | Self::WindowOn
                | Self::BookmarkNext
                | Self::BookmarkPrev
        )
    }

    /// Of those that show so many levels: how many.
    pub fn levels(self) -> Option<u16> {
        match self {
            Self::FoldTo1 => Some(1),
            Self::FoldTo2 => Some(2),
            Self::FoldTo3 => Some(3),
            Self::FoldTo4 => Some(4),
            Self::FoldTo5 => Some(5),
            Self::FoldTo6 => Some(6),
            Self::FoldTo7 => Some(7),
            Self::FoldTo8 => Some(8),
            Self::FoldTo9 => Some(9),
            _ => None,
        }
    }

    /// Of an action that prints: the one that copies the same text.
    pub fn printed(self) -> Option<Action> {
        Some(match self {
            Self::PrintValue => Self::CopyValue,
            Self::PrintLine => Self::CopyLine,
            Self::PrintString => Self::CopyString,
            Self::PrintKey => Self::CopyKey,
            Self::PrintPath => Self::CopyPath,
            Self::PrintBrackets => Self::CopyBrackets,
            Self::PrintFilter => Self::CopyFilter,
            Self::PrintId => Self::CopyId,
            Self::PrintRun => Self::CopyRun,
            Self::PrintUrl => Self::CopyUrl,
            Self::PrintLocator => Self::CopyLocator,
            Self::PrintFetch => Self::CopyFetch,
            Self::PrintReplay => Self::CopyReplay,
            Self::PrintMarkdown => Self::CopyMarkdown,
            Self::PrintReport => Self::CopyReport,
            Self::PrintError => Self::CopyError,
            Self::PrintOperation => Self::CopyOperation,
            Self::PrintTable => Self::CopyTable,
            _ => return None,
        })
    }

    /// The action with this name in a key map.
    pub fn from_name(name: &str) -> Option<Action> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
        assert_eq!(Action::from_name("move.sideways"), None);
    }

    #[test]
    fn every_copy_has_a_twin_that_prints() {
        let copies = |action: &&Action| action.name().starts_with("copy.");
        for copy in Action::ALL.iter().filter(copies) {
            let twin = Action::from_name(&copy.name().replace("copy.", "print."));
            assert_eq!(
                twin.and_then(Action::printed),
                Some(*copy),
                "{}",
                copy.name()
            );
        }
    }

    #[test]
    fn every_action_is_told_in_one_sentence() {
        for action in Action::ALL {
            let told = action.description();
            assert!(
                told.ends_with('.') && told.matches('.').count() == 1,
                "{told}"
            );
            assert!(
                told.starts_with(char::is_uppercase) && told.len() < 64,
                "{told}"
            );
        }
    }
}
