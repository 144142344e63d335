//! The keys of one `[contexts.NAME]` section, and the context they make. A literal key is refused:
//! configuration files are shared, committed and shown on screens.

use std::path::PathBuf;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use url::Url;

use super::{
    Context, Credential, HeaderText, Secret,
    context::{base_url, default_token_url, is_name, is_variable, scheme},
    duration::parse_duration,
    file::{Places, in_order, whole},
    warning::{Warnings, suggestion},
};
use crate::{
    app::views::is_name as is_view,
    fetch::Timeouts,
    model::AuthScheme,
    provider::{self, Provider},
    text::keys,
};

pub(crate) const KNOWN: [&str; 21] = [
    "provider",
    "base_url",
    "auth",
    "api_key_env",
    "api_key_file",
    "api_key_command",
    "account_id",
    "client_id",
    "client_secret_env",
    "client_secret_file",
    "client_secret_command",
    "token_url",
    "headers",
    "ca_file",
    "insecure",
    "connect_timeout",
    "header_timeout",
    "idle_timeout",
    "sse_idle_timeout",
    "console_url",
    "view",
];

/// What people call a key when they write it down.
const LITERAL: [&str; 12] = [
    "api_key",
    "apikey",
    "api-key",
    "key",
    "token",
    "api_token",
    "access_token",
    "auth_token",
    "bearer",
    "secret",
    "password",
    "client_secret",
];

/// What a section says, key by key; what is wrong was noted and left out.
pub(super) struct Fields {
    provider: Option<Result<&'static dyn Provider, String>>,
    base_url: Option<Result<Url, String>>,
    auth: Option<AuthScheme>,
    key: Option<Secret>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    token_url: Option<Url>,
    account_id: Option<String>,
    headers: Vec<(String, HeaderText)>,
    ca_file: Option<PathBuf>,
    insecure: bool,
    timeouts: Timeouts,
    console_url: Option<String>,
    view: Option<String>,
    /// Why there is no credential although the section tries to name one.
    fault: Option<String>,
}

type Value<'v, 'i> = &'v DeValue<'i>;

impl Fields {
    pub(super) fn of(
        context: &str,
        table: &DeTable<'_>,
        places: Places<'_>,
        warnings: &mut Warnings<'_>,
    ) -> Self {
        let mut fields = Self {
            provider: None,
            base_url: None,
            auth: None,
            key: None,
            client_id: None,
            client_secret: None,
            token_url: None,
            account_id: None,
            headers: Vec::new(),
            ca_file: None,
            insecure: false,
            timeouts: Timeouts::default(),
            console_url: None,
            view: None,
            fault: None,
        };
        for (key, value) in in_order(table) {
            let word = key.get_ref().as_ref();
            if LITERAL.contains(&word) {
                fields.refuse_literal(word, warnings, key.span().start);
            } else if word == "headers" {
                fields.take_headers(value, warnings);
            } else if !KNOWN.contains(&word) {
                let message = format!(
                    "unknown key `contexts.{context}.{word}`{}",
                    suggestion(word, &KNOWN)
                );
                warnings.add(key.span().start, message);
            } else if let Err(fault) = fields.take(word, value.get_ref(), places) {
                if word.starts_with("api_key") || word.starts_with("client_") {
                    let place = warnings.place(value.span().start);
                    fields.fault = Some(format!("`{word}` in {place} {fault}"));
                }
                warnings.add(
                    value.span().start,
                    format!("`contexts.{context}.{word}` {fault}"),
                );
            }
        }
        fields
    }

