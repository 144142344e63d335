//! The headless twin of the screen: one file per command. Asks through the same engine, prints data on
//! stdout and everything else on stderr, and ends with an exit code that scripts can trust. Knows
//! nothing of terminals; what it must know of one is handed in.

mod about;
mod api_log;
mod cache;
mod calls;
mod causes;
mod columns;
pub mod complete;
mod config;
mod consoles;
mod contexts;
mod curl;
pub mod doctor;
mod ended;
mod events;
pub mod exit;
pub mod export;
mod feed;
mod files;
mod follow;
pub mod gather;
mod init;
mod keys;
mod lines;
mod locate;
mod man;
mod missions;
pub mod open;
pub mod pager;
mod pick;
pub mod print;
mod runs;
pub mod schema;
mod search;
pub mod session;
mod show;
mod sieve;
mod trail;
mod views;
mod watch;

pub use cache::{folder, kept};
pub use consoles::{address_of, consoles};
pub use ended::{end_on_signals, interrupted};

use std::{io, pin::pin, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    args::{About, Args, CacheCommand, Command, ContextsCommand, Format, Global},
    config::{Config, Env, Zone, secrets, state_folder},
    fault,
    guard::Redactor,
    model::Time,
};
use api_log::ApiLog;
use exit::{Exit, Stop};
use print::Outlet;
use session::Session;

/// How often `--api-log` looks for new requests while a command runs.
const EVERY: Duration = Duration::from_millis(200);

/// Runs a command that needs no screen. `now` is when it began; `requests` is where `--api-log`
/// writes beside the outlet, usually the same stderr.
pub async fn run(
    args: &Args,
    command: &Command,
    env: &Env<'_>,
    now: Timestamp,
    outlet: &mut Outlet<'_>,
    requests: &mut dyn io::Write,
) -> Exit {
    outlet.ascii |= args.global.ascii || is_ascii(env);
    if let Command::Config { what } = command {
        return settle(config::run(what, &args.global, env, outlet).await, outlet);
    }
    if let Command::Keys {
        check,
        preset,
        sheet,
        output,
    } = command
    {
        let wanted = keys::Wanted {
            check: *check,
            preset: preset.as_deref(),
            sheet: *sheet,
            format: output.format,
        };
        let flag = args.global.config.as_deref();
        return settle(keys::run(&wanted, flag, env, outlet), outlet);
    }
    if let Command::Cache { what } = command {
        return settle(cache::run(*what, &args.global, env, outlet), outlet);
    }
    let format = format(command);
    let names = match command {
        Command::Contexts {
            what: Some(ContextsCommand::Test { names, .. }),
            ..
        } => names.as_slice(),
        _ => &[],
    };
    let global = open::over_files(&args.global, command);
    let session = match open(&global, names, env, now, format, outlet).await {
        Ok(Ok(session)) => session,
        Ok(Err(stop)) => {
            let mut masking = Redactor::default().masking();
            let told = outlet.stop(format, &stop, &mut masking);
            return settle(told.map(|()| stopped(&stop)), outlet);
        }
        Err(fault) => return settle(Err(fault), outlet),
    };
    if !args.global.api_log {
        return perform(&session, command, outlet).await;
    }
    // Writes the rest when it is dropped, also by an interrupt.
    let mut log = ApiLog::new(&session, format, outlet.ascii, requests);
    let mut work = pin!(perform(&session, command, outlet));
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            exit = &mut work => return exit,
            // A stderr that is closed is no reason to stop.
            _ = ticks.tick() => drop(log.write()),
        }
    }
}

/// Prints what was found out about the terminal, which is for others to find out.
pub fn tell_terminal(
    findings: &[doctor::Finding],
    format: Format,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> Exit {
    outlet.ascii |= is_ascii(env);
    settle(doctor::run(findings, format, outlet), outlet)
}

/// What shells and other programs learn of sortie.
pub fn tell(about: &About, env: &Env<'_>, outlet: &mut Outlet<'_>) -> Exit {
    settle(about::run(about, env, outlet), outlet)
}

/// Whether the locale names a character set that is not UTF-8. Without a locale nothing is known, and
/// nearly everything reads UTF-8.
fn is_ascii(env: &Env<'_>) -> bool {
    let mut names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(env);
    names.find(|name| !name.is_empty()).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        !name.contains("utf-8") && !name.contains("utf8")
    })
}

