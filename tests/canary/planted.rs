//! The demo's four services with secrets in all that they say: whatever they answer is passed on with what
//! is planted behind every text of words, in JSON inside of texts too, and in what they stream.

use std::{collections::HashMap, fmt::Write as _, fs, path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use futures_util::StreamExt as _;
use serde_json::Value;
use sortie::{
    demo::{Demo, Server, clock::Clock},
    model::AuthScheme,
    text::percent::encoded,
};

use super::{OWN, planted, secrets};

/// Members that are given one more, under a key that says that it is secret.
const LARGE: [&str; 6] = [
    "payload",
    "arguments",
    "content",
    "metadata",
    "tool_input",
    "data",
];

/// Puts a text behind every text of words: ids, times and the words of a service stay as they are.
pub fn planted_in(value: &mut Value, text: &str) {
    match value {
        Value::String(said) => {
            let inner = said
                .starts_with(['{', '['])
                .then(|| serde_json::from_str(said));
            if let Some(Ok(mut inner)) = inner {
                planted_in(&mut inner, text);
                *said = inner.to_string();
            } else if said.contains(' ') {
                said.push(' ');
                said.push_str(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| planted_in(item, text)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                planted_in(member, text);
                if let (Value::Object(of), true) = (member, LARGE.contains(&name.as_str())) {
                    of.insert("api_key".to_owned(), secrets()[4].1.clone().into());
                }
            }
        }
        _ => {}
    }
}

/// A service behind another address.
struct Behind {
    server: Server,
    client: reqwest::Client,
    text: String,
}

impl Behind {
    /// An answer with what is planted in it.
    fn body(&self, sent: &[u8]) -> Vec<u8> {
        match serde_json::from_slice::<Value>(sent) {
            Ok(mut value) => {
                planted_in(&mut value, &self.text);
                value.to_string().into_bytes()
            }
            Err(_) => sent.to_vec(),
        }
    }

    /// A line of a stream.
    fn line(&self, line: &str) -> String {
        match line.strip_prefix("data:") {
            Some(data) => {
                let body = self.body(data.trim().as_bytes());
                format!("data: {}", String::from_utf8_lossy(&body))
            }
            None => line.to_owned(),
        }
    }
}

/// Passes a question on, with the key of the service in place of the one that is planted.
async fn pass(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut url = behind.server.base_url.clone();
    url.set_path(uri.path());
    url.set_query(uri.query());
    let mut asked = behind.client.request(method, url).body(body);
    for name in [header::ACCEPT, header::CONTENT_TYPE] {
        if let Some(value) = headers.get(&name) {
            asked = asked.header(name, value);
        }
    }
    let brought = headers.values().any(|value| {
        let value = value.to_str().unwrap_or_default();
        value.contains(OWN)
    });
    if !brought {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let key = &behind.server.key;
    let asked = match behind.server.auth {
        AuthScheme::Bearer => asked.bearer_auth(key),
        _ => asked.header("x-api-key", key),
    };
    let Ok(answer) = asked.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let mut said = HeaderMap::new();
    if let Some(kind) = &kind {
        said.insert(header::CONTENT_TYPE, kind.clone());
    }
    let is_stream = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        let body = answer.bytes().await.unwrap_or_default();
        return (status, said, behind.body(&body)).into_response();
    }
    let mut rest = String::new();
    let lines = answer.bytes_stream().map(move |piece| {
        rest += &String::from_utf8_lossy(&piece.unwrap_or_default());
        let mut out = String::new();
        while let Some((line, behind_it)) = rest.split_once('\n') {
            let _ = writeln!(out, "{}", behind.line(line));
            rest = behind_it.to_owned();
        }
        Ok::<_, std::convert::Infallible>(out)
    });
    (status, said, Body::from_stream(lines)).into_response()
}

/// The four services; dropping it ends them.
pub struct Planted {
    _demo: Demo,
}

impl Planted {
    /// Starts them, and writes a configuration with a context `canary-…` for each into a folder.
    pub fn start(folder: &Path) -> Self {
        // Somebody else may have done it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let demo = Demo::start(Clock::starting_now()).unwrap();
        let mut config = String::new();
        for server in demo.servers() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let mut url = server.base_url.clone();
            url.set_port(Some(listener.local_addr().unwrap().port()))
                .unwrap();
            let auth = match server.auth {
                AuthScheme::Bearer => "bearer",
                _ => "x-api-key",
            };
            let _ = write!(
                config,
                "[contexts.canary-{0}]\nprovider = \"{0}\"\nbase_url = \"{url}\"\nauth = \"{auth}\"\n\
                 api_key_env = \"CANARY_KEY\"\n",
                server.provider
            );
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let behind = Behind {
                server: server.clone(),
                client: client.clone(),
                text: planted(),
            };
            let app = Router::new().fallback(pass).with_state(Arc::new(behind));
            tokio::spawn(async move { axum::serve(listener, app).await });
        }
        fs::write(folder.join("sortie.toml"), config).unwrap();
        Self { _demo: demo }
    }
}

/// Runs of a context that have ended, those that failed first, by their locators.
pub fn ended(listed: &str) -> Vec<String> {
    let rank: HashMap<&str, u8> = [("failed", 0), ("timed_out", 1), ("succeeded", 2)].into();
    let line = |line: &str| -> Option<(u8, String)> {
        let run: Value = serde_json::from_str(line).ok()?;
        let rank = rank.get(run["status"].as_str()?)?;
        let part = |name: &str| Some(encoded(run[name].as_str()?));
        let at = format!(
            "sortie:{}/{}/{}",
            part("context")?,
            part("mission_id")?,
            part("id")?
        );
        Some((*rank, at))
    };
    let mut runs: Vec<(u8, String)> = listed.lines().filter_map(line).collect();
    runs.sort_by_key(|(rank, _)| *rank);
    runs.into_iter().map(|(_, at)| at).collect()
}
