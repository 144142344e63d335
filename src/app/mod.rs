//! Decisions: everything the screen depends on, changed only by `update`. Pure: no I/O, no clock; the
//! time is handed in, and what is to be done outside is handed out as effects.

mod able;
mod act;
pub mod action;
pub mod arrange;
mod begin;
mod browse;
pub mod carry;
pub mod columns;
pub mod custom;
pub mod detail;
pub mod export;
pub mod filter;
pub mod find;
pub mod help;
pub mod kept;
pub mod key;
pub mod keymap;
pub mod list;
pub mod load;
mod measured;
mod mouse;
pub mod msg;
pub mod notify;
pub mod operations;
pub mod outline;
pub mod palette;
pub mod panes;
mod press;
mod prompt;
pub mod query;
pub mod resume;
pub mod shares;
pub mod theme;
pub mod time;
pub mod topic;
mod update;
pub mod views;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    sync::Arc,
};

use jiff::tz::TimeZone;

use self::{
    arrange::Arranged,
    browse::screen::Places,
    columns::Columns,
    detail::{Detail, reveal::Revealed},
    kept::{Bookmarks, Keeping, Kept},
    key::Key,
    keymap::Keymap,
    list::{messages::Severity, requests::Requests},
    load::Load,
    load::glance::Glances,
    operations::anew::Reading,
    outline::Outline,
    views::{View, ViewList},
};
pub use self::{
    filter::Filter,
    find::Search,
    load::follow::Follow,
    measured::Measured,
    mouse::Mouse,
    msg::{Beside, ContextInfo, Effect, Msg, Notice},
    palette::{Entry, Marks, Palette, Taker},
    prompt::{Prompt, Wants},
    time::{Bars, TimeColumn},
};
use crate::{
    analysis::{Gap, axis::Window, rules::Switches},
    guard::redact::Redactor,
    model::{Budget, ContextId, Far, Gen, Limit, NodeId, Sort, Store, Time, Trouble},
};

/// A part of the screen that can have the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// 1, the tree.
    #[default]
    Tree,
    /// 3, the detail of the selected node.
    Detail,
    /// 4, the waterfall, where it has the whole screen; the keys stay with the rows in it.
    Bars,
}

/// What an app begins with.
pub struct Setup {
    /// The contexts, in the order of the configuration.
    pub contexts: Vec<ContextInfo>,
    /// The keys.
    pub keymap: Keymap,
    /// What masks secrets.
    pub redactor: Redactor,
    /// The zone that times are shown in, and the machine's own.
    pub zone: TimeZone,
    /// The machine's own zone, for the switch.
    pub local_zone: TimeZone,
    /// Which rules say that a result failed.
    pub switches: Arc<Switches>,
    /// How much of a run is loaded at once.
    pub limit: Limit,
    /// Bytes of a payload above which the rest of it is read only when a key asks for it.
    pub read_on_above: usize,
    /// What was looked for when nothing is configured.
    pub looked_for: Vec<help::Sought>,
    /// Things to say at the start (a wrong line in the config).
    pub warnings: Vec<String>,
}

