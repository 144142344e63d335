//! Which credentials are at hand where nothing is asked: files that are opened may hold them, as captured
//! replies do, and must not show them. Runs no program and complains of nothing.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Config, Credential, HeaderText, Secret,
    credential::LONGEST,
    environment::{Env, VARIABLES, present},
};
use crate::text::keys;

/// Shorter headers would mask half of every output.
const SHORTEST: usize = 6;

impl Config {
    /// The credentials of the environment and of key files, whether anything is asked with them or not.
    pub fn own_secrets(&self, env: &Env<'_>) -> Vec<SecretString> {
        let known = VARIABLES.iter().flat_map(|(_, names)| names.iter());
        let known = known.filter(|name| keys::is_secret(name));
        let known = known.filter_map(|name| present(env, name));
        let named = self.contexts.iter().filter_map(|context| {
            let (Credential::Key(source) | Credential::Client { secret: source, .. }) =
                &context.credential
            else {
                return None;
            };
            match source {
                Secret::Env(name) => present(env, name),
                Secret::File(path) => file(path),
                Secret::Command(_) => None,
            }
        });
        let headers = self.contexts.iter().flat_map(|context| &context.headers);
        let headers = headers.filter_map(|(_, text)| match text {
            HeaderText::Literal(text) => Some(text.clone()),
            HeaderText::Env(name) => present(env, name),
        });
        let all = known.chain(named).chain(headers);
        let mut secrets: Vec<_> = all
            .map(|text| SecretString::from(text.trim_end_matches(['\n', '\r'])))
            .collect();
        secrets.retain(|secret| secret.expose_secret().len() >= SHORTEST);
        secrets
    }
}

/// What a key file holds. That others may read it makes it no less of a secret.
fn file(path: &Path) -> Option<String> {
    let facts = std::fs::metadata(path).ok()?;
    let is_one = facts.is_file() && facts.len() <= LONGEST;
    is_one.then(|| std::fs::read_to_string(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_hand_is_known_and_no_program_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let ran = folder.path().join("ran");
        std::fs::write(folder.path().join("key"), "from-a-file\n").unwrap();
        let config = format!(
            r#"
[contexts.one]
provider = "telnyx"
api_key_file = "{0}/key"
[contexts.two]
provider = "vectara"
api_key_env = "MY_VECTARA"
[contexts.three]
provider = "vectara"
api_key_command = ["touch", "{0}/ran"]
[contexts.four]
provider = "telnyx"
api_key_file = "{0}/none"
"#,
            folder.path().display()
        );
        std::fs::write(&path, config).unwrap();
        let env = |name: &str| match name {
            "MY_VECTARA" => Some("from-a-variable".to_owned()),
            "TELNYX_API_KEY" => Some("from-the-service".to_owned()),
            "VECTARA_CLIENT_ID" => Some("nobodys-secret".to_owned()),
            "ELIZA_SERVER_AUTH_TOKEN" => Some("short".to_owned()),
            _ => None,
        };
        let loaded = Config::load(Some(&path), &env).unwrap();
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        let secrets = loaded.config.own_secrets(&env);
        let mut told: Vec<_> = secrets
            .iter()
            .map(secrecy::ExposeSecret::expose_secret)
            .collect();
        told.sort_unstable();
        assert_eq!(told, ["from-a-file", "from-a-variable", "from-the-service"]);
        assert!(!ran.exists());
    }
}
