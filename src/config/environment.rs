//! Contexts that need no file: each service's own variables make a context named after it. Reads the
//! environment through a function, so that tests need none.

use super::{
    Broken, Context, Credential, Secret, Warning,
    context::{base_url, default_token_url},
};
use crate::{
    fetch::Timeouts,
    model::AuthScheme,
    provider::{self, Provider},
};

/// How a variable is looked up. An empty value counts as absent.
pub type Env<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Every variable that can make a context, by service.
pub const VARIABLES: [(&str, &[&str]); 4] = [
    ("telnyx", &["TELNYX_API_KEY", "TELNYX_BASE_URL"]),
    (
        "vectara",
        &[
            "VECTARA_API_KEY",
            "VECTARA_CLIENT_ID",
            "VECTARA_CLIENT_SECRET",
            "VECTARA_BASE_URL",
        ],
    ),
    (
        "agentex",
        &[
            "AGENTEX_BASE_URL",
            "AGENTEX_SDK_API_KEY",
            "SGP_API_KEY",
            "SGP_ACCOUNT_ID",
        ],
    ),
    ("elizaos", &["ELIZAOS_BASE_URL", "ELIZA_SERVER_AUTH_TOKEN"]),
];

/// Which variables were looked for, and whether each was found. Names only.
pub fn environment_report(env: &Env<'_>) -> Vec<(&'static str, bool)> {
    VARIABLES
        .iter()
        .flat_map(|(_, names)| names.iter())
        .map(|name| (*name, present(env, name).is_some()))
        .collect()
}

pub(super) fn present(env: &Env<'_>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.is_empty())
}

/// What the environment says of one service.
pub(super) enum Found {
    Nothing,
    Context(Box<Context>),
    Broken(Broken, Warning),
}

/// The context that the environment makes for `provider`.
pub(super) fn context(provider: &'static dyn Provider, env: &Env<'_>) -> Found {
    let has = |name: &str| present(env, name).is_some();
    let url_variable = match provider.name() {
        "telnyx" => "TELNYX_BASE_URL",
        "vectara" => "VECTARA_BASE_URL",
        "agentex" => "AGENTEX_BASE_URL",
        _ => "ELIZAOS_BASE_URL",
    };
    let (auth, credential, account_id) = match provider.name() {
        "telnyx" if has("TELNYX_API_KEY") => (AuthScheme::Bearer, key("TELNYX_API_KEY"), None),
        "vectara" if has("VECTARA_API_KEY") => (AuthScheme::XApiKey, key("VECTARA_API_KEY"), None),
        "vectara" if has("VECTARA_CLIENT_ID") && has("VECTARA_CLIENT_SECRET") => {
            (AuthScheme::Bearer, client(env), None)
        }
        "agentex" if has("AGENTEX_SDK_API_KEY") => {
            (AuthScheme::Bearer, key("AGENTEX_SDK_API_KEY"), None)
        }
        "agentex" if has("SGP_API_KEY") && has("SGP_ACCOUNT_ID") => (
            AuthScheme::XApiKey,
            key("SGP_API_KEY"),
            present(env, "SGP_ACCOUNT_ID"),
        ),
        "elizaos" if has("ELIZA_SERVER_AUTH_TOKEN") => {
            (AuthScheme::XApiKey, key("ELIZA_SERVER_AUTH_TOKEN"), None)
        }
        "agentex" | "elizaos" if has(url_variable) => (AuthScheme::None, Credential::None, None),
        _ => return Found::Nothing,
    };
    let sent = present(env, url_variable);
    match base_url(sent.as_deref().unwrap_or(provider.caps().base_url)) {
        Ok(base_url) => Found::Context(Box::new(Context {
            name: provider.name().to_owned(),
            provider,
            base_url,
            auth,
            credential,
            account_id,
            headers: Vec::new(),
            ca_file: None,
            insecure: false,
            timeouts: Timeouts::default(),
            console_url: None,
            view: None,
        })),
        Err(fault) => {
            let message = format!(
                "{url_variable} {fault}; context `{}` is left out",
                provider.name()
            );
            Found::Broken(
                Broken {
                    name: provider.name().to_owned(),
                    reason: format!("{url_variable} {fault}"),
                },
                Warning {
                    file: "environment".to_owned(),
                    line: None,
                    message,
                },
            )
        }
    }
}

fn key(variable: &str) -> Credential {
    Credential::Key(Secret::Env(variable.to_owned()))
}

fn client(env: &Env<'_>) -> Credential {
    match (
        present(env, "VECTARA_CLIENT_ID"),
        default_token_url("vectara", None),
    ) {
        (Some(id), Some(token_url)) => Credential::Client {
            id,
            secret: Secret::Env("VECTARA_CLIENT_SECRET".to_owned()),
            token_url,
        },
        _ => Credential::Fault("VECTARA_CLIENT_ID is not set".to_owned()),
    }
}

