//! `sortie config init`: a first context, asked for or given by flags, tried out, and written behind what
//! the configuration says already. A key never stands in it: what looks like one is refused.

mod ask;
#[cfg(test)]
mod tests;

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use jiff::tz::TimeZone;

use super::{
    contexts::prove,
    exit::Exit,
    print::Outlet,
    session::{Session, asked, connect},
};
use crate::{
    args::{Global, Init},
    config::{
        self, Config, Env, NewContext, Secret, is_name, is_variable, put_config, read_base_url,
    },
    guard::{Redactor, clean},
    model::{AuthScheme, Time},
    provider::{self, Provider},
    source::reason,
};
use ask::Asker;

/// Where a key comes from, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Env(String),
    File(String),
    Command(String),
    None,
}

/// The context that is wanted. Every part fits.
struct Wanted {
    name: String,
    provider: &'static dyn Provider,
    base_url: String,
    auth: Option<AuthScheme>,
    key: Key,
    account_id: Option<String>,
}

/// How it ends early: nothing was written.
struct Refused(Exit, String);

fn usage(why: impl Into<String>) -> Refused {
    Refused(Exit::Usage, why.into())
}

pub(super) async fn run(
    flags: &Init,
    global: &Global,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let is_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut typed = io::stdin().lock();
    let mut told = io::stderr();
    let mut asker = Asker {
        typed: &mut typed,
        told: &mut told,
    };
    let someone = (is_terminal && flags.provider.is_none()).then_some(&mut asker);
    perform(flags, global, env, someone, outlet).await
}

async fn perform(
    flags: &Init,
    global: &Global,
    env: &Env<'_>,
    mut someone: Option<&mut Asker<'_>>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let path = global.config.clone();
    let path = path.unwrap_or_else(|| config::default_path(env));
    let done = match present(&path) {
        Ok(before) => write(flags, &path, before, env, &mut someone, outlet).await?,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(()) => Ok(Exit::Ok),
        Err(Refused(exit, why)) => {
            writeln!(outlet.err, "sortie: {}", clean::text(&why))?;
            Ok(exit)
        }
    }
}

/// What the file says now; none where there is none.
fn present(path: &std::path::Path) -> Result<Option<String>, Refused> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(usage(format!("{}: {}", path.display(), reason(&fault)))),
    }
}

async fn write(
    flags: &Init,
    path: &std::path::Path,
    before: Option<String>,
    env: &Env<'_>,
    someone: &mut Option<&mut Asker<'_>>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Result<(), Refused>> {
    let text = before.as_deref().unwrap_or_default();
    let known = Config::of_text(path, text, env);
    let is_taken = |name: &str| {
        let mut contexts = known.config.contexts.iter().map(|one| &one.name);
        let mut broken = known.config.broken.iter().map(|one| &one.name);
        contexts.any(|known| known == name) || broken.any(|known| known == name)
    };
    let wanted = match someone {
        Some(asker) => {
            let shown = path.display();
            writeln!(
                asker.told,
                "This writes a context into {shown}. Nothing is written before the end."
            )?;
            match asker.context(env, &is_taken)? {
                Some(wanted) => wanted,
                None => return Ok(Err(usage("nothing was written"))),
            }
        }
        None => match given(flags, env, &is_taken) {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(Err(refused)),
        },
    };
    let new = match new(&wanted) {
        Ok(new) => new,
        Err(refused) => return Ok(Err(refused)),
    };
    let whole = new.behind(text);
    let then = Config::of_text(path, &whole, env);
    let made = then.config.contexts.iter().find(|one| one.name == new.name);
    // What stands behind a line that is no TOML may mean something else.
    let torn = then.warnings.iter().find(|warning| warning.is_torn());
    let is_fine = torn.is_none() && then.warnings.len() <= known.warnings.len();
    let Some(context) = made.filter(|_| is_fine) else {
        let at = path.display();
        let why = torn.or(then.warnings.last());
        let why = why.map(ToString::to_string).unwrap_or_default();
        return Ok(Err(usage(format!(
            "a context cannot be written behind what {at} says ({why}); nothing was written. Mend it first: \
             `sortie config check` names what is wrong. Or write this into it:\n\n{}",
            new.section()
        ))));
    };
    if !flags.no_test
        && let Some(Refused(exit, why)) = try_out(context, env).await
    {
        let goes_on = match someone {
            Some(asker) => {
                writeln!(asker.told, "{}", clean::text(&why))?;
                asker.agrees("Write it all the same? y or n")?
            }
            None => false,
        };
        if !goes_on {
            let why = match someone {
                Some(_) => "nothing was written".to_owned(),
                None => format!("{why}\nNothing was written; --no-test writes it all the same."),
            };
            return Ok(Err(Refused(exit, why)));
        }
    } else if !flags.no_test {
        writeln!(outlet.out, "{} answers.", wanted.name)?;
    }
    if let Err(fault) = put_config(path, before.as_deref(), &whole) {
        let shown = path.display();
        return Ok(Err(Refused(
            Exit::Partial,
            format!("{shown} could not be written: {}", reason(&fault)),
        )));
    }
    writeln!(
        outlet.out,
        "Wrote context {} into {}.",
        wanted.name,
        path.display()
    )?;
    writeln!(
        outlet.out,
        "Next: `sortie` opens the screen, `sortie runs --context {}` lists its runs.",
        wanted.name
    )?;
    Ok(Ok(()))
}

