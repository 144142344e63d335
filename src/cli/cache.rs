//! `sortie cache stat|clear`: what is kept of runs that have ended, and how to be rid of it. Asks nobody.

use std::{io, path::PathBuf};

use serde::Serialize;

use super::{
    exit::Exit,
    print::{Outlet, json},
};
use crate::{
    args::{CacheCommand, Format, Global},
    cache::{Folder, Stat},
    config::{Config, Env, cache_folder},
    export::record::ErrorRecord,
    guard::{Redactor, clean},
    source::reason,
    text::size,
};

#[derive(Serialize)]
struct Told<'a> {
    schema: &'static str,
    #[serde(flatten)]
    stat: &'a Stat,
}

pub(super) fn run(
    what: CacheCommand,
    global: &Global,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let usable = at(global, env).and_then(|folder| match folder.refusal() {
        Some(why) => Err(why),
        None => Ok(folder),
    });
    let folder = match usable {
        Ok(folder) => folder,
        Err(why) => {
            writeln!(outlet.err, "sortie: {}", clean::text(&why))?;
            return Ok(Exit::Usage);
        }
    };
    match what {
        CacheCommand::Stat { output } => {
            let stat = folder.stat();
            if output.format == Format::Text {
                let text = format!(
                    "{}\n{} of at most {}, in {}\n",
                    runs(&stat),
                    spelled(stat.bytes),
                    spelled(stat.limit),
                    stat.folder.display()
                );
                outlet.out.write_all(clean::text(&text).as_bytes())?;
                tell(&stat.damaged, "damaged, and ignored", outlet)?;
                tell(&stat.foreign, "not sortie's, and left alone", outlet)?;
            } else {
                let told = Told {
                    schema: "sortie.cache/1",
                    stat: &stat,
                };
                writeln!(outlet.out, "{}", json(&told)?)?;
            }
            Ok(Exit::Ok)
        }
        CacheCommand::Clear { output } => match folder.clear() {
            Ok(stat) if output.format == Format::Text => {
                let freed = spelled(stat.bytes);
                writeln!(outlet.out, "{} taken away, {freed}", runs(&stat))?;
                tell(&stat.foreign, "not sortie's, and left alone", outlet)?;
                Ok(Exit::Ok)
            }
            Ok(stat) => {
                let told = Told {
                    schema: "sortie.cache/1",
                    stat: &stat,
                };
                writeln!(outlet.out, "{}", json(&told)?)?;
                Ok(Exit::Ok)
            }
            Err(fault) => {
                let reason = reason(&fault);
                writeln!(
                    outlet.err,
                    "sortie: cannot take the kept runs away: {reason}"
                )?;
                Ok(Exit::Service)
            }
        },
    }
}

/// Where runs that have ended are kept; none where nothing is to be. What is said instead is why nothing
/// can be.
pub fn folder(config: &Config, env: &Env<'_>) -> Result<Option<Folder>, String> {
    if config.cache == 0 {
        return Ok(None);
    }
    kept(config, env)
}

/// The same for a command. That nothing can be kept is said, and no reason not to go on.
pub(super) fn told(
    config: &Config,
    env: &Env<'_>,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Option<Folder>> {
    let why = match folder(config, env) {
        Ok(folder) => return Ok(folder),
        Err(why) => why,
    };
    let record = ErrorRecord {
        context: None,
        code: "cache",
        message: why,
        hint: "Remove it, or say `max_mb = 0` under [cache].".to_owned(),
    };
    outlet.error(format, record, &mut Redactor::default().masking())?;
    Ok(None)
}

/// Where runs were kept, also where no more are to be.
pub fn kept(config: &Config, env: &Env<'_>) -> Result<Option<Folder>, String> {
    let folder = cache_folder(env).map(|below| Folder::new(&below, config.cache));
    match folder.as_ref().and_then(Folder::refusal) {
        Some(why) => Err(why),
        None => Ok(folder),
    }
}

fn at(global: &Global, env: &Env<'_>) -> Result<Folder, String> {
    let loaded = Config::load(global.config.as_deref(), env);
    let config = loaded.map_err(|fault| fault.to_string())?.config;
    let below = cache_folder(env).ok_or("there is no home folder to keep runs in")?;
    Ok(Folder::new(&below, config.cache))
}

fn tell(paths: &[PathBuf], what: &str, outlet: &mut Outlet<'_>) -> io::Result<()> {
    for path in paths {
        let line = format!("{what}: {}", path.display());
        writeln!(outlet.out, "{}", clean::line(&line))?;
    }
    Ok(())
}

fn runs(stat: &Stat) -> String {
    match stat.runs {
        1 => "1 run".to_owned(),
        count => format!("{count} runs"),
    }
}

fn spelled(bytes: u64) -> String {
    size::of(usize::try_from(bytes).unwrap_or(usize::MAX))
}
