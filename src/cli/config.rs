//! `sortie config default|path|check`: says what the configuration is. Asks no service and fetches
//! no credential.

use std::{io, path::Path};

use super::{exit::Exit, print::Outlet};
use crate::{
    args::ConfigCommand,
    config::{self, Config, Env, keys},
    guard::clean,
    source::reason,
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
    faults.extend(keys_faults(&keys_path));
    for fault in &faults {
        writeln!(outlet.out, "{}", clean::text(fault))?;
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

/// What is wrong with the key map. None need be there.
fn keys_faults(path: &Path) -> Vec<String> {
    let shown = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) => keys::merge(&mut keys::defaults(), &text)
            .iter()
            .map(|fault| format!("{shown}: {fault}"))
            .collect(),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(fault) => vec![format!("{shown}: {}", reason(&fault))],
    }
}
