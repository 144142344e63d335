//! The system's proxy variables: honoured, except for what lies on this very machine. Variables belong
//! to a whole process, so each case asks from one of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use sortie::fetch::Auth;
use url::Url;

use crate::plain::{SECRET, connection, items};
use crate::server::{Server, reply};
use crate::{ask, ids};

const ASK: &str = "SORTIE_TEST_ASK";
const TOKEN: &str = "SORTIE_TEST_TOKEN_URL";
const VARIABLES: [&str; 4] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

/// What the other process does; alone it does nothing.
#[tokio::test]
async fn in_another_process() {
    let Ok(url) = std::env::var(ASK) else {
        return;
    };
    let mut connection = connection(&Url::parse(&url).unwrap());
    if let Ok(token_url) = std::env::var(TOKEN) {
        connection.auth = Auth::Client {
            client_id: "me".to_owned(),
            client_secret: SecretString::from(SECRET),
            token_url: Url::parse(&token_url).unwrap(),
            source: "$PLAIN_CLIENT_SECRET".to_owned(),
        };
    }
    let collected = ask(&connection).await;
    let told = collected.trouble.as_ref().map(ToString::to_string);
    let mut out = std::io::stdout();
    writeln!(out, "told: {:?} {told:?}", ids(&collected)).unwrap();
}

/// Asks from another process with these variables; what it told.
fn asked(url: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "proxy::in_another_process", "--nocapture"]);
    for name in VARIABLES {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env_remove("REQUEST_METHOD").env(ASK, url);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = text.lines().find_map(|line| line.split_once("told: "));
    told.unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

/// A proxy that answers by itself and remembers the first line of each request.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut bytes = [0; 4096];
            let n = stream.read(&mut bytes).unwrap_or(0);
            let text = String::from_utf8_lossy(&bytes[..n]).into_owned();
            let line = text.lines().next().unwrap_or_default().to_owned();
            let body = items(["proxied".to_owned()], None);
            let status = if line.starts_with("CONNECT") {
                502
            } else {
                200
            };
            kept.lock().unwrap().push(line);
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    (url, heard)
}

const GET: &str = "GET http://service.invalid/missions HTTP/1.1";

#[test]
fn the_systems_variables_are_honoured() {
    let service = "http://service.invalid/";
    for variable in ["HTTP_PROXY", "ALL_PROXY", "http_proxy"] {
        let (proxy, heard) = proxy();
        let told = asked(service, &[(variable, &proxy)]);
        assert!(told.contains("proxied"), "{variable}: {told}");
        assert_eq!(*heard.lock().unwrap(), [GET]);
    }
    // What is encrypted goes through a tunnel.
    let (url, heard) = proxy();
    let told = asked("https://service.invalid/", &[("HTTPS_PROXY", &url)]);
    assert!(told.contains("service.invalid"), "{told}");
    let first = heard.lock().unwrap().first().cloned();
    assert_eq!(
        first.as_deref(),
        Some("CONNECT service.invalid:443 HTTP/1.1")
    );
    // What is excepted is asked directly.
    let (url, heard) = proxy();
    let told = asked(
        service,
        &[("HTTP_PROXY", &url), ("NO_PROXY", "service.invalid")],
    );
    assert!(told.contains("cannot reach service.invalid"), "{told}");
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn this_machine_is_asked_without_a_proxy() {
    let (url, heard) = proxy();
    let server = Server::saying(|asked| {
        if asked.line.starts_with("POST") {
            return reply(
                200,
                "",
                r#"{"access_token": "token-1", "expires_in": 1800}"#,
            );
        }
        reply(200, "", items(["direct".to_owned()], None))
    })
    .await;
    let base = server.url.to_string();
    let proxies = [("HTTP_PROXY", url.clone()), ("ALL_PROXY", url.clone())];
    let token_url = server.url.join("/token").unwrap().to_string();
    let told = tokio::task::spawn_blocking(move || {
        let [one, two] = &proxies;
        let mut variables = vec![(one.0, one.1.as_str()), (two.0, two.1.as_str())];
        let here = asked(&base, &variables);
        // So is a place on this machine that gives out tokens for a service elsewhere.
        variables.push((TOKEN, &token_url));
        (here, asked("http://service.invalid/", &variables))
    })
    .await
    .unwrap();
    assert!(told.0.contains("direct"), "{}", told.0);
    assert!(told.1.contains("proxied"), "{}", told.1);
    assert_eq!(*heard.lock().unwrap(), [GET]);
    let asked = server.log.lines.lock().unwrap().clone();
    assert_eq!(asked, ["GET /missions", "POST /token"]);
}
