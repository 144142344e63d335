//! What the screen is opened with, read from the command line and the configuration, and the reasons
//! for which it does not open. Nothing is opened or asked here.

use std::{collections::BTreeSet, io, path::PathBuf};

use secrecy::SecretString;

use crate::{
    app::theme,
    args::{Args, Color, Command},
    cli::{
        exit::{Exit, Stop},
        open::reference,
        session::select,
    },
    config::{Config, Env, Warning},
    model::Trouble,
};

/// Everything the screen is opened with.
pub struct RunArgs {
    /// What to show.
    pub shown: Shown,
    /// What is to be opened once the screen is.
    pub reference: Option<String>,
    /// The configuration, narrowed to the contexts that are wanted.
    pub config: Config,
    /// What was wrong with it.
    pub warnings: Vec<Warning>,
    /// How many colours to use.
    pub color: Color,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Whether runs that have ended are kept, and not asked for again.
    pub keeps: bool,
    /// Variables that credentials come from, of contexts that are not wanted, too.
    pub credentials: BTreeSet<String>,
    /// The credentials of all contexts that are at hand, also of those that are not wanted: what is opened
    /// may hold them.
    pub secrets: Vec<SecretString>,
    /// Whether to begin as on the first start.
    pub fresh: bool,
    /// Ends the process at once with a code: for signals, after which nothing is unwound.
    pub exit: fn(i32),
}

/// What to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The configured contexts.
    Contexts,
    /// The demo.
    Demo,
    /// These files; `-` is standard input.
    Files(Vec<PathBuf>),
    /// What was kept of runs that had ended, of these contexts or of all.
    Kept(Vec<String>),
}

/// Why the screen did not open, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// There is no terminal. A whole sentence.
    #[error("{0}")]
    NoTerminal(String),
    /// What was asked cannot be done.
    #[error("sortie: {0}")]
    Usage(String),
    /// A file could not be read.
    #[error("sortie: {0}")]
    File(Trouble),
    /// The terminal or the system.
    #[error("sortie: the screen broke off: {0}")]
    System(#[from] io::Error),
}

impl Stopped {
    /// What the program ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NoTerminal(_) | Self::Usage(_) | Self::File(_) => Exit::Usage,
            Self::System(_) => Exit::Service,
        }
    }
}

impl RunArgs {
    /// From the command line. Only a context or a file that the person named can be a fault; that
    /// nothing is configured is a screen of its own.
    pub fn read(args: &Args, env: &Env<'_>, exit: fn(i32)) -> Result<Self, Stopped> {
        let global = &args.global;
        let loaded = Config::load(global.config.as_deref(), env)
            .map_err(|unreadable| Stopped::Usage(unreadable.to_string()))?;
        let mut config = loaded.config;
        let credentials = config.credential_variables().into_iter().collect();
        let secrets = config.own_secrets(env);
        let reference = match &args.command {
            Some(Command::Open { files, .. }) => reference(files),
            _ => None,
        };
        let shown = match &args.command {
            Some(Command::Demo { .. }) => Shown::Demo,
            Some(Command::Open { files, .. }) if reference.is_none() => Shown::Files(files.clone()),
            _ if global.offline => Shown::Kept(global.context.clone()),
            _ if !global.from.is_empty() => Shown::Files(global.from.clone()),
            _ => Shown::Contexts,
        };
        if shown == Shown::Contexts && !global.context.is_empty() {
            let wanted = select(&config, &global.context).map_err(stopped)?;
            config.contexts = wanted.into_iter().cloned().collect();
        }
        if !global.clipboard.is_empty() {
            // `auto` anywhere among them leaves it to the surroundings.
            config.copy.order = global.clipboard.iter().copied().collect();
        }
        let mut warnings = loaded.warnings;
        config.theme = wanted_theme(global.theme.as_deref(), &config).unwrap_or_else(|fault| {
            warnings.push(fault);
            config.theme.clone()
        });
        let is_flag = global.theme.as_ref() == Some(&config.theme);
        config.theme_named |= is_flag;
        Ok(Self {
            shown,
            reference,
            config,
            warnings,
            color: global.color,
            ascii: global.ascii,
            keeps: !global.no_cache,
            credentials,
            secrets,
            fresh: global.fresh,
            exit,
        })
    }
}

