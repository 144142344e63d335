//! The server asked the way a client asks it, without a socket: the answer is a pure function of
//! the world, the clock and the request.

mod dialect;
mod live;
mod stories;

use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::{Answer, answer};
use super::script::id_of;
use super::world::World;
use crate::demo::clock::Clock;

/// A world whose demo started `ago` seconds ago.
fn world(ago: i64) -> World {
    let start = Timestamp::now() - SignedDuration::from_secs(ago);
    World::open(Clock::starting(start), "demo-key")
}

fn ask_with(
    world: &World,
    method: &Method,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Answer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    answer(world, method, &path.parse::<Uri>().unwrap(), &map)
}

fn ask(world: &World, path: &str) -> Answer {
    ask_with(
        world,
        &Method::GET,
        path,
        &[("authorization", "Bearer demo-key")],
    )
}

fn get(world: &World, path: &str) -> Value {
    let answer = ask(world, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn refused(world: &World, path: &str) -> (u16, Value) {
    let answer = ask(world, path);
    (
        answer.status.as_u16(),
        serde_json::from_str(&answer.body).unwrap(),
    )
}

fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn task(slug: &str) -> String {
    id_of(&format!("task:{slug}"))
}

/// All pages of a transcript by cursor, with the page size given.
fn transcript(world: &World, slug: &str, limit: usize) -> Vec<Value> {
    let mut out = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = get(
            world,
            &format!(
                "/messages/paginated?task_id={}&limit={limit}{cursor}",
                task(slug)
            ),
        );
        out.extend(rows(&page["data"]).clone());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        assert_eq!(page["has_more"], true);
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        cursor = format!("&cursor={next}");
    }
    out
}