    /// The service, where the section names one that exists.
    pub(super) fn provider_name(&self) -> Option<&'static str> {
        match &self.provider {
            Some(Ok(provider)) => Some(provider.name()),
            _ => None,
        }
    }

    fn refuse_literal(&mut self, word: &str, warnings: &mut Warnings<'_>, at: usize) {
        let stem = if word.contains("secret") {
            "client_secret"
        } else {
            "api_key"
        };
        warnings.add(
            at,
            format!(
                "`{word}`: a key does not belong into this file, which others may read; write {stem}_env = \
                 \"VARIABLE\", {stem}_file = \"PATH\" or {stem}_command = [\"program\", \"argument\"]"
            ),
        );
        self.fault = Some(format!(
            "the literal `{word}` in {} is refused",
            warnings.place(at)
        ));
    }

    fn take_headers(&mut self, value: &Spanned<DeValue<'_>>, warnings: &mut Warnings<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            warnings.add(
                value.span().start,
                "`headers` must be { NAME = \"value\" or \"env:VARIABLE\" }",
            );
            return;
        };
        for (name, value) in in_order(table) {
            let at = value.span().start;
            let name = name.get_ref().as_ref();
            let Some(text) = value.get_ref().as_str() else {
                warnings.add(at, format!("header `{name}` must be a text"));
                continue;
            };
            let secret = keys::is_secret(name);
            match text.strip_prefix("env:") {
                Some(variable) => self
                    .headers
                    .push((name.to_owned(), HeaderText::Env(variable.to_owned()))),
                None if secret => warnings.add(
                    at,
                    format!("header `{name}`: a key does not belong into this file; write \"env:VARIABLE\""),
                ),
                None => self
                    .headers
                    .push((name.to_owned(), HeaderText::Literal(text.to_owned()))),
            }
        }
    }

    fn take(&mut self, word: &str, value: Value<'_, '_>, places: Places<'_>) -> Result<(), String> {
        match word {
            "provider" => {
                let read = provider_of(value);
                self.provider = Some(read.map_err(|()| "`provider` is unknown".to_owned()));
                read.map_err(|()| unknown_provider(value))?;
            }
            "base_url" => {
                let read = text(value).and_then(|text| base_url(text).map_err(str::to_owned));
                let kept = read.as_ref().map_err(|fault| format!("base_url {fault}"));
                self.base_url = Some(kept.cloned());
                read?;
            }
            "auth" => self.auth = Some(scheme(text(value)?)?),
            "api_key_env" | "api_key_file" | "api_key_command" if self.key.is_some() => {
                return Err("is a second source of the same key; keep one of api_key_env, api_key_file, api_key_command".to_owned());
            }
            "api_key_env" | "api_key_file" | "api_key_command" => {
                self.key = Some(secret(word, value, places)?);
            }
            "client_secret_env" | "client_secret_file" | "client_secret_command"
                if self.client_secret.is_some() =>
            {
                return Err("is a second source of the same secret; keep one".to_owned());
            }
            "client_secret_env" | "client_secret_file" | "client_secret_command" => {
                self.client_secret = Some(secret(word, value, places)?);
            }
            "account_id" => self.account_id = Some(text(value)?.to_owned()),
            "client_id" => self.client_id = Some(text(value)?.to_owned()),
            "token_url" => self.token_url = Some(base_url(text(value)?)?),
            "ca_file" => self.ca_file = Some(path(text(value)?, places)),
            "insecure" => {
                self.insecure = value.as_bool().ok_or("must be true or false")?;
            }
            "connect_timeout" => self.timeouts.connect = timeout(value)?,
            "header_timeout" => self.timeouts.header = timeout(value)?,
            "idle_timeout" => self.timeouts.idle = timeout(value)?,
            "sse_idle_timeout" => self.timeouts.sse_idle = timeout(value)?,
            "view" => {
                let name = Some(text(value)?).filter(|name| is_view(name));
                let name = name.ok_or("must be the name of a view: letters, digits and . _ -")?;
                self.view = Some(name.to_owned());
            }
            _ => self.console_url = Some(text(value)?.to_owned()),
        }
        Ok(())
    }

    fn credential(&self, provider: &'static dyn Provider, base: &Url) -> Credential {
        if self.auth == Some(AuthScheme::None) {
            return Credential::None;
        }
        if let Some(fault) = &self.fault {
            return Credential::Fault(fault.clone());
        }
        if let Some(secret) = &self.key {
            return Credential::Key(secret.clone());
        }
        match (&self.client_id, &self.client_secret) {
            (None, None) => {}
            (Some(id), Some(secret)) => {
                let default = || default_token_url(provider.name(), Some(base));
                return match self.token_url.clone().or_else(default) {
                    Some(token_url) => Credential::Client {
                        id: id.clone(),
                        secret: secret.clone(),
                        token_url,
                    },
                    None => Credential::Fault("client_id needs a token_url".to_owned()),
                };
            }
            (Some(_), None) => {
                return Credential::Fault(
                    "client_id needs client_secret_env, client_secret_file or client_secret_command"
                        .to_owned(),
                );
            }
            (None, Some(_)) => {
                return Credential::Fault("a client secret needs client_id".to_owned());
            }
        }
        if provider.caps().open && self.auth.is_none() {
            return Credential::None;
        }
        Credential::Fault(
            "the context has no api_key_env, api_key_file or api_key_command".to_owned(),
        )
    }
}

