//! The words for states and kinds. They are what scripts rely on; a service's own word is kept
//! beside them, never in their place.

/// State of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStatus {
    /// Created, not started.
    Pending,
    /// Said to be at work. Services that nobody tells otherwise say so for ever.
    Running,
    /// Stopped, can go on.
    Paused,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Stopped for good by somebody, or skipped.
    Cancelled,
    /// Ended by a limit of time.
    TimedOut,
    /// The service does not say, or says something unheard of.
    #[default]
    Unknown,
}

impl RunStatus {
    /// All of them, in the order of this page.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Running,
        Self::Paused,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::TimedOut,
        Self::Unknown,
    ];

    /// The word in records and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
            Self::Unknown => "unknown",
        }
    }

    /// The state of that word, if it is one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether the run can no longer change.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Cancelled | Self::TimedOut
        )
    }

    /// Whether the run is under way, or about to be.
    pub fn is_going_on(self) -> bool {
        matches!(self, Self::Pending | Self::Running | Self::Paused)
    }

    /// Whether the run failed, by itself or by a limit.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut)
    }
}

/// State of a plan step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StepStatus {
    /// Not started.
    Pending,
    /// At work.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Left out.
    Skipped,
    /// Not said.
    #[default]
    Unknown,
}

impl StepStatus {
    /// The word in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}

/// What an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The agent uses a tool.
    ToolCall,
    /// What the tool gave back.
    ToolResult,
    /// Something said by user, agent or system.
    Message,
    /// What the model thought.
    Reasoning,
    /// A call of a model.
    ModelCall,
    /// A plan step changed.
    Step,
    /// The run changed.
    Status,
    /// Something failed.
    Error,
    /// Facts without a kind of their own.
    Data,
    /// A timed operation of a trace.
    Span,
    /// A file.
    Artifact,
    /// A child run.
    SubRun,
    /// Not known to sortie, or unreadable; shown with its bytes.
    #[default]
    Unknown,
}

impl Kind {
    /// All of them, in the order of this page.
    pub const ALL: [Self; 13] = [
        Self::ToolCall,
        Self::ToolResult,
        Self::Message,
        Self::Reasoning,
        Self::ModelCall,
        Self::Step,
        Self::Status,
        Self::Error,
        Self::Data,
        Self::Span,
        Self::Artifact,
        Self::SubRun,
        Self::Unknown,
    ];

    /// The word in records and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::ToolCall => "tool_call",
            Self::ToolResult => "tool_result",
            Self::Message => "message",
            Self::Reasoning => "reasoning",
            Self::ModelCall => "model_call",
            Self::Step => "step",
            Self::Status => "status",
            Self::Error => "error",
            Self::Data => "data",
            Self::Span => "span",
            Self::Artifact => "artifact",
            Self::SubRun => "sub_run",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of that word, if it is one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
