//! The demo server that speaks Telnyx's dialect for AI missions: numbered pages with brackets in
//! their names, `data` and `meta`, the gateway's error envelope beside the framework's `detail`.
//! It answers reads only. What nobody documents (sort order, nulls or absences, wrong filters) is
//! chosen here once: lists over runs newest first, the events of one run oldest first; one mission's
//! tools come along where it is read alone, and its servers are kept from this account.

mod answers;
mod gate;
mod made;
mod page;
mod routes;
mod story;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::demo::clock::Clock;

/// The service under `/v2`, as `https://api.telnyx.com` plays it. Every request has to carry
/// `Authorization: Bearer <key>`.
pub fn router(clock: Clock, key: &str) -> Router {
    let ledger = Arc::new(story::Ledger::embedded(clock));
    let gate = Arc::new(gate::Gate::new(clock, key));
    let run = "/missions/{mission}/runs/{run}";
    let ai = Router::new()
        .route("/missions", get(routes::missions))
        .route("/missions/runs", get(routes::recent_runs))
        .route("/missions/events", get(routes::recent_events))
        .route("/missions/{mission}", get(routes::mission))
        .route("/missions/{mission}/runs", get(routes::runs))
        .route(run, get(routes::run))
        .route(&format!("{run}/plan"), get(routes::plan))
        .route(&format!("{run}/plan/steps/{{step}}"), get(routes::step))
        .route(&format!("{run}/events"), get(routes::events))
        .route(&format!("{run}/events/{{event}}"), get(routes::event))
        .route(&format!("{run}/telnyx-agents"), get(routes::agents))
        .route("/missions/{mission}/{side}", get(routes::side_list))
        .route("/missions/{mission}/{side}/{item}", get(routes::side_item))
        .with_state(ledger);
    Router::new()
        .nest("/v2/ai", ai)
        .fallback(async || answers::no_route())
        .method_not_allowed_fallback(async || answers::method_not_allowed())
        .layer(middleware::from_fn_with_state(gate, gate::pass))
}