/// The context that the fields make, or why they make none.
pub(super) fn named_context(
    name: &str,
    mut fields: Fields,
    warnings: &mut Warnings<'_>,
    at: usize,
) -> Result<Context, String> {
    if !is_name(name) {
        return Err("a name has only letters, digits and . _ -".to_owned());
    }
    let provider = fields.provider.take().unwrap_or_else(|| {
        Err("it needs provider = \"telnyx\", \"vectara\", \"agentex\" or \"elizaos\"".to_owned())
    })?;
    let caps = provider.caps();
    let base_url = match fields.base_url.take() {
        Some(sent) => sent?,
        None => base_url(caps.base_url).map_err(|fault| format!("base_url {fault}"))?,
    };
    let credential = fields.credential(provider, &base_url);
    let auth = match (&credential, fields.auth) {
        (_, Some(scheme)) => scheme,
        (Credential::None, None) => AuthScheme::None,
        (Credential::Client { .. }, None) => AuthScheme::Bearer,
        (_, None) if caps.auth == AuthScheme::None => AuthScheme::Bearer,
        (_, None) => caps.auth,
    };
    if fields.key.is_some() && fields.client_id.is_some() {
        warnings.add(
            at,
            format!("context `{name}` has a key and a client_id; the key is used"),
        );
    }
    Ok(Context {
        name: name.to_owned(),
        provider,
        base_url,
        auth,
        credential,
        account_id: fields.account_id,
        headers: fields.headers,
        ca_file: fields.ca_file,
        insecure: fields.insecure,
        timeouts: fields.timeouts,
        console_url: fields.console_url,
        view: fields.view,
    })
}

fn text<'v>(value: Value<'v, '_>) -> Result<&'v str, String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| "must be a text in quotes".to_owned())
}

fn provider_of(value: Value<'_, '_>) -> Result<&'static dyn Provider, ()> {
    value.as_str().and_then(provider::named).ok_or(())
}

fn unknown_provider(value: Value<'_, '_>) -> String {
    let names = provider::ALL.map(Provider::name);
    let meant = suggestion(value.as_str().unwrap_or_default(), &names);
    format!("must be one of {}{meant}", names.join(", "))
}

fn secret(word: &str, value: Value<'_, '_>, places: Places<'_>) -> Result<Secret, String> {
    if word.ends_with("_env") {
        let name = text(value)?;
        if !is_variable(name) {
            return Err("must be the name of a variable, not its value".to_owned());
        }
        return Ok(Secret::Env(name.to_owned()));
    }
    if word.ends_with("_file") {
        return Ok(Secret::File(path(text(value)?, places)));
    }
    let words = match value.as_array() {
        Some(array) => array
            .iter()
            .map(|word| word.get_ref().as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>(),
        None => shell_words::split(text(value)?).ok(),
    };
    words
        .filter(|words| !words.is_empty())
        .map(Secret::Command)
        .ok_or_else(|| {
            "must be a program and its arguments, [\"program\", \"argument\"]".to_owned()
        })
}

/// `~/` is the home folder; a relative path is relative to the configuration's.
fn path(text: &str, places: Places<'_>) -> PathBuf {
    match text.strip_prefix("~/") {
        Some(rest) => places.home.join(rest),
        None => places.folder.join(text),
    }
}

fn timeout(value: Value<'_, '_>) -> Result<std::time::Duration, String> {
    let read = match whole(value) {
        Some(seconds) => Some(std::time::Duration::from_secs(seconds)),
        None => parse_duration(text(value)?).ok(),
    };
    read.filter(|limit| !limit.is_zero())
        .ok_or_else(|| "must be a duration like \"20s\"".to_owned())
}