/// Everything the screen depends on.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and no two of them make a state"
)]
pub struct App {
    /// The facts.
    pub store: Store,
    /// The rows.
    pub outline: Outline,
    /// The contexts, with their nodes.
    pub contexts: Vec<(NodeId, ContextInfo)>,
    /// How far each node is loaded.
    pub loads: HashMap<NodeId, Load>,
    /// Those that are being loaded: few, however much is loaded.
    pub loading: BTreeSet<NodeId>,
    /// The selected node.
    pub selected: Option<NodeId>,
    /// The row at the top of the tree.
    pub top: usize,
    /// What the detail shows.
    pub detail: Detail,
    /// Which pane has the keys.
    pub focus: Pane,
    /// The pane that has the whole screen.
    pub full: Option<Pane>,
    /// Whether it has that only because there is no room for it beside the rows.
    squeezed: bool,
    /// Whether it has that because somebody wants one pane alone.
    alone: bool,
    /// How the room is shared.
    splits: shares::Splits,
    /// The mouse.
    pub mouse: Mouse,
    /// The run that stays in pane 2 while the keys are in the list.
    held: Option<NodeId>,
    /// The line that is being typed.
    pub prompt: Option<Prompt>,
    /// The list above the line in which a command is typed.
    pub palette: Option<Palette>,
    /// The search that n and N step through.
    pub search: Option<Search>,
    /// What hides all that does not match.
    pub filter: Option<Filter>,
    /// The filter that is being typed.
    pub typing: filter::Typing,
    /// The columns of the lists.
    pub columns: Columns,
    /// The help, while it is shown.
    pub help: Option<help::Help>,
    /// The list of requests, while it is shown.
    pub requests: Option<Requests>,
    /// A call that may be copied, while it is looked at.
    pub preview: Option<carry::again::Preview>,
    /// The way that copies take, in a word or two; empty where nobody knows.
    pub clipboard: String,
    /// Bookmarks and notes.
    pub kept: Kept,
    /// The list of them, while it is shown.
    pub bookmarks: Option<Bookmarks>,
    keeping: Keeping,
    resuming: resume::Resuming,
    commands: custom::Commands,
    /// Named views, by name.
    pub views: Vec<View>,
    /// The list of them, while it is shown.
    pub view_list: Option<ViewList>,
    /// What was said at the bottom of the screen.
    pub messages: list::messages::Messages,
    /// The list of that, while it is shown.
    pub message_list: Option<list::messages::MessageList>,
    /// The table of tool calls, while it is shown.
    pub calls: Option<list::calls::Calls>,
    /// The ways out, while they are shown.
    pub export: Option<export::Menu>,
    /// The run that is being followed.
    pub follow: Option<Follow>,
    /// What is told of it to whoever looks elsewhere.
    pub bell: notify::Bell,
    /// Contexts that could not be had when they were asked last, whatever was asked.
    pub ailing: HashMap<ContextId, Trouble>,
    /// What each service still allows, where it says so.
    pub budgets: HashMap<ContextId, Budget>,
    /// The line at the bottom.
    pub notice: Option<Notice>,
    /// A masked value that is shown for a while.
    pub revealed: Option<Revealed>,
    /// The keys.
    pub keymap: Keymap,
    /// Keys of a sequence that is not whole, and when its first part acts alone.
    pub pending: Vec<Key>,
    /// When a pending key acts alone.
    pub pending_until: Option<Time>,
    /// How often the next action is done, as far as that was typed.
    pub count: Option<u32>,
    /// What masks secrets.
    pub redactor: Redactor,
    /// The zone that times are shown in.
    pub zone: TimeZone,
    /// What was looked for when nothing is configured.
    pub looked_for: Vec<help::Sought>,
    /// What the last frame had room for.
    pub measured: Measured,
    /// The time of the last message.
    pub now: Time,
    /// Whether the terminal shows only ASCII.
    pub ascii: bool,
    /// How everything looks, and how else it could.
    pub themes: theme::Themes,
    /// Whether something changed since the last frame.
    pub dirty: bool,
    /// Whether a list of one opens by itself.
    pub single: load::single::Single,
    /// Texts that stay in their files, by the id of the mission of the one event.
    pub documents: HashMap<String, Arc<dyn Far>>,
    /// What the time of a row in a run says.
    pub times: TimeColumn,
    /// Where the waterfall is; none: where there is room.
    pub bars: Option<Bars>,
    /// The part of a run that the axis shows.
    zoom: Option<(NodeId, Window)>,
    /// Whether silence is folded to a row and a mark on the axis.
    pub fold_idle: bool,
    /// The runs that were read, as operations.
    digests: BTreeMap<NodeId, Reading>,
    switches: Arc<Switches>,
    /// Runs whose digests have news.
    unread: BTreeSet<NodeId>,
    /// Runs of which something is left to be read, or to be shown, in a later turn of the loop.
    behind: BTreeSet<NodeId>,
    /// The steps of each run.
    plans: HashMap<NodeId, Vec<NodeId>>,
    /// Rows of repeats that are unfolded.
    unfolded: HashSet<NodeId>,
    /// Rows that stand for silence, all of them and by run.
    gaps: HashMap<NodeId, Gap>,
    gap_rows: HashMap<NodeId, Vec<NodeId>>,
    /// The row that each of them stands in front of.
    gap_ends: HashMap<NodeId, NodeId>,
    /// Runs of which the end was loaded before the middle.
    parts: HashMap<NodeId, load::parts::Parts>,
    /// What the rows of all runs are arranged by.
    pub arranged: Arranged,
    places: Places,
    /// What missions and runs are called.
    names: find::names::Names,
    /// The search that is being typed.
    seeking: find::typed::Seeking,
    /// What a reference names that is looked for outside.
    looked: Option<find::refer::Looked>,
    tool_lists: carry::lists::ToolLists,
    /// What was chosen in the palette, the latest last.
    used: Vec<Entry>,
    /// The names of all zones, once somebody asked for them.
    zone_names: Vec<Arc<str>>,
    /// The row of a run that is to be selected while it comes, as long as no other key is pressed.
    seek: Option<operations::Seek>,
    /// The run that is to be opened once the list has it, as long as no key is pressed.
    awaited: Option<browse::beside::Awaited>,
    /// The zones that times can be shown in, the one shown first.
    zones: VecDeque<time::zones::Known>,
    /// Missions of which only the runs that the filter wants were listed.
    narrowed: BTreeSet<NodeId>,
    /// What filters have unfolded and asked for.
    filtering: filter::Filtering,
    /// The filters that were asked, the newest last.
    asked: Vec<String>,
    limit: Limit,
    read_on_above: usize,
    generation: Gen,
    glances: Glances,
    /// Whether the terminal has lost the focus.
    away: bool,
    /// A run that was opened since the last key, so that its newest row may be selected.
    opened: Option<NodeId>,
    /// A run that was to be followed, silent or not, once it is loaded.
    wanted_follow: Option<NodeId>,
    /// Large content that was named once before it is fetched.
    named: Option<NodeId>,
    /// Child runs whose event is not loaded yet.
    children_waiting: HashMap<(NodeId, String), BTreeSet<NodeId>>,
    steps_waiting: HashMap<(NodeId, String), BTreeSet<NodeId>>,
    step_levels: HashMap<NodeId, usize>,
    step_starts: HashMap<NodeId, i64>,
}

