//! The app at the start, anew when the demo takes the place of what was configured, and with more to show
//! when a file is opened beside it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    App, Beside, ContextInfo, Effect, Measured, Notice, Pane, Setup,
    arrange::{Arranged, Arrangement},
    browse::screen::Places,
    carry::lists::ToolLists,
    detail::Detail,
    find::names::Names,
    find::typed::Seeking,
    kept::{Keeping, Kept},
    list::messages::Severity,
    load::glance::Glances,
    outline::Outline,
    time::TimeColumn,
    time::zones,
};
use crate::model::{Gen, NodeId, Store, Time};

impl App {
    /// The app at the start, and what it wants done first.
    #[expect(
        clippy::too_many_lines,
        reason = "a line for each thing that the screen depends on"
    )]
    pub fn new(setup: Setup, now: Time) -> (Self, Vec<Effect>) {
        let zones = zones::known(&setup.zone, setup.local_zone);
        let mut app = Self {
            store: Store::default(),
            outline: Outline::default(),
            contexts: Vec::new(),
            loads: HashMap::new(),
            loading: BTreeSet::new(),
            selected: None,
            top: 0,
            detail: Detail::default(),
            focus: Pane::Tree,
            full: None,
            squeezed: false,
            alone: false,
            splits: super::shares::Splits::default(),
            mouse: super::Mouse::default(),
            held: None,
            prompt: None,
            palette: None,
            search: None,
            filter: None,
            typing: super::filter::Typing::default(),
            columns: super::columns::Columns::default(),
            help: None,
            requests: None,
            kept: Kept::default(),
            bookmarks: None,
            preview: None,
            clipboard: String::new(),
            views: Vec::new(),
            view_list: None,
            messages: super::list::messages::Messages::default(),
            message_list: None,
            calls: None,
            export: None,
            keeping: Keeping::default(),
            resuming: super::resume::Resuming::default(),
            commands: super::custom::Commands::default(),
            follow: None,
            bell: super::notify::Bell::default(),
            budgets: HashMap::new(),
            notice: None,
            revealed: None,
            keymap: setup.keymap,
            pending: Vec::new(),
            pending_until: None,
            count: None,
            redactor: setup.redactor,
            zone: setup.zone,
            looked_for: setup.looked_for,
            measured: Measured::default(),
            now,
            ascii: false,
            themes: super::theme::Themes::default(),
            dirty: true,
            single: super::load::single::Single::default(),
            documents: HashMap::new(),
            times: TimeColumn::default(),
            bars: None,
            zoom: None,
            fold_idle: true,
            digests: BTreeMap::new(),
            switches: setup.switches,
            unread: BTreeSet::new(),
            behind: BTreeSet::new(),
            plans: HashMap::new(),
            unfolded: HashSet::new(),
            gaps: HashMap::new(),
            gap_rows: HashMap::new(),
            gap_ends: HashMap::new(),
            parts: HashMap::new(),
            arranged: Arranged::default(),
            places: Places::default(),
            names: Names::default(),
            looked: None,
            tool_lists: ToolLists::default(),
            seeking: Seeking::default(),
            used: Vec::new(),
            zone_names: Vec::new(),
            seek: None,
            awaited: None,
            zones,
            narrowed: BTreeSet::new(),
            filtering: super::filter::Filtering::default(),
            asked: Vec::new(),
            limit: setup.limit,
            read_on_above: setup.read_on_above,
            generation: Gen::default(),
            glances: Glances::default(),
            away: false,
            opened: None,
            wanted_follow: None,
            ailing: HashMap::new(),
            named: None,
            children_waiting: HashMap::new(),
            steps_waiting: HashMap::new(),
            step_levels: HashMap::new(),
            step_starts: HashMap::new(),
        };
        for warning in &setup.warnings {
            app.record(warning, Severity::Warning);
        }
        app.notice = warning(&setup.warnings);
        app.arranged.causes.visited = Some(now);
        let mut effects = app.show_contexts(setup.contexts);
        effects.extend([app.recall(), Effect::Change(None)]);
        (app, effects)
    }

    /// Drops everything that was shown and begins with these contexts.
    pub(super) fn show_contexts(&mut self, contexts: Vec<ContextInfo>) -> Vec<Effect> {
        self.store = Store::default();
        self.outline = Outline::default();
        self.loads.clear();
        self.loading.clear();
        self.budgets.clear();
        self.glances = Glances::default();
        self.opened = None;
        self.wanted_follow = None;
        self.ailing.clear();
        self.children_waiting.clear();
        self.steps_waiting.clear();
        self.step_levels.clear();
        self.step_starts.clear();
        self.digests.clear();
        self.unread.clear();
        self.behind.clear();
        self.plans.clear();
        self.unfolded.clear();
        self.gaps.clear();
        self.gap_rows.clear();
        self.gap_ends.clear();
        self.parts.clear();
        self.places = Places::default();
        self.names = Names::default();
        self.looked = None;
        self.tool_lists = ToolLists::default();
        self.seeking = Seeking::default();
        self.columns.forget();
        self.used.clear();
        self.close_palette();
        self.seek = None;
        self.awaited = None;
        self.arranged = self.arranged.emptied();
        self.keeping.forget_rows();
        self.resuming.forget();
        self.close_lists();
        self.preview = None;
        self.export = None;
        self.contexts.clear();
        self.held = None;
        self.selected = None;
        self.top = 0;
        self.detail = self.detail.emptied();
        self.search = None;
        self.filter = None;
        self.filtering = super::filter::Filtering::default();
        self.narrowed.clear();
        let mut effects: Vec<_> = self.stop_following();
        for info in contexts {
            effects.extend(self.add_context(info).1);
        }
        self.selected = self.outline.first();
        self.dirty = true;
        if self.arranged.by != Arrangement::Missions {
            effects.extend(self.arrange_by(self.arranged.by));
        }
        effects.extend(self.inspect());
        effects
    }
}

