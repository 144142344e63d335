//! What goes wrong: dead hosts, refused keys, silence, closed pipes.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_context_does_not_hide_the_others() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    for (bad, alone, code) in [
        (dead(&demo), Exit::Service, "unreachable"),
        (keyless(&demo), Exit::Credentials, "no_credential"),
        (refused(&demo), Exit::Credentials, "refused"),
    ] {
        let name = bad.name.clone();
        let told = tell(&session(std::slice::from_ref(&bad), None), "runs -o json").await;
        assert_eq!(told.exit, alone, "{name}");
        assert_eq!(told.json()["errors"][0]["code"], code);
        let mut all = demo.connections();
        all.push(bad);
        let all = session(&all, None);
        let told = tell(&all, "runs -o json").await;
        assert_eq!(told.exit, Exit::Partial, "{name}");
        let json = told.json();
        assert!(json["items"].as_array().unwrap().len() > 20);
        assert_eq!(json["errors"].as_array().unwrap().len(), 1);
        assert_eq!(json["errors"][0]["context"], name.as_str());
        let lines = tell(&all, "runs -o jsonl").await;
        assert!(
            lines
                .out
                .lines()
                .all(|line| line.starts_with("{\"context\""))
        );
        assert!(lines.err.contains(code), "{}", lines.err);
        assert!(!told.out.contains("hunter22") && !lines.err.contains("hunter22"));
        // Whether it is nowhere is not known while one context is silent.
        assert_eq!(tell(&all, "show no-such-run").await.exit, alone, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_id_is_found_although_a_context_is_silent() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut all = demo.connections();
    all.push(keyless(&demo));
    let run = "8c41e07a-5d12-4b6f-9c83-2f70a9d1e644";
    let told = tell(&session(&all, None), &format!("events {run} --limit 1")).await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_host_ends_with_the_timeout() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = altered(&demo, "silent", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    });
    let limit = Some(Duration::from_millis(300));
    let told = tell(&session(&[silent], limit), "runs -o json").await;
    assert_eq!(told.exit, Exit::Timeout);
    assert_eq!(told.json()["errors"][0]["code"], "timeout");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_wants_a_long_rest_is_not_waited_for() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let port = saying("HTTP/1.1 429 Busy\r\nretry-after: 45\r\ncontent-length: 0\r\n\r\n");
    let busy = altered(&demo, "busy", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    });
    let session = session(&[busy], None);
    let told = tokio::time::timeout(Duration::from_secs(20), tell(&session, "runs -o json"));
    let told = told.await.unwrap();
    assert_eq!(told.exit, Exit::Service);
    assert_eq!(told.json()["errors"][0]["code"], "rate_limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_elsewhere_is_no_deleted_thing() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let page = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 14\r\n\r\n\
                <html>no</html>";
    let port = saying(page);
    let elsewhere = altered(&demo, "elsewhere", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    });
    let told = tell(&session(&[elsewhere], None), "runs -o json").await;
    assert_eq!(
        told.exit,
        Exit::Service,
        "the list of missions is never gone"
    );
    let error = &told.json()["errors"][0];
    assert!(
        error["message"].as_str().unwrap().contains("404"),
        "{error}"
    );
    assert!(
        error["hint"].as_str().unwrap().contains("base_url"),
        "{error}"
    );
}

/// A reader that has seen enough.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_no_failure() {
    let (_demo, session) = demo();
    for line in ["runs", "show 8c41e07a -o json"] {
        let args = Args::try_parse_from(format!("sortie {line}").split(' ')).unwrap();
        let mut err = Vec::new();
        let mut outlet = Outlet {
            of_files: Vec::new(),
            out: &mut Closed,
            err: &mut err,
            columns: None,
            ascii: false,
        };
        let exit = cli::perform(&session, &args.command.unwrap(), &mut outlet).await;
        assert_eq!((exit, err.as_slice()), (Exit::Ok, b"".as_slice()), "{line}");
    }
}