impl App {
    /// The context that a node belongs to.
    pub fn context_of(&self, node: NodeId) -> Option<(ContextId, &ContextInfo)> {
        let mut node = node;
        while self.store.sort(node) != Sort::Context {
            let owner = self.store.owner(node);
            (owner != node).then_some(())?;
            node = owner;
        }
        let at = self
            .contexts
            .iter()
            .position(|(context, _)| *context == node)?;
        let info = &self.contexts.get(at)?.1;
        Some((ContextId(u16::try_from(at).ok()?), info))
    }

    /// The run that a node is or lies in.
    pub fn run_of(&self, node: NodeId) -> Option<NodeId> {
        let mut node = node;
        loop {
            match self.store.sort(node) {
                Sort::Run => return Some(node),
                Sort::Context | Sort::Mission | Sort::Group => return None,
                Sort::Step | Sort::Event | Sort::Note => node = self.store.owner(node),
            }
        }
    }

    /// When something is to be done without any news.
    pub fn next_deadline(&self) -> Option<Time> {
        let deadlines = [self.screen_deadline(), self.resuming.due];
        deadlines.into_iter().flatten().min()
    }

    /// When something changes on the screen without any news.
    fn screen_deadline(&self) -> Option<Time> {
        let notice = self.notice.as_ref().and_then(|notice| notice.until);
        let loads = self
            .loading
            .iter()
            .filter_map(|node| self.loads.get(node)?.deadline(self.now));
        notice
            .into_iter()
            .chain(self.pending_until)
            .chain(self.reveal_due())
            .chain(self.follow_deadline())
            .chain(self.stall_due())
            .chain(self.glances.next)
            .chain(self.arranged.watch.next)
            .chain(self.reading_due())
            .chain(self.growth_due())
            .chain(self.fill_due())
            .chain(self.causes_due())
            .chain(self.filter_due())
            .chain(self.columns.due)
            .chain(self.requests.as_ref().and_then(|list| list.renew_at))
            .chain(loads)
            .min()
    }

    fn next_generation(&mut self) -> Gen {
        self.generation = Gen(self.generation.0.wrapping_add(1));
        self.generation
    }

    fn say(&mut self, text: impl Into<String>) {
        self.post(Notice {
            text: text.into(),
            failed: false,
            until: Some(Time(self.now.0.saturating_add(4_000_000_000))),
        });
    }

    /// The same where nobody asked: what is wrong and was not seen yet stays.
    fn mention(&mut self, text: impl Into<String>) {
        if self.notice.as_ref().is_none_or(|notice| !notice.failed) {
            self.say(text);
        } else {
            self.record(&text.into(), Severity::Note);
        }
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.post(Notice {
            text: text.into(),
            failed: true,
            until: None,
        });
    }
}

#[cfg(test)]
mod tests;
