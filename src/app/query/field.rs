//! What can be asked about, with the words of closed sets and what a prompt completes. The words are part
//! of the language: scripts and saved views rely on them.

use crate::{
    analysis::{OpKind, Rule, Verdict},
    model::{Kind, RunStatus},
};

/// Something that a clause asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Name of the context.
    Ctx,
    /// Which of the four services.
    Provider,
    /// Name or id of the mission.
    Mission,
    /// Title of the run, or the beginning of its id.
    Run,
    /// State of the run.
    Status,
    /// Last activity then or later.
    Since,
    /// Last activity then or earlier.
    Until,
    /// How long the run took, or takes so far.
    Dur,
    /// Tokens of the run.
    Tok,
    /// The run's error.
    Err,
    /// The beginning of the run's id.
    Id,
    /// What an operation is.
    Kind,
    /// The tool or the model.
    Tool,
    /// Id or title of the plan step.
    Step,
    /// Who did it.
    Agent,
    /// What became of it.
    Verdict,
    /// Which rule says that it failed softly.
    Rule,
    /// What it is besides.
    Is,
    /// What it has.
    Has,
    /// A text in it.
    Text,
    /// A value in its payload.
    Payload,
    /// A text without any field: in the operation, or in what names the run.
    Free,
}

/// How the values of a field are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// The whole of a text.
    Name,
    /// The beginning of an id.
    Id,
    /// A part of a text.
    Part,
    /// One of these words.
    Word,
    /// An instant or a part of time.
    Time,
    /// A length of time.
    Span,
    /// A number.
    Amount,
    /// A value of JSON.
    Json,
}

use Field::{
    Agent, Ctx, Dur, Err, Free, Has, Id, Is, Mission, Payload, Provider, Run, Since, Status, Step,
    Text, Tok, Tool, Until,
};

impl Field {
    /// All that have a name.
    const NAMED: [Self; 21] = [
        Status,
        Since,
        Until,
        Mission,
        Run,
        Ctx,
        Provider,
        Dur,
        Tok,
        Err,
        Id,
        Field::Kind,
        Tool,
        Step,
        Agent,
        Field::Verdict,
        Field::Rule,
        Is,
        Has,
        Text,
        Payload,
    ];

