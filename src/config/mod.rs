//! Where the contexts are and how sortie starts: defaults, then the file, then the environment's own
//! contexts. A wrong line is named and skipped; it never stops the start. No literal key is taken
//! from a file, and no value is ever quoted in a message.

mod append;
mod columns;
pub mod commands;
mod context;
mod copy;
mod credential;
mod duration;
mod environment;
mod fields;
mod file;
pub mod keys;
mod mask;
mod mend;
mod notify;
mod own;
mod resume;
mod rules;
mod saved;
pub mod themes;
mod tools;
mod warning;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::tz::TimeZone;

use crate::{
    analysis::rules::Switches,
    app::{columns::Sets, custom::Command, theme::Theme, views::is_name as is_view},
    export::curl::Tool,
    guard::Rules,
    source::reason,
    term::copy::Wishes,
};

pub use append::{NewContext, put_config};
pub use context::{
    Broken, Context, Credential, HeaderText, Secret, base_url as read_base_url, is_name,
    is_variable,
};
pub use credential::{credential_source, resolve, secrets};
pub use duration::parse_duration;
pub use environment::{Env, VARIABLES, environment_report};
#[cfg(test)]
pub(crate) use fields::KNOWN as CONTEXT_KEYS;
#[cfg(test)]
pub(crate) use file::TOP as TOP_KEYS;
pub use notify::Notify;
pub use resume::{keep_session, read_session};
pub use saved::{change_saved, read_saved};
pub use warning::{Warning, nearest};

/// The whole default configuration, commented.
pub const DEFAULT: &str = include_str!("../../assets/config.toml");

/// What holds after all sources were read.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    /// In the order of the file, then of the services.
    pub contexts: Vec<Context>,
    /// Contexts that cannot be asked.
    pub broken: Vec<Broken>,
    /// How much of a run is loaded at once.
    pub load: Load,
    /// Which rules may call a result a soft failure.
    pub rules: Switches,
    /// What is masked besides the credentials in use.
    pub mask: Arc<Rules>,
    /// Bytes of a payload above which the rest of it is read only when a key asks for it.
    pub read_on_above: u64,
    /// Bytes of runs that have ended which are kept on disk; 0 keeps none.
    pub cache: u64,
    /// The zone of shown times. Records are in UTC whatever it is.
    pub zone: Zone,
    /// What the screen begins with, where that is said.
    pub start: Option<Start>,
    /// Whether the mouse is used from the start.
    pub mouse: bool,
    /// Whether the screen begins where one was.
    pub resume: bool,
    /// Whether the terminal's window is called after what is shown.
    pub title: bool,
    /// Whether addresses on the screen are links.
    pub hyperlinks: bool,
    /// How far back the inbox looks.
    pub window: Duration,
    /// The columns of the lists on the screen.
    pub columns: Sets,
    /// The themes that there are, by name.
    pub themes: Vec<Arc<Theme>>,
    /// The one that the screen begins with.
    pub theme: String,
    /// Whether somebody says so.
    pub theme_named: bool,
    /// The views that the file names, with the lines that have them.
    pub views: Vec<(String, usize)>,
    /// The person's own commands.
    pub commands: Vec<Command>,
    /// By which ways copies go.
    pub copy: Wishes,
    /// How tools are reached, as far as somebody says so.
    pub tools: Vec<Tool>,
    /// How somebody is told who looks elsewhere.
    pub notify: Notify,
    /// The file that was read or would have been.
    pub path: PathBuf,
    /// Whether it was there.
    pub found: bool,
    /// The first thing that is wrong with it; where it is no TOML, where that begins.
    pub wrong: Option<Warning>,
}

/// How much of a run is loaded before the rest waits for demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Events.
    pub events: u32,
    /// Bytes of replies.
    pub bytes: u64,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            events: 20_000,
            bytes: 64 * 1024 * 1024,
        }
    }
}

/// What the screen begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Contexts and their missions.
    #[default]
    Missions,
    /// The runs of all contexts, what failed first.
    Inbox,
    /// What was shown last.
    Last,
    /// What the view of that name keeps.
    View(String),
}

impl Start {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "missions" => Some(Self::Missions),
            "inbox" => Some(Self::Inbox),
            "last" => Some(Self::Last),
            word => {
                let name = word.strip_prefix("view:")?;
                is_view(name).then(|| Self::View(name.to_owned()))
            }
        }
    }
}

/// The window of the inbox unless the file says otherwise.
const WINDOW: Duration = Duration::from_secs(24 * 3600);

/// Larger payloads wait for a key before all of them is read.
const READ_ON_ABOVE: u64 = 1024 * 1024 * 1024;
const CACHE: u64 = 512 * 1024 * 1024;

/// The zone in which times are shown; UTC unless told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

/// The configuration, and what was wrong with it.
#[derive(Clone)]
pub struct Loaded {
    /// What holds.
    pub config: Config,
    /// What was skipped.
    pub warnings: Vec<Warning>,
}

/// The file that `--config` names cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the configuration {}: {cause}", .path.display())]
pub struct Unreadable {
    /// As given.
    pub path: PathBuf,
    /// Short cause.
    pub cause: String,
}

/// The home folder as the environment has it.
pub fn home(env: &Env<'_>) -> PathBuf {
    env("HOME")
        .filter(|home| !home.is_empty())
        .map(PathBuf::from)
        .or_else(|| etcetera::home_dir().ok())
        .unwrap_or_else(|| PathBuf::from("/"))
}

