//! The JSON records that scripts rely on: names never change, absent is null, times are RFC 3339 in
//! UTC, durations are milliseconds. Everything that leaves here was masked; nothing is cleaned, but
//! characters that a terminal would act on are written as escapes.

mod cause;
mod operation;
mod raw;

use std::{borrow::Cow, time::Duration};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Number;

use crate::{
    analysis::headline,
    guard::{Masking, Sort, safe_json},
    model::{Event, Mission, Payload, Run, Span, Step, Time, Tokens, Trouble},
    text::{json::place_of, percent::encoded},
};
pub use cause::{CauseRecord, Seen, cause};
pub use operation::{HeaderRecord, OperationRecord, header, operation};
use raw::{Extras, Raw};

/// Where a record belongs: the part of its address above it.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The context's name.
    pub context: &'a str,
    /// The service's name; `file` for files.
    pub provider: &'a str,
}

/// A configured context.
#[derive(Clone, Debug, Serialize)]
pub struct ContextRecord {
    /// Its name.
    pub name: String,
    /// The service's name, if it names one.
    pub provider: Option<String>,
    /// Where it is.
    pub base_url: Option<String>,
    /// A variable, a file or a command; null where nothing is sent.
    pub credential_source: Option<String>,
    /// Whether it can be asked. Nothing was sent to find out.
    pub ok: bool,
    /// Why not.
    pub error: Option<String>,
}

/// A context that was asked whether it can be read.
#[derive(Clone, Debug, Serialize)]
pub struct ProofRecord {
    /// The context; `ok` is what the asking showed.
    #[serde(flatten)]
    pub context: ContextRecord,
    /// Until it answered or failed.
    pub duration_ms: u64,
}

/// What could not be had, beside what could.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorRecord {
    /// The context; null where none is to blame.
    pub context: Option<String>,
    /// A stable word.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl ErrorRecord {
    /// What a context answered instead.
    pub fn of(context: &str, trouble: &Trouble) -> Self {
        Self {
            context: Some(context.to_owned()),
            code: trouble.code(),
            message: trouble.to_string(),
            hint: trouble.hint(),
        }
    }
}

/// A mission.
#[derive(Debug, Serialize)]
pub struct MissionRecord<'a> {
    context: &'a str,
    provider: &'a str,
    id: Cow<'a, str>,
    name: String,
    description: Option<String>,
    status: Option<Cow<'a, str>>,
    created_at: Option<String>,
    updated_at: Option<String>,
    #[serde(flatten)]
    raw: Raw,
    extras: Extras,
}

/// A run.
#[derive(Debug, Serialize)]
pub struct RunRecord<'a> {
    context: &'a str,
    provider: &'a str,
    mission_id: Cow<'a, str>,
    id: Cow<'a, str>,
    title: Option<String>,
    status: &'static str,
    status_sent: Option<Cow<'a, str>>,
    status_reason: Option<String>,
    started_at: Option<String>,
    ended_at: Option<String>,
    quiet_since: Option<String>,
    duration_ms: Option<Number>,
    tokens: Option<TokensRecord>,
    error: Option<String>,
    parent_run_id: Option<Cow<'a, str>>,
    parent_event_id: Option<Cow<'a, str>>,
    #[serde(flatten)]
    raw: Raw,
    extras: Extras,
}

/// A step of a plan.
#[derive(Debug, Serialize)]
pub struct StepRecord<'a> {
    run_id: Cow<'a, str>,
    id: Cow<'a, str>,
    parent_id: Option<Cow<'a, str>>,
    title: Option<String>,
    status: &'static str,
    status_sent: Option<Cow<'a, str>>,
    started_at: Option<String>,
    ended_at: Option<String>,
    #[serde(flatten)]
    raw: Raw,
}

