//! Commands of the person's own: a key and a name for a line of the shell, which gets the selected row or the
//! marked ones as records, a line of JSON each, and what names them in its environment. What it gets is masked;
//! a command that wants it otherwise is agreed to once in each start. Nothing is run here.

mod command;

use std::{collections::BTreeSet, sync::Arc};

use command::named;
pub use command::{Call, Command, Output, Program, Row};

use super::{
    App, Effect,
    action::Action,
    key::{Key, spell_short},
    keymap::{Keymap, Mode},
    msg::Notice,
};
use crate::{
    guard::redact::Masking,
    model::{Event, Mission, NodeId, Run, Sort},
};

/// A record that a command gets.
#[derive(Debug)]
pub enum Given {
    /// A mission.
    Mission(Box<Mission>),
    /// A run.
    Run(Box<Run>),
    /// An event of a run, and its number in it where that is known.
    Event(Arc<Run>, Option<usize>, Box<Event>),
}

impl Given {
    /// Whether values were left out of what was sent, as when a run is kept: only the service has them then.
    fn is_masked(&self) -> bool {
        let raw = match self {
            Self::Mission(mission) => &mission.raw,
            Self::Run(run) => &run.raw,
            Self::Event(_, _, event) => &event.raw,
        };
        let bytes = raw.bytes();
        let mut starts = memchr::memmem::find_iter(bytes, "‹");
        starts.any(|start| {
            let rest = bytes.get(start + "‹".len()..).unwrap_or_default();
            is_placeholder(rest)
        })
    }
}

/// Whether a text goes on as a placeholder does: `api_key#1›`.
fn is_placeholder(rest: &[u8]) -> bool {
    let name = |b: &u8| b.is_ascii_alphanumeric() || b"_-. ".contains(b);
    let named = rest.iter().take_while(|b| name(b)).count();
    let Some(number) = rest.get(named..).and_then(|rest| rest.strip_prefix(b"#")) else {
        return false;
    };
    let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
    let closed = number.get(digits..);
    named > 0 && digits > 0 && closed.is_some_and(|rest| rest.starts_with("›".as_bytes()))
}

/// An order to run a command, or to tell what would be run.
#[derive(Debug)]
pub struct Job {
    /// Which.
    pub command: Command,
    /// The records, in the order of the rows, each with its context and its service.
    pub records: Vec<(String, String, Given)>,
    /// What its environment says of them.
    pub variables: Vec<(&'static str, String)>,
    /// How the records are masked.
    pub masking: Masking,
    /// How what the command says is masked, whatever it was given.
    pub told: Masking,
    /// Whether it is only told.
    pub dry: bool,
}

/// Where the keys of commands hold.
pub const MODES: [Mode; 2] = [Mode::Tree, Mode::Detail];

/// Takes the keys of commands away from the actions that had them.
pub fn lay(commands: &[Command], map: &mut Keymap) {
    for command in commands.iter().filter(|command| !command.keys.is_empty()) {
        for mode in MODES {
            map.take(mode, &command.keys);
        }
    }
}

/// The commands there are.
#[derive(Debug, Default)]
pub(super) struct Commands {
    all: Vec<Command>,
    /// Those that get secrets because somebody agreed.
    agreed: BTreeSet<String>,
    /// The one that was asked about last.
    asked: Option<String>,
}

impl App {
    /// The commands of the configuration. The keys of a command are no longer those of an action.
    pub fn set_commands(&mut self, commands: Vec<Command>) {
        lay(&commands, &mut self.keymap);
        self.commands.all = commands;
    }

    /// The person's own commands.
    pub fn commands(&self) -> &[Command] {
        &self.commands.all
    }

    /// The keys of a command, in short spelling.
    pub fn keys_of_command(&self, name: &str) -> String {
        let command = self.command(name);
        command.map_or_else(String::new, |command| spell_short(&command.keys))
    }

