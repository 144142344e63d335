//! Operations and what a run comes to, as records: the words are those of the screen. An operation is
//! named by the event its row shows, and others are named so too.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Number;

use super::{TokensRecord, millis, non_empty, rfc3339, some};
use crate::{
    analysis::{Operation, Repeat, Verdict, Why},
    export::course::Course,
    guard::Masking,
    model::{NodeId, Run},
};

/// An operation.
#[derive(Debug, Serialize)]
pub struct OperationRecord<'a> {
    id: Cow<'a, str>,
    events: Vec<Cow<'a, str>>,
    kind: &'static str,
    title: Option<String>,
    summary: Option<String>,
    verdict: &'static str,
    rule: Option<&'static str>,
    /// Why it counts as a failure.
    reason: Option<String>,
    recovered_by: Option<Cow<'a, str>>,
    pairing: PairingRecord,
    started_at: Option<String>,
    ended_at: Option<String>,
    duration_ms: Option<Number>,
    tokens: Option<TokensRecord>,
    repeat: Option<RepeatRecord<'a>>,
    step: Option<String>,
    parent: Option<Cow<'a, str>>,
    tool: Option<String>,
}

/// How sure it is that call and result belong together.
#[derive(Debug, Serialize)]
pub struct PairingRecord {
    confidence: &'static str,
    /// In words; null for what is no call and no result.
    why: Option<&'static str>,
}

impl PairingRecord {
    fn of(why: Why) -> Self {
        Self {
            confidence: why.confidence().word(),
            why: non_empty(why.words()),
        }
    }
}

/// What an operation repeats, the same for each of the repeats.
#[derive(Debug, Serialize)]
pub struct RepeatRecord<'a> {
    count: u32,
    /// The tools of a round, in order; one where it is no cycle.
    cycle: Vec<String>,
    first: Cow<'a, str>,
    #[serde(rename = "loop")]
    is_loop: bool,
    /// Whether what came back was not the same each time.
    differs: bool,
    /// From the first to the last.
    duration_ms: Option<Number>,
    /// Of all of them; null where none are reported.
    tokens: Option<u64>,
}

impl OperationRecord<'_> {
    /// As cells of a table: its id, kind, title, summary, verdict, rule, reason, what recovered it, step,
    /// tool, beginning, end, milliseconds, tokens read, written and in all, repeats, whether they are a loop.
    pub(in crate::export) fn cells(&self) -> [String; 18] {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        let tokens =
            |of: fn(&TokensRecord) -> Option<u64>| number(self.tokens.as_ref().and_then(of));
        let repeat = self.repeat.as_ref();
        [
            self.id.to_string(),
            self.kind.to_owned(),
            text(self.title.as_deref()),
            text(self.summary.as_deref()),
            self.verdict.to_owned(),
            text(self.rule),
            text(self.reason.as_deref()),
            text(self.recovered_by.as_deref()),
            text(self.step.as_deref()),
            text(self.tool.as_deref()),
            text(self.started_at.as_deref()),
            text(self.ended_at.as_deref()),
            self.duration_ms
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            tokens(|tokens| tokens.input),
            tokens(|tokens| tokens.output),
            tokens(|tokens| tokens.total),
            number(repeat.map(|repeat| repeat.count.into())),
            repeat
                .map(|repeat| repeat.is_loop.to_string())
                .unwrap_or_default(),
        ]
    }
}

/// The record of an operation.
pub fn operation<'a>(
    course: &Course<'a>,
    operation: &Operation,
    masking: &mut Masking,
) -> OperationRecord<'a> {
    let head = course.headline(operation);
    let first = operation.events.first();
    let events = operation.events.iter();
    let unfinished = matches!(operation.verdict, Verdict::Running | Verdict::Unanswered);
    let ended = operation.ended.filter(|_| !unfinished);
    let took = operation.took.filter(|_| !unfinished);
    let id = first.map_or("", |node| course.id(*node));
    masking.at("operation", course.number(operation.node), id);
    OperationRecord {
        id: masking.within("id").id(id),
        events: events.map(|node| masking.id(course.id(*node))).collect(),
        kind: operation.kind.word(),
        title: some(non_empty(&head.title), masking.within("title")),
        summary: some(non_empty(&head.summary), masking.within("summary")),
        verdict: operation.verdict.word(),
        rule: operation.rule.map(crate::analysis::Rule::word),
        reason: some(
            course.reason(operation).as_deref(),
            masking.within("reason"),
        ),
        recovered_by: operation
            .recovered_by
            .map(|node| masking.id(first_of(course, node))),
        pairing: PairingRecord::of(operation.why),
        started_at: operation.started.map(rfc3339),
        ended_at: ended.map(rfc3339),
        duration_ms: took.map(millis),
        tokens: operation.tokens.map(Into::into),
        repeat: operation
            .repeat
            .as_ref()
            .map(|repeat| repeated(course, repeat, masking)),
        step: some(operation.step.as_deref(), masking.within("step")),
        parent: operation
            .parent
            .map(|node| masking.id(first_of(course, node))),
        tool: some(operation.tool.as_deref(), masking.within("tool")),
    }
}

