//! What the scripts say, and what a server gets when shells run them.

mod calls;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use proptest::prelude::*;
use secrecy::SecretString;

use super::*;
use crate::{guard::Redactor, model::CallMembers};

fn asked<'a>(tool: &'a str, arguments: &'a str) -> Asked<'a> {
    Asked {
        tool,
        payload: arguments.as_bytes(),
        in_words: false,
        members: CallMembers::default(),
        locator: "sortie:prod/m/r#e1",
        lists: &[],
    }
}

fn source() -> Get {
    Get {
        url: "https://api.telnyx.com/v2/ai/missions/m/runs/r/events/e1".to_owned(),
        headers: vec![(
            "Authorization".to_owned(),
            vec![
                Piece::text("Bearer "),
                Piece::Variable("TELNYX_API_KEY".to_owned()),
            ],
        )],
        ..Get::default()
    }
}

fn texts(tool: &str, arguments: &str, tools: &[Tool]) -> Vec<String> {
    let mut masking = Redactor::new(vec![SecretString::from("sk-live-0123456789")]).masking();
    let scripts = replays(asked(tool, arguments), tools, Some(&source()), &mut masking);
    scripts.into_iter().map(|script| script.text).collect()
}

#[test]
fn a_call_that_carries_its_request_is_exact() {
    let arguments = r#"{"method":"post","url":"https://pay.example/refunds?api_key=abc123&x=1 2",
        "headers":{"Authorization":"Bearer tok_1","X-Trace":"a'b"},"body":{"charge": "ch_77", "amount": 1.50}}"#;
    let texts = texts("http.request", arguments, &[]);
    assert_eq!(texts.len(), 2, "A, and C");
    assert_eq!(
        texts[0],
        "# grade A: exact, the call carries method and address\n\
         # tool http.request, sortie:prod/m/r#e1\n\
         # WARNING: this sends the request again, which may write data\n\
         # masked, set first: API_KEY, AUTHORIZATION\n\
         curl -sS -X POST \"https://pay.example/refunds?api_key=$API_KEY&x=1%202\" \\\n  \
         -H \"Authorization: Bearer $AUTHORIZATION\" \\\n  -H 'X-Trace: a'\\''b' \\\n  \
         -H 'Content-Type: application/json' \\\n  --data-raw '{\"charge\":\"ch_77\",\"amount\":1.50}'\n"
    );
    assert!(!texts.concat().contains("tok_1") && !texts[0].contains("abc123"));
}