    /// Those that the keys work for where the keys go to rows: with their keys.
    pub fn commands_here(&self, mode: Mode) -> impl Iterator<Item = (String, &Command)> {
        let all = self.commands.all.iter();
        let all = all.filter(move |_| MODES.contains(&mode));
        all.map(|command| (spell_short(&command.keys), command))
    }

    /// What may follow the keys that were pressed: the rest of the keys of each command, with its name.
    pub fn commands_after(&self) -> Vec<(String, &str)> {
        let rest = |command: &Command| {
            let rest = command.keys.strip_prefix(self.pending.as_slice())?;
            (!rest.is_empty()).then(|| spell_short(rest))
        };
        let all = self.commands_here(self.mode());
        all.filter_map(|(_, command)| Some((rest(command)?, command.name.as_str())))
            .collect()
    }

    fn command(&self, name: &str) -> Option<&Command> {
        self.commands.all.iter().find(|known| known.name == name)
    }

    /// Whether a command has this key, or keys that begin so.
    pub(super) fn is_of_command(&self, key: Key) -> bool {
        let mut here = self.commands_here(self.mode());
        here.any(|(_, command)| command.keys.first() == Some(&key))
    }

    /// The keys typed so far run a command, or begin those of one; none where they do neither.
    pub(super) fn key_of_command(&mut self) -> Option<Vec<Effect>> {
        if !MODES.contains(&self.mode()) {
            return None;
        }
        let all = self.commands.all.iter();
        let mut begun = all.filter(|command| command.keys.starts_with(&self.pending));
        let first = begun.next()?;
        let whole = std::iter::once(first)
            .chain(begun)
            .find(|command| command.keys == self.pending);
        let Some(name) = whole.map(|command| command.name.clone()) else {
            self.wait_for_keys();
            return Some(Vec::new());
        };
        self.forget_keys();
        Some(self.run_command(&name, false))
    }

    /// Runs a command on the selected row or the marked ones, or tells what would be run.
    pub(super) fn run_command(&mut self, name: &str, dry: bool) -> Vec<Effect> {
        let Some(command) = self.command(name).cloned() else {
            let known: Vec<&str> = self.commands.all.iter().map(|own| &*own.name).collect();
            self.complain(if known.is_empty() {
                "there are no commands of your own: [[commands]] in config.toml makes one"
                    .to_owned()
            } else {
                format!(
                    "there is no command \"{name}\": there are {}",
                    known.join(", ")
                )
            });
            return Vec::new();
        };
        let rows = self.rows_meant();
        let fits = |node: &NodeId| {
            let row = Row::of(self.store.sort(*node));
            row.is_some_and(|row| command.on.contains(&row))
        };
        let rows: Vec<NodeId> = rows.into_iter().filter(fits).collect();
        if rows.is_empty() {
            self.say(format!(
                "{name} is for {}: this row is none",
                named(&command.on)
            ));
            return Vec::new();
        }
        if command.secrets && !dry && !self.agreed(name) {
            return Vec::new();
        }
        let masking = if command.secrets && !dry {
            self.redactor.open().masking()
        } else {
            self.redactor.masking()
        };
        let variables = self.variables(&rows, &mut masking.clone());
        let records = self.records(&rows);
        if command.secrets && !dry && records.iter().any(|(.., given)| given.is_masked()) {
            let again = self.key_of(Action::Refetch);
            self.post(Notice {
                text: format!(
                    "{name} gets placeholders (‹…#1›) where values were left out when the run was kept: \
                     {again} fetches it anew"
                ),
                failed: false,
                until: None,
            });
        }
        let told = self.redactor.masking();
        vec![Effect::Own(Box::new(Job {
            command,
            records,
            variables,
            masking,
            told,
            dry,
        }))]
    }

    /// Whether somebody agreed that a command gets secrets; asks where nobody did.
    fn agreed(&mut self, name: &str) -> bool {
        if self.commands.agreed.contains(name) {
            return true;
        }
        if self.commands.asked.take().as_deref() == Some(name) {
            self.commands.agreed.insert(name.to_owned());
            return true;
        }
        self.commands.asked = Some(name.to_owned());
        self.complain(format!(
            "{name} gets what is masked here and your credentials' variables: once more runs it, and is not \
             asked again until sortie ends"
        ));
        false
    }

