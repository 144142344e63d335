//! What the server knows: agents, tasks, and each task's transcript, which is written at the first
//! request that needs it, so that the demo starts at once.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::generated;
use super::script::{Cast, Script, chapters, id_of};
use super::side::{Inbox, inbox};
use super::transcript::{Message, drafts, settled, zoned};
use crate::demo::clock::Clock;

/// Everything behind the routes.
#[derive(Debug)]
pub struct World {
    pub clock: Clock,
    pub key: String,
    pub agents: Vec<Agent>,
    pub tasks: Vec<Task>,
    /// All inbox events of the server, in the order of their sequence numbers.
    pub inbox: Vec<Inbox>,
}

#[derive(Debug)]
pub struct Agent {
    pub id: String,
    pub cast: Cast,
}

#[derive(Debug)]
pub struct Task {
    pub id: String,
    pub script: Script,
    /// Its agents' ids; the first one owns it.
    pub agents: Vec<String>,
    messages: OnceLock<Vec<Message>>,
}

impl World {
    /// Reads the stories and places them on the clock.
    pub fn open(clock: Clock, key: &str) -> Self {
        let (mut agents, mut tasks) = (Vec::new(), Vec::new());
        for chapter in chapters() {
            let id = agent_id(&chapter.agent.name);
            for script in chapter.tasks {
                let mut ids = vec![id.clone()];
                ids.extend(script.with.iter().map(|name| agent_id(name)));
                tasks.push(Task {
                    id: id_of(&format!("task:{}", script.slug)),
                    script,
                    agents: ids,
                    messages: OnceLock::new(),
                });
            }
            agents.push(Agent {
                id,
                cast: chapter.agent,
            });
        }
        let inbox = inbox(&agents, &tasks);
        Self {
            clock,
            key: key.to_owned(),
            agents,
            tasks,
            inbox,
        }
    }

    /// The task with this id, if it has been created by now.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks
            .iter()
            .find(|task| task.id == id && self.clock.has_happened(task.script.created))
    }

    /// What of the transcript has happened by now, oldest first. Empty once retention came by.
    pub fn messages<'a>(&'a self, task: &'a Task) -> impl DoubleEndedIterator<Item = &'a Message> {
        let elapsed = self.clock.elapsed();
        let all: &[Message] = if self.cleaned(task).is_some() {
            &[]
        } else {
            task.transcript(&self.clock)
        };
        all.iter().filter(move |message| message.at <= elapsed)
    }

    /// Whether the agent that owns a task only answers when it is asked.
    pub fn is_sync(&self, task: &Task) -> bool {
        let owner = self
            .agents
            .iter()
            .find(|agent| task.agents.first() == Some(&agent.id));
        owner.is_some_and(|agent| agent.cast.acp_type == "sync")
    }

    /// When retention removed the content, if it has.
    pub fn cleaned(&self, task: &Task) -> Option<f64> {
        task.script
            .cleaned
            .filter(|at| self.clock.has_happened(*at))
    }

    /// An Agent as the service answers it.
    pub fn agent_row(&self, agent: &Agent) -> Value {
        let cast = &agent.cast;
        let touched = cast.registered.unwrap_or(cast.created);
        json!({
            "id": agent.id, "name": cast.name, "description": cast.description, "status": cast.status,
            "acp_type": cast.acp_type, "status_reason": cast.status_reason,
            "created_at": zoned(&self.clock, cast.created), "updated_at": zoned(&self.clock, touched),
            "registration_metadata": cast.registration_metadata,
            "registered_at": cast.registered.map(|at| zoned(&self.clock, at)),
            "agent_input_type": cast.agent_input_type, "production_deployment_id": null
        })
    }

    /// A task as lists answer it: without `params`. `agents` is filled only when asked for.
    pub fn task_row(&self, task: &Task, with_agents: bool) -> Value {
        let script = &task.script;
        let done = script.changed.filter(|at| self.clock.has_happened(*at));
        let (status, reason) = match (done, script.changed) {
            (None, Some(_)) => (Some("RUNNING"), None),
            _ => (script.status.as_deref(), script.reason.as_deref()),
        };
        let reason = reason
            .or((status == Some("RUNNING")).then_some("Task created, forwarding to ACP server"));
        let mut metadata = script.metadata.clone();
        if let Some(title) = &script.title {
            metadata.insert("display_name".into(), json!(title));
        }
        let metadata = if metadata.is_empty() {
            Value::Null
        } else {
            Value::Object(metadata)
        };
        let agents: Option<Vec<Value>> = with_agents.then(|| {
            let of = |agent: &&Agent| task.agents.contains(&agent.id);
            self.agents
                .iter()
                .filter(of)
                .map(|agent| self.agent_row(agent))
                .collect()
        });
        json!({
            "id": task.id, "name": if script.unnamed { None } else { Some(&script.slug) },
            "status": status, "status_reason": reason,
            "created_at": zoned(&self.clock, script.created),
            "updated_at": zoned(&self.clock, done.unwrap_or(script.created)),
            "cleaned_at": self.cleaned(task).map(|at| zoned(&self.clock, at)),
            "task_metadata": metadata, "agents": agents
        })
    }
}

impl Task {
    /// The whole transcript, future included, sorted as `(created_at in ms, id)`.
    pub fn transcript(&self, clock: &Clock) -> &[Message] {
        self.messages.get_or_init(|| {
            let drafts = if self.script.made.is_some() {
                generated::drafts(&self.script)
            } else {
                drafts(&self.script)
            };
            let mut messages = settled(drafts, &self.id, clock);
            messages.sort_by(|a, b| (a.millis, &a.id).cmp(&(b.millis, &b.id)));
            messages
        })
    }
}

fn agent_id(name: &str) -> String {
    id_of(&format!("agent:{name}"))
}