#[test]
fn a_key_in_the_place_of_a_user_stays_here() {
    for address in [
        "https://tok_900d5ec7:@api.example/charges",
        "https://tok_900d5ec7:x-oauth-basic@api.example/charges",
        "https://dana:tok_900d5ec7@api.example/charges",
    ] {
        let arguments = format!(r#"{{"method":"get","url":"{address}"}}"#);
        let texts = texts("http.request", &arguments, &[]);
        assert!(texts[0].contains("PASSWORD"), "{}", texts[0]);
        assert!(!texts[0].contains("tok_900d5ec7"), "{}", texts[0]);
    }
}

#[test]
fn without_a_method_nothing_is_guessed() {
    let texts = texts("web.get", r#"{"url":"https://example.com/"}"#, &[]);
    assert_eq!(texts.len(), 1);
    assert_eq!(
        texts[0],
        "# grade C: arguments only, how the tool is reached is not known\n\
         # tool web.get, sortie:prod/m/r#e1\n\
         cat <<'JSON'\n{\"url\":\"https://example.com/\"}\nJSON\n\
         # the record that has them, read again\n\
         curl -sS https://api.telnyx.com/v2/ai/missions/m/runs/r/events/e1 \\\n  \
         -H \"Authorization: Bearer $TELNYX_API_KEY\"\n"
    );
}

#[test]
fn a_tool_of_the_configuration_is_called_as_it_says() {
    let tools = [Tool {
        pattern: "pay.*".to_owned(),
        url: "https://mcp.example.net/rpc".to_owned(),
        method: "POST".to_owned(),
        transport: Transport::Mcp,
        headers: vec![(
            "Authorization".to_owned(),
            vec![
                Piece::text("Bearer "),
                Piece::Variable("PAY_TOKEN".to_owned()),
            ],
        )],
    }];
    let texts = texts(
        "pay.refund",
        r#"{"charge":"ch_77","secret":"s3cr3t"}"#,
        &tools,
    );
    assert_eq!(texts.len(), 2);
    assert!(
        texts[0].starts_with("# grade B: known transport"),
        "{}",
        texts[0]
    );
    assert!(texts[0].contains("-H \"Authorization: Bearer $PAY_TOKEN\""));
    assert!(texts[0].contains(
        r#"--data-raw '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay.refund","arguments":{"charge":"ch_77","secret":"'"$SECRET"'"}}}'"#
    ), "{}", texts[0]);
}

#[test]
fn what_was_masked_when_a_run_was_kept_is_a_variable_that_no_payload_chooses() {
    let arguments = r#"{"api_key":"‹api_key#1›","auth":"Bearer ‹TELNYX_API_KEY#2›","token":"‹token#3›","say":"a‹x#1›b"}"#;
    let texts = texts("pay.refund", arguments, &[]);
    assert!(
        texts[0].contains(r"masked, set first: API_KEY, SECRET_TELNYX_API_KEY, TOKEN"),
        "{}",
        texts[0]
    );
    assert!(
        texts[0].contains(
            r#""api_key":"$API_KEY","auth":"Bearer $SECRET_TELNYX_API_KEY","token":"$TOKEN","say":"a‹x#1›b""#
        ),
        "{}",
        texts[0]
    );
}

#[test]
fn credentials_in_use_never_leave_and_two_of_a_name_are_told_apart() {
    let texts = texts(
        "x",
        r#"{"a":{"token":"one1"},"b":{"token":"two2"},"c":"sk-live-0123456789","d":"‹token#1›x"}"#,
        &[],
    );
    assert!(
        texts[0].contains("masked, set first: TOKEN, TOKEN_2, KEY"),
        "{}",
        texts[0]
    );
    assert!(!texts[0].contains("sk-live") && !texts[0].contains("one1"));
    // With variables in it the here-document is open, and all else in it is spelled.
    assert!(
        texts[0].contains("cat <<JSON\n{\"a\":{\"token\":\"$TOKEN\"}"),
        "{}",
        texts[0]
    );
}

#[test]
fn a_call_is_spelled_alike_out_of_its_run_and_out_of_what_was_kept_of_it() {
    let live = r#"{"method":"POST","url":"https://pay.example/r","headers":{"authorization":"Bearer abc123def456"},
        "body":{"api_key":"hunter2hunter2"}}"#;
    let kept = Redactor::default()
        .masking()
        .json(live.as_bytes(), crate::guard::Sort::Any)
        .into_owned();
    let kept = String::from_utf8(kept).unwrap();
    assert!(
        kept.contains("Bearer ‹authorization#1›") && !kept.contains("hunter2"),
        "{kept}"
    );
    let again = Redactor::default()
        .masking()
        .json(kept.as_bytes(), crate::guard::Sort::Any)
        .into_owned();
    assert_eq!(String::from_utf8(again).unwrap(), kept, "masked once");
    let text = texts("http.request", live, &[]).remove(0);
    assert!(
        text.contains("authorization: Bearer $AUTHORIZATION"),
        "{text}"
    );
    assert_eq!(texts("http.request", &kept, &[]).remove(0), text);
}

#[test]
fn names_of_tools_cannot_get_out_of_the_comment() {
    for script in texts("x\n$(reboot)`y`'", "{}", &[]) {
        let comments = script.lines().filter(|line| line.starts_with('#'));
        assert!(comments.clone().count() >= 2);
        assert!(!script.contains("$(") && !script.contains('`'));
    }
}

/// What a server was sent: head and body.
fn recorded(scripts: &[String], shell: &str) -> Vec<(String, Vec<u8>)> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::channel();
    let count = scripts.len();
    thread::spawn(move || {
        for stream in listener.incoming().take(count) {
            let mut reader = BufReader::new(stream.unwrap());
            let mut head = String::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            reader.get_mut().write_all(answer).unwrap();
            let _ = tell.send((head, body));
        }
    });
    let script: String = scripts
        .iter()
        .map(|script| script.replace("127.0.0.1:1", &format!("127.0.0.1:{port}")))
        .collect();
    let mut command = Command::new(shell);
    if shell == "zsh" {
        command.arg("-f");
    }
    let mut child = command
        .env_remove("http_proxy")
        .env("NO_PROXY", "*")
        .env("TOKEN", "t0k \"en\"")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let file = tempfile_with(&script);
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, ". {}", file.display()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let _ = fs::remove_file(file);
    let got: Vec<_> = (0..count)
        .map_while(|_| told.recv_timeout(std::time::Duration::from_secs(5)).ok())
        .collect();
    assert_eq!(got.len(), count, "{shell}: {complaint}\n{script}");
    got
}