/// An event.
#[derive(Debug, Serialize)]
pub struct EventRecord<'a> {
    context: &'a str,
    provider: &'a str,
    mission_id: Option<Cow<'a, str>>,
    run_id: Option<Cow<'a, str>>,
    id: Cow<'a, str>,
    seq: Option<usize>,
    kind: &'static str,
    #[serde(rename = "type")]
    type_sent: Option<Cow<'a, str>>,
    time: Option<String>,
    duration_ms: Option<Number>,
    step_id: Option<Cow<'a, str>>,
    agent: Option<Cow<'a, str>>,
    tool: Option<Cow<'a, str>>,
    call_id: Option<Cow<'a, str>>,
    is_error: Option<bool>,
    tokens: Option<TokensRecord>,
    title: Option<String>,
    summary: Option<String>,
    /// The event, by its id or its call id, in which this one happened.
    parent_id: Option<Cow<'a, str>>,
    /// Whether `time` is when it ended.
    at_end: bool,
    /// Where the payload stands in `raw`: for each level, how many values come before it. The whole
    /// record has an empty place.
    body_at: Option<Vec<u32>>,
    /// Where the texts stand.
    prose_at: Vec<Vec<u32>>,
    /// Of content that the record lacks and `sortie show RUN#EVENT` would fetch.
    content_bytes: Option<u64>,
    #[serde(flatten)]
    raw: Raw,
}

/// Token counts; what is not reported is null.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TokensRecord {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
    cached: Option<u64>,
    reasoning: Option<u64>,
}

impl From<Tokens> for TokensRecord {
    fn from(tokens: Tokens) -> Self {
        Self {
            input: tokens.input,
            output: tokens.output,
            total: tokens.total,
            cached: tokens.cached,
            reasoning: tokens.reasoning,
        }
    }
}

/// A mission's record.
pub fn mission<'a>(
    home: Home<'a>,
    mission: &'a Mission,
    masking: &mut Masking,
) -> MissionRecord<'a> {
    masking.at("mission", None, &mission.id);
    MissionRecord {
        context: home.context,
        provider: home.provider,
        id: masking.within("id").id(&mission.id),
        name: masked(&mission.name, masking.within("name")),
        description: some(
            mission.description.as_deref(),
            masking.within("description"),
        ),
        status: word(mission.status.as_deref(), masking.within("status")),
        created_at: mission.created_at.map(rfc3339),
        updated_at: mission.updated_at.map(rfc3339),
        raw: Raw::of(&mission.raw, Sort::Any, masking.within("raw")),
        extras: Extras::of(&mission.extras, Sort::Any, masking.within("extras")),
    }
}

/// A run's record.
pub fn run<'a>(home: Home<'a>, run: &'a Run, masking: &mut Masking) -> RunRecord<'a> {
    let sort = Sort::of(home.provider);
    masking.at("run", None, &run.id);
    RunRecord {
        context: home.context,
        provider: home.provider,
        mission_id: masking.within("mission_id").id(&run.mission_id),
        id: masking.within("id").id(&run.id),
        title: some(non_empty(&run.title), masking.within("title")),
        status: run.status.word(),
        status_sent: word(run.status_sent.as_deref(), masking.within("status_sent")),
        status_reason: some(
            run.status_reason.as_deref(),
            masking.within("status_reason"),
        ),
        started_at: run.started_at.map(rfc3339),
        ended_at: run.ended_at.map(rfc3339),
        quiet_since: run.quiet_since.map(rfc3339),
        duration_ms: duration(run).map(millis),
        tokens: run.tokens.map(Into::into),
        error: some(run.error.as_deref(), masking.within("error")),
        parent_run_id: id(
            run.parent_run_id.as_deref(),
            masking.within("parent_run_id"),
        ),
        parent_event_id: id(
            run.parent_event_id.as_deref(),
            masking.within("parent_event_id"),
        ),
        raw: Raw::of(&run.raw, sort, masking.within("raw")),
        extras: Extras::of(&run.extras, sort, masking.within("extras")),
    }
}

/// A step's record.
pub fn step<'a>(run_id: &'a str, step: &'a Step, masking: &mut Masking) -> StepRecord<'a> {
    masking.at("step", None, &step.id);
    StepRecord {
        run_id: masking.within("run_id").id(run_id),
        id: masking.within("id").id(&step.id),
        parent_id: id(step.parent_id.as_deref(), masking.within("parent_id")),
        title: some(non_empty(&step.title), masking.within("title")),
        status: step.status.word(),
        status_sent: word(step.status_sent.as_deref(), masking.within("status_sent")),
        started_at: step.started_at.map(rfc3339),
        ended_at: step.ended_at.map(rfc3339),
        raw: Raw::of(&step.raw, Sort::Any, masking.within("raw")),
    }
}

