//! What the live stream of a task says in a stretch of time: the frames of its messages and of its end.
//! Pure: the same stretch gives the same frames, and they agree with what the lists answer then.

use serde_json::{Value, json};

use super::transcript::{Message, zoned};
use super::world::{Task, World};

/// Characters in one piece; agents gather what the model says before they send it.
const PIECE: usize = 6;

/// The frames of a task between two offsets, the first excluded, in the order of their times.
pub fn between(world: &World, task: &Task, from: f64, to: f64) -> Vec<String> {
    let mut frames: Vec<(f64, Value)> = Vec::new();
    if world.cleaned(task).is_none() {
        for message in task.transcript(&world.clock) {
            let end = message.at + message.took.unwrap_or_default();
            if message.at <= to && end > from {
                frames.extend(of_message(world, task, message));
            }
        }
    }
    if let Some(at) = task.script.changed {
        frames.push((
            at,
            json!({"type": "task_updated", "task": task_frame(world, task)}),
        ));
    }
    frames.retain(|(at, _)| *at > from && *at <= to);
    frames.sort_by(|a, b| a.0.total_cmp(&b.0));
    frames
        .into_iter()
        .map(|(_, frame)| frame.to_string())
        .collect()
}

/// A task as the stream tells it: with its `params`, without its agents.
fn task_frame(world: &World, task: &Task) -> Value {
    let mut row = world.task_row(task, false);
    if let Some(fields) = row.as_object_mut() {
        fields.insert("params".into(), task.script.params.clone());
        fields.remove("agents");
    }
    row
}

/// All frames of a message, each with its time. One that is written at once is `full`; the others
/// start empty, grow and are done, and every frame repeats the message as it was created.
fn of_message(world: &World, task: &Task, message: &Message) -> Vec<(f64, Value)> {
    let content: Value = serde_json::from_str(&message.content).unwrap_or_default();
    let blank: Value = serde_json::from_str(&message.blank).unwrap_or_default();
    let created = zoned(&world.clock, message.at);
    let frame = |kind: &str, key: &str, value: &Value, first: &Value| {
        let status = message.took.map(|_| "IN_PROGRESS");
        let parent = json!({"id": message.id, "task_id": task.id, "content": first,
            "streaming_status": status, "created_at": created, "updated_at": created});
        let mut frame = json!({"type": kind, "index": null, "parent_task_message": parent});
        if let Some(fields) = frame.as_object_mut().filter(|_| !key.is_empty()) {
            fields.insert(key.into(), value.clone());
        }
        frame
    };
    let Some(took) = message.took else {
        return vec![(message.at, frame("full", "content", &content, &content))];
    };
    let mut frames = vec![(message.at, frame("start", "content", &blank, &blank))];
    let deltas = deltas(&content);
    // One that never ends got half of what it was to say.
    let (said, within) = if took.is_finite() {
        (deltas.len(), took)
    } else {
        (deltas.len() / 2, 2.0)
    };
    let step = within / (deltas.len() + 1) as f64;
    for (n, delta) in deltas.iter().take(said).enumerate() {
        let at = message.at + step * (n + 1) as f64;
        frames.push((at, frame("delta", "delta", delta, &blank)));
    }
    if took.is_finite() {
        frames.push((message.at + took, frame("done", "", &Value::Null, &blank)));
    }
    frames
}

/// The pieces of a content; none for what does not come in pieces.
fn deltas(content: &Value) -> Vec<Value> {
    let text = |key: &str| content.get(key).and_then(Value::as_str).unwrap_or_default();
    let json = |key: &str| content.get(key).map(Value::to_string).unwrap_or_default();
    let cut = |text: &str, piece: &dyn Fn(&str) -> Value| -> Vec<Value> {
        pieces(text).iter().map(|part| piece(part)).collect()
    };
    match text("type") {
        "text" => cut(
            text("content"),
            &|part| json!({"type": "text", "text_delta": part}),
        ),
        "data" => cut(
            &json("data"),
            &|part| json!({"type": "data", "data_delta": part}),
        ),
        "tool_request" => cut(&json("arguments"), &|part| {
            json!({"type": "tool_request", "tool_call_id": text("tool_call_id"),
                "name": text("name"), "arguments_delta": part})
        }),
        "reasoning" => {
            let mut all = Vec::new();
            for (key, kind, index) in [
                ("summary", "reasoning_summary", "summary"),
                ("content", "reasoning_content", "content"),
            ] {
                let parts = content.get(key).and_then(Value::as_array);
                for (n, part) in parts.into_iter().flatten().enumerate() {
                    all.extend(cut(part.as_str().unwrap_or_default(), &|part| {
                        let (number, piece) = (format!("{index}_index"), format!("{index}_delta"));
                        json!({"type": kind, number: n, piece: part})
                    }));
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(PIECE)
        .map(|part| part.iter().collect())
        .collect()
}
