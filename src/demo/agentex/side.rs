//! The side lists of a task: inbox events, spans, states and trackers. Async agents have an inbox,
//! where every user message arrives a moment before its echo in the transcript; sync agents do not.

use serde_json::{Value, json};

use super::script::{id_of, seed};
use super::transcript::{content, stored, unrolled, zoned};
use super::world::{Agent, Task, World};

/// One inbound notification to an async agent.
#[derive(Debug)]
pub struct Inbox {
    pub id: String,
    pub sequence: i64,
    pub task: String,
    pub agent: String,
    pub at: f64,
    pub content: Value,
}

/// All events of all tasks. Sequence numbers rise over the whole server, with gaps, and are longer
/// than a floating point number can hold exactly.
pub fn inbox(agents: &[Agent], tasks: &[Task]) -> Vec<Inbox> {
    let mut out = Vec::new();
    for task in tasks {
        let Some(owner) = agents
            .iter()
            .find(|agent| task.agents.first() == Some(&agent.id))
        else {
            continue;
        };
        if owner.cast.acp_type == "sync" {
            continue;
        }
        let mut at = task.script.created;
        for (n, line) in unrolled(&task.script.lines).iter().enumerate() {
            at += line.get("+").and_then(Value::as_f64).unwrap_or_default();
            let said = match line.get("inbox") {
                Some(given) => Some(given.clone()),
                None => line.get("user").and_then(|_| content(line)),
            };
            let Some(content) = said else { continue };
            out.push(Inbox {
                id: id_of(&format!("event:{}:{n}", task.id)),
                sequence: 0,
                task: task.id.clone(),
                agent: owner.id.clone(),
                at: at - 0.13,
                content,
            });
        }
    }
    out.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut sequence = 9_007_199_254_741_000;
    for event in &mut out {
        sequence += 1 + i64::try_from(seed(&event.id) % 3).unwrap_or_default();
        event.sequence = sequence;
    }
    out
}

impl World {
    /// An Event as the service answers it.
    pub fn event_row(&self, event: &Inbox) -> Value {
        json!({
            "id": event.id, "sequence_id": event.sequence, "task_id": event.task, "agent_id": event.agent,
            "created_at": zoned(&self.clock, event.at), "content": event.content
        })
    }

    /// The events of a task and agent that have arrived, oldest first.
    pub fn events<'a>(&'a self, task: &'a str, agent: &'a str) -> impl Iterator<Item = &'a Inbox> {
        let of = move |event: &&Inbox| {
            event.task == task && event.agent == agent && self.clock.has_happened(event.at)
        };
        self.inbox.iter().filter(of)
    }

    /// The spans of a task. They are stored when they end; one that never ends was sent open.
    pub fn spans(&self, task: &Task) -> Vec<Value> {
        let id = |n: &Value| id_of(&format!("span:{}:{n}", task.id));
        let mut out = Vec::new();
        for (n, span) in task.script.spans.iter().enumerate() {
            let offset = |key: &str| {
                span.get(key)
                    .and_then(Value::as_f64)
                    .map(|at| at + task.script.created)
            };
            let end = offset("to");
            if end.is_some_and(|at| !self.clock.has_happened(at)) {
                continue;
            }
            let part = |key: &str| span.get(key).cloned().unwrap_or_default();
            // A fifth of them only carry the trace id, as spans of older agents do.
            let owner = (n % 5 != 4).then_some(&task.id);
            out.push(json!({
                "id": id(&json!(n)), "trace_id": task.id, "task_id": owner,
                "parent_id": span.get("parent").map(id), "name": part("name"),
                "start_time": zoned(&self.clock, offset("from").unwrap_or(task.script.created)),
                "end_time": end.map(|at| zoned(&self.clock, at)),
                "input": part("input"), "output": part("output"), "data": part("data")
            }));
        }
        out
    }

    /// The deployments of an agent as the service answers them.
    pub fn deployments(&self, agent: &Agent) -> Vec<Value> {
        let row = |(n, given): (usize, &Value)| {
            let part = |key: &str| given.get(key).cloned().unwrap_or_default();
            let at = |key: &str| {
                let offset = given.get(key).and_then(Value::as_f64);
                offset.map(|offset| zoned(&self.clock, offset))
            };
            json!({
                "id": id_of(&format!("deployment:{}:{n}", agent.id)), "agent_id": agent.id,
                "docker_image": part("image"), "status": part("status"), "is_production": n == 0,
                "registration_metadata": agent.cast.registration_metadata,
                "acp_url": part("acp_url"), "sgp_deploy_id": null, "helm_release_name": agent.cast.name,
                "created_at": at("created"), "promoted_at": at("promoted"), "expires_at": at("expires")
            })
        };
        agent.cast.deployments.iter().enumerate().map(row).collect()
    }

    /// The schedules of an agent as the service answers them.
    pub fn schedules(&self, agent: &Agent) -> Vec<Value> {
        let row = |given: &Value| {
            let part = |key: &str| given.get(key).cloned().unwrap_or_default();
            let next = given.get("next").and_then(Value::as_f64);
            let next: Vec<String> = next.map(|at| zoned(&self.clock, at)).into_iter().collect();
            json!({
                "id": part("id"), "agent_id": agent.id, "name": part("name"),
                "description": part("description"), "cron_expression": part("cron"),
                "interval_seconds": null, "timezone": "Europe/Amsterdam", "start_at": null, "end_at": null,
                "paused": false, "task_params": part("params"), "task_metadata": null,
                "initial_input": {"type": "text", "author": "user", "content": part("says")},
                "initial_input_method": "event/send", "creator_principal": null,
                "created_at": zoned(&self.clock, agent.cast.created), "updated_at": null,
                "state": "ACTIVE", "next_action_times": next, "live_data_available": true,
                "skipped_action_times": [], "last_action_time": null, "num_actions_taken": part("taken")
            })
        };
        agent.cast.schedules.iter().map(row).collect()
    }

    /// The agent's memory for a task; retention takes it away.
    pub fn states(&self, task: &Task) -> Vec<Value> {
        let Some(state) = task
            .script
            .state
            .as_ref()
            .filter(|_| self.cleaned(task).is_none())
        else {
            return Vec::new();
        };
        let touched = task.script.changed.unwrap_or(task.script.created);
        let at = task.script.created + 0.1;
        vec![json!({
            "task_id": task.id, "agent_id": task.agents.first(), "state": state,
            "id": format!("{:024x}", seed(&task.id)),
            "created_at": stored(&self.clock, at), "updated_at": stored(&self.clock, touched)
        })]
    }

    /// One tracker row per agent of the task, mostly untouched.
    pub fn trackers(&self, task: &Task) -> Vec<Value> {
        let row = |agent: &String| {
            let used = !task.script.tracker.is_empty() && self.cleaned(task).is_none();
            let last = self
                .events(&task.id, agent)
                .filter(|_| used)
                .last()
                .map(|event| &event.id);
            let given = |key: &str| task.script.tracker.get(key).cloned().unwrap_or_default();
            json!({
                "id": id_of(&format!("tracker:{}:{agent}", task.id)), "agent_id": agent, "task_id": task.id,
                "status": given("status"), "status_reason": given("status_reason"),
                "last_processed_event_id": last,
                "created_at": zoned(&self.clock, task.script.created),
                "updated_at": zoned(&self.clock, task.script.changed.unwrap_or(task.script.created))
            })
        };
        task.agents.iter().map(row).collect()
    }
}