/// An event's record. `seq` counts from 1 in the final order; none while that is not known.
pub fn event<'a>(
    home: Home<'a>,
    run: &'a Run,
    seq: Option<usize>,
    event: &'a Event,
    masking: &mut Masking,
) -> EventRecord<'a> {
    let head = headline(event);
    masking.at("event", seq, &event.id);
    EventRecord {
        context: home.context,
        provider: home.provider,
        // A row of a list over all runs may not name them.
        mission_id: id(non_empty(&run.mission_id), masking.within("mission_id")),
        run_id: id(non_empty(&run.id), masking.within("run_id")),
        id: masking.within("id").id(&event.id),
        seq,
        kind: event.kind.word(),
        type_sent: word(non_empty(&event.type_sent), masking.within("type")),
        time: event.time.map(rfc3339),
        duration_ms: event.duration.map(millis),
        step_id: id(event.step_id.as_deref(), masking.within("step_id")),
        agent: word(event.agent.as_deref(), masking.within("agent")),
        tool: word(event.tool.as_deref(), masking.within("tool")),
        call_id: id(event.call_id.as_deref(), masking.within("call_id")),
        is_error: event.is_error,
        tokens: event.tokens.map(Into::into),
        title: some(non_empty(&head.title), masking.within("title")),
        summary: some(non_empty(&head.summary), masking.within("summary")),
        parent_id: id(event.parent_id.as_deref(), masking.within("parent_id")),
        at_end: event.at_end,
        body_at: event.body.and_then(|body| place(&event.raw, body)),
        prose_at: places(event),
        content_bytes: event.content.and_then(|content| content.size),
        raw: Raw::of(&event.raw, Sort::Any, masking.within("raw")),
    }
}

fn places(event: &Event) -> Vec<Vec<u32>> {
    let prose = event.prose.iter();
    prose.filter_map(|part| place(&event.raw, *part)).collect()
}

fn place(raw: &Payload, part: Span) -> Option<Vec<u32>> {
    if part.range() == (0..raw.len()) {
        return Some(Vec::new());
    }
    place_of(raw.bytes(), part.range())
}

/// What names a run wherever sortie is asked for one: ids only, each percent-encoded. One that is a secret
/// is masked, and then names nothing.
pub fn locator(home: Home<'_>, run: &Run, masking: &mut Masking) -> String {
    let (mission, run) = (masking.id(&run.mission_id), masking.id(&run.id));
    let parts = [home.context, &mission, &run].map(encoded);
    format!("sortie:{}", parts.join("/"))
}

/// A record or an envelope as one line of JSON, with a line end.
pub fn line(record: &impl Serialize) -> serde_json::Result<String> {
    let json = serde_json::to_string(record)?;
    // The raw parts are safe already; this is for titles, names and messages.
    let mut json = safe_json(json.as_bytes()).unwrap_or(json);
    json.push('\n');
    Ok(json)
}

/// How long a run took, where it has ended.
pub fn duration(run: &Run) -> Option<Duration> {
    let ended = run.ended_at.is_some() || run.status.is_final();
    let measured = || run.ended_at?.since(run.started_at?);
    run.duration.filter(|_| ended).or_else(measured)
}

/// A time as records have it.
pub fn rfc3339(time: Time) -> String {
    timestamp(time).to_string()
}

/// A time for a calendar.
pub fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default()
}

/// Whole where it is whole, with a fraction where the service measured finer.
fn millis(duration: Duration) -> Number {
    let whole = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if duration.subsec_nanos().is_multiple_of(1_000_000) {
        return whole.into();
    }
    Number::from_f64(duration.as_secs_f64() * 1e9 / 1e6).unwrap_or_else(|| whole.into())
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn masked(text: &str, masking: &mut Masking) -> String {
    masking.text(text).into_owned()
}

fn some(text: Option<&str>, masking: &mut Masking) -> Option<String> {
    text.map(|text| masked(text, masking))
}

fn id<'a>(id: Option<&'a str>, masking: &mut Masking) -> Option<Cow<'a, str>> {
    id.map(|id| masking.id(id))
}

/// A word of the service: as a rule it is shown as it is, and then not copied.
fn word<'a>(text: Option<&'a str>, masking: &mut Masking) -> Option<Cow<'a, str>> {
    text.map(|text| masking.text(text))
}

#[cfg(test)]
mod tests;
