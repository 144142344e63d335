//! `contexts test` and `--api-log`: what was asked, how it went, and nothing secret.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_context_proves_itself_in_one_line() {
    let (_demo, session) = demo();
    let told = tell(&session, "contexts test").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let mut lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 5, "{}", told.out);
    // They come as they answer.
    let place = |line: &str| {
        let services = ["telnyx", "vectara", "agentex", "elizaos"];
        services.iter().position(|service| line.contains(service))
    };
    lines.sort_by_key(|line| place(line));
    for (line, service) in lines[1..]
        .iter()
        .zip(["telnyx", "vectara", "agentex", "elizaos"])
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[..2], [format!("demo-{service}").as_str(), service]);
        assert!(
            words[2].starts_with("http://127.0.0.1:") && words[3] == "ok",
            "{line}"
        );
        assert!(words[4].ends_with('s'), "how long it took: {line}");
    }
    for asked in &session.contexts {
        let sent = asked.line.requests().len();
        assert!((1..=4).contains(&sent), "{sent} to {}", asked.record.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_says_why_and_what_to_do() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let all = |bad: &[Connection]| {
        let mut all = demo.connections();
        all.extend_from_slice(bad);
        session(&all, None)
    };
    let cases = [
        (vec![dead(&demo)], Exit::Service, "unreachable"),
        (vec![keyless(&demo)], Exit::Credentials, "no_credential"),
        (vec![refused(&demo)], Exit::Credentials, "refused"),
        (
            vec![dead(&demo), refused(&demo)],
            Exit::Credentials,
            "unreachable",
        ),
    ];
    for (bad, exit, code) in cases {
        let session = all(&bad);
        let told = tell(&session, "contexts test -o json").await;
        assert_eq!(told.exit, exit, "{code}");
        let json = told.json();
        assert_eq!(json["schema"], "sortie.contexts/1");
        let items = json["items"].as_array().unwrap();
        let expected = "name provider base_url credential_source ok error duration_ms";
        assert_eq!(keys(&items[0]).join(" "), expected);
        assert_eq!(
            (items.len(), &items[0]["ok"]),
            (4 + bad.len(), &true.into())
        );
        assert_eq!(
            (&items[4]["ok"], items[4]["error"].is_string()),
            (&false.into(), true)
        );
        assert_eq!(json["errors"][0]["code"], code);
        let hint = json["errors"][0]["hint"].as_str().unwrap();
        let text = tell(&session, "contexts test").await;
        assert_eq!((text.exit, text.err.as_str()), (exit, ""));
        let mut lines = text.out.lines();
        let fits = |line: &str| line.contains(" failed ") && line.ends_with(hint);
        assert!(lines.any(fits), "{}", text.out);
        assert!(!text.out.contains("hunter22") && !told.out.contains("hunter22"));
    }
}

/// Hands on what is written, line by line.
struct Lines(tokio::sync::mpsc::UnboundedSender<String>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        for line in text.lines() {
            self.0.send(line.to_owned()).unwrap();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_the_slowest_context() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut all = vec![altered(&demo, "silent-one", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    })];
    all.extend(demo.connections());
    let session = session(&all, None);
    let command = Args::try_parse_from(["sortie", "contexts", "test"])
        .unwrap()
        .command
        .unwrap();
    let (lines, mut written) = tokio::sync::mpsc::unbounded_channel();
    let (mut out, mut err) = (Lines(lines), io::sink());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let reader = async {
        let mut lines = Vec::new();
        while lines.len() < 5 {
            lines.push(written.recv().await.unwrap());
        }
        lines
    };
    let lines = tokio::select! {
        exit = cli::perform(&session, &command, &mut outlet) => panic!("{exit:?}"),
        lines = reader => lines,
    };
    assert!(lines[0].starts_with("NAME          PROVIDER "), "{lines:?}");
    let column = lines[0].find("STATE").unwrap();
    for line in &lines[1..] {
        assert_eq!(line.get(column..column + 3), Some("ok "), "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_of_another_shape_is_no_success() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let array = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]";
    let object = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    for (says, reply) in [("[]", array), ("{}", object)] {
        for mut connection in demo.connections() {
            let service = connection.provider.name();
            let is_its_own = says == "[]" && service == "agentex";
            connection.base_url.set_port(Some(saying(reply))).unwrap();
            let session = session(&[connection], None);
            for line in ["contexts test -o json", "missions -o json", "runs -o json"] {
                let told = tell(&session, line).await;
                let told_wrong = told.json()["errors"][0]["code"] == "bad_reply";
                let expected = if is_its_own { Exit::Ok } else { Exit::Service };
                assert_eq!(
                    (told.exit, told_wrong),
                    (expected, !is_its_own),
                    "{service} {says} {line}: {}",
                    told.out
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_gives_no_key_is_named_with_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let config = r#"
[contexts.mine]
provider = "telnyx"
base_url = "http://127.0.0.1:9"
api_key_command = ["sh", "-c", "echo oh no >&2; exit 3"]
"#;
    std::fs::write(&path, config).unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let line = format!("contexts test --config {}", path.display());
    let (exit, out, err, _) = on_telnyx(&demo, &line, "C.UTF-8").await;
    assert_eq!((exit, err.as_str()), (Exit::Credentials, ""));
    let line = out.lines().nth(1).unwrap();
    for part in [
        "the command sh failed (exit status 3): oh no. ",
        "`api_key_command` of context `mine`",
    ] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_named_contexts_are_asked() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut all = demo.connections();
    all.push(dead(&demo));
    let session = session(&all, None);
    let told = tell(&session, "contexts test demo-elizaos demo-telnyx -o jsonl").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let names: Vec<Value> = told.lines().iter().map(|c| c["name"].clone()).collect();
    assert_eq!(names, ["demo-telnyx", "demo-elizaos"]);
    assert!(
        session.contexts[1].line.requests().is_empty(),
        "it was not asked"
    );
    let none = tell(&session, "contexts test nope").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::Usage, ""));
    assert!(none.err.contains("`nope`"), "{}", none.err);
}

/// Runs a whole command line against one server of the demo, found through the environment.
async fn on_telnyx(demo: &Demo, line: &str, locale: &str) -> (Exit, String, String, String) {
    let server = &demo.servers()[0];
    let env = |name: &str| match name {
        "TELNYX_BASE_URL" => Some(server.base_url.to_string()),
        "TELNYX_API_KEY" => Some(server.key.clone()),
        "LANG" => Some(locale.to_owned()),
        "HOME" => Some("/nowhere".to_owned()),
        _ => None,
    };
    let args = Args::try_parse_from(format!("sortie {line}").split(' ')).unwrap();
    let (mut out, mut err, mut requests) = (Vec::new(), Vec::new(), Vec::new());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let command = args.command.clone().unwrap();
    let now = Timestamp::now();
    let exit = cli::run(&args, &command, &env, now, &mut outlet, &mut requests).await;
    let [out, err, requests] = [out, err, requests].map(|bytes| String::from_utf8(bytes).unwrap());
    (exit, out, err, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_requests_names_each_of_them() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let line = "missions --api-log";
    let (exit, out, err, requests) = on_telnyx(&demo, line, "C.UTF-8").await;
    assert_eq!((exit, err.as_str()), (Exit::Ok, ""));
    assert!(!out.contains("GET"), "data stays data");
    assert!(
        requests.starts_with("telnyx  GET /ai/missions?page[number]=1"),
        "{requests}"
    );
    assert!(
        requests.contains("  200  ") && requests.contains(" B"),
        "{requests}"
    );
    let line = "show no-such-run -o json --api-log";
    let (exit, _, _, requests) = on_telnyx(&demo, line, "C.UTF-8").await;
    assert_eq!(exit, Exit::NotFound);
    let first: Value = serde_json::from_str(requests.lines().next().unwrap()).unwrap();
    let expected = "time context method path status duration_ms bytes retries cached reason";
    assert_eq!(keys(&first).join(" "), expected);
    assert_eq!(
        (&first["method"], &first["status"]),
        (&"GET".into(), &200.into())
    );
    assert!(!requests.contains(&demo.servers()[0].key));
    let (_, _, _, none) = on_telnyx(&demo, "missions", "C.UTF-8").await;
    assert_eq!(none, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_ascii_is_shown_nothing_else_is_printed() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let run = "show 66e0d1f8";
    let (exit, all, ..) = on_telnyx(&demo, run, "de_DE.UTF-8").await;
    assert!(exit == Exit::Ok && !all.is_ascii(), "{all}");
    for (line, locale) in [
        (format!("{run} --ascii"), "de_DE.UTF-8"),
        (run.to_owned(), "C"),
    ] {
        let (exit, out, err, _) = on_telnyx(&demo, &line, locale).await;
        assert!(
            exit == Exit::Ok && out.is_ascii() && err.is_ascii(),
            "{out}"
        );
        assert_eq!(out.lines().count(), all.lines().count());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_line_of_the_key_map_is_named_beside_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let context = "[contexts.lab]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:9\"\n";
    std::fs::write(&config, context).unwrap();
    let told = async |format: &str| {
        let line = format!("sortie --config {} contexts -o {format}", config.display());
        let args = Args::try_parse_from(line.split(' ')).unwrap();
        let command = args.command.clone().unwrap();
        let now = Timestamp::now();
        heard(async |outlet| {
            cli::run(&args, &command, &|_| None, now, outlet, &mut io::sink()).await
        })
        .await
    };
    let before = told("text").await;
    assert_eq!(before.err, "");
    let keys = folder.path().join("keys.toml");
    std::fs::write(&keys, "[no-such-section]\nj = \"down\"\n").unwrap();
    let after = told("text").await;
    assert_eq!((after.exit, &after.out), (Exit::Ok, &before.out));
    let warning = format!("sortie: warning: {}:1: ", keys.display());
    assert!(after.err.starts_with(&warning), "{}", after.err);
    assert_eq!(after.err.lines().count(), 1, "{}", after.err);
    let json = told("jsonl").await;
    assert_eq!(json.lines().len(), 1);
    let error: Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(error["code"], "config");
}
