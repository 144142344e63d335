//! The demo server that speaks the elizaos dialect: agents, their runs, and the side lists that a
//! viewer needs to tell what a run was about. It keeps the service's habits, the bad ones included
//! (crashed runs that say completed, lists without durations, 200 for unknown runs); it accepts
//! nothing but GET and changes nothing.

mod gate;
mod runs;
mod side;
mod story;
mod tale;
mod wire;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;

use self::gate::{Budget, Lists};
use self::story::World;
use self::wire::{Answer, Query};
use super::clock::Clock;

/// The server's version, which decides what its replies look like.
const VERSION: &str = "1.7.2";

/// The elizaos server. Every path under `/api` wants `key` in `X-API-KEY`.
pub fn router(clock: Clock, key: &str) -> Router {
    let server = Arc::new(Server::new(clock, key));
    Router::new().fallback(serve).with_state(server)
}

async fn serve(State(server): State<Arc<Server>>, request: Request) -> Response {
    let header = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let asked = Asked {
        get: request.method() == axum::http::Method::GET,
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        key: header("x-api-key"),
        etag: header("if-none-match"),
    };
    server
        .answer(&asked, server.clock.elapsed())
        .into_response()
}

/// What matters of a request.
#[derive(Clone, Debug, Default)]
struct Asked {
    get: bool,
    path: String,
    query: String,
    key: Option<String>,
    etag: Option<String>,
}

struct Server {
    clock: Clock,
    key: String,
    /// Made at the first request, so that starting costs nothing.
    world: OnceLock<World>,
    budget: Budget,
    lists: Lists,
}

impl Server {
    fn new(clock: Clock, key: &str) -> Self {
        Self {
            clock,
            key: key.to_owned(),
            world: OnceLock::new(),
            budget: Budget::default(),
            lists: Lists::default(),
        }
    }

    /// The answer to a request that comes `now` seconds after the start.
    fn answer(&self, asked: &Asked, now: f64) -> Answer {
        let parts: Vec<&str> = asked
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        let Some((&"api", path)) = parts.split_first() else {
            return self.outside(&parts);
        };
        if asked.key.as_deref() != Some(self.key.as_str()) {
            return Answer::unauthorized();
        }
        let left = match self.budget.take(now) {
            Ok(left) => left,
            Err(spent) => return spent,
        };
        let answer = if asked.get {
            self.api(path, &Query::read(&asked.query), asked, now)
        } else {
            Answer::no_route()
        };
        left.mark(answer.unless_known(asked.etag.as_deref()))
    }

    fn outside(&self, path: &[&str]) -> Answer {
        let stamp = self.clock.at(self.clock.elapsed());
        match path {
            ["healthz"] => Answer::bare(format!(r#"{{"status":"ok","timestamp":"{stamp:.3}"}}"#)),
            ["health"] => Answer::bare(format!(
                r#"{{"status":"OK","version":"unknown","timestamp":"{stamp:.3}","dependencies":{{"agents":"healthy"}},"agentCount":4}}"#
            )),
            _ => Answer::forbidden(),
        }
    }

    fn api(&self, path: &[&str], query: &Query, asked: &Asked, now: f64) -> Answer {
        let world = self.world.get_or_init(|| World::read(self.clock));
        match path {
            ["system", "version"] => Answer::bare(format!(
                r#"{{"version":"{VERSION}","source":"server","timestamp":"{:.3}","environment":"development","uptime":{:.2}}}"#,
                self.clock.at(now),
                now + story::UPTIME
            )),
            ["system", "config"] => Answer::data(r#"{"requiresAuth":false}"#),
            ["server", "ping"] => Answer::bare(format!(
                r#"{{"pong":true,"timestamp":{}}}"#,
                self.clock.at(now).as_millisecond()
            )),
            ["server", "hello"] => Answer::bare(r#"{"message":"Hello World!"}"#.to_owned()),
            ["agents"] => side::agents(world),
            ["agents", agent] => side::agent(world, agent),
            ["agents", agent, rest @ ..] => {
                if !wire::is_uuid(agent) {
                    return Answer::invalid("agent");
                }
                let Some(at) = world.running(agent) else {
                    return Answer::not_found("Agent not found");
                };
                self.of_agent(&View { world, at, now }, rest, query, asked)
            }
            _ => Answer::no_route(),
        }
    }

    fn of_agent(&self, view: &View<'_>, path: &[&str], query: &Query, asked: &Asked) -> Answer {
        match path {
            ["runs"] => self
                .lists
                .reuse(asked, query, view.now, || runs::list(view, query)),
            ["runs", run] => runs::detail(view, run, query),
            ["logs"] => side::logs(view, query),
            ["memories"] => side::memories(view, query),
            ["rooms"] => side::rooms(view),
            ["rooms", room] => side::room(view, room),
            ["rooms", channel, "memories"] => side::room_memories(view, channel, query),
            ["panels"] => Answer::data("[]"),
            _ => Answer::no_route(),
        }
    }
}

/// The world as one running agent's routes see it at one moment.
struct View<'a> {
    world: &'a World,
    /// Index of the agent.
    at: usize,
    /// Seconds since the start.
    now: f64,
}

#[cfg(test)]
mod tests;