/// `config.toml` in the XDG folder, on every system.
pub fn default_path(env: &Env<'_>) -> PathBuf {
    env("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(|| home(env).join(".config"))
        .join("sortie")
        .join("config.toml")
}

/// Where sortie keeps what can be had again: in the XDG folder, on every system. None without a home.
pub fn cache_folder(env: &Env<'_>) -> Option<PathBuf> {
    below(env, "XDG_CACHE_HOME", ".cache")
}

/// Where sortie keeps what is to outlive it: in the XDG folder, on every system. None without a home.
pub fn state_folder(env: &Env<'_>) -> Option<PathBuf> {
    below(env, "XDG_STATE_HOME", ".local/state")
}

fn below(env: &Env<'_>, variable: &str, usual: &str) -> Option<PathBuf> {
    let absolute = |name: &str| {
        let folder = PathBuf::from(env(name)?);
        folder.is_absolute().then_some(folder)
    };
    let folder = absolute(variable).or_else(|| Some(absolute("HOME")?.join(usual)))?;
    Some(folder.join("sortie"))
}

impl Config {
    /// What a text would be as the file at `path`, and nothing else: no variable is looked at. Nothing is
    /// read or written.
    pub fn of_text(path: &Path, text: &str, env: &Env<'_>) -> Loaded {
        let home = home(env);
        let places = file::Places {
            home: &home,
            folder: path.parent().unwrap_or(Path::new("")),
        };
        let read = file::read(&path.display().to_string(), text, places);
        let themes = themes::bundled();
        Self::over(read, path.to_path_buf(), true, (themes, None))
    }

    fn over(
        read: file::FromFile,
        path: PathBuf,
        found: bool,
        (themes, theme): (Vec<Arc<Theme>>, Option<String>),
    ) -> Loaded {
        Loaded {
            config: Self {
                contexts: read.contexts,
                broken: read.broken,
                load: read.load,
                rules: read.rules,
                mask: Arc::new(read.mask),
                zone: read.zone,
                start: read.start,
                resume: read.resume.unwrap_or(true),
                title: read.title.unwrap_or(true),
                hyperlinks: read.hyperlinks.unwrap_or(false),
                mouse: read.mouse.unwrap_or_default(),
                window: read.window.unwrap_or(WINDOW),
                columns: read.columns,
                themes,
                theme_named: theme.is_some(),
                theme: theme.unwrap_or_else(|| Theme::default().name),
                views: read.views,
                commands: read.commands,
                copy: read.copy,
                tools: read.tools,
                notify: read.notify,
                read_on_above: read.read_on_above.unwrap_or(READ_ON_ABOVE),
                cache: read.cache.unwrap_or(CACHE),
                wrong: wrong(&path, &read.warnings),
                path,
                found,
            },
            warnings: read.warnings,
        }
    }

    /// The named view that the screen begins with: the one that all contexts in use name, else the one
    /// of `start`.
    pub fn view(&self) -> Option<&str> {
        let mut named = self.contexts.iter().map(|context| context.view.as_deref());
        let first = named.next().flatten();
        if first.is_some() && named.all(|other| other == first) {
            return first;
        }
        match &self.start {
            Some(Start::View(name)) => Some(name),
            Some(Start::Missions | Start::Inbox | Start::Last) | None => None,
        }
    }

    /// Reads the file (`flag` where given) and the environment. Only a file named by `flag` must be
    /// there; the environment makes contexts only where no file was named.
    pub fn load(flag: Option<&Path>, env: &Env<'_>) -> Result<Loaded, Unreadable> {
        let path = flag.map_or_else(|| default_path(env), Path::to_path_buf);
        let mut warnings = Vec::new();
        let (text, found) = match std::fs::read_to_string(&path) {
            Ok(text) => (text, true),
            Err(fault) if flag.is_some() => {
                let cause = reason(&fault);
                return Err(Unreadable { path, cause });
            }
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => (String::new(), false),
            Err(fault) => {
                warnings.push(Warning {
                    file: path.display().to_string(),
                    line: None,
                    message: format!("cannot be read: {}", reason(&fault)),
                });
                (String::new(), false)
            }
        };
        let home = home(env);
        let folder = path.parent().unwrap_or(Path::new(""));
        let places = file::Places {
            home: &home,
            folder,
        };
        let mut read = file::read(&path.display().to_string(), &text, places);
        warnings.append(&mut read.warnings);
        let (themes, mut faults) = themes::load(&path);
        let theme = theme(read.theme.take(), &themes, &path, &mut warnings);
        warnings.append(&mut faults);
        if flag.is_none() {
            let (mut contexts, mut broken, mut more) = environment::contexts(env, &read.providers);
            // A context of the file may be called like a service that it does not speak to.
            contexts.retain(|made| read.contexts.iter().all(|own| own.name != made.name));
            read.contexts.append(&mut contexts);
            read.broken.append(&mut broken);
            warnings.append(&mut more);
        }
        read.warnings = warnings;
        Ok(Self::over(read, path, found, (themes, theme)))
    }
}

/// What is to be mended first in a file.
fn wrong(path: &Path, warnings: &[Warning]) -> Option<Warning> {
    let file = path.display().to_string();
    let own = || warnings.iter().filter(|warning| warning.file == file);
    let torn = own().find(|warning| warning.is_torn() || warning.line.is_none());
    torn.or_else(|| own().next()).cloned()
}

/// The theme that the file names, with its line, if there is one.
fn theme(
    named: Option<(String, usize)>,
    themes: &[Arc<Theme>],
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let (name, line) = named?;
    let Err(message) = themes::known(themes, &name) else {
        return Some(name);
    };
    warnings.push(Warning {
        file: path.display().to_string(),
        line: Some(line),
        message,
    });
    None
}

#[cfg(test)]
mod tests;
