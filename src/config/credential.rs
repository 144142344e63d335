//! Fetches the credential of a context, once, before anything is asked: from a variable, a private
//! file or a program. What cannot be had is kept as trouble on the connection; the others go on.

use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Config, Context, Credential, HeaderText, Secret,
    environment::{Env, VARIABLES, present},
};
use crate::{
    fetch::{Auth, Connection},
    guard::{Redactor, clean},
    model::{AuthScheme, Trouble},
    source::reason,
    text::shell::Piece,
};

/// How long a program may take to print a credential.
const PROGRAM_TIME: Duration = Duration::from_secs(30);

/// No credential is longer; a file that is has been named by mistake.
pub(super) const LONGEST: u64 = 64 * 1024;

/// Characters of a program's words that are kept.
const LAST_WORDS: usize = 200;

/// The connection of a context, with its credential or the reason why there is none.
pub async fn resolve(context: &Context, env: &Env<'_>) -> Connection {
    let mut headers = Vec::new();
    let mut auth = auth(context, env).await;
    for (name, text) in &context.headers {
        match text {
            HeaderText::Literal(text) => headers.push((name.clone(), text.clone().into())),
            HeaderText::Env(variable) => match present(env, variable) {
                Some(value) => headers.push((name.clone(), value.into())),
                None => auth = missing(format!("{variable}, for header `{name}`, is not set")),
            },
        }
    }
    Connection {
        name: context.name.clone(),
        provider: context.provider,
        base_url: context.base_url.clone(),
        auth,
        headers,
        ca_file: context.ca_file.clone(),
        insecure: context.insecure,
        timeouts: context.timeouts,
    }
}

fn missing(cause: String) -> Auth {
    Auth::Missing(Arc::new(Trouble::NoCredential { cause }))
}

/// A program gets another next step than a variable or a file.
fn unfetched(context: &Context, source: &Secret, setting: &'static str, cause: String) -> Auth {
    match source {
        Secret::Command(_) => Auth::Missing(Arc::new(Trouble::NoCommand {
            cause,
            setting,
            context: context.name.clone(),
        })),
        Secret::Env(_) | Secret::File(_) => missing(cause),
    }
}

async fn auth(context: &Context, env: &Env<'_>) -> Auth {
    match &context.credential {
        Credential::None => Auth::None,
        Credential::Fault(cause) => missing(cause.clone()),
        Credential::Key(_) if context.auth == AuthScheme::None => Auth::None,
        Credential::Key(source) => match fetch(source, env).await {
            Ok(secret) => Auth::Key {
                scheme: context.auth,
                secret,
                source: source.to_string(),
                account_id: context.account_id.clone(),
            },
            Err(cause) => unfetched(context, source, "api_key_command", cause),
        },
        Credential::Client {
            id,
            secret,
            token_url,
        } => match fetch(secret, env).await {
            Ok(client_secret) => Auth::Client {
                client_id: id.clone(),
                client_secret,
                token_url: token_url.clone(),
                source: secret.to_string(),
            },
            Err(cause) => unfetched(context, secret, "client_secret_command", cause),
        },
    }
}

/// Where it comes from, for messages and records.
impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            // The arguments stay out of it: one of them may be a secret.
            Self::Command(words) => write!(
                f,
                "the command {}",
                words.first().map_or("", String::as_str)
            ),
        }
    }
}

async fn fetch(source: &Secret, env: &Env<'_>) -> Result<SecretString, String> {
    let text = match source {
        Secret::Env(name) => present(env, name).ok_or_else(|| format!("{name} is not set"))?,
        Secret::File(path) => file(path)?,
        Secret::Command(words) => command(words, PROGRAM_TIME).await?,
    };
    let secret = text.trim_end_matches(['\n', '\r']);
    if secret.is_empty() {
        return Err(format!("{source} gave nothing"));
    }
    if secret.chars().any(char::is_control) {
        return Err(format!("{source} gave more than one line"));
    }
    Ok(SecretString::from(secret))
}