/// The contexts of all services of which the file has none.
pub(super) fn contexts(env: &Env<'_>, taken: &[&str]) -> (Vec<Context>, Vec<Broken>, Vec<Warning>) {
    let (mut contexts, mut broken, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for provider in provider::ALL {
        if taken.contains(&provider.name()) {
            continue;
        }
        match context(provider, env) {
            Found::Nothing => {}
            Found::Context(context) => contexts.push(*context),
            Found::Broken(fault, warning) => {
                broken.push(fault);
                warnings.push(warning);
            }
        }
    }
    (contexts, broken, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "http://127.0.0.1:9/v2";

    type Made = (&'static str, AuthScheme, Credential, Option<String>);

    /// The one context that these variables make.
    fn made(variables: &str) -> Option<Made> {
        let env = |name: &str| {
            let set = variables.split(' ').any(|variable| variable == name);
            let value = if name.ends_with("_URL") { AT } else { name };
            set.then(|| value.to_owned())
        };
        let (mut contexts, broken, _) = contexts(&env, &[]);
        assert!(broken.is_empty() && contexts.len() < 2, "{variables}");
        let made = contexts.pop()?;
        assert_eq!(made.base_url.as_str(), AT);
        assert_eq!(made.name, made.provider.name());
        Some((
            made.provider.name(),
            made.auth,
            made.credential,
            made.account_id,
        ))
    }

    #[test]
    fn every_combination_of_variables() {
        let (none, bearer, x) = (AuthScheme::None, AuthScheme::Bearer, AuthScheme::XApiKey);
        let open = |name| Some((name, none, Credential::None, None));
        let keyed = |name, auth, variable| Some((name, auth, key(variable), None));
        let client = Credential::Client {
            id: "VECTARA_CLIENT_ID".to_owned(),
            secret: Secret::Env("VECTARA_CLIENT_SECRET".to_owned()),
            token_url: default_token_url("vectara", None).unwrap(),
        };
        let account = Some("SGP_ACCOUNT_ID".to_owned());
        for (variables, expected) in [
            ("", None),
            ("TELNYX_BASE_URL", None),
            (
                "TELNYX_BASE_URL TELNYX_API_KEY",
                keyed("telnyx", bearer, "TELNYX_API_KEY"),
            ),
            ("VECTARA_BASE_URL VECTARA_CLIENT_ID", None),
            (
                "VECTARA_BASE_URL VECTARA_CLIENT_ID VECTARA_CLIENT_SECRET",
                Some(("vectara", bearer, client, None)),
            ),
            (
                "VECTARA_BASE_URL VECTARA_CLIENT_ID VECTARA_CLIENT_SECRET VECTARA_API_KEY",
                keyed("vectara", x, "VECTARA_API_KEY"),
            ),
            ("AGENTEX_BASE_URL", open("agentex")),
            ("AGENTEX_BASE_URL SGP_API_KEY", open("agentex")),
            (
                "AGENTEX_BASE_URL SGP_API_KEY SGP_ACCOUNT_ID",
                Some(("agentex", x, key("SGP_API_KEY"), account)),
            ),
            (
                "AGENTEX_BASE_URL SGP_API_KEY SGP_ACCOUNT_ID AGENTEX_SDK_API_KEY",
                keyed("agentex", bearer, "AGENTEX_SDK_API_KEY"),
            ),
            ("ELIZAOS_BASE_URL", open("elizaos")),
            (
                "ELIZAOS_BASE_URL ELIZA_SERVER_AUTH_TOKEN",
                keyed("elizaos", x, "ELIZA_SERVER_AUTH_TOKEN"),
            ),
        ] {
            assert_eq!(made(variables), expected, "{variables}");
        }
    }

    #[test]
    fn an_empty_variable_is_none() {
        let env = |name: &str| {
            let value = if name.ends_with("_URL") { AT } else { "" };
            name.starts_with("TELNYX").then(|| value.to_owned())
        };
        assert!(contexts(&env, &[]).0.is_empty());
    }

    #[test]
    fn a_service_of_the_file_has_no_second_context() {
        let env = |name: &str| {
            name.starts_with("ELIZA")
                .then(|| "http://127.0.0.1:9".to_owned())
        };
        assert_eq!(contexts(&env, &[]).0.len(), 1);
        assert!(contexts(&env, &["elizaos"]).0.is_empty());
    }

    #[test]
    fn a_bad_address_is_named_by_its_variable_and_not_repeated() {
        let env = |name: &str| {
            name.starts_with("ELIZAOS")
                .then(|| "sk-pasted-by-mistake".to_owned())
        };
        let (contexts, broken, warnings) = contexts(&env, &[]);
        assert!(contexts.is_empty());
        assert_eq!(broken[0].name, "elizaos");
        let shown = warnings[0].to_string();
        assert!(
            shown.contains("ELIZAOS_BASE_URL") && !shown.contains("pasted"),
            "{shown}"
        );
    }

    #[test]
    fn the_report_names_every_variable() {
        let env = |name: &str| (name == "TELNYX_API_KEY").then(|| "k".to_owned());
        let report = environment_report(&env);
        assert_eq!(report.len(), 12);
        assert!(report.contains(&("TELNYX_API_KEY", true)));
        assert!(report.contains(&("SGP_ACCOUNT_ID", false)));
    }
}
