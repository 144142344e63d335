//! What a command ends with: the exit code, decided from what was printed and what failed, and the
//! words for failures. The table stands in `sortie --help`.

use std::time::Duration;

use crate::{
    export::record::ErrorRecord,
    model::{Trouble, TroubleClass},
};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well; also an empty list and a closed pipe.
    Ok,
    /// The run or event that was shown, followed or watched failed or timed out.
    RunFailed,
    /// Wrong usage, or no terminal where one is needed.
    Usage,
    /// Credentials are missing or were refused.
    Credentials,
    /// The service or the network failed.
    Service,
    /// Not found, and every context answered.
    NotFound,
    /// `--timeout` passed.
    Timeout,
    /// Something was printed and something failed.
    Partial,
    /// The run that was followed or watched was cancelled.
    RunCancelled,
    /// Nothing happened for too long in the run that was watched.
    RunStalled,
    /// Ctrl-c.
    Interrupted,
}

impl Exit {
    /// The number for the shell.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::RunFailed => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::Service => 4,
            Self::NotFound => 5,
            Self::Timeout => 6,
            Self::Partial => 7,
            Self::RunCancelled => 8,
            Self::RunStalled => 9,
            Self::Interrupted => 130,
        }
    }

    /// What follows from what was printed and what failed. Without anything printed, credentials
    /// beat service beats time beats not found.
    pub fn of(printed: bool, failures: &[Failure]) -> Self {
        if failures.is_empty() {
            return Self::Ok;
        }
        if printed {
            return Self::Partial;
        }
        let order = [Self::Credentials, Self::Service, Self::Timeout];
        let has = |exit: &Self| failures.iter().any(|failure| failure.exit() == *exit);
        order.into_iter().find(has).unwrap_or(Self::NotFound)
    }
}

/// Something that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whose; none where no context is to blame.
    pub context: Option<String>,
    /// What.
    pub fault: Fault,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A context's trouble.
    Trouble(Trouble),
    /// `--timeout` passed first.
    Timeout(Duration),
}

impl Fault {
    /// Whether sortie itself stopped.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout(_))
    }
}

impl Failure {
    /// Of a context.
    pub fn of(context: &str, trouble: Trouble) -> Self {
        Self {
            context: Some(context.to_owned()),
            fault: Fault::Trouble(trouble),
        }
    }

    /// As a record of an error.
    pub fn record(&self) -> ErrorRecord {
        match &self.fault {
            Fault::Trouble(trouble) => ErrorRecord {
                context: self.context.clone(),
                code: trouble.code(),
                message: trouble.to_string(),
                hint: trouble.hint(),
            },
            Fault::Timeout(limit) => ErrorRecord {
                context: self.context.clone(),
                code: "timeout",
                message: format!("no whole answer within --timeout {limit:?}"),
                hint: "Give it more time with a longer --timeout.".to_owned(),
            },
        }
    }

    /// Whether the answer was that there is no such thing.
    pub fn is_absence(&self) -> bool {
        self.exit() == Exit::NotFound
    }

    /// Whether a list was refused that another service of the same sort may have: what is in it can be
    /// asked for in other ways.
    pub fn is_no_such_list(&self) -> bool {
        match &self.fault {
            Fault::Timeout(_) => false,
            Fault::Trouble(trouble) => match trouble {
                Trouble::NotFound { .. } | Trouble::BadReply { .. } => true,
                Trouble::Service { status, .. } => *status < 500,
                _ => false,
            },
        }
    }

    fn exit(&self) -> Exit {
        match &self.fault {
            Fault::Timeout(_) => Exit::Timeout,
            Fault::Trouble(trouble) => match trouble.class() {
                TroubleClass::Credentials => Exit::Credentials,
                TroubleClass::NotFound => Exit::NotFound,
                TroubleClass::Service | TroubleClass::Cancelled => Exit::Service,
            },
        }
    }
}

/// Why a command stops before it prints anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// What was asked makes no sense; says what does.
    Usage(String),
    /// There is no context; the second line says what to do.
    Unconfigured(String),
    /// It is not there. Every context answered.
    NotFound(String),
    /// No file that was named can be read.
    File(Failure),
    /// Nothing could be had.
    Failed(Vec<Failure>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::EXIT_CODES;

    fn failure(exit: Exit) -> Failure {
        let trouble = match exit {
            Exit::Credentials => Trouble::NoCredential {
                cause: String::new(),
            },
            Exit::Service => Trouble::TooLarge { limit: 1 },
            Exit::Timeout => {
                return Failure {
                    context: None,
                    fault: Fault::Timeout(Duration::from_secs(1)),
                };
            }
            _ => Trouble::NotFound {
                message: String::new(),
            },
        };
        Failure::of("a", trouble)
    }

    #[test]
    fn the_table() {
        use Exit::{Credentials, NotFound, Ok, Partial, Service, Timeout};
        for (printed, failures, expected) in [
            (false, vec![], Ok),
            (true, vec![], Ok),
            (true, vec![NotFound], Partial),
            (true, vec![Credentials, Service], Partial),
            (false, vec![NotFound], NotFound),
            (false, vec![Timeout], Timeout),
            (false, vec![NotFound, Timeout], Timeout),
            (false, vec![Timeout, Service], Service),
            (false, vec![NotFound, Service, Credentials], Credentials),
        ] {
            let failures: Vec<Failure> = failures.into_iter().map(failure).collect();
            assert_eq!(Exit::of(printed, &failures), expected, "{failures:?}");
        }
    }

    #[test]
    fn codes_are_those_of_the_help() {
        let all = [
            Exit::Ok,
            Exit::RunFailed,
            Exit::Usage,
            Exit::Credentials,
            Exit::Service,
            Exit::NotFound,
            Exit::Timeout,
            Exit::Partial,
            Exit::RunCancelled,
            Exit::RunStalled,
            Exit::Interrupted,
        ];
        let told = EXIT_CODES.lines().skip(1);
        let told: Vec<u8> = told
            .map(|line| line.split_whitespace().next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(all.map(Exit::code).as_slice(), told);
    }
}