fn tempfile_with(script: &str) -> std::path::PathBuf {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("sortie-curl-{}-{number}.sh", std::process::id()));
    fs::write(&path, script).unwrap();
    path
}

fn any_body() -> impl Strategy<Value = (Vec<u8>, bool)> {
    let json = "[ -~é\u{202e}\u{1b}\n\t]{0,60}".prop_map(|said| {
        (
            Value::from(vec![Value::from(said)])
                .to_string()
                .into_bytes(),
            true,
        )
    });
    let large = "[ -~\n$`'\\\\]{1100,1300}".prop_map(|said| {
        (
            Value::from(vec![Value::from(said)])
                .to_string()
                .into_bytes(),
            true,
        )
    });
    let text = "[ -~\n\t@$`'\\\\]{1,60}".prop_map(|said| (said.into_bytes(), false));
    prop_oneof![json, large, text]
}

use serde_json::Value;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn a_server_gets_what_the_call_says_from_every_shell(
        bodies in proptest::collection::vec((any_body(), "[ -~é]{0,20}", "[!-~]{0,12}"), 1..5)
    ) {
        let there = |name: &&str| Command::new(name).args(["-c", "curl --version"]).output()
            .is_ok_and(|output| output.status.success());
        let mut scripts = Vec::new();
        for ((body, is_json), header, query) in &bodies {
            let sent = Sent {
                method: "PUT".to_owned(),
                url: format!("http://127.0.0.1:1/p?q={}", crate::text::percent::encoded(query)),
                headers: vec![("X-One".to_owned(), names::Secretly::Sent(header.trim().to_owned()))],
                body: Some(body.clone()),
                is_json: *is_json,
                calls: false,
            };
            let mut masking = Redactor::default().masking();
            scripts.push(command(&sent, &mut Names::default(), &mut masking).0);
        }
        for shell in ["bash", "zsh", "dash"].iter().filter(|name| there(name)) {
            let got = recorded(&scripts, shell);
            for (((body, is_json), header, query), (head, received)) in bodies.iter().zip(&got) {
                let line = format!("PUT /p?q={} HTTP/1.1", crate::text::percent::encoded(query));
                prop_assert!(head.starts_with(&line), "{}", head);
                if *is_json {
                    let (sent, got): (Value, Value) =
                        (serde_json::from_slice(body).unwrap(), serde_json::from_slice(received).unwrap());
                    prop_assert_eq!(sent, got);
                } else {
                    prop_assert_eq!(String::from_utf8_lossy(body), String::from_utf8_lossy(received));
                }
                let told = head.lines().find_map(|line| line.strip_prefix("X-One:"));
                prop_assert_eq!(told.map(str::trim), Some(header.trim()), "{}", head);
            }
        }
    }
}
