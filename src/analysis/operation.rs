//! The words for what a person reads in a run: operations, what became of them, and how sure the
//! pairing of a call with its result is. Scripts rely on these words; nothing is decided here.

use crate::model::Kind;

/// What an operation is. The words are those of rows and of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpKind {
    /// A tool call with what it gave back.
    Tool,
    /// A call of a model.
    Llm,
    /// Something said by user, agent or system.
    Msg,
    /// What the model thought.
    Think,
    /// A plan step changed.
    Step,
    /// The run changed.
    Status,
    /// Something failed.
    Error,
    /// Facts and files.
    Data,
    /// A timed part of a trace.
    Span,
    /// A child run.
    Sub,
    /// Not known to sortie.
    Other,
}

impl OpKind {
    /// All of them, in the order of this page.
    pub const ALL: [Self; 11] = [
        Self::Tool,
        Self::Llm,
        Self::Msg,
        Self::Think,
        Self::Step,
        Self::Status,
        Self::Error,
        Self::Data,
        Self::Span,
        Self::Sub,
        Self::Other,
    ];

    /// The word in rows, records and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Llm => "llm",
            Self::Msg => "msg",
            Self::Think => "think",
            Self::Step => "step",
            Self::Status => "status",
            Self::Error => "error",
            Self::Data => "data",
            Self::Span => "span",
            Self::Sub => "sub",
            Self::Other => "other",
        }
    }

    /// What an event of that kind is a part of.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::ToolCall | Kind::ToolResult => Self::Tool,
            Kind::ModelCall => Self::Llm,
            Kind::Message => Self::Msg,
            Kind::Reasoning => Self::Think,
            Kind::Step => Self::Step,
            Kind::Status => Self::Status,
            Kind::Error => Self::Error,
            Kind::Data | Kind::Artifact => Self::Data,
            Kind::Span => Self::Span,
            Kind::SubRun => Self::Sub,
            Kind::Unknown => Self::Other,
        }
    }
}

/// What became of an operation, worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The service says that it failed.
    Failed,
    /// Its content says that it failed, although its status does not.
    SoftFailure,
    /// A call that never got an answer, in a run that is over.
    Unanswered,
    /// Not over yet.
    Running,
    /// Stopped by somebody.
    Cancelled,
    /// Left out.
    Skipped,
    /// Nobody says.
    #[default]
    NotReported,
    /// It went well.
    Ok,
}

impl Verdict {
    /// All of them, worst first.
    pub const ALL: [Self; 8] = [
        Self::Failed,
        Self::SoftFailure,
        Self::Unanswered,
        Self::Running,
        Self::Cancelled,
        Self::Skipped,
        Self::NotReported,
        Self::Ok,
    ];

    /// The word in records and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::SoftFailure => "soft_failure",
            Self::Unanswered => "unanswered",
            Self::Running => "running",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::NotReported => "not_reported",
            Self::Ok => "ok",
        }
    }

    /// Whether it is one that somebody who looks for failures wants to see.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::SoftFailure | Self::Unanswered)
    }
}

/// Why content counts as a failure. Each has a switch of this name in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// `success` or `ok` is false.
    SuccessFalse,
    /// `isError` or `is_error` is true.
    IsError,
    /// A non-empty `error` at the top.
    ErrorField,
    /// An HTTP-like status of 400 or more.
    HttpStatus,
    /// An exit code other than 0.
    ExitCode,
    /// Text that begins as a traceback or an error message does.
    Traceback,
    /// A web page where the tool gives JSON elsewhere.
    Html,
    /// Nothing, from a tool that gives rows elsewhere.
    Empty,
    /// JSON that ends in the middle.
    CutJson,
}

impl Rule {
    /// All of them, in the order in which they are looked for: the first that holds is named.
    pub const ALL: [Self; 9] = [
        Self::SuccessFalse,
        Self::IsError,
        Self::ErrorField,
        Self::HttpStatus,
        Self::ExitCode,
        Self::Traceback,
        Self::CutJson,
        Self::Html,
        Self::Empty,
    ];

    /// The name in the configuration and in the detail.
    pub fn word(self) -> &'static str {
        match self {
            Self::SuccessFalse => "success-false",
            Self::IsError => "is-error",
            Self::ErrorField => "error-field",
            Self::HttpStatus => "http-status",
            Self::ExitCode => "exit-code",
            Self::Traceback => "traceback",
            Self::Html => "html",
            Self::Empty => "empty",
            Self::CutJson => "cut-json",
        }
    }

    /// The rule of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }

    /// As a bit of a set.
    pub fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// How sure it is that a result belongs to its call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// The service says so.
    Certain,
    /// It follows from what stands in them or around them.
    Inferred,
    /// There is nothing to pair, or nothing was found.
    #[default]
    None,
}

impl Confidence {
    /// The word in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Inferred => "inferred",
            Self::None => "none",
        }
    }
}

/// Why a call and a result are one operation, or why there is only one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Why {
    /// It is no call and no result.
    #[default]
    Single,
    /// Both carry the service's call id.
    CallId,
    /// Both carry it, and it was used before in this run: the latest earlier unanswered call.
    CallIdReused,
    /// The same id stands in both payloads.
    InnerId,
    /// The same step and tool, in order.
    SameTool,
    /// The result follows the nearest call that was open.
    Adjacent,
    /// A call whose result has not come.
    NoResult,
    /// A result whose call is not there.
    NoCall,
    /// One more result for a call that has one.
    Again,
}

impl Why {
    /// In words for the detail.
    pub fn words(self) -> &'static str {
        match self {
            Self::Single => "",
            Self::CallId => "same call id",
            Self::CallIdReused => "same call id, used before: the latest unanswered call",
            Self::InnerId => "the same id in both payloads",
            Self::SameTool => "same step and tool, in order",
            Self::Adjacent => "the nearest call that was open when the result came",
            Self::NoResult => "no result has come",
            Self::NoCall => "no call that it answers",
            Self::Again => "one more result of a call that was answered",
        }
    }

    /// How sure that makes it.
    pub fn confidence(self) -> Confidence {
        match self {
            Self::CallId | Self::CallIdReused => Confidence::Certain,
            Self::InnerId | Self::SameTool | Self::Adjacent => Confidence::Inferred,
            Self::Single | Self::NoResult | Self::NoCall | Self::Again => Confidence::None,
        }
    }
}