/// Performs a command on opened contexts.
pub async fn perform(session: &Session, command: &Command, outlet: &mut Outlet<'_>) -> Exit {
    let done = match command {
        Command::Contexts { what: None, output } => contexts::run(session, output.format, outlet),
        Command::Contexts {
            what: Some(ContextsCommand::Test { names, output }),
            ..
        } => contexts::test(session, names, output.format, outlet).await,
        Command::Missions { limit, output } => {
            missions::run(session, *limit, output.format, outlet).await
        }
        Command::Causes { filter, output } => {
            causes::run(session, filter, output.format, outlet).await
        }
        Command::Watch(watching) => watch::run(session, watching, outlet).await,
        Command::Search {
            word,
            query,
            runs,
            limit,
            output,
        } => {
            let wanted = search::Wanted {
                word,
                query: query.as_deref(),
                runs: *runs as usize,
                limit: *limit as usize,
            };
            search::run(session, &wanted, output.format, outlet).await
        }
        Command::Runs { filter, output } => runs::run(session, filter, output.format, outlet).await,
        Command::Events {
            run: Some(run),
            follow: true,
            filter,
            output,
            ..
        } => {
            let format = output.format.followed();
            follow::run(session, run, filter, format, outlet).await
        }
        Command::Events {
            run,
            filter,
            output,
            ..
        } => events::run(session, run.as_deref(), filter, output.format, outlet).await,
        Command::Show {
            mission: Some(mission),
            extras,
            output,
            ..
        } => missions::show(session, mission, *extras, output.format, outlet).await,
        Command::Show {
            address,
            extras,
            part,
            output,
            ..
        } => {
            let address = address.as_deref().unwrap_or_default();
            let wanted = show::Wanted {
                view: show::view(*part),
                in_full: *extras,
                format: output.format,
            };
            show::run(session, address, wanted, outlet).await
        }
        Command::Calls {
            runs,
            sort,
            query,
            format,
        } => calls::run(session, runs, (*sort, query.as_deref()), *format, outlet).await,
        Command::Export(wanted) => export::run(session, wanted, outlet).await,
        Command::Curl {
            address,
            replay,
            output,
        } => curl::run(session, address, *replay, output.format, outlet).await,
        // These need no session or a screen; `run` and the caller have seen to them.
        Command::Open { files, output, .. } => {
            open::run(session, files, output.format, outlet).await
        }
        Command::About(_)
        | Command::Cache { .. }
        | Command::Config { .. }
        | Command::Demo { .. }
        | Command::Doctor { .. }
        | Command::Keys { .. } => Ok(Exit::Usage),
    };
    let aged = session.tell_age(format(command), outlet);
    let done = done.and_then(|exit| aged.map(|()| exit));
    // What was read of files that break off is not all there was.
    let done = done.map(|exit| match exit {
        Exit::Ok if session.damaged => Exit::Partial,
        exit => exit,
    });
    settle(done, outlet)
}

/// A reader that has seen enough is no failure; anything else about writing is one.
fn settle(done: io::Result<Exit>, outlet: &mut Outlet<'_>) -> Exit {
    match done.and_then(|exit| outlet.out.flush().map(|()| exit)) {
        Ok(exit) => exit,
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Exit::Ok,
        Err(fault) => {
            // Nobody is left to tell if this fails too.
            let _ = writeln!(outlet.err, "sortie: cannot write: {fault}");
            Exit::Partial
        }
    }
}

/// Says why a command could not print anything, and ends it.
pub(crate) fn refuse(
    session: &Session,
    stop: &Stop,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    outlet.stop(format, stop, &mut session.redactor.masking())?;
    Ok(stopped(stop))
}