fn repeated<'a>(course: &Course<'a>, repeat: &Repeat, masking: &mut Masking) -> RepeatRecord<'a> {
    let cycle = repeat.cycle.iter();
    RepeatRecord {
        count: repeat.count,
        cycle: cycle.map(|tool| masking.text(tool).into_owned()).collect(),
        first: masking.id(first_of(course, repeat.first)),
        is_loop: repeat.is_loop,
        differs: repeat.differs,
        duration_ms: repeat.took.map(millis),
        tokens: Some(repeat.tokens).filter(|tokens| *tokens > 0),
    }
}

/// The id of the operation that has that row: of its first event, which for a call that a span times
/// may be the span.
fn first_of<'a>(course: &Course<'a>, row: NodeId) -> &'a str {
    let operation = course.digest().operation(row);
    let first = operation.and_then(|operation| operation.events.first().copied());
    course.id(first.unwrap_or(row))
}

/// What a run comes to.
#[derive(Debug, Serialize)]
pub struct HeaderRecord<'a> {
    status: &'static str,
    started_at: Option<String>,
    ended_at: Option<String>,
    duration_ms: Option<Number>,
    tokens: Option<TokensRecord>,
    operations: u32,
    verdicts: Verdicts,
    /// Rows that show failures which nothing recovered, by their worst verdict; repeats count once.
    failures: u32,
    soft_failures: u32,
    unanswered: u32,
    recovered: u32,
    loops: u32,
    first_failure: Option<Cow<'a, str>>,
    slowest: Option<Slowest<'a>>,
    idle: Vec<Idle>,
    /// Inbox events that the transcript repeats; they are no operations.
    echoes: u32,
}

/// How many operations have each verdict, repeats one by one.
#[derive(Debug, Serialize)]
struct Verdicts {
    failed: u32,
    soft_failure: u32,
    unanswered: u32,
    running: u32,
    cancelled: u32,
    skipped: u32,
    not_reported: u32,
    ok: u32,
}

#[derive(Debug, Serialize)]
struct Slowest<'a> {
    id: Cow<'a, str>,
    duration_ms: Number,
}

/// A stretch in which nothing happened.
#[derive(Debug, Serialize)]
struct Idle {
    from: String,
    to: String,
    duration_ms: Option<Number>,
}

/// The header of a run: from its own record, and from its operations.
pub fn header<'a>(course: &Course<'a>, run: &Run, masking: &mut Masking) -> HeaderRecord<'a> {
    let header = course.digest().header();
    let count = |verdict| header.counts.of(verdict);
    let gaps = course.digest().gaps();
    HeaderRecord {
        status: run.status.word(),
        started_at: run.started_at.map(rfc3339),
        ended_at: run.ended_at.map(rfc3339),
        duration_ms: super::duration(run).map(millis),
        tokens: run.tokens.or(header.tokens).map(Into::into),
        operations: header.counts.operations,
        verdicts: Verdicts {
            failed: count(Verdict::Failed),
            soft_failure: count(Verdict::SoftFailure),
            unanswered: count(Verdict::Unanswered),
            running: count(Verdict::Running),
            cancelled: count(Verdict::Cancelled),
            skipped: count(Verdict::Skipped),
            not_reported: count(Verdict::NotReported),
            ok: count(Verdict::Ok),
        },
        failures: header.failed,
        soft_failures: header.soft,
        unanswered: header.unanswered,
        recovered: header.counts.recovered,
        loops: header.loops,
        first_failure: header
            .first_failure
            .map(|node| masking.id(first_of(course, node))),
        slowest: header.slowest.map(|(node, took)| Slowest {
            id: masking.id(first_of(course, node)),
            duration_ms: millis(took),
        }),
        idle: gaps
            .iter()
            .map(|gap| Idle {
                from: rfc3339(gap.from),
                to: rfc3339(gap.to),
                duration_ms: gap.to.since(gap.from).map(millis),
            })
            .collect(),
        echoes: header.counts.echoes,
    }
}