    fn records(&self, rows: &[NodeId]) -> Vec<(String, String, Given)> {
        let mut last: Option<(NodeId, Arc<Run>)> = None;
        let mut records = Vec::new();
        for node in rows {
            let Some((_, info)) = self.context_of(*node) else {
                continue;
            };
            let given = match self.store.sort(*node) {
                Sort::Mission => {
                    let mission = self.store.mission(*node).cloned();
                    mission.map(|mission| Given::Mission(Box::new(mission)))
                }
                Sort::Run => {
                    let run = self.store.run(*node).cloned();
                    run.map(|run| Given::Run(Box::new(run)))
                }
                Sort::Event => {
                    let owner = self.store.owner(*node);
                    if last.as_ref().is_none_or(|(run, _)| *run != owner) {
                        let run = self.store.run(owner).cloned();
                        last = run.map(|run| (owner, Arc::new(run)));
                    }
                    let event = self.store.event(*node);
                    let seq = self.store.number(*node);
                    let of = last.as_ref().map(|(_, run)| Arc::clone(run));
                    of.zip(event)
                        .map(|(run, event)| Given::Event(run, seq, Box::new(event)))
                }
                Sort::Context | Sort::Step | Sort::Note | Sort::Group => None,
            };
            records.extend(given.map(|given| (info.name.clone(), info.provider.clone(), given)));
        }
        records
    }

    /// What all rows have in common, by the names of variables. No variable holds a NUL.
    fn variables(&self, rows: &[NodeId], masking: &mut Masking) -> Vec<(&'static str, String)> {
        let mut shared: Option<Vec<(&'static str, String)>> = None;
        for node in rows {
            let own = self.variables_of(*node);
            match &mut shared {
                None => shared = Some(own),
                Some(shared) => shared.retain(|known| own.contains(known)),
            }
        }
        let shared = shared.unwrap_or_default().into_iter();
        let is_id = |name: &str| ["SORTIE_MISSION", "SORTIE_RUN", "SORTIE_EVENT"].contains(&name);
        let mut safe = |name: &str, value: &str| {
            let shown = if is_id(name) {
                masking.id(value)
            } else {
                masking.text(value)
            };
            shown.replace('\0', "")
        };
        shared
            .map(|(name, value)| (name, safe(name, &value)))
            .collect()
    }

    fn variables_of(&self, node: NodeId) -> Vec<(&'static str, String)> {
        let info = self.context_of(node).map(|(_, info)| info);
        let run = self.run_of(node);
        let mission = match run {
            Some(run) => self.run_ref(run).map(|run| run.mission.to_string()),
            None => self.id_of(node),
        };
        let is_event = self.store.sort(node) == Sort::Event;
        let event = is_event.then(|| self.id_of(node)).flatten();
        let status = match run {
            Some(_) if is_event => self.role(node).map(|role| role.verdict.word().to_owned()),
            Some(run) => self.store.run(run).map(|run| run.status.word().to_owned()),
            None => self.store.mission(node).and_then(|of| of.status.clone()),
        };
        let tool = is_event.then(|| self.store.event(node)?.tool).flatten();
        let known = [
            ("SORTIE_CONTEXT", info.map(|info| info.name.clone())),
            ("SORTIE_PROVIDER", info.map(|info| info.provider.clone())),
            ("SORTIE_MISSION", mission),
            ("SORTIE_RUN", run.and_then(|run| self.id_of(run))),
            ("SORTIE_EVENT", event),
            ("SORTIE_STATUS", status),
            ("SORTIE_TOOL", tool),
            ("SORTIE_LOCATOR", self.locator(node)),
            ("SORTIE_URL", self.console_of(node)),
        ];
        known
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}
