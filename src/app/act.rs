//! What each action does: the one table from a name to a deed.

use super::{App, Effect, Prompt, action::Action, arrange::Arrangement, list::By};

impl App {
    /// Does an action.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        if let Some(effects) = self.act_in_preview(action) {
            return effects;
        }
        if let Some(effects) = self.act_in_export(action) {
            return effects;
        }
        if let Some(copy) = action.printed() {
            return self.print(copy);
        }
        if let Some(effects) = self.act_in_messages(action) {
            return effects;
        }
        if let Some(effects) = self.act_in_calls(action) {
            return effects;
        }
        if let Some(why) = self.unable(action) {
            self.say(why);
            return Vec::new();
        }
        if let Some(effects) = self.read_by(action) {
            return effects;
        }
        if let Some(effects) = self.act_on_panes(action) {
            return effects;
        }
        let page = self.page();
        match action {
            Action::MoveDown => self.move_by(By::Down(1), false),
            Action::MoveUp => self.move_by(By::Up(1), false),
            Action::MoveFirst => self.go_to_beginning(),
            Action::MoveLast => self.go_to_end(),
            Action::HalfDown => self.move_by(By::Down(page.div_ceil(2)), true),
            Action::HalfUp => self.move_by(By::Up(page.div_ceil(2)), true),
            Action::PageDown => self.move_by(By::Down(page), true),
            Action::PageUp => self.move_by(By::Up(page), true),
            Action::SiblingNext => self.sibling(true),
            Action::SiblingPrev => self.sibling(false),
            Action::Unfold => self.unfold(),
            Action::Fold => self.fold(),
            Action::Open => self.open(),
            Action::Up if self.in_detail() => self.up(),
            Action::Up => self.drop_worst().unwrap_or_else(|| self.up()),
            Action::ErrorNext => self.fault(true),
            Action::ErrorPrev => self.fault(false),
            Action::SearchNext | Action::SearchPrev => self.step_hit(action == Action::SearchNext),
            Action::Refresh => self.refresh(),
            Action::Refetch => self.refetch(),
            Action::Follow => self.follow_key(),
            Action::ApiLog => self.toggle_requests(),
            Action::Escape => self.escape(),
            Action::Export => self.toggle_export(),
            Action::Calls => self.toggle_calls(),
            Action::Mark => self.pick(),
            Action::MarksDrop => self.drop_picks(),
            Action::TimeZone => self.switch_zone(),
            Action::Demo => vec![Effect::Demo],
            Action::Mouse => self.toggle_mouse(),
            Action::Redraw => vec![Effect::Redraw],
            Action::Suspend => vec![Effect::Suspend],
            Action::Quit => vec![Effect::Quit],
            Action::Back => self.back(),
            Action::PairOther => self.other_side(),
            Action::ToolNext | Action::ToolPrev => self.same_tool(action == Action::ToolNext),
            Action::PartNext => self.boundary(true),
            Action::PartPrev => self.boundary(false),
            Action::RunNext => self.sibling_run(true),
            Action::RunPrev => self.sibling_run(false),
            Action::PlaceSwap => self.swap_place(),
            Action::PlaceBack => self.walk_back(),
            Action::Failures => self.toggle_failures(),
            Action::Raw => self.toggle_raw(),
            Action::Zoom => self.zoom(),
            Action::Times
            | Action::Bars
            | Action::WindowShrink
            | Action::WindowGrow
            | Action::WindowBack
            | Action::WindowOn
            | Action::Idle => {
                self.show_times(action);
                Vec::new()
            }
            Action::Arrange => self.arrange_next(),
            Action::Sort | Action::SortReverse => self.next_order(action == Action::SortReverse),
            Action::Missions => self.arrange_by(Arrangement::Missions),
            Action::Inbox => self.arrange_by(Arrangement::Inbox),
            Action::Causes => self.arrange_by(Arrangement::Causes),
            Action::Contexts => self.arrange_by(Arrangement::Contexts),
            Action::Command => self.open_palette(),
            Action::Search
            | Action::Filter
            | Action::Reference
            | Action::Columns
            | Action::Help => {
                self.arrange(action);
                Vec::new()
            }
            _ => self.carry_by(action),
        }
    }

    /// Actions that take something along.
    fn carry_by(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::CopyValue
            | Action::CopyId
            | Action::CopyRun
            | Action::CopyPath
            | Action::CopyLine
            | Action::CopyString
            | Action::CopyKey
            | Action::CopyBrackets
            | Action::CopyFilter
            | Action::CopyLocator
            | Action::CopyUrl
            | Action::CopyFetch
            | Action::CopyReplay
            | Action::CopyMarkdown
            | Action::CopyReport
            | Action::CopyError
            | Action::CopyOperation => self.copy_by(action),
            Action::CopyTable => self.copy_rows(),
            Action::Pager | Action::Editor | Action::Pipe => self.hand_over(action),
            Action::Console => self.open_console(),
            Action::Grade | Action::Print | Action::Save => {
                self.say(format!(
                    "nothing is being looked at: {} shows a call before it is copied",
                    self.key_of(Action::CopyReplay)
                ));
                Vec::new()
            }
            Action::MaskToggle | Action::MaskMore => {
                self.say(format!(
                    "nothing is on its way out: {} shows the ways, and then what is masked",
                    self.key_of(Action::Export)
                ));
                Vec::new()
            }
            _ => self.keep_by(action),
        }
    }

    /// Actions on what is kept from one start to the next.
    fn keep_by(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Bookmark => self.toggle_bookmark(),
            Action::BookmarkNext => self.step_bookmark(true),
            Action::BookmarkPrev => self.step_bookmark(false),
            Action::Bookmarks => self.toggle_bookmarks(),
            Action::Note => self.begin_note(),
            Action::Views => self.toggle_views(),
            Action::Messages => self.toggle_messages(),
            Action::Remove => self.remove_listed_view(),
            Action::SaveView => {
                self.ask_view_name();
                Vec::new()
            }
            // The others are about what is being read, and were done there.
            _ => Vec::new(),
        }
    }

    /// Actions that only change how time is shown.
    fn show_times(&mut self, action: Action) {
        match action {
            Action::Times => self.next_times(),
            Action::Bars => self.next_bars(),
            Action::WindowShrink => self.scale(false),
            Action::WindowGrow => self.scale(true),
            Action::WindowBack => self.scroll_axis(-1),
            Action::WindowOn => self.scroll_axis(1),
            Action::Idle => self.toggle_idle(),
            _ => {}
        }
    }

    /// Actions that only change what is shown where.
    fn arrange(&mut self, action: Action) {
        match action {
            Action::Search if self.help.is_some() => self.seek_key(),
            Action::Search => self.prompt = Some(Prompt::default()),
            Action::Filter => self.type_filter(),
            Action::Reference => self.ask_reference(),
            Action::Columns => self.type_columns(),
            // The list that is open stays below it.
            Action::Help => self.toggle_help(),
            _ => {}
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        if self.back_one() {
            return Vec::new();
        }
        if self.screen().is_none()
            && let Some(effects) = self.drop_filter()
        {
            return effects;
        }
        if let Some(effects) = self.close_beside() {
            return effects;
        }
        self.leave_level().unwrap_or_else(|| vec![Effect::Quit])
    }

    /// `:copy calls csv`
    pub(super) fn copy_calls_as(&mut self, form: &str) -> Vec<Effect> {
        use super::list::calls::TableForm;
        let form = match form {
            "" | "tsv" => TableForm::Tsv,
            "csv" => TableForm::Csv,
            "json" => TableForm::Json,
            other => {
                self.complain(format!(
                    "calls are copied as tsv, csv or json, not \"{other}\""
                ));
                return Vec::new();
            }
        };
        self.copy_calls(form)
    }

    fn step_bookmark(&mut self, forward: bool) -> Vec<Effect> {
        self.step_marked(super::outline::Mark::Bookmark, forward, "bookmark")
    }
}