/// The theme that the command line names, else that of the configuration.
fn wanted_theme(flag: Option<&str>, config: &Config) -> Result<String, Warning> {
    let Some(name) = flag else {
        return Ok(config.theme.clone());
    };
    match theme::find(&config.themes, name) {
        Ok(theme) => Ok(theme.name.clone()),
        Err(message) => Err(Warning {
            file: "--theme".to_owned(),
            line: None,
            message,
        }),
    }
}

fn stopped(stop: Stop) -> Stopped {
    match stop {
        Stop::Usage(message) | Stop::Unconfigured(message) | Stop::NotFound(message) => {
            Stopped::Usage(message)
        }
        Stop::File(_) | Stop::Failed(_) => Stopped::Usage("the contexts cannot be used".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn read(line: &str) -> Result<RunArgs, Stopped> {
        let env = |name: &str| (name == "TELNYX_API_KEY").then(|| "KEY0123456789".to_owned());
        RunArgs::read(&Args::parse_from(line.split(' ')), &env, |_| ())
    }

    #[test]
    fn shows_what_the_command_line_names() {
        let files = |names: &[&str]| Shown::Files(names.iter().map(PathBuf::from).collect());
        for (line, shown) in [
            ("sortie", Shown::Contexts),
            ("sortie --context telnyx", Shown::Contexts),
            ("sortie demo", Shown::Demo),
            (
                "sortie open a.jsonl b.jsonl",
                files(&["a.jsonl", "b.jsonl"]),
            ),
            ("sortie --from -", files(&["-"])),
            ("sortie --offline", Shown::Kept(Vec::new())),
            ("sortie open 8c41-none", Shown::Contexts),
        ] {
            assert_eq!(read(line).unwrap().shown, shown, "{line}");
        }
    }

    #[test]
    fn a_theme_that_is_not_there_is_told_and_stops_nothing() {
        let read = |line| read(line).unwrap();
        assert_eq!(read("sortie --theme dark").config.theme, "dark");
        let wrong = read("sortie --theme drak");
        assert_eq!(wrong.config.theme, "ansi");
        let told = wrong.warnings[0].to_string();
        assert!(
            told.starts_with("--theme: there is no theme \"drak\"; did you mean dark?"),
            "{told}"
        );
    }

    #[test]
    fn programs_get_the_credentials_of_no_context_also_where_one_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let text = "[contexts.a]\nprovider = \"telnyx\"\napi_key_env = \"KEY_OF_A\"\n\
                    [contexts.b]\nprovider = \"telnyx\"\napi_key_env = \"KEY_OF_B\"\n";
        std::fs::write(&file, text).unwrap();
        let line = format!("sortie --config {} --context a", file.display());
        let args = read(&line).unwrap();
        assert_eq!(args.config.contexts.len(), 1);
        for name in ["KEY_OF_A", "KEY_OF_B"] {
            assert!(args.credentials.contains(name), "{:?}", args.credentials);
        }
    }

    #[test]
    fn what_is_opened_is_masked_by_the_credentials_of_all_contexts_and_no_program_is_run_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let (key, ran) = (folder.path().join("key"), folder.path().join("ran"));
        std::fs::write(&key, "key-of-b-0123\n").unwrap();
        let text = format!(
            "[contexts.a]\nprovider = \"telnyx\"\napi_key_env = \"KEY_OF_A\"\n\
             [contexts.b]\nprovider = \"telnyx\"\napi_key_file = {key:?}\n\
             [contexts.c]\nprovider = \"telnyx\"\napi_key_command = [\"touch\", {ran:?}]\n"
        );
        std::fs::write(&file, text).unwrap();
        let line = format!("sortie --config {} --context a", file.display());
        let args = read(&line).unwrap();
        let masking = |text: &str| {
            let redactor = crate::guard::Redactor::new(args.secrets.clone());
            redactor.masking().text(text).into_owned()
        };
        assert_eq!(masking("is key-of-b-0123 here"), "is ‹key#1› here");
        assert!(!ran.exists());
    }

    #[test]
    fn a_context_that_is_not_there_is_a_fault_of_usage() {
        let Err(stopped) = read("sortie --context staging") else {
            panic!("it was taken");
        };
        assert_eq!(stopped.exit(), Exit::Usage);
        assert!(stopped.to_string().contains("staging"), "{stopped}");
    }
}
