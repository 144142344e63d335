//! `sortie config default|path|check`: says what the configuration is. Asks no service and fetches
//! no credential.

use std::{io, path::Path};

use super::{exit::Exit, print::Outlet};
use crate::{
    args::ConfigCommand,
    config::{self, Config, Env, keys},
};

pub(super) fn run(
    what: ConfigCommand,
    flag: Option<&Path>,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    match what {
        ConfigCommand::Default => {
            outlet.out.write_all(config::DEFAULT.as_bytes())?;
            Ok(Exit::Ok)
        }
        ConfigCommand::Path => {
            let path = flag.map_or_else(|| config::default_path(env), Path::to_path_buf);
            writeln!(outlet.out, "{}", path.display())?;
            Ok(Exit::Ok)
        }
        ConfigCommand::Check => check(flag, env, outlet),
    }
}

fn check(flag: Option<&Path>, env: &Env<'_>, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let loaded = match Config::load(flag, env) {
        Ok(loaded) => loaded,
        Err(fault) => {
            writeln!(outlet.err, "sortie: {fault}")?;
            return Ok(Exit::Usage);
        }
    };
    let mut faults: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    let keys_path = loaded.config.path.with_file_name("keys.toml");
    if let Ok(text) = std::fs::read_to_string(&keys_path) {
        let found = keys::merge(&mut keys::defaults(), &text);
        faults.extend(
            found
                .iter()
                .map(|fault| format!("{}: {fault}", keys_path.display())),
        );
    }
    for fault in &faults {
        writeln!(outlet.out, "{fault}")?;
    }
    if !faults.is_empty() {
        return Ok(Exit::Usage);
    }
    let state = if loaded.config.found {
        "read"
    } else {
        "not there, which is fine"
    };
    writeln!(
        outlet.out,
        "{} ({state}): no fault",
        loaded.config.path.display()
    )?;
    for context in &loaded.config.contexts {
        writeln!(
            outlet.out,
            "  {} ({})",
            context.name,
            context.provider.name()
        )?;
    }
    Ok(Exit::Ok)
}
