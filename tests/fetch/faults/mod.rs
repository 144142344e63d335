//! Every fault that a service or the way to it can have, suffered through the real fetcher beside a
//! healthy context: what the row says, what came before, what the other context does meanwhile.

mod body;
mod lists;
mod reach;
mod shapes;
mod size;
mod status;
mod stream;

use std::time::Duration;

use sortie::fetch::{Connection, Fetcher, Line};
use sortie::model::{
    Arrival, Ask, ContextId, Gen, Got, Limit, NodeId, Record, Row, Sent, Ticket, Trouble, Urgency,
};
use tokio::sync::mpsc;
use tokio::time::timeout;
use url::Url;

use crate::plain::{self, connection, items, missions};
use crate::server::{Asked, Say, Server, reply};

/// What came of a context with a fault, while a healthy one was read beside it.
#[derive(Debug, Default)]
pub struct Suffered {
    /// What was asked and never answered whole, in the words of the row.
    pub trouble: Option<Trouble>,
    /// What was shown while the fetcher waited to ask again.
    pub waits: Vec<Trouble>,
    /// What came all the same.
    pub records: Vec<Record>,
    pub skipped: u32,
    pub more: Option<Ask>,
    /// Requests to the faulty service.
    pub sent: Vec<Sent>,
}

impl Suffered {
    pub fn ids(&self) -> Vec<&str> {
        self.records.iter().map(Record::id).collect()
    }

