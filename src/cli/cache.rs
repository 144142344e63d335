//! `sortie cache stat|clear`: what is kept of runs that have ended, and how to be rid of it. Asks nobody.

use std::io;

use serde::Serialize;

use super::{
    exit::Exit,
    print::{Outlet, json},
};
use crate::{
    args::{CacheCommand, Format, Global},
    cache::{Folder, Stat},
    config::{Config, Env, cache_folder},
    guard::clean,
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
    let folder = match at(global, env) {
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
                for path in &stat.damaged {
                    let line = format!("damaged, and ignored: {}", path.display());
                    writeln!(outlet.out, "{}", clean::line(&line))?;
                }
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

/// Where runs that have ended are kept; none where nothing is to be.
pub fn folder(config: &Config, env: &Env<'_>) -> Option<Folder> {
    let below = cache_folder(env).filter(|_| config.cache > 0)?;
    Some(Folder::new(&below, config.cache))
}

fn at(global: &Global, env: &Env<'_>) -> Result<Folder, String> {
    let loaded = Config::load(global.config.as_deref(), env);
    let config = loaded.map_err(|fault| fault.to_string())?.config;
    let below = cache_folder(env).ok_or("there is no home folder to keep runs in")?;
    Ok(Folder::new(&below, config.cache))
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
