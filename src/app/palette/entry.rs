//! What the palette can do for one: each entry has a name to be found by, a sentence, and a deed.

use std::sync::Arc;

use super::setting::{self, Setting};
use crate::{
    app::{App, Effect, action::Action, find::names},
    model::{NodeId, Sort},
};

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Does an action.
    Do(Action),
    /// Sets something.
    Set(&'static Setting),
    /// A command with what it is given.
    Give(Taker, Arc<str>),
    /// Shows a named view.
    View(Arc<str>),
    /// Goes to a context, a mission or a run.
    Go(NodeId),
}

/// A command that needs a word more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// Shows times in a zone.
    Zone,
    /// How far the inbox looks back.
    Window,
    /// What a list is sorted by.
    Sort,
    /// The columns of a list.
    Columns,
    /// Copies tool calls in a form.
    Calls,
    /// Opens what it names.
    Open,
    /// Keeps the view under a name.
    SaveView,
}

impl Taker {
    const ALL: [Self; 7] = [
        Self::Zone,
        Self::Window,
        Self::Sort,
        Self::Columns,
        Self::Calls,
        Self::Open,
        Self::SaveView,
    ];

    /// What is typed in front of what it takes.
    fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Window => "window",
            Self::Sort => "sort",
            Self::Columns => "columns",
            Self::Calls => "copy calls",
            Self::Open => "open",
            Self::SaveView => "save-view",
        }
    }
}

/// Windows that are worth a row; any other is typed.
const WINDOWS: [&str; 4] = ["1h", "24h", "7d", "30d"];
/// Forms that calls are copied in.
const FORMS: [&str; 3] = ["tsv", "csv", "json"];

impl Entry {
    /// In one word, what sort of thing it is.
    pub fn sort(&self, app: &App) -> &'static str {
        match self {
            Self::Do(_) => "do",
            Self::Set(_) | Self::Give(..) => "set",
            Self::View(_) => "view",
            Self::Go(node) => match app.store.sort(*node) {
                Sort::Context => "context",
                Sort::Mission => "mission",
                Sort::Run => "run",
                Sort::Step | Sort::Event | Sort::Note | Sort::Group => "row",
            },
        }
    }

    /// What it is called: what is typed to mean it, or, of what a service named, as the service sent it.
    pub fn name(&self, app: &App) -> String {
        match self {
            Self::Do(action) => action.name().to_owned(),
            Self::Set(setting) => format!("{} {}", setting.name, setting.value),
            Self::Give(taker, value) => format!("{} {value}", taker.name()),
            Self::View(name) => format!("view {name}"),
            Self::Go(node) => match app.store.sort(*node) {
                Sort::Context => app
                    .contexts
                    .iter()
                    .find(|(context, _)| context == node)
                    .map(|(_, info)| info.name.clone()),
                _ => names::of(&app.store, *node),
            }
            .unwrap_or_default(),
        }
    }

    /// One sentence about it, where its name does not say all.
    pub fn told(&self) -> &'static str {
        match self {
            Self::Do(action) => action.description(),
            Self::Set(setting) => setting.told,
            Self::Give(Taker::Window, _) => "How far back the inbox looks.",
            Self::Give(Taker::Sort, word) if word.starts_with('-') => {
                "Sort the list so, backwards."
            }
            Self::Give(Taker::Sort, _) => "Sort the list by this column.",
            Self::Give(Taker::Columns, _) => "Show this column too.",
            Self::Give(Taker::Calls, _) => "Copy the tool calls of the run in this form.",
            Self::Give(Taker::Open, _) => "Open what this names.",
            Self::Give(Taker::SaveView, _) => {
                "Keep filter, arrangement, order and columns under this name."
            }
            Self::View(_) => "Show what this view keeps: filter, arrangement, window, columns.",
            Self::Give(Taker::Zone, _) | Self::Go(_) => "",
        }
    }

    /// Whether it is so already.
    pub fn is_set(&self, app: &App) -> bool {
        match self {
            Self::Set(setting) => setting.is_set(app),
            Self::Give(Taker::Sort, word) => app.is_sorted_by(word),
            Self::Give(Taker::Columns, name) => app.has_column(name),
            Self::Give(Taker::Zone, name) => app.zone.iana_name() == Some(name),
            Self::Give(_, _) | Self::View(_) | Self::Do(_) | Self::Go(_) => false,
        }
    }
}

