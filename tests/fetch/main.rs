//! The fetcher against servers on loopback that do exactly what is bad.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "../common/plain.rs"]
mod plain;
#[path = "../common/server.rs"]
mod server;

mod ahead;
mod credentials;
mod engine;
mod faults;
mod follow;
mod haste;
mod limits;
mod lively;
mod proxy;
mod tickets;
mod tls;
mod troubles;

use sortie::fetch::{Collected, Connection, collect};
use sortie::model::{Limit, Record, Trouble};

/// Asks for the missions. Whatever comes of it, no text about it shows a credential.
async fn ask(connection: &Connection) -> Collected {
    let collected = collect(connection, plain::missions(), Limit::NONE).await;
    if let Some(trouble) = &collected.trouble {
        let texts = format!("{trouble} {trouble:?} {}", trouble.hint());
        for secret in [plain::SECRET, "extra-secret-77"] {
            assert!(!texts.contains(secret), "{texts}");
        }
    }
    collected
}

async fn trouble(connection: &Connection) -> Trouble {
    ask(connection).await.trouble.unwrap()
}

fn ids(collected: &Collected) -> Vec<&str> {
    collected.records.iter().map(Record::id).collect()
}
