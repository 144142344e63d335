//! The facts that can stand in a column: their words, how wide they are, and their values. What nobody
//! tells is nothing, never 0.

use crate::{
    analysis::{CellValue as Value, Operation, Rule, headline, spelling::is_told},
    app::query::RunFacts,
    model::{Event, Run, Tokens},
};

macro_rules! facts {
    ($($fact:ident $word:literal $record:literal $wide:literal;)*) => {
        /// A fact of a run, or of what happened in one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $(
                #[doc = $record]
                $fact,
            )*
        }

        impl Fact {
            /// The word that is typed.
            pub fn word(self) -> &'static str {
                match self { $(Self::$fact => $word,)* }
            }

            /// What it is called in records.
            pub fn record(self) -> &'static str {
                match self { $(Self::$fact => $record,)* }
            }

            /// The columns of the screen that it takes.
            pub(super) fn wide(self) -> usize {
                match self { $(Self::$fact => $wide,)* }
            }
        }
    };
}

facts! {
    Context "context" "context" 13;
    Provider "provider" "provider" 8;
    Mission "mission" "mission" 15;
    MissionId "mission_id" "mission_id" 12;
    Id "id" "id" 12;
    Title "title" "title" 20;
    Status "status" "status" 9;
    Sent "sent" "status_sent" 11;
    Reason "reason" "status_reason" 20;
    Started "started" "started_at" 7;
    Ended "ended" "ended_at" 7;
    Duration "duration" "duration_ms" 8;
    Tokens "tokens" "tokens" 6;
    Input "input" "tokens_input" 6;
    Output "output" "tokens_output" 6;
    Cached "cached" "tokens_cached" 6;
    Reasoning "reasoning" "tokens_reasoning" 9;
    Error "error" "error" 24;
    Parent "parent" "parent_run_id" 12;
    Number "number" "seq" 6;
    Kind "kind" "kind" 11;
    Type "type" "type" 14;
    Time "time" "time" 8;
    Verdict "verdict" "verdict" 12;
    Rule "rule" "rule" 13;
    Tool "tool" "tool" 16;
    Agent "agent" "agent" 12;
    Step "step" "step_id" 12;
    Call "call" "call_id" 12;
    Summary "summary" "summary" 24;
}

/// Those of runs.
pub(super) const OF_RUNS: &[Fact] = &[
    Fact::Context,
    Fact::Provider,
    Fact::Mission,
    Fact::MissionId,
    Fact::Id,
    Fact::Title,
    Fact::Status,
    Fact::Sent,
    Fact::Reason,
    Fact::Started,
    Fact::Ended,
    Fact::Duration,
    Fact::Tokens,
    Fact::Input,
    Fact::Output,
    Fact::Cached,
    Fact::Reasoning,
    Fact::Error,
    Fact::Parent,
];

/// Those of what happened in a run.
pub(super) const OF_EVENTS: &[Fact] = &[
    Fact::Number,
    Fact::Id,
    Fact::Kind,
    Fact::Type,
    Fact::Time,
    Fact::Duration,
    Fact::Tokens,
    Fact::Input,
    Fact::Output,
    Fact::Cached,
    Fact::Reasoning,
    Fact::Verdict,
    Fact::Rule,
    Fact::Tool,
    Fact::Agent,
    Fact::Step,
    Fact::Call,
    Fact::Title,
    Fact::Summary,
];

fn tokens(fact: Fact, tokens: Option<Tokens>) -> Value {
    let Some(tokens) = tokens else {
        return Value::Nothing;
    };
    Value::from(match fact {
        Fact::Input => tokens.input,
        Fact::Output => tokens.output,
        Fact::Cached => tokens.cached,
        Fact::Reasoning => tokens.reasoning,
        _ => tokens.sum(),
    })
}

/// A fact of a run.
pub fn run_value(fact: Fact, facts: &RunFacts<'_>) -> Value {
    let run: &Run = facts.run;
    match fact {
        Fact::Context => Value::text(facts.context),
        Fact::Provider => Value::text(facts.provider),
        Fact::Mission => Value::text(facts.mission),
        Fact::MissionId => Value::text(&run.mission_id),
        Fact::Id => Value::text(&run.id),
        Fact::Title => Value::text(&run.title),
        Fact::Status => Value::text(run.status.word()),
        Fact::Sent => Value::some(run.status_sent.as_deref()),
        Fact::Reason => Value::some(run.status_reason.as_deref()),
        Fact::Started => Value::from(run.started_at),
        Fact::Ended => Value::from(run.ended_at),
        Fact::Duration => {
            let between = || run.ended_at?.since(run.started_at?);
            Value::from(run.duration.or_else(between))
        }
        Fact::Tokens | Fact::Input | Fact::Output | Fact::Cached | Fact::Reasoning => {
            tokens(fact, run.tokens)
        }
        Fact::Error => Value::some(run.error.as_deref()),
        Fact::Parent => Value::some(run.parent_run_id.as_deref()),
        _ => Value::Nothing,
    }
}

/// Those of single events, of which nobody says what became of them.
pub(super) const OF_RECORDS: &[Fact] = &[
    Fact::Number,
    Fact::Id,
    Fact::Kind,
    Fact::Type,
    Fact::Time,
    Fact::Duration,
    Fact::Tokens,
    Fact::Input,
    Fact::Output,
    Fact::Cached,
    Fact::Reasoning,
    Fact::Tool,
    Fact::Agent,
    Fact::Step,
    Fact::Call,
    Fact::Title,
    Fact::Summary,
];

/// An event, and what is known of the operation whose row it is.
#[derive(Clone, Copy, Debug)]
pub struct RowFacts<'a> {
    /// Its number in the run.
    pub number: Option<usize>,
    /// The event.
    pub event: &'a Event,
    /// Where the run was read.
    pub operation: Option<&'a Operation>,
}

/// A fact of an event, or of the operation that it is the row of.
pub fn row_value(fact: Fact, facts: &RowFacts<'_>) -> Value {
    let (event, operation) = (facts.event, facts.operation);
    match fact {
        Fact::Number => Value::from(facts.number.and_then(|number| u64::try_from(number).ok())),
        Fact::Id => Value::text(&event.id),
        Fact::Kind => Value::text(match operation {
            Some(operation) => operation.kind.word(),
            None => event.kind.word(),
        }),
        Fact::Type => Value::text(&event.type_sent),
        Fact::Time => Value::from(operation.and_then(Operation::at).or(event.time)),
        Fact::Duration => Value::from(operation.map_or(event.duration, |operation| operation.took)),
        Fact::Tokens | Fact::Input | Fact::Output | Fact::Cached | Fact::Reasoning => {
            let told = operation.map_or(event.tokens, |operation| operation.tokens);
            tokens(fact, told)
        }
        Fact::Verdict => {
            let told = operation.filter(|operation| is_told(operation.kind, operation.verdict));
            Value::some(told.map(|operation| operation.verdict.word()))
        }
        Fact::Rule => {
            let rule = operation.and_then(|operation| operation.rule);
            Value::some(rule.map(Rule::word))
        }
        Fact::Tool => Value::some(event.tool.as_deref()),
        Fact::Agent => Value::some(event.agent.as_deref()),
        Fact::Step => Value::some(event.step_id.as_deref()),
        Fact::Call => Value::some(event.call_id.as_deref()),
        Fact::Title => Value::text(&headline(event).title),
        Fact::Summary => Value::text(&headline(event).summary),
        _ => Value::Nothing,
    }
}