/// Whether nothing speaks of a key where the service may be asked without one.
fn goes_without(flags: &Init, provider: &dyn Provider, env: &Env<'_>) -> bool {
    let wants_key = flags.account_id.is_some()
        || flags.auth.is_some_and(|scheme| scheme != AuthScheme::None)
        || env(usual_variable(provider.name(), env)).is_some();
    provider.caps().open && !wants_key
}

/// What the flags say, with what they leave out.
fn given(flags: &Init, env: &Env<'_>, is_taken: &dyn Fn(&str) -> bool) -> Result<Wanted, Refused> {
    let provider = flags.provider.and_then(provider::named);
    let provider = provider.ok_or_else(|| {
        usage(
            "`sortie config init` asks its questions on a terminal; without one say what to write, like \
             `sortie config init --provider telnyx --key-env TELNYX_API_KEY --name prod`",
        )
    })?;
    let name = flags
        .name
        .clone()
        .unwrap_or_else(|| provider.name().to_owned());
    if !is_name(&name) {
        return Err(usage("--name: a name has only letters, digits and . _ -"));
    }
    if is_taken(&name) {
        return Err(usage(format!(
            "there is a context {name} already; give another --name"
        )));
    }
    let usual = provider.caps().base_url;
    let base_url = flags.base_url.clone().unwrap_or_else(|| usual.to_owned());
    read_base_url(&base_url).map_err(|why| usage(format!("--base-url {why}")))?;
    let key = match (&flags.key_env, &flags.key_file, &flags.key_command) {
        (Some(name), ..) => Key::Env(name.clone()),
        (_, Some(path), _) => Key::File(path.clone()),
        (.., Some(line)) => Key::Command(line.clone()),
        _ if flags.no_key || goes_without(flags, provider, env) => Key::None,
        _ => Key::Env(usual_variable(provider.name(), env).to_owned()),
    };
    if key == Key::None && !provider.caps().open {
        return Err(usage(format!(
            "{} wants a key: --key-env, --key-file or --key-command",
            provider.name()
        )));
    }
    if let Some(why) = key_fault(&key) {
        return Err(usage(why));
    }
    if let Some(why) = flags.account_id.as_deref().and_then(account_fault) {
        return Err(usage(why));
    }
    let by_account = flags.account_id.as_ref().map(|_| AuthScheme::XApiKey);
    Ok(Wanted {
        name,
        provider,
        base_url,
        auth: flags.auth.or(by_account),
        key,
        account_id: flags.account_id.clone(),
    })
}

