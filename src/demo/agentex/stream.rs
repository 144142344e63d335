//! The live stream of a task over HTTP: `connected`, then what happens from now on, each frame one line of
//! `data:`; a comment after a while of silence. It ends after the frame that ends the task.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::frames;
use super::world::World;

/// How often it is looked whether something has happened.
const TICK: Duration = Duration::from_millis(100);
/// Silence before a comment.
const SILENCE: Duration = Duration::from_secs(15);
/// So many of the oldest frames are told of a task that has ended.
const REPLAY: usize = 10;

/// One open stream.
struct Open {
    world: Arc<World>,
    task: String,
    /// Up to here everything was told.
    told: f64,
    since: Instant,
    begun: bool,
    over: bool,
}

/// The stream of a task that exists.
pub fn respond(world: Arc<World>, task: String) -> Response {
    let open = Open {
        told: world.clock.elapsed(),
        world,
        task,
        since: Instant::now(),
        begun: false,
        over: false,
    };
    let pieces = futures_util::stream::unfold(open, |mut open| async {
        let piece = open.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(piece)), open))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

impl Open {
    /// What comes next; none at the end.
    async fn next(&mut self) -> Option<String> {
        if !self.begun {
            self.begun = true;
            let connected = json!({"type": "connected", "taskId": self.task});
            return Some(line(&connected.to_string()) + &self.replay());
        }
        while !self.over {
            tokio::time::sleep(TICK).await;
            if let Some(piece) = self.news() {
                self.since = Instant::now();
                return Some(piece);
            }
            if self.since.elapsed() >= SILENCE {
                self.since = Instant::now();
                return Some(":ping\n\n".to_owned());
            }
        }
        None
    }

    fn news(&mut self) -> Option<String> {
        let world = Arc::clone(&self.world);
        let task = world.task(&self.task)?;
        let now = world.clock.elapsed();
        // Nothing of a sync agent is streamed.
        let frames = if world.is_sync(task) {
            Vec::new()
        } else {
            frames::between(&world, task, self.told, now)
        };
        self.told = now;
        self.over = is_over(&world, task);
        (!frames.is_empty()).then(|| frames.iter().map(|frame| line(frame)).collect())
    }

    /// The oldest frames of a task that is over already, which are all that is told of it.
    fn replay(&mut self) -> String {
        let Some(task) = self.world.task(&self.task) else {
            return String::new();
        };
        self.over = is_over(&self.world, task);
        if !self.over {
            return String::new();
        }
        let all = frames::between(&self.world, task, f64::NEG_INFINITY, self.told);
        all.iter().take(REPLAY).map(|frame| line(frame)).collect()
    }
}

fn is_over(world: &World, task: &super::world::Task) -> bool {
    let row = world.task_row(task, false);
    let status = row.get("status").and_then(serde_json::Value::as_str);
    !matches!(status, None | Some("RUNNING" | "INTERRUPTED"))
}

fn line(frame: &str) -> String {
    format!("data: {frame}\n\n")
}
