use std::{fs, net::TcpListener, sync::Arc};

use jiff::tz::TimeZone;
use tokio::{runtime::Runtime, sync::mpsc};

use super::{name::name, *};
use crate::{
    app::export::Outgoing,
    cli::session,
    fetch::{Auth, Connection, Timeouts},
    guard::Redactor,
    model::{Look, Run, Time},
    provider,
};

fn outgoing(mission: &str, run: &str) -> Outgoing {
    Outgoing {
        context: "a".to_owned(),
        mission: mission.to_owned(),
        known: None,
        look: Look::default(),
        run: Run {
            id: run.to_owned(),
            ..Run::default()
        },
        loaded: None,
    }
}

#[test]
fn files_have_names_that_are_no_trouble_anywhere() {
    let name = |runs: &[Outgoing]| {
        let redactor = Redactor::new(vec!["a-key-in-use".into()]);
        name(runs, &mut redactor.masking())
    };
    let one = |mission, run| name(&[outgoing(mission, run)]);
    assert_eq!(
        one("nightly-billing", "8c41e07a-5d12"),
        "nightly-billing-8c41e07a"
    );
    assert_eq!(one("../../etc/passwd", "../x"), "etc-passwd-x");
    assert_eq!(one("Ünïcode / bot", "r:1"), "n-code-bot-r-1");
    assert_eq!(one("", ""), "run");
    assert_eq!(one("of a-key-in-use", "a-key-in-use"), "of-key-1-key-1");
    let both = [outgoing("a", "1"), outgoing("a", "2")];
    assert_eq!(name(&both), "a-2-runs");
    assert_eq!(name(&[outgoing("a", "1"), outgoing("b", "2")]), "2-runs");
}

/// A service that takes requests and never answers one.
fn silent(listener: &TcpListener) -> Connection {
    let address = listener.local_addr().unwrap();
    Connection {
        name: "a".to_owned(),
        provider: provider::named("telnyx").unwrap(),
        base_url: url::Url::parse(&format!("http://{address}/v2")).unwrap(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

#[test]
fn where_the_screen_is_closed_nothing_half_written_stays() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (news, mut told) = mpsc::unbounded_channel();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let contexts = vec![session::asked(&silent(&listener))];
        let mut exports = Exports::new(contexts, folder.path().to_owned(), None, news);
        exports.review(Order {
            number: Gen(1),
            way: Some(Way::Json),
            runs: vec![outgoing("m", "r")],
            redactor: Redactor::default(),
            zone: TimeZone::UTC,
            switches: Arc::default(),
            now: Time(0),
        });
        exports.write(Gen(2), &Redactor::default());
        exports.end().await;
    });
    drop(runtime);
    let mut ends = 0;
    while let Some(said) = told.blocking_recv() {
        let why = match said {
            Msg::Reviewed(Gen(1), Err(why)) | Msg::Exported(Gen(2), Err(why)) => why,
            Msg::Exporting(..) => continue,
            other => panic!("{other:?} came of it"),
        };
        assert_eq!(why, "stopped; nothing was written");
        ends += 1;
        if ends == 2 {
            break;
        }
    }
    assert_eq!(ends, 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
