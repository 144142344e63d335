//! The demo server that speaks the Agentex dialect: agents, tasks, messages, the lists beside them and
//! the live stream of a task. It only answers GET, it answers like a server with an auth provider (a
//! task that does not exist is 404 in every list and on its stream), and it ignores `filters` on
//! messages, as servers before December 2025 did.

mod answer;
mod fault;
mod frames;
mod generated;
mod lists;
mod messages;
mod query;
mod script;
mod side;
mod stream;
mod transcript;
mod world;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::demo::clock::Clock;
use answer::Answer;
use world::World;

/// The whole server. `key` is accepted as `Authorization: Bearer <key>`, and as `x-api-key: <key>`
/// when any `x-selected-account-id` comes with it; a key alone is refused, as the hosted service
/// does.
pub fn router(clock: Clock, key: &str) -> axum::Router {
    let world = Arc::new(World::open(clock, key));
    axum::Router::new().fallback(move |request: Request| {
        let world = Arc::clone(&world);
        async move {
            let answer = answer::answer(&world, request.method(), request.uri(), request.headers());
            match answer.stream_of.clone() {
                Some(task) => stream::respond(world, task),
                None => respond(answer),
            }
        }
    })
}

fn respond(answer: Answer) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    match answer.location {
        Some(to) => (answer.status, kind, [(header::LOCATION, to)], answer.body).into_response(),
        None => (answer.status, kind, answer.body).into_response(),
    }
}