    /// The row's words.
    pub fn words(&self) -> String {
        self.trouble
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

fn ticket(context: u16, ask: Ask, limit: Limit) -> Ticket {
    Ticket {
        context: ContextId(context),
        node: NodeId(u32::from(context)),
        generation: Gen(u32::from(context) + 1),
        ask,
        limit,
        urgency: Urgency::Wanted,
    }
}

/// Asks the faulty one for its missions.
pub async fn suffer(faulty: impl Into<Line>) -> Suffered {
    suffer_for(faulty, missions(), Limit::NONE).await
}

/// Asks the faulty one for this, and the healthy one beside it for its missions. Whatever the fault,
/// the healthy one is answered whole, no mail is large, no text shows a credential, and each trouble
/// has a word for scripts and a sentence about what to do.
pub async fn suffer_for(faulty: impl Into<Line>, ask: Ask, limit: Limit) -> Suffered {
    let healthy = Server::saying(|_| reply(200, "", items(["h".to_owned()], None))).await;
    let (mail, mut inbox) = mpsc::channel(4);
    let mut beside = patient(&healthy.url);
    "beside".clone_into(&mut beside.name);
    let lines = [faulty.into(), Line::from(beside)];
    let fetcher = Fetcher::new(lines, mail);
    fetcher.load(ticket(0, ask, limit));
    fetcher.load(ticket(1, missions(), Limit::NONE));
    let mut suffered = Suffered::default();
    let (mut faulty_ended, mut beside) = (false, Vec::new());
    let mut beside_ended = false;
    while !(faulty_ended && beside_ended) {
        let arrival = timeout(Duration::from_secs(60), inbox.recv()).await;
        let arrival = arrival.expect("every ticket has a last word").unwrap();
        let ended = matches!(arrival.got, Got::Done { .. } | Got::Failed(_));
        if arrival.context == ContextId(0) {
            faulty_ended |= ended;
            take(&mut suffered, arrival);
        } else {
            beside_ended |= ended;
            beside.push(arrival.got);
        }
    }
    let [Got::Rows { rows, .. }, Got::Done { more: None }] = &beside[..] else {
        panic!("the healthy context: {beside:?}")
    };
    assert_eq!(rows[0].record().id(), "h");
    suffered.sent = fetcher.requests();
    suffered.sent.retain(|sent| sent.context != "beside");
    look_at(&suffered);
    suffered
}

fn take(suffered: &mut Suffered, arrival: Arrival) {
    match arrival.got {
        Got::Rows { rows, skipped } => {
            assert!(rows.len() <= 500, "a mail of {} rows", rows.len());
            suffered.skipped += skipped;
            suffered
                .records
                .extend(rows.into_iter().map(|row| match row {
                    Row::Full(record) | Row::Patch(record) => record,
                }));
        }
        Got::Waiting { trouble, .. } => suffered.waits.push(trouble),
        Got::Done { more } => suffered.more = more,
        Got::Failed(trouble) => suffered.trouble = Some(trouble),
        Got::Kept(_) | Got::Budget(_) | Got::Live(_) => {}
    }
}

fn look_at(suffered: &Suffered) {
    for trouble in suffered.trouble.iter().chain(&suffered.waits) {
        let texts = format!("{trouble} {trouble:?} {}", trouble.hint());
        for secret in [plain::SECRET, "extra-secret-77"] {
            assert!(!texts.contains(secret), "{texts}");
        }
        assert!(!trouble.code().is_empty() && trouble.hint().ends_with('.'));
        assert!(!trouble.to_string().contains('\n'), "a row has one line");
    }
}

/// A service whose first page is good (`a`, `b`) and whose second is what `fault` says.
pub async fn second_page(fault: impl Fn(&Asked) -> Vec<Say> + Send + Sync + 'static) -> Server {
    Server::saying(move |asked| match asked.line.as_str() {
        "GET /missions" => first_page(),
        _ => fault(asked),
    })
    .await
}

pub fn first_page() -> Vec<Say> {
    reply(200, "", items(["a".to_owned(), "b".to_owned()], Some("2")))
}

/// A fault on the second page, as one row of a table.
pub struct Case {
    pub fault: &'static str,
    pub says: fn() -> Vec<Say>,
    /// The row's words; `HOST` stands for the server's host and port.
    pub words: &'static str,
    pub code: &'static str,
    /// Part of what one is told to do.
    pub hint: &'static str,
    /// How often the second page is asked for.
    pub tries: usize,
}

/// Suffers it, and checks all that its row of the table says.
pub async fn check(case: &Case) {
    let says = case.says;
    let server = second_page(move |_| says()).await;
    let mut faulty = patient(&server.url);
    if case.code == "timed_out" {
        faulty.timeouts.header = Duration::from_secs(1);
        faulty.timeouts.idle = Duration::from_secs(1);
    }
    let suffered = suffer(faulty).await;
    let fault = case.fault;
    let words = suffered.words().replace(&host(&server), "HOST");
    assert_eq!(words, case.words, "{fault}");
    let trouble = suffered.trouble.as_ref().unwrap();
    assert_eq!(trouble.code(), case.code, "{fault}");
    let hint = trouble.hint();
    assert!(hint.contains(case.hint), "{fault}: {hint}");
    assert_eq!(suffered.ids(), ["a", "b"], "{fault}: what came stays");
    assert_eq!(server.log.count() - 1, case.tries, "{fault}");
}

/// All of them at once: each waits for silences and between tries.
pub async fn check_all(cases: &[Case]) {
    futures_util::future::join_all(cases.iter().map(check)).await;
}

/// A connection that waits longer than any machine is busy: what fails then, fails for another reason.
pub fn patient(url: &Url) -> Connection {
    let mut connection = connection(url);
    let long = Duration::from_secs(30);
    connection.timeouts.connect = long;
    connection.timeouts.header = long;
    connection.timeouts.idle = long;
    connection
}

/// Asks a silent one that is waited for as long as need be, until the healthy one beside it has
/// answered and the silent one was `asked`; then nobody wants to know of the silent one any more.
pub async fn silent_beside(silent: Connection, asked: impl Fn() -> bool) {
    let healthy = Server::saying(|_| reply(200, "", items(["h".to_owned()], None))).await;
    let (mail, mut inbox) = mpsc::channel(4);
    let fetcher = Fetcher::new([silent, patient(&healthy.url)], mail);
    fetcher.load(ticket(0, missions(), Limit::NONE));
    fetcher.load(ticket(1, missions(), Limit::NONE));
    loop {
        let arrival = timeout(Duration::from_secs(20), inbox.recv()).await;
        let arrival = arrival.expect("the healthy one waits for nobody").unwrap();
        match (arrival.context, arrival.got) {
            (ContextId(1), Got::Done { .. }) => break,
            (_, Got::Failed(trouble)) => panic!("{trouble}"),
            _ => {}
        }
    }
    until(asked).await;
    fetcher.cancel(Gen(1));
}

/// Waits for what must come to pass.
pub async fn until(right: impl Fn() -> bool) {
    for _ in 0..4_000 {
        if right() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it never came to pass");
}

pub fn host(server: &Server) -> String {
    format!("127.0.0.1:{}", server.url.port().unwrap())
}
