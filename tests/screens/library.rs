//! What the demo's servers say at a moment that never changes, read through the real providers. Each
//! page is asked for once and kept: the screens of all tests come from the same replies.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use bytes::Bytes;
use jiff::Timestamp;
use sortie::app::ContextInfo;
use sortie::config;
use sortie::demo::{Demo, clock::Clock};
use sortie::fetch::Connection;
use sortie::guard::redact::Redactor;
use sortie::model::{Ask, AuthScheme, Got, Reply, Ticket, Time, Trouble};
use sortie::run;
use tokio::runtime::Runtime;

/// When the demo started, and how many seconds ago that was.
const START: &str = "2026-08-21T02:20:00Z";
const AGO: i32 = 95;

/// The moment of all screens.
pub fn now() -> Time {
    let start: Timestamp = START.parse().unwrap();
    Time(i64::try_from(start.as_nanosecond()).unwrap() + i64::from(AGO) * 1_000_000_000)
}

struct Library {
    runtime: Runtime,
    client: reqwest::Client,
    demo: Demo,
    connections: Vec<Connection>,
    kept: HashMap<(usize, String), (u16, Bytes)>,
}

fn library() -> &'static Mutex<Library> {
    static LIBRARY: OnceLock<Mutex<Library>> = OnceLock::new();
    LIBRARY.get_or_init(|| Mutex::new(Library::open()))
}

/// The demo's contexts, at addresses that are the same every time.
pub fn contexts() -> Vec<ContextInfo> {
    let library = library().lock().unwrap();
    let mut contexts = run::contexts(&library.connections);
    for (context, port) in contexts.iter_mut().zip(41_001..) {
        context.base_url = format!("http://127.0.0.1:{port}");
    }
    contexts
}

/// What masks the demo's keys.
pub fn redactor() -> Redactor {
    Redactor::new(config::secrets(&library().lock().unwrap().connections))
}

/// Everything that the fetcher would say to a ticket.
pub fn answer(ticket: &Ticket) -> Vec<(Ask, Got)> {
    library().lock().unwrap().answer(ticket)
}

impl Library {
    fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let clock = Clock::starting(START.parse().unwrap()).stopped(f64::from(AGO));
        let demo = {
            let _inside = runtime.enter();
            Demo::start(clock).unwrap()
        };
        Self {
            runtime,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            connections: demo.connections(),
            demo,
            kept: HashMap::new(),
        }
    }

    fn answer(&mut self, ticket: &Ticket) -> Vec<(Ask, Got)> {
        let mut asks = vec![ticket.ask.clone()];
        let mut said = Vec::new();
        let mut rows_so_far = 0;
        let mut more = None;
        while let Some(ask) = asks.pop() {
            match self.batch(usize::from(ticket.context.0), &ask) {
                Ok(batch) => {
                    rows_so_far += batch.rows.len();
                    if rows_so_far < ticket.limit.rows as usize {
                        asks.extend(batch.next);
                    } else {
                        more = batch.next;
                    }
                    asks.extend(batch.also);
                    said.push((
                        ask,
                        Got::Rows {
                            rows: batch.rows,
                            skipped: batch.skipped,
                        },
                    ));
                }
                Err(message) => {
                    said.push((ask, Got::Failed(Trouble::NotFound { message })));
                    return said;
                }
            }
        }
        said.push((ticket.ask.clone(), Got::Done { more }));
        said
    }

    fn batch(&mut self, context: usize, ask: &Ask) -> Result<sortie::model::Batch, String> {
        let provider = self.connections[context].provider;
        let Some(request) = provider.request(ask) else {
            return Ok(sortie::model::Batch::default());
        };
        let base = self.connections[context].base_url.as_str();
        let mut url: url::Url = format!("{}{}", base.trim_end_matches('/'), request.path)
            .parse()
            .unwrap();
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let (status, body) = self.page(context, url);
        let reply = Reply {
            status,
            body: &body,
            received: now(),
        };
        provider
            .read(ask, &reply)
            .map_err(|error| error.to_string())
    }

    fn page(&mut self, context: usize, url: url::Url) -> (u16, Bytes) {
        let place = (context, url.to_string());
        if let Some(kept) = self.kept.get(&place) {
            return kept.clone();
        }
        let server = &self.demo.servers()[context];
        let ask = self.client.get(url);
        let ask = match server.auth {
            AuthScheme::Bearer => ask.bearer_auth(&server.key),
            AuthScheme::XApiKey => ask.header("x-api-key", &server.key),
            AuthScheme::AgentKey => ask.header("x-agent-api-key", &server.key),
            AuthScheme::None => ask,
        };
        let page = self.runtime.block_on(async {
            let answer = ask.send().await.unwrap();
            (answer.status().as_u16(), answer.bytes().await.unwrap())
        });
        self.kept.insert(place, page.clone());
        page
    }
}
