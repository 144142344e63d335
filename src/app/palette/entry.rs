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
    /// Runs a command of the person's own.
    Own(Arc<str>),
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
    /// Shows the screen in a theme.
    Theme,
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
    /// Rings when something matches.
    Bell,
    /// Opens the run and follows it; it needs no word.
    Watch,
    /// Tells what a command of the person's own would run.
    Dry,
}

impl Taker {
    const ALL: [Self; 11] = [
        Self::Zone,
        Self::Window,
        Self::Theme,
        Self::Sort,
        Self::Columns,
        Self::Calls,
        Self::Open,
        Self::SaveView,
        Self::Bell,
        Self::Watch,
        Self::Dry,
    ];

    /// What is typed in front of what it takes.
    fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Window => "window",
            Self::Theme => "theme",
            Self::Sort => "sort",
            Self::Columns => "columns",
            Self::Calls => "copy calls",
            Self::Open => "open",
            Self::SaveView => "save-view",
            Self::Bell => "bell",
            Self::Watch => "watch",
            Self::Dry => "dry",
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
            Self::Do(_) | Self::Give(Taker::Watch, _) => "do",
            Self::Set(_) | Self::Give(..) => "set",
            Self::View(_) => "view",
            Self::Own(_) => "own",
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
            Self::Give(taker, value) => format!("{} {value}", taker.name()).trim_end().to_owned(),
            Self::View(name) => format!("view {name}"),
            Self::Own(name) => name.to_string(),
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
            Self::Give(Taker::Theme, _) => "Show the screen in this theme.",
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
            Self::Give(Taker::Bell, word) if &**word == "off" => {
                "Take the condition of the bell away."
            }
            Self::Give(Taker::Bell, word) if word.is_empty() => "Say what the bell waits for.",
            Self::Give(Taker::Bell, _) => "Ring once when what comes in the followed run matches.",
            Self::Give(Taker::Watch, _) => "Open the run and follow what comes.",
            Self::View(_) => "Show what this view keeps: filter, arrangement, window, columns.",
            Self::Give(Taker::Dry, _) => "Show what this command would run and get; run nothing.",
            Self::Own(_) => "Run this command of yours on the row or the marked rows.",
            Self::Give(Taker::Zone, _) | Self::Go(_) => "",
        }
    }

    /// Whether it is so already.
    pub fn is_set(&self, app: &App) -> bool {
        match self {
            Self::Set(setting) => setting.is_set(app),
            Self::Give(Taker::Sort, word) => app.is_sorted_by(word),
            Self::Give(Taker::Columns, name) => app.has_column(name),
            Self::Give(Taker::Theme, name) => app.has_theme(name),
            Self::Give(Taker::Zone, name) => app.zone.iana_name() == Some(name),
            Self::Give(_, _) | Self::View(_) | Self::Own(_) | Self::Do(_) | Self::Go(_) => false,
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
        let names = || {
            let all = self.commands().iter();
            all.map(|command| Arc::<str>::from(command.name.as_str()))
        };
        let own = names().map(Entry::Own);
        let dry = names().map(|name| Entry::Give(Taker::Dry, name));
        let windows = WINDOWS.map(|span| Entry::Give(Taker::Window, Arc::from(span)));
        let themes = self.themes.all.iter();
        let themes = themes.map(|theme| Entry::Give(Taker::Theme, Arc::from(theme.name.as_str())));
        let forms = FORMS.map(|form| Entry::Give(Taker::Calls, Arc::from(form)));
        let orders = self.order_words().into_iter();
        let orders = orders.map(|word| Entry::Give(Taker::Sort, Arc::from(word)));
        let columns = self.column_words().into_iter();
        let columns = columns.map(|word| Entry::Give(Taker::Columns, Arc::from(word)));
        let conditions = self.bell_words(typed).into_iter();
        let conditions = conditions.map(|word| Entry::Give(Taker::Bell, Arc::from(word)));
        let watch = [Entry::Give(Taker::Watch, Arc::from(""))];
        let zones = typed
            .starts_with(Taker::Zone.name())
            .then_some(&self.zone_names);
        let zones = zones.into_iter().flatten().cloned();
        actions
            .map(Entry::Do)
            .chain(setting::ALL.iter().map(Entry::Set))
            .chain(views)
            .chain(own)
            .chain(dry)
            .chain(contexts)
            .chain(windows)
            .chain(themes)
            .chain(orders)
            .chain(columns)
            .chain(forms)
            .chain(conditions)
            .chain(watch)
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
        if self.commands().iter().any(|command| command.name == typed) {
            return Some(Entry::Own(Arc::from(typed)));
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
            Taker::Bell => Some(Entry::Give(taker, Arc::from(value))),
            Taker::Watch => value.is_empty().then(|| Entry::Give(taker, Arc::from(""))),
            Taker::Theme => {
                let is_known = self.themes.all.iter().any(|theme| theme.name == value);
                is_known.then(|| Entry::Give(taker, Arc::from(value)))
            }
            Taker::Calls if value.is_empty() => Some(Entry::Give(taker, Arc::from("tsv"))),
            Taker::Window
            | Taker::Sort
            | Taker::Columns
            | Taker::Calls
            | Taker::Open
            | Taker::SaveView
            | Taker::Dry => (!value.is_empty()).then(|| Entry::Give(taker, Arc::from(value))),
        }
    }

    /// Does what was chosen.
    pub(super) fn choose(&mut self, entry: &Entry) -> Vec<Effect> {
        match entry {
            Entry::Do(action) => self.act(*action),
            Entry::Set(setting) => setting.set(self),
            Entry::Give(Taker::Zone, name) => vec![Effect::Zone(Arc::clone(name))],
            Entry::Give(Taker::Window, span) => self.look_back(span),
            Entry::Give(Taker::Theme, name) => {
                self.show_theme(name);
                Vec::new()
            }
            Entry::Give(Taker::Sort, word) => self.sort_by_word(word),
            Entry::Give(Taker::Columns, typed) => self.columns_by_word(typed),
            Entry::Give(Taker::Calls, form) => self.copy_calls_as(form),
            Entry::Give(Taker::Open, text) => self.refer(text),
            Entry::Give(Taker::SaveView, name) => self.save_view(name),
            Entry::Give(Taker::Bell, typed) => {
                self.arm_bell(typed);
                Vec::new()
            }
            Entry::Give(Taker::Watch, _) => self.watch_selected(),
            Entry::View(name) => self.show_view(name),
            Entry::Own(name) => self.run_command(name, false),
            Entry::Give(Taker::Dry, name) => self.run_command(name, true),
            Entry::Go(node) => self.go_to(*node),
        }
    }

    /// Goes to a node from wherever one is: a run opens, a mission unfolds.
    pub(in crate::app) fn go_to(&mut self, node: NodeId) -> Vec<Effect> {
        (self.help, self.requests) = (None, None);
        self.close_lists();
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
