//! `sortie config default|path|check`: says what the configuration is. Asks no service and fetches
//! no credential. `config init` has a file of its own.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{exit::Exit, init, print::Outlet};
use crate::{
    app::{keymap::Keymap, theme::instead},
    args::{ConfigCommand, Global, Place},
    config::{self, Config, Env},
    guard::clean,
};

pub(super) async fn run(
    what: &ConfigCommand,
    global: &Global,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let flag = global.config.as_deref();
    match what {
        ConfigCommand::Default => {
            outlet.out.write_all(config::DEFAULT.as_bytes())?;
            Ok(Exit::Ok)
        }
        ConfigCommand::Path { what } => paths(*what, global, env, outlet),
        ConfigCommand::Check => check(flag, env, outlet),
        ConfigCommand::Init(wanted) => init::run(wanted, global, env, outlet).await,
    }
}

/// Where everything is; of one thing only its path, for scripts.
fn paths(
    what: Option<Place>,
    global: &Global,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let config = global.config.clone();
    let config = config.unwrap_or_else(|| config::default_path(env));
    let log = || env("SORTIE_LOG").filter(|name| !name.is_empty());
    let of = |place: Place| match place {
        Place::Config => Some(config.clone()),
        Place::Keys => Some(config.with_file_name("keys.toml")),
        Place::Themes => Some(config.with_file_name("themes")),
        Place::State => config::state_folder(env),
        Place::Cache => config::cache_folder(env),
        Place::Log => global.log.clone().or_else(|| log().map(PathBuf::from)),
    };
    if let Some(place) = what {
        let Some(path) = of(place) else {
            let why = match place {
                Place::Log => "no log is written: --log FILE or SORTIE_LOG=FILE writes one",
                _ => "there is no such place: HOME is not set",
            };
            writeln!(outlet.err, "sortie: {why}")?;
            return Ok(Exit::NotFound);
        };
        writeln!(outlet.out, "{}", path.display())?;
        return Ok(Exit::Ok);
    }
    for (place, word) in [
        (Place::Config, "config"),
        (Place::Keys, "keys"),
        (Place::Themes, "themes"),
        (Place::State, "state"),
        (Place::Cache, "cache"),
        (Place::Log, "log"),
    ] {
        let path = of(place);
        let told = match (&path, place) {
            (None, Place::Log) => "off (--log FILE or SORTIE_LOG=FILE writes one)".to_owned(),
            (None, _) => "nowhere: HOME is not set".to_owned(),
            (Some(path), _) if path.exists() => path.display().to_string(),
            (Some(path), _) => format!("{} (not there yet)", path.display()),
        };
        writeln!(outlet.out, "{word:<8}{}", clean::line(&told))?;
    }
    Ok(Exit::Ok)
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
    let keys = super::keys::Read::beside(&loaded.config.path);
    faults.extend(keys.faults().iter().map(ToString::to_string));
    faults.extend(commands_faults(&loaded.config, keys.map()));
    faults.extend(views_faults(&loaded.config, env));
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

/// The views that lines name and that nobody saved. A word to the person, not to the file: a view is saved on
/// the screen.
fn views_faults(config: &Config, env: &Env<'_>) -> Vec<String> {
    if config.views.is_empty() {
        return Vec::new();
    }
    let saved = config::state_folder(env).map(|folder| config::read_saved(&folder));
    let saved = saved.unwrap_or_default();
    if let Some(fault) = saved.fault {
        return vec![fault];
    }
    let names: Vec<&str> = saved.views.iter().map(|view| view.name.as_str()).collect();
    let file = config.path.display().to_string();
    let gone = config.views.iter();
    let gone = gone.filter(|(name, _)| !names.contains(&name.as_str()));
    gone.map(|(name, line)| {
        let instead = match names.as_slice() {
            [] => "; none is saved yet, :save-view does it".to_owned(),
            names => instead(name, names),
        };
        let fault = config::Warning {
            file: file.clone(),
            line: Some(*line),
            message: format!("there is no view \"{name}\"{instead}"),
        };
        fault.to_string()
    })
    .collect()
}

/// Whose keys the person's own commands take.
fn commands_faults(config: &Config, map: &Keymap) -> Vec<String> {
    let shown = config.path.display().to_string();
    let told = config::commands::conflicts(&config.commands, map, &shown);
    told.iter().map(ToString::to_string).collect()
}
