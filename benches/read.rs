//! What reading costs: the pages of each service's run of 5,000 events, taken from the demo's servers
//! once and then read again and again. Budget: as fast as a network of 1 Gbit/s brings them.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "common/figure.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod figure;

use std::{collections::VecDeque, io::Write as _, sync::OnceLock};

use bytes::Bytes;
use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use sortie::{
    demo::{Demo, Server, clock::Clock},
    model::{Ask, AuthScheme, Batch, Page, Record, Reply, Row, RunRef, Time},
    provider::{self, Provider},
};

const NOW: Time = Time(1_795_166_597_761_000_000);

fn main() {
    let _ = writeln!(
        std::io::stdout(),
        "\nbudget: not slower than a network of 1 Gbit/s brings it, 125 MB/s"
    );
    figure::budget_of("events/*", "at least 125 MB/s");
    divan::main();
}

/// The pages of one run, as asked and as answered.
struct Long {
    provider: &'static dyn Provider,
    pages: Vec<(Ask, Bytes)>,
    bytes: usize,
    events: usize,
}

#[divan::bench(args = ["telnyx", "vectara", "agentex", "elizaos"], sample_count = 20, sample_size = 1)]
fn events(bencher: Bencher, service: &str) {
    let long = all()
        .iter()
        .find(|long| long.provider.name() == service)
        .unwrap();
    bencher
        .counter(BytesCount::new(long.bytes))
        .counter(ItemsCount::new(long.events))
        .bench(|| {
            let read = |(ask, body): &(Ask, Bytes)| answer(long.provider, ask, body).rows.len();
            long.pages.iter().map(read).sum::<usize>()
        });
}

fn answer(provider: &dyn Provider, ask: &Ask, body: &Bytes) -> Batch {
    provider
        .read(
            ask,
            &Reply {
                status: 200,
                body,
                received: NOW,
            },
        )
        .unwrap()
}

fn all() -> &'static [Long] {
    static ALL: OnceLock<Vec<Long>> = OnceLock::new();
    ALL.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let demo = Demo::start(Clock::starting_now()).unwrap();
            let mut all = Vec::new();
            for server in demo.servers() {
                all.push(Client::new(server).longest().await);
            }
            all
        })
    })
}

struct Client<'a> {
    server: &'a Server,
    provider: &'static dyn Provider,
    http: reqwest::Client,
}

impl<'a> Client<'a> {
    fn new(server: &'a Server) -> Self {
        Self {
            server,
            provider: provider::named(server.provider).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn get(&self, ask: &Ask) -> Bytes {
        let request = self.provider.request(ask).unwrap();
        let base = self.server.base_url.as_str().trim_end_matches('/');
        let mut url = url::Url::parse(&format!("{base}{}", request.path)).unwrap();
        url.query_pairs_mut().extend_pairs(&request.query);
        let key = self.server.key.as_str();
        let sent = match self.server.auth {
            AuthScheme::XApiKey => self.http.get(url).header("x-api-key", key),
            AuthScheme::AgentKey => self.http.get(url).header("x-agent-api-key", key),
            AuthScheme::Bearer | AuthScheme::None => self.http.get(url).bearer_auth(key),
        };
        sent.send().await.unwrap().bytes().await.unwrap()
    }

    /// Everything that an ask leads to, page by page.
    async fn pages(&self, ask: Ask) -> Vec<(Ask, Bytes, Vec<Row>)> {
        let mut pages = Vec::new();
        let mut asks = VecDeque::from([ask]);
        while let Some(ask) = asks.pop_front() {
            let body = self.get(&ask).await;
            let Ok(batch) = self.provider.read(
                &ask,
                &Reply {
                    status: 200,
                    body: &body,
                    received: NOW,
                },
            ) else {
                continue;
            };
            asks.extend(batch.next.into_iter().chain(batch.also));
            pages.push((ask, body, batch.rows));
        }
        pages
    }

    async fn runs(&self) -> Vec<RunRef> {
        let mut runs = Vec::new();
        for (_, _, rows) in self
            .pages(Ask::Missions {
                page: Page::default(),
            })
            .await
        {
            for row in rows {
                let mission = row.record().id().to_owned();
                let ask = Ask::Runs {
                    mission: mission.as_str().into(),
                    status: None,
                    page: Page::default(),
                };
                for (_, _, rows) in self.pages(ask).await {
                    runs.extend(rows.iter().filter_map(|row| match row.record() {
                        Record::Run(run) => Some(RunRef {
                            mission: mission.as_str().into(),
                            run: run.id.as_str().into(),
                            room: run.room.as_deref().map(Into::into),
                        }),
                        _ => None,
                    }));
                }
            }
        }
        runs
    }

    /// The run with the most events.
    async fn longest(&self) -> Long {
        let mut longest = Vec::new();
        for run in self.runs().await {
            let pages = self
                .pages(Ask::Events {
                    run,
                    page: Page::default(),
                })
                .await;
            if events_in(&pages) > events_in(&longest) {
                longest = pages;
            }
        }
        Long {
            provider: self.provider,
            bytes: longest.iter().map(|(_, body, _)| body.len()).sum(),
            events: events_in(&longest),
            pages: longest
                .into_iter()
                .map(|(ask, body, _)| (ask, body))
                .collect(),
        }
    }
}

fn events_in(pages: &[(Ask, Bytes, Vec<Row>)]) -> usize {
    let rows = pages.iter().flat_map(|(_, _, rows)| rows);
    rows.filter(|row| matches!(row.record(), Record::Event(_)))
        .count()
}
