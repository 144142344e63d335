//! The plainest service there could be, to try the fetcher with: lists of missions whose replies say
//! `{"items": [{"id": …}], "next": "cursor", "also": ["id"], "error": "words"}`.

use secrecy::SecretString;
use serde_json::Value;
use sortie::fetch::{Auth, Connection, Timeouts};
use sortie::model::{
    Ask, AuthScheme, Batch, Caps, Mission, Page, Payload, Record, Reply, Request, Row,
};
use sortie::provider::{Provider, ReadError, wire};
use std::time::Duration;
use url::Url;

pub struct Plain;

pub const SECRET: &str = "sk-very-secret-0123456789";

impl Provider for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "",
            auth: AuthScheme::Bearer,
            open: true,
            steps: false,
            call_ids: true,
            call_members: sortie::model::CallMembers::default(),
            resumes: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        &["/missions", "/missions/{}"]
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        match ask {
            Ask::Missions { page } => Some(match &page.cursor {
                Some(cursor) => Request::get("/missions", &[]).with("cursor", cursor),
                None => Request::get("/missions", &[]),
            }),
            Ask::Mission { mission } => Some(Request::get("/missions/{}", &[mission])),
            _ => None,
        }
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        let whole = wire::body(reply)?;
        assert!(!whole.get().contains("break the reader"));
        let value: Value = serde_json::from_str(whole.get())
            .map_err(|error| ReadError::Foreign(error.to_string()))?;
        if let Some(words) = value["error"].as_str() {
            return Err(ReadError::Said(words.to_owned()));
        }
        let Some(items) = value["items"].as_array() else {
            return Err(ReadError::Foreign("no list of items".to_owned()));
        };
        let words = |name: &str| value[name].as_str().map(str::to_owned);
        let index = ask.page_index() + 1;
        Ok(Batch {
            rows: items.iter().map(row).collect(),
            next: words("next").map(|cursor| Ask::Missions {
                page: Page {
                    cursor: Some(cursor.into()),
                    index,
                    ..Page::default()
                },
            }),
            also: value["also"]
                .as_array()
                .into_iter()
                .flatten()
                .map(also)
                .collect(),
            skipped: 0,
        })
    }

    /// The list can do without the details of its rows.
    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        let Ask::Mission { mission } = ask else {
            return None;
        };
        let noted = Mission {
            id: mission.to_string(),
            description: Some(why.to_owned()),
            ..Mission::default()
        };
        Some(Batch {
            rows: vec![Row::Patch(Record::Mission(noted))],
            ..Batch::default()
        })
    }
}

fn row(item: &Value) -> Row {
    Row::Full(Record::Mission(Mission {
        id: item["id"].as_str().unwrap_or_default().to_owned(),
        raw: Payload::new(item.to_string().into_bytes().into()),
        ..Mission::default()
    }))
}

fn also(id: &Value) -> Ask {
    Ask::Mission {
        mission: id.as_str().unwrap_or_default().into(),
    }
}

/// A connection to it with a key and with little patience.
pub fn connection(url: &Url) -> Connection {
    Connection {
        name: "test".to_owned(),
        provider: &Plain,
        base_url: url.clone(),
        auth: Auth::Key {
            scheme: AuthScheme::Bearer,
            secret: SecretString::from(SECRET),
            source: "$PLAIN_KEY".to_owned(),
            account_id: None,
        },
        headers: vec![("x-extra".to_owned(), SecretString::from("extra-secret-77"))],
        ca_file: None,
        insecure: false,
        timeouts: Timeouts {
            connect: Duration::from_millis(500),
            header: Duration::from_millis(300),
            idle: Duration::from_millis(300),
            sse_idle: Duration::from_millis(600),
        },
    }
}

pub fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

/// A reply with these ids.
pub fn items(ids: impl IntoIterator<Item = String>, next: Option<&str>) -> String {
    let items: Vec<Value> = ids
        .into_iter()
        .map(|id| serde_json::json!({ "id": id }))
        .collect();
    serde_json::json!({ "items": items, "next": next }).to_string()
}