impl App {
    /// Everything that can be chosen and does not grow with what is loaded.
    pub(super) fn entries(&self, typed: &str) -> Vec<Entry> {
        let actions = Action::ALL.iter().copied();
        // The digits say the same of so many levels, and the palette is open already.
        let actions = actions.filter(|action| {
            action.levels().is_none_or(|levels| levels == 1) && *action != Action::Command
        });
        let contexts = self.contexts.iter().map(|(node, _)| Entry::Go(*node));
        let views = self.views.iter();
        let views = views.map(|view| Entry::View(Arc::from(view.name.as_str())));
        let windows = WINDOWS.map(|span| Entry::Give(Taker::Window, Arc::from(span)));
        let forms = FORMS.map(|form| Entry::Give(Taker::Calls, Arc::from(form)));
        let orders = self.order_words().into_iter();
        let orders = orders.map(|word| Entry::Give(Taker::Sort, Arc::from(word)));
        let columns = self.column_words().into_iter();
        let columns = columns.map(|word| Entry::Give(Taker::Columns, Arc::from(word)));
        let zones = typed
            .starts_with(Taker::Zone.name())
            .then_some(&self.zone_names);
        let zones = zones.into_iter().flatten().cloned();
        actions
            .map(Entry::Do)
            .chain(setting::ALL.iter().map(Entry::Set))
            .chain(views)
            .chain(contexts)
            .chain(windows)
            .chain(orders)
            .chain(columns)
            .chain(forms)
            .chain(zones.map(|zone| Entry::Give(Taker::Zone, zone)))
            .collect()
    }

    /// What a whole command means; none where it is no command.
    pub(super) fn meant(&self, typed: &str) -> Option<Entry> {
        if let Some(action) = Action::from_name(typed) {
            return Some(Entry::Do(action));
        }
        let of = |name: &str| {
            let rest = typed.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
        };
        let known = setting::ALL.iter().find(|known| {
            of(known.name).is_some_and(|value| known.value.eq_ignore_ascii_case(value))
        });
        if let Some(setting) = known {
            return Some(Entry::Set(setting));
        }
        if let Some(name) = of("view")
            && let Some(view) = self.views.iter().find(|view| view.name == name)
        {
            return Some(Entry::View(Arc::from(view.name.as_str())));
        }
        let mut takers = Taker::ALL.into_iter();
        let (taker, value) = takers.find_map(|taker| Some((taker, of(taker.name())?)))?;
        match taker {
            // What is the name of none may still be the beginning of one.
            Taker::Zone => {
                let mut zones = self.zone_names.iter();
                let known = zones.find(|zone| zone.eq_ignore_ascii_case(value))?;
                Some(Entry::Give(taker, Arc::clone(known)))
            }
            Taker::Calls if value.is_empty() => Some(Entry::Give(taker, Arc::from("tsv"))),
            Taker::Window
            | Taker::Sort
            | Taker::Columns
            | Taker::Calls
            | Taker::Open
            | Taker::SaveView => (!value.is_empty()).then(|| Entry::Give(taker, Arc::from(value))),
        }
    }

    /// Does what was chosen.
    pub(super) fn choose(&mut self, entry: &Entry) -> Vec<Effect> {
        match entry {
            Entry::Do(action) => self.act(*action),
            Entry::Set(setting) => setting.set(self),
            Entry::Give(Taker::Zone, name) => vec![Effect::Zone(Arc::clone(name))],
            Entry::Give(Taker::Window, span) => self.look_back(span),
            Entry::Give(Taker::Sort, word) => self.sort_by_word(word),
            Entry::Give(Taker::Columns, typed) => self.columns_by_word(typed),
            Entry::Give(Taker::Calls, form) => self.copy_calls_as(form),
            Entry::Give(Taker::Open, text) => self.refer(text),
            Entry::Give(Taker::SaveView, name) => self.save_view(name),
            Entry::View(name) => self.show_view(name),
            Entry::Go(node) => self.go_to(*node),
        }
    }

    /// Goes to a node from wherever one is: a run opens, a mission unfolds.
    pub(in crate::app) fn go_to(&mut self, node: NodeId) -> Vec<Effect> {
        (self.help, self.requests) = (None, None);
        (self.bookmarks, self.calls, self.view_list) = (None, None, None);
        self.export = None;
        if self.in_detail() {
            self.leave_detail();
        }
        match self.store.sort(node) {
            Sort::Run => self.open_run(node),
            Sort::Context | Sort::Mission => {
                let mut effects = self.leave_run().unwrap_or_default();
                self.show_hidden(node);
                effects.extend(self.jump(node));
                effects.extend(self.set_open(node, true));
                effects
            }
            Sort::Step | Sort::Event | Sort::Note | Sort::Group => {
                let mut effects = Vec::new();
                if let Some(run) = self.run_of(node).filter(|run| self.screen() != Some(*run)) {
                    effects.extend(self.open_run(run));
                }
                self.seek = None;
                self.show_hidden(self.row_for(node));
                effects.extend(self.jump(node));
                effects
            }
        }
    }
}
