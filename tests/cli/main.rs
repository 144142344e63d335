//! The headless commands against the demo's servers over real HTTP: what they print, where, and what
//! they end with. Scripts rely on all of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "../common/server.rs"]
#[allow(dead_code, reason = "not every test needs all that it can say")]
mod server;

mod beside;
mod calls;
mod causes;
mod columns;
mod contexts;
mod curl;
mod export;
mod files;
mod follow;
mod home;
mod kept;
mod lists;
mod nest;
mod open;
mod operations;
mod post;
mod query;
mod rounds;
mod schema;
mod show;
mod sources;
mod trouble;
mod watch;

use std::{
    io::{self, Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use sortie::{
    args::Args,
    cli::{
        self,
        exit::Exit,
        print::Outlet,
        session::{Session, asked},
    },
    config::secrets,
    demo::{Demo, clock::Clock},
    export::record::ContextRecord,
    fetch::{Auth, Connection, Timeouts},
    guard::Redactor,
    model::{Time, Trouble},
};

/// What a command did.
struct Told {
    exit: Exit,
    out: String,
    err: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }

    fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn session(connections: &[Connection], timeout: Option<Duration>) -> Session {
    let now = i64::try_from(Timestamp::now().as_nanosecond()).unwrap();
    Session::new(
        connections.iter().map(asked).collect(),
        Redactor::new(secrets(connections)),
        TimeZone::UTC,
        Time(now),
        timeout,
    )
}

async fn tell(session: &Session, line: &str) -> Told {
    say(session, &line.split(' ').collect::<Vec<_>>()).await
}

/// Like `tell`, of arguments with blanks in them.
async fn say(session: &Session, words: &[&str]) -> Told {
    let args = Args::try_parse_from([&["sortie"], words].concat()).unwrap();
    let command = args.command.unwrap();
    heard(async |outlet| cli::perform(session, &command, outlet).await).await
}

/// What is printed where nobody looks on.
async fn heard(work: impl AsyncFnOnce(&mut Outlet<'_>) -> Exit) -> Told {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let exit = work(&mut outlet).await;
    Told {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn demo() -> (Demo, Session) {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let session = session(&demo.connections(), None);
    (demo, session)
}

/// One connection of the demo, changed.
fn altered(demo: &Demo, name: &str, change: impl Fn(&mut Connection)) -> Connection {
    let mut connection = demo.connections().remove(0);
    name.clone_into(&mut connection.name);
    change(&mut connection);
    connection
}

fn keyless(demo: &Demo) -> Connection {
    altered(demo, "keyless", |connection| {
        let cause = "SOME_KEY is not set".to_owned();
        connection.auth = Auth::Missing(Arc::new(Trouble::NoCredential { cause }));
    })
}

fn dead(demo: &Demo) -> Connection {
    altered(demo, "dead", |connection| {
        // Nobody listens there: the port was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        connection.base_url.set_port(Some(port)).unwrap();
    })
}

fn refused(demo: &Demo) -> Connection {
    altered(demo, "refused", |connection| {
        let Auth::Key { secret, .. } = &mut connection.auth else {
            panic!("the demo wants keys");
        };
        *secret = "KEY-hunter22".into();
    })
}

/// A server that answers every request with these bytes.
fn saying(reply: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    port
}

fn keys(record: &Value) -> Vec<&str> {
    record
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