impl App {
    /// Puts a context below the others, and asks for what is in it.
    fn add_context(&mut self, info: ContextInfo) -> (NodeId, Vec<Effect>) {
        let node = self.store.add_context();
        self.contexts.push((node, info));
        self.outline
            .insert(None, node, |_| std::cmp::Ordering::Less);
        self.outline.set_open(node, true);
        self.outline.set_always(node, true);
        (node, self.load(node))
    }

    /// Shows the contexts of a file beside those there are, and goes to what it has.
    pub(super) fn show_beside(&mut self, beside: Beside) -> Vec<Effect> {
        self.dirty = true;
        self.notice = None;
        let (mut effects, mut nodes) = (Vec::new(), Vec::new());
        if self.arranged.by != Arrangement::Missions {
            effects.extend(self.arrange_by(Arrangement::Missions));
        }
        self.documents.extend(beside.documents);
        for info in beside.contexts {
            let (node, asked) = self.add_context(info);
            effects.extend(asked);
            nodes.push(node);
        }
        let seen = self.look_as_told_in(&nodes);
        if let Some(first) = nodes.first().filter(|_| seen.is_empty()) {
            effects.extend(self.go_to(*first));
            (self.single.unfolds, self.single.reads) = (true, beside.is_document);
            self.single.early = beside.is_one_run;
            self.single.within = Some(*first);
        }
        effects.extend(seen);
        if !beside.notes.is_empty() {
            self.complain([beside.notes, beside.told].concat().join("; "));
        } else if !beside.told.is_empty() {
            self.post(Notice {
                text: beside.told.join("; "),
                failed: false,
                until: None,
            });
        }
        effects
    }
}

/// The first of what was wrong at the start, and how many more there are.
fn warning(warnings: &[String]) -> Option<Notice> {
    let first = warnings.first()?;
    let more = warnings.len() - 1;
    let text = if more == 0 {
        first.clone()
    } else {
        format!("{first} (and {more} more: sortie config check lists them)")
    };
    Some(Notice {
        text,
        failed: true,
        until: None,
    })
}