fn file(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let facts = std::fs::metadata(path).map_err(|fault| format!("{shown}: {}", reason(&fault)))?;
    if !facts.is_file() {
        return Err(format!("{shown} is no file"));
    }
    let mode = facts.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!(
            "{shown} can be read by others (mode {mode:04o}); run `chmod 600 {shown}`"
        ));
    }
    if facts.len() > LONGEST {
        return Err(format!("{shown} is too large to be a key"));
    }
    std::fs::read_to_string(path).map_err(|fault| format!("{shown}: {}", reason(&fault)))
}

async fn command(words: &[String], limit: Duration) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("no program is named")?;
    let child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|fault| format!("the command {program} did not start: {}", reason(&fault)))?;
    let output = tokio::time::timeout(limit, child.wait_with_output())
        .await
        .map_err(|_| format!("the command {program} took more than {} s", limit.as_secs()))?
        .map_err(|fault| format!("the command {program}: {}", reason(&fault)))?;
    if !output.status.success() {
        let how = match output.status.code() {
            Some(code) => format!("exit status {code}"),
            None => output.status.to_string(),
        };
        let why = match last_words(&output, arguments) {
            words if words.is_empty() => String::new(),
            words => format!(": {words}"),
        };
        return Err(format!("the command {program} failed ({how}){why}"));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("the command {program} printed bytes that are no text"))
}

/// The last line that a program wrote about its failure, without what it printed as a credential and
/// without arguments that may be one.
fn last_words(output: &Output, arguments: &[String]) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let lines = said.lines().rev().map(str::trim);
    let Some(line) = lines.into_iter().find(|line| !line.is_empty()) else {
        return String::new();
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    let may_be_one = |word: &&str| word.len() >= 6 && !word.starts_with('-') && !word.contains('/');
    let hidden = arguments.iter().map(String::as_str).filter(may_be_one);
    let hidden = hidden.chain(printed.lines().map(str::trim).filter(|l| l.len() >= 6));
    let line = hidden.fold(line.to_owned(), |line, word| line.replace(word, "‹hidden›"));
    let line = clean::line(&Redactor::default().masking().text(&line)).into_owned();
    // Cut last: half a secret is a secret too.
    match line.char_indices().nth(LAST_WORDS) {
        None => line,
        Some(_) => line.chars().take(LAST_WORDS - 1).chain(['…']).collect(),
    }
}

/// Where the credential of a connection came from; none where nothing is sent or could be had.
pub fn credential_source(connection: &Connection) -> Option<&str> {
    match &connection.auth {
        Auth::Key { source, .. } | Auth::Client { source, .. } => Some(source),
        Auth::None | Auth::Missing(_) => None,
    }
}

/// Everything about these connections that no output may show.
pub fn secrets(connections: &[Connection]) -> Vec<SecretString> {
    let mut secrets = Vec::new();
    for connection in connections {
        match &connection.auth {
            Auth::Key { secret, .. } => secrets.push(secret.clone()),
            Auth::Client { client_secret, .. } => secrets.push(client_secret.clone()),
            Auth::None | Auth::Missing(_) => {}
        }
        secrets.extend(connection.headers.iter().map(|(_, value)| value.clone()));
    }
    // Headers like `x-tenant: a` would mask half of every output.
    secrets.retain(|secret| secret.expose_secret().len() >= 6);
    secrets
}