fn stopped(stop: &Stop) -> Exit {
    match stop {
        Stop::Usage(_) | Stop::Unconfigured(_) | Stop::File(_) => Exit::Usage,
        Stop::NotFound(_) => Exit::NotFound,
        Stop::Failed(failures) => Exit::of(false, failures),
    }
}

fn format(command: &Command) -> Format {
    match command {
        Command::Contexts {
            what: Some(ContextsCommand::Test { output, .. }),
            ..
        }
        | Command::Contexts { output, .. }
        | Command::Missions { output, .. }
        | Command::Causes { output, .. }
        | Command::Search { output, .. }
        | Command::Curl { output, .. }
        | Command::Doctor { output }
        | Command::Keys { output, .. }
        | Command::Open { output, .. }
        | Command::Cache {
            what: CacheCommand::Stat { output } | CacheCommand::Clear { output },
        }
        | Command::Show { output, .. } => output.format,
        Command::Runs { output, .. } | Command::Events { output, .. } => output.format.records(),
        Command::Calls { format, .. } => format.records(),
        Command::Watch(watching) => watching.output.format.records(),
        Command::Export(_) | Command::About(_) | Command::Config { .. } | Command::Demo { .. } => {
            Format::Text
        }
    }
}

/// Opens what the flags and `names` name: a file, or contexts with their credentials.
async fn open(
    global: &Global,
    names: &[String],
    env: &Env<'_>,
    now: Timestamp,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Result<Session, Stop>> {
    let loaded = match Config::load(global.config.as_deref(), env) {
        Ok(loaded) => loaded,
        Err(fault) => return Ok(Err(Stop::Usage(fault.to_string()))),
    };
    let keys = keys::Read::beside(&loaded.config.path);
    for warning in loaded.warnings.iter().chain(&keys.faults()) {
        outlet.warn(warning, format)?;
    }
    let Zone(zone) = loaded.config.zone.clone();
    let rules = loaded.config.rules.clone();
    let now = i64::try_from(now.as_nanosecond()).map_or(Time(i64::MAX), Time);
    let mask = Arc::clone(&loaded.config.mask);
    let mut damaged = false;
    let (contexts, redactor) = if global.offline {
        let folder = match kept(&loaded.config, env) {
            Ok(folder) => folder,
            Err(why) => return Ok(Err(Stop::Usage(why))),
        };
        let contexts = files::history(folder.as_ref(), &global.context, format, outlet)?;
        let own = loaded.config.own_secrets(env);
        (contexts, Redactor::new(own).with(mask))
    } else if global.from.is_empty() {
        let names: Vec<String> = global.context.iter().chain(names).cloned().collect();
        let selected = match session::select(&loaded.config, &names) {
            Ok(selected) => selected,
            Err(stop) => return Ok(Err(stop)),
        };
        if selected.is_empty() {
            let message = session::nothing_configured(&loaded.config);
            return Ok(Err(Stop::Unconfigured(message)));
        }
        let connections = session::connect(&selected, env).await;
        let redactor = Redactor::new(secrets(&connections)).with(mask);
        let folder = if global.no_cache {
            None
        } else {
            cache::told(&loaded.config, env, format, outlet)?
        };
        let contexts = connections.iter().map(|connection| {
            let asked = session::asked(connection);
            match &folder {
                Some(folder) => asked.keeping(connection, folder, &redactor),
                None => asked,
            }
        });
        (contexts.collect(), redactor)
    } else {
        let contexts = match files::open(&global.from, format, outlet)? {
            Ok((contexts, is_damaged)) => {
                damaged = is_damaged;
                contexts
            }
            Err(failure) => return Ok(Err(Stop::File(failure))),
        };
        let own = loaded.config.own_secrets(env);
        (contexts, Redactor::new(own).with(mask))
    };
    fault::mask_with(redactor.clone());
    let mut session = Session::new(contexts, redactor, zone, now, global.timeout);
    session.consoles = consoles(&loaded.config);
    session.tools.clone_from(&loaded.config.tools);
    session.hidden = loaded.config.credential_variables().into_iter().collect();
    session.state = state_folder(env);
    session.damaged = damaged;
    Ok(Ok(session.judging_by(rules)))
}