    /// The word before the colon.
    pub fn word(self) -> &'static str {
        match self {
            Ctx => "ctx",
            Provider => "provider",
            Mission => "mission",
            Run => "run",
            Status => "status",
            Since => "since",
            Until => "until",
            Dur => "dur",
            Tok => "tok",
            Err => "err",
            Id => "id",
            Self::Kind => "kind",
            Tool => "tool",
            Step => "step",
            Agent => "agent",
            Self::Verdict => "verdict",
            Self::Rule => "rule",
            Is => "is",
            Has => "has",
            Text => "text",
            Payload => "payload",
            Free => "",
        }
    }

    /// The field of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|field| field.word() == word)
    }

    /// The words of all fields.
    pub(super) fn words() -> impl Iterator<Item = &'static str> {
        Self::NAMED.into_iter().map(Self::word)
    }

    /// Whether it is about an operation; else it is about the run.
    pub fn is_of_operation(self) -> bool {
        matches!(
            self,
            Self::Kind
                | Tool
                | Step
                | Agent
                | Self::Verdict
                | Self::Rule
                | Is
                | Has
                | Text
                | Payload
        )
    }

    /// One line about it.
    pub fn about(self) -> &'static str {
        match self {
            Ctx => "the context's name",
            Provider => "the service",
            Mission => "the mission's name or id",
            Run => "the run's title, or the beginning of its id",
            Status => "the run's state; soft: something in it failed softly",
            Since => "last activity then or later: 24h, today, yesterday, 2026-08-21, a..b",
            Until => "last activity then or earlier: 24h, yesterday, 2026-08-21T02:00Z",
            Dur => "how long the run took: >30s, 2m..1h30m",
            Tok => "the run's tokens: >20k, 4k..1.5M",
            Err => "what the run's error says",
            Id => "the beginning of the run's id",
            Self::Kind => "what an operation or event is",
            Tool => "the tool or the model",
            Step => "the plan step's id or title",
            Agent => "who did it",
            Self::Verdict => "what became of an operation",
            Self::Rule => "the rule that says it failed softly",
            Is => "what an operation is besides",
            Has => "what an operation has",
            Text => "a text in titles, summaries and loaded payloads",
            Payload => "a value in the payload: payload.amount:>=1000, payload.items[0].sku:x",
            Free => "a text, or /a regular expression/, anywhere",
        }
    }

    pub(super) fn reads(self) -> Reads {
        match self {
            Ctx | Mission | Tool | Step | Agent => Reads::Name,
            Run | Id => Reads::Id,
            Err | Text | Free => Reads::Part,
            Provider | Status | Self::Kind | Self::Verdict | Self::Rule | Is | Has => Reads::Word,
            Since | Until => Reads::Time,
            Dur => Reads::Span,
            Tok => Reads::Amount,
            Payload => Reads::Json,
        }
    }

    /// The words that it takes, where those are a closed set.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Provider => PROVIDERS.to_vec(),
            Status => [RunStatus::Failed.word(), SOFT]
                .into_iter()
                .chain(
                    RunStatus::ALL
                        .map(RunStatus::word)
                        .into_iter()
                        .filter(|word| *word != RunStatus::Failed.word()),
                )
                .collect(),
            Self::Kind => {
                let own = OpKind::ALL.map(OpKind::word);
                let events = Kind::ALL.map(Kind::word);
                let more = events.into_iter().filter(|word| !own.contains(word));
                own.into_iter().chain(more).collect()
            }
            Self::Verdict => Verdict::ALL
                .map(Verdict::word)
                .into_iter()
                .chain([SOFT])
                .collect(),
            Self::Rule => Rule::ALL.map(Rule::word).to_vec(),
            Is => Nature::ALL.map(Nature::word).to_vec(),
            Has => Part::ALL.map(Part::word).to_vec(),
            _ => Vec::new(),
        }
    }
}

/// The services, and files.
const PROVIDERS: [&str; 5] = ["telnyx", "vectara", "agentex", "elizaos", "file"];
/// Short for what failed softly.
pub(super) const SOFT: &str = "soft";

/// What `is:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// It failed in any way and nothing made up for it.
    Failure,
    /// It failed and something made up for it.
    Recovered,
    /// It repeats without end.
    Loop,
    /// It is one of repeats.
    Repeat,
    /// A call with its result.
    Paired,
    /// It lies in another operation.
    Nested,
}

impl Nature {
    const ALL: [Self; 6] = [
        Self::Failure,
        Self::Recovered,
        Self::Loop,
        Self::Repeat,
        Self::Paired,
        Self::Nested,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Recovered => "recovered",
            Self::Loop => "loop",
            Self::Repeat => "repeat",
            Self::Paired => "paired",
            Self::Nested => "nested",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What `has:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A call without an answer.
    Unanswered,
    /// A failure of any kind, made good or not.
    Failure,
    /// A result.
    Answer,
    /// A payload.
    Payload,
    /// Words.
    Prose,
    /// A count of tokens.
    Tokens,
    /// A plan step.
    Step,
    /// An agent.
    Agent,
}

impl Part {
    const ALL: [Self; 8] = [
        Self::Unanswered,
        Self::Failure,
        Self::Answer,
        Self::Payload,
        Self::Prose,
        Self::Tokens,
        Self::Step,
        Self::Agent,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Failure => "failure",
            Self::Answer => "answer",
            Self::Payload => "payload",
            Self::Prose => "prose",
            Self::Tokens => "tokens",
            Self::Step => "step",
            Self::Agent => "agent",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// All fields with what they are about, those of runs first: for the help.
pub fn fields() -> impl Iterator<Item = Field> {
    Field::NAMED.into_iter()
}
