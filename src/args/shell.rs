//! What sortie says of itself: to shells, to `man`, to programs that read its output, and about its
//! configuration. Asks no service, but for `config init`, which may try what it is about to write.

use std::path::PathBuf;

use clap::{ArgGroup, Args as Group, Subcommand, ValueEnum};

use crate::{model::AuthScheme, provider};

/// The version with the facts about the build, as far as they are known.
pub(super) const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), " (", env!("SORTIE_BUILD"), ")");

/// What shells and other programs learn of sortie.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum About {
    /// Print the script that completes sortie's commands in a shell
    ///
    /// Contexts, named views, and the runs and missions that were seen are completed too; no service is
    /// asked. For bash: `source <(sortie completions bash)` in ~/.bashrc. For zsh: `sortie completions zsh
    /// > DIR/_sortie` in a folder of $fpath. For fish: `sortie completions fish | source`.
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page, or write one for each command
    ///
    /// `sortie man | man -l -` shows it.
    Man {
        /// Write sortie.1 and a page for each command there
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print the JSON Schema of an output, of the configuration or of the key map
    ///
    /// Without a name it lists what there is.
    Schema {
        /// `config`, `keys`, a command's output such as `runs`, or a record such as `event`
        name: Option<String>,
    },
    /// What can stand at the end of a line; for the scripts of shells
    #[command(name = "__complete", hide = true)]
    Complete {
        /// In whose form
        shell: Shell,
        /// The line up to the cursor
        #[arg(allow_hyphen_values = true)]
        line: String,
        /// Of bash: the characters at which it splits words
        #[arg(long, default_value = "", allow_hyphen_values = true)]
        breaks: String,
        /// Whether candidates are only listed, so that a description may stand behind them
        #[arg(long)]
        listed: bool,
    },
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
}

/// What to do with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Print the default configuration, commented
    Default,
    /// Print where everything is, and whether it is there
    Path {
        /// Print only the path of this
        what: Option<Place>,
    },
    /// Name every fault of the configuration by file and line; 2 if there is one
    Check,
    /// Write a first context: asks, tries it out, and says what to run next
    ///
    /// With --provider nothing is asked. The key itself is never written: only where it comes from.
    Init(Init),
}

/// Something of sortie's on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Place {
    /// The configuration.
    Config,
    /// The key map.
    Keys,
    /// The folder of themes of one's own.
    Themes,
    /// The folder of what outlives sortie: views, bookmarks, notes.
    State,
    /// The folder of what can be had again.
    Cache,
    /// The log, where one is written.
    Log,
}

/// The context that `config init` writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Group)]
#[command(group = ArgGroup::new("key").args(["key_env", "key_file", "key_command", "no_key"]))]
pub struct Init {
    /// The service: telnyx, vectara, agentex or elizaos
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub provider: Option<&'static str>,
    /// What the context is called; the service's name without it
    #[arg(long, value_name = "NAME", requires = "provider")]
    pub name: Option<String>,
    /// Where the service is; each has a default
    #[arg(long, value_name = "URL", requires = "provider")]
    pub base_url: Option<String>,
    /// The variable that holds the key
    #[arg(long, value_name = "VARIABLE", requires = "provider")]
    pub key_env: Option<String>,
    /// The file that holds the key, readable by you alone
    #[arg(long, value_name = "FILE", requires = "provider")]
    pub key_file: Option<String>,
    /// The command that prints the key: 'pass show telnyx'
    #[arg(long, value_name = "COMMAND", requires = "provider")]
    pub key_command: Option<String>,
    /// The service wants no key
    #[arg(long, requires = "provider")]
    pub no_key: bool,
    /// How the key is sent: bearer, x-api-key or agent-key; each service has a default
    #[arg(long, value_name = "HOW", requires = "provider", value_parser = scheme)]
    pub auth: Option<AuthScheme>,
    /// The account, for Agentex on a hosted platform; the key is then sent as x-api-key
    #[arg(long, value_name = "ID", requires = "provider")]
    pub account_id: Option<String>,
    /// Write it without trying it out
    #[arg(long)]
    pub no_test: bool,
}

fn service(word: &str) -> Result<&'static str, String> {
    let known = provider::named(word).map(provider::Provider::name);
    known.ok_or_else(|| {
        let names = provider::ALL.map(provider::Provider::name);
        format!("the services are {}", names.join(", "))
    })
}

fn scheme(word: &str) -> Result<AuthScheme, String> {
    match word {
        "bearer" => Ok(AuthScheme::Bearer),
        "x-api-key" => Ok(AuthScheme::XApiKey),
        "agent-key" => Ok(AuthScheme::AgentKey),
        _ => Err("a key is sent as bearer, x-api-key or agent-key".to_owned()),
    }
}