fn new(wanted: &Wanted) -> Result<NewContext, Refused> {
    let key = match &wanted.key {
        Key::Env(name) => Some(Secret::Env(name.clone())),
        // In the file a path is relative to the file's folder, for whoever types it to where they are.
        Key::File(path) if path.starts_with("~/") => Some(Secret::File(PathBuf::from(path))),
        Key::File(path) => {
            let here = std::env::current_dir().unwrap_or_default();
            Some(Secret::File(here.join(path)))
        }
        Key::Command(line) => {
            let words = shell_words::split(line)
                .ok()
                .filter(|words| !words.is_empty());
            let words = words.ok_or_else(|| usage("the command has a quote that is not closed"))?;
            Some(Secret::Command(words))
        }
        Key::None => None,
    };
    Ok(NewContext {
        name: wanted.name.clone(),
        provider: wanted.provider.name(),
        base_url: wanted.base_url.trim_end_matches('/').to_owned(),
        auth: wanted.auth,
        key,
        account_id: wanted.account_id.clone(),
    })
}

/// The variable that has a service's key where nobody says which.
fn usual_variable(provider: &str, env: &Env<'_>) -> &'static str {
    let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    match provider {
        "telnyx" => "TELNYX_API_KEY",
        "vectara" => "VECTARA_API_KEY",
        "agentex" if is_set("SGP_API_KEY") && !is_set("AGENTEX_SDK_API_KEY") => "SGP_API_KEY",
        "agentex" => "AGENTEX_SDK_API_KEY",
        _ => "ELIZA_SERVER_AUTH_TOKEN",
    }
}

const REFUSED: &str = "that looks like a key itself, which does not belong into a file that others may read; put it \
                       into a variable or a file of mode 0600, and name that";

fn looks_like_a_key(text: &str) -> bool {
    Redactor::default().masking().text(text) != text
}

/// What is wrong with the id of an account.
fn account_fault(id: &str) -> Option<String> {
    looks_like_a_key(id).then(|| REFUSED.to_owned())
}

/// What is wrong with it. A key that was pasted by mistake is not said again.
fn key_fault(key: &Key) -> Option<String> {
    let refused = REFUSED;
    match key {
        Key::Env(name) if !is_variable(name) || looks_like_a_key(name) => {
            let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            if name.bytes().all(letters) || looks_like_a_key(name) || name.len() > 40 {
                return Some(refused.to_owned());
            }
            Some("the name of a variable has only letters, digits and _".to_owned())
        }
        Key::File(text) | Key::Command(text) if looks_like_a_key(text) => Some(refused.to_owned()),
        Key::File(text) if text.is_empty() => Some("name the file".to_owned()),
        Key::Command(text) if shell_words::split(text).map_or(true, |words| words.is_empty()) => {
            Some("that is no command: a quote is not closed, or there is nothing".to_owned())
        }
        Key::Env(_) | Key::File(_) | Key::Command(_) | Key::None => None,
    }
}

/// Asks the cheapest question that proves address, credential and permission.
async fn try_out(context: &config::Context, env: &Env<'_>) -> Option<Refused> {
    let connections = connect(&[context], env).await;
    let redactor = Redactor::new(config::secrets(&connections));
    let mut masking = redactor.masking();
    let all = connections.iter().map(asked).collect();
    let session = Session::new(all, redactor, TimeZone::UTC, Time(0), None);
    let asked = session.contexts.first()?;
    let (_, failure) = prove(&session, asked).await;
    let failure = failure?;
    let record = failure.record();
    let why = format!("{}: {}\n{}", context.name, record.message, record.hint);
    let exit = match Exit::of(false, &[failure]) {
        Exit::NotFound => Exit::Service,
        exit => exit,
    };
    Some(Refused(exit, masking.text(&why).into_owned()))
}
