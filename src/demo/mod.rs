//! Loopback servers that speak the four services' dialects, with stories worth browsing. The demo
//! goes through the ordinary fetcher over real HTTP; nothing here knows the screen or the model.

pub mod agentex;
pub mod clock;
pub mod elizaos;
mod serve;
pub mod tales;
pub mod telnyx;
pub mod vectara;

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use axum::Router;
use tokio::sync::oneshot;
use url::Url;

use crate::fetch::{Auth, Connection, Timeouts};
use crate::model::AuthScheme;
use crate::provider;
use clock::Clock;

pub use serve::serve;

/// One of the demo's servers.
#[derive(Clone, Debug)]
pub struct Server {
    /// The service that it plays.
    pub provider: &'static str,
    /// The context's name, `demo-` and the service.
    pub context: &'static str,
    /// Where it is.
    pub base_url: Url,
    /// How it wants its key.
    pub auth: AuthScheme,
    /// Its key: made at this start and good for nothing else.
    pub key: String,
}

/// Four running servers. Dropping it ends them.
pub struct Demo {
    servers: Vec<Server>,
    _running: Vec<oneshot::Sender<()>>,
}

struct Role {
    provider: &'static str,
    context: &'static str,
    path: &'static str,
    auth: AuthScheme,
    router: fn(Clock, &str) -> Router,
}

const CAST: [Role; 4] = [
    Role {
        provider: "telnyx",
        context: "demo-telnyx",
        path: "/v2",
        auth: AuthScheme::Bearer,
        router: telnyx::router,
    },
    Role {
        provider: "vectara",
        context: "demo-vectara",
        path: "/v2",
        auth: AuthScheme::XApiKey,
        router: vectara::router,
    },
    Role {
        provider: "agentex",
        context: "demo-agentex",
        path: "/",
        auth: AuthScheme::Bearer,
        router: agentex::router,
    },
    Role {
        provider: "elizaos",
        context: "demo-elizaos",
        path: "/",
        auth: AuthScheme::XApiKey,
        router: elizaos::router,
    },
];

impl Demo {
    /// Starts the servers on ports that the system chooses. Must be called inside a tokio runtime.
    pub fn start(clock: Clock) -> io::Result<Self> {
        let (servers, running) = CAST
            .iter()
            .map(|role| role.start(clock))
            .collect::<io::Result<Vec<_>>>()?
            .into_iter()
            .unzip();
        Ok(Self {
            servers,
            _running: running,
        })
    }

    /// The servers, in the order in which services are listed everywhere.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// A connection to each server.
    pub fn connections(&self) -> Vec<Connection> {
        self.servers.iter().filter_map(Server::connection).collect()
    }
}

impl Role {
    fn start(&self, clock: Clock) -> io::Result<(Server, oneshot::Sender<()>)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let base_url =
            Url::parse(&format!("http://{address}{}", self.path)).map_err(io::Error::other)?;
        let key = throw_away_key(self.provider)?;
        let router = (self.router)(clock, &key);
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (running, ended) = oneshot::channel();
        tokio::spawn(async move {
            let end = async {
                let _ = ended.await;
            };
            if let Err(error) = axum::serve(listener, router)
                .with_graceful_shutdown(end)
                .await
            {
                tracing::warn!(%error, "a demo server ended");
            }
        });
        let server = Server {
            provider: self.provider,
            context: self.context,
            base_url,
            auth: self.auth,
            key,
        };
        Ok((server, running))
    }
}

impl Server {
    /// How to reach it; none only if sortie does not know the service.
    pub fn connection(&self) -> Option<Connection> {
        Some(Connection {
            name: self.context.to_owned(),
            provider: provider::named(self.provider)?,
            base_url: self.base_url.clone(),
            auth: Auth::Key {
                scheme: self.auth,
                secret: self.key.clone().into(),
                source: "the demo".to_owned(),
                account_id: None,
            },
            headers: Vec::new(),
            ca_file: None,
            insecure: false,
            timeouts: Timeouts::default(),
        })
    }
}

fn throw_away_key(provider: &str) -> io::Result<String> {
    let mut bytes = [0; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("no random bytes to be had"))?;
    let number = u128::from_le_bytes(bytes);
    Ok(format!("demo-{provider}-{number:032x}"))
}