impl Config {
    /// The variables that credentials and headers come from, those of all services included: what another
    /// program is not to have.
    pub fn credential_variables(&self) -> Vec<String> {
        let mut names: BTreeSet<String> = VARIABLES
            .iter()
            .flat_map(|(_, names)| names.iter())
            .filter(|name| !name.ends_with("_URL"))
            .map(|name| (*name).to_owned())
            .collect();
        for context in &self.contexts {
            let secret = match &context.credential {
                Credential::Key(secret) | Credential::Client { secret, .. } => Some(secret),
                Credential::None | Credential::Fault(_) => None,
            };
            if let Some(Secret::Env(name)) = secret {
                names.insert(name.clone());
            }
            for (_, text) in &context.headers {
                if let HeaderText::Env(name) = text {
                    names.insert(name.clone());
                }
            }
        }
        let headers = self.tools.iter().flat_map(|tool| &tool.headers);
        for piece in headers.flat_map(|(_, pieces)| pieces) {
            if let Piece::Variable(name) = piece {
                names.insert(name.clone());
            }
        }
        names.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn private(folder: &Path, name: &str, content: &str, mode: u32) -> Secret {
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        Secret::File(path)
    }

    fn program(words: &[&str]) -> Secret {
        Secret::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    async fn text(source: &Secret) -> Result<String, String> {
        let env = |name: &str| (name == "KEY").then(|| "from-env\n".to_owned());
        let got = fetch(source, &env).await?;
        Ok(got.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn comes_from_a_variable_a_private_file_or_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let good = private(folder.path(), "key", "from-file\r\n", 0o600);
        assert_eq!(text(&good).await.unwrap(), "from-file");
        assert_eq!(text(&Secret::Env("KEY".into())).await.unwrap(), "from-env");
        let echo = program(&["echo", "$HOME;two words"]);
        assert_eq!(
            text(&echo).await.unwrap(),
            "$HOME;two words",
            "no shell reads it"
        );
    }

    #[tokio::test]
    async fn says_what_is_wrong_and_never_the_content() {
        let folder = tempfile::tempdir().unwrap();
        for (source, part) in [
            (Secret::Env("NOPE".into()), "NOPE is not set"),
            (
                Secret::File(folder.path().join("absent")),
                "absent: there is no such file",
            ),
            (Secret::File(folder.path().to_owned()), "is no file"),
            (
                private(folder.path(), "open", "hunter22", 0o644),
                "mode 0644",
            ),
            (private(folder.path(), "none", "\n", 0o600), "gave nothing"),
            (
                private(folder.path(), "two", "hunter22\nhunter23\n", 0o600),
                "more than one line",
            ),
            (program(&["false", "hunter22"]), "failed"),
            (program(&["/no/such/program", "hunter22"]), "did not start"),
        ] {
            let fault = text(&source).await.unwrap_err();
            assert!(fault.contains(part), "{fault}");
            assert!(!fault.contains("hunter"), "{fault}");
        }
    }

    #[tokio::test]
    async fn a_program_that_fails_has_the_last_word_and_no_secret_in_it() {
        let of = async |script: &str| text(&program(&["sh", "-c", script])).await.unwrap_err();
        let plain = of("echo before >&2; echo oh no >&2; exit 3").await;
        assert_eq!(plain, "the command sh failed (exit status 3): oh no");
        let leaky = of("echo hunter22; echo 'bad \u{1b}[31m hunter22' >&2; exit 1").await;
        assert!(
            leaky.contains("bad") && !leaky.contains("hunter"),
            "{leaky}"
        );
        assert!(!leaky.contains('\u{1b}'), "{leaky:?}");
        let long = of("printf '%0500d' 0 >&2; exit 1").await;
        assert!(long.ends_with('…') && long.chars().count() < 250, "{long}");
        let killed = of("kill -9 $$").await;
        assert!(killed.contains("signal: 9"), "{killed}");
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_ended() {
        let words = ["sleep".to_owned(), "60".to_owned()];
        let fault = command(&words, Duration::from_millis(50))
            .await
            .unwrap_err();
        assert!(fault.contains("took more than"), "{fault}");
    }

    #[test]
    fn variables_with_credentials_are_named_and_addresses_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let text = r#"
[contexts.own]
provider = "telnyx"
base_url = "https://api.example.net/v2"
api_key_env = "OWN_KEY"
headers = { cookie = "env:OWN_COOKIE" }
[contexts.client]
provider = "vectara"
base_url = "https://api.example.net/v2"
client_id = "me"
client_secret_env = "OWN_SECRET"
[tools."pay.*"]
url = "https://mcp.example.net/rpc"
headers = { Authorization = "Bearer env:PAY_TOKEN" }
"#;
        std::fs::write(&file, text).unwrap();
        let loaded = Config::load(Some(&file), &|_| None).unwrap();
        let names = loaded.config.credential_variables();
        for name in [
            "OWN_KEY",
            "OWN_COOKIE",
            "OWN_SECRET",
            "PAY_TOKEN",
            "TELNYX_API_KEY",
        ] {
            assert!(
                names.iter().any(|known| known == name),
                "{name} of {names:?}"
            );
        }
        for name in ["TELNYX_BASE_URL", "PATH"] {
            assert!(
                !names.iter().any(|known| known == name),
                "{name} of {names:?}"
            );
        }
    }
}
