//! Asking a query of facts. The answer is yes, no, or that too little was read to say: of a run that was
//! not read, clauses about operations say neither. Looks at bytes as they are and allocates nothing on
//! the way, but where a text is escaped.

use super::{
    Answers, Clause, Known, Node, Query,
    facts::{OperationFacts, RunFacts},
    field::Field,
    pattern::Pattern,
    told,
    value::Test,
};
use crate::model::EventView;

/// Whether something matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// No.
    No,
    /// Nobody knows before the run is read.
    NotRead,
    /// Yes.
    Yes,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::NotRead => Self::NotRead,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What stands in for the operation.
#[derive(Clone, Copy)]
enum Of<'a> {
    /// A row of its own: texts are looked for in it alone.
    Row(&'a OperationFacts<'a>, Option<&'a Known>),
    /// One of the run's: texts may also stand in what names the run.
    One(&'a OperationFacts<'a>),
    /// The run has none.
    Nothing,
    /// The run was not read.
    Unknown,
}

/// What is known of the run.
#[derive(Clone, Copy)]
enum Above<'a> {
    Facts(&'a RunFacts<'a>),
    Answers(&'a Answers),
}

/// The answer for a run, gathered operation by operation.
#[derive(Clone, Copy, Debug)]
pub struct Tally<'a> {
    query: &'a Query,
    run: RunFacts<'a>,
    so_far: Truth,
    /// Whether every operation has to pass, since the query only excludes.
    every: bool,
}

impl Query {
    /// Whether the answer depends on the operations of a run.
    pub fn needs_operations(&self) -> bool {
        self.asks(Clause::needs_operations)
    }

    /// Whether it asks about operations themselves, so that those are what matches.
    pub fn asks_about_operations(&self) -> bool {
        self.asks(|clause| clause.field.is_of_operation() || clause.field == Field::Free)
    }

    /// Whether the answer depends on what became of operations, for which the whole run must be read.
    pub fn needs_verdicts(&self) -> bool {
        self.asks(Clause::needs_verdicts)
    }

    /// Whether each of its parts can be answered by one event alone, as far as they are about operations.
    pub fn is_told_by_events(&self) -> bool {
        let is_plain = |node: &Node| match node {
            Node::Clause(_) => true,
            Node::Not(node) => matches!(**node, Node::Clause(_)),
            Node::All(_) | Node::Any(_) => false,
        };
        let of_more = |clause: &Clause| {
            let of_run = !clause.field.is_of_operation() && clause.field != Field::Free;
            let of_event = matches!(
                clause.field,
                Field::Free | Field::Kind | Field::Tool | Field::Agent | Field::Id | Field::Payload
            );
            !of_run && !of_event
        };
        self.all.iter().all(is_plain) && !self.needs_verdicts() && !self.asks(of_more)
    }

    /// Whether a run matches as far as it is known without its operations.
    pub fn matches_unread(&self, run: &RunFacts<'_>) -> Truth {
        self.truth(Above::Facts(run), Of::Unknown)
    }

    /// Whether an operation matches: its run by what is asked of runs, itself by the rest.
    pub fn matches_operation(&self, run: &RunFacts<'_>, operation: &OperationFacts<'_>) -> bool {
        self.truth(Above::Facts(run), Of::Row(operation, None)) == Truth::Yes
    }

    /// What it says of a run, to be kept for its operations.
    pub fn answers(&self, run: &RunFacts<'_>) -> Answers {
        let mut answers = Answers::default();
        self.each(&mut |clause| {
            if !clause.field.is_of_operation() {
                answers.set(clause.number, clause.of_run(run));
            }
        });
        answers
    }

    /// Whether a run of these answers matches without its operations.
    pub fn matches_above(&self, answers: &Answers) -> Truth {
        self.truth(Above::Answers(answers), Of::Unknown)
    }

    /// Whether an operation matches in a run of these answers.
    pub fn passes(&self, answers: &Answers, operation: &OperationFacts<'_>) -> bool {
        self.truth(Above::Answers(answers), Of::Row(operation, None)) == Truth::Yes
    }

    /// The same of an operation in a snapshot of which very many are asked about.
    pub fn passes_among(
        &self,
        answers: &Answers,
        operation: &OperationFacts<'_>,
        known: &Known,
    ) -> bool {
        self.truth(Above::Answers(answers), Of::Row(operation, Some(known))) == Truth::Yes
    }

    /// Begins to ask it of a run. A run matches if one of its operations does; where nothing but
    /// exclusions is asked of operations, if all of them do.
    pub fn matches_run<'a>(&'a self, run: RunFacts<'a>) -> Tally<'a> {
        let every = self.only_excludes();
        let alone = self.truth(Above::Facts(&run), Of::Nothing);
        Tally {
            query: self,
            run,
            so_far: alone,
            every,
        }
    }

    /// Whether what it asks of operations is that there are none of a sort.
    fn only_excludes(&self) -> bool {
        fn wants(node: &Node, not: bool) -> (bool, bool) {
            match node {
                Node::Clause(clause) => {
                    let asks = clause.needs_operations();
                    (asks && !not, asks && not)
                }
                Node::Not(inner) => wants(inner, !not),
                Node::All(parts) | Node::Any(parts) => parts
                    .iter()
                    .map(|part| wants(part, not))
                    .fold((false, false), |a, b| (a.0 || b.0, a.1 || b.1)),
            }
        }
        let asked = self.all.iter().map(|node| wants(node, false));
        let (wants, excludes) = asked.fold((false, false), |a, b| (a.0 || b.0, a.1 || b.1));
        excludes && !wants
    }

    fn truth(&self, above: Above<'_>, of: Of<'_>) -> Truth {
        let each = self.all.iter().map(|node| node.truth(above, of));
        least(each)
    }
}

/// All must hold; none is no.
fn least(each: impl Iterator<Item = Truth>) -> Truth {
    let mut least = Truth::Yes;
    for truth in each {
        least = least.min(truth);
        if least == Truth::No {
            break;
        }
    }
    least
}

impl Tally<'_> {
    /// One more operation; says whether the answer is known already.
    pub fn take(&mut self, operation: &OperationFacts<'_>) -> bool {
        let passes = self
            .query
            .truth(Above::Facts(&self.run), Of::One(operation));
        self.so_far = if self.every {
            self.so_far.min(passes)
        } else {
            self.so_far.max(passes)
        };
        self.is_known()
    }

    /// Whether no further operation can change the answer.
    pub fn is_known(&self) -> bool {
        self.so_far == if self.every { Truth::No } else { Truth::Yes }
    }

    /// The answer; `whole` where there are no other operations.
    pub fn end(self, whole: bool) -> Truth {
        if whole || self.is_known() {
            return self.so_far;
        }
        self.query.matches_unread(&self.run)
    }
}

impl Node {
    fn truth(&self, above: Above<'_>, of: Of<'_>) -> Truth {
        match self {
            Self::Clause(clause) => clause.truth(above, of),
            Self::Not(inner) => inner.truth(above, of).not(),
            Self::All(parts) => least(parts.iter().map(|part| part.truth(above, of))),
            Self::Any(parts) => {
                let mut most = Truth::No;
                for part in parts {
                    most = most.max(part.truth(above, of));
                    if most == Truth::Yes {
                        break;
                    }
                }
                most
            }
        }
    }
}

impl Clause {
    fn truth(&self, above: Above<'_>, of: Of<'_>) -> Truth {
        match (self.field, of) {
            (Field::Free, Of::Row(operation, known)) => self.stands_in(operation, known).into(),
            (Field::Free, Of::One(operation)) if self.stands_in(operation, None) => Truth::Yes,
            (Field::Free, Of::Unknown) => match self.above(above) {
                Truth::Yes => Truth::Yes,
                _ => Truth::NotRead,
            },
            (field, Of::Row(operation, known)) if field.is_of_operation() => {
                self.operation(operation, known).into()
            }
            (field, Of::One(operation)) if field.is_of_operation() => {
                self.operation(operation, None).into()
            }
            (field, Of::Nothing) if field.is_of_operation() => Truth::No,
            (field, Of::Unknown) if field.is_of_operation() => Truth::NotRead,
            _ => self.above(above),
        }
    }

    /// What it says of the run itself.
    fn above(&self, above: Above<'_>) -> Truth {
        match above {
            Above::Facts(run) => self.of_run(run),
            Above::Answers(answers) => answers.get(self.number),
        }
    }

    fn of_run(&self, run: &RunFacts<'_>) -> Truth {
        if self.field == Field::Free {
            return self.patterns().any(|pattern| names(run, pattern)).into();
        }
        self.run(run)
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.values.iter().filter_map(|value| match &value.test {
            Test::Pattern(pattern) => Some(pattern),
            _ => None,
        })
    }

    fn run(&self, facts: &RunFacts<'_>) -> Truth {
        let run = facts.run;
        let is_in = |texts: &[&str]| {
            let mut patterns = self.patterns();
            patterns.any(|pattern| texts.iter().any(|text| pattern.is_in(text)))
        };
        let within = |number: Option<i128>| {
            let fits = |number| {
                self.values.iter().any(|value| match &value.test {
                    Test::Within(range) => range.contains(&number),
                    _ => false,
                })
            };
            number.is_some_and(fits)
        };
        let yes = match self.field {
            Field::Ctx => is_in(&[facts.context]),
            Field::Mission => is_in(&[facts.mission, &run.mission_id]),
            Field::Run => is_in(&[&run.title, &run.id]),
            Field::Id => is_in(&[&run.id]),
            Field::Err => run.error.as_deref().is_some_and(|error| is_in(&[error])),
            Field::Since | Field::Until => within(run.last_activity().map(|at| at.0.into())),
            Field::Dur => within(
                facts
                    .took()
                    .and_then(|took| took.as_nanos().try_into().ok()),
            ),
            Field::Tok => within(run.tokens.and_then(|tokens| tokens.sum()).map(i128::from)),
            _ => return self.state(facts),
        };
        yes.into()
    }

    /// State and service.
    fn state(&self, facts: &RunFacts<'_>) -> Truth {
        let each = self.values.iter().map(|value| match &value.test {
            Test::Status(status) => (*status == facts.run.status).into(),
            Test::Provider(provider) => (*provider == facts.provider).into(),
            Test::Soft => facts.soft.map_or(Truth::NotRead, Truth::from),
            _ => Truth::No,
        });
        each.max().unwrap_or(Truth::No)
    }

    fn operation(&self, facts: &OperationFacts<'_>, known: Option<&Known>) -> bool {
        let is_in = |word: for<'a> fn(&EventView<'a>) -> Option<&'a str>| {
            let mut words = facts.events.iter().filter_map(word);
            words.any(|word| {
                self.patterns()
                    .any(|pattern| has_word(pattern, word, known))
            })
        };
        match self.field {
            Field::Tool => is_in(|event| event.tool),
            Field::Agent => is_in(|event| event.agent),
            Field::Step => {
                let titled = facts.step.into_iter();
                is_in(|event| event.step_id)
                    || titled
                        .flat_map(|title| self.patterns().map(move |pattern| pattern.is_in(title)))
                        .any(|is_in| is_in)
            }
            Field::Text => self.stands_in(facts, known),
            Field::Payload => facts.events.iter().any(|event| self.leads_in(event)),
            _ => self
                .values
                .iter()
                .any(|value| told::says(&value.test, facts)),
        }
    }

    /// Whether a text stands where a person would see it.
    fn stands_in(&self, facts: &OperationFacts<'_>, known: Option<&Known>) -> bool {
        self.patterns().any(|pattern| {
            let mut events = facts.events.iter();
            events.any(|event| shows(event, pattern, known))
        })
    }

    fn leads_in(&self, event: &EventView<'_>) -> bool {
        let tests = self.values.iter().filter_map(|value| match &value.test {
            Test::Json(test) => Some(test),
            _ => None,
        });
        self.path.has(payload(event), &tests)
    }
}

/// The payload; the record itself where it has no part of its own.
pub(super) fn payload<'a>(event: &EventView<'a>) -> &'a [u8] {
    match event.body {
        Some(body) => event.raw.part(body),
        None => event.raw.bytes(),
    }
}

/// Whether what names a run has a text.
fn names(facts: &RunFacts<'_>, pattern: &Pattern) -> bool {
    let run = facts.run;
    let reasons = [run.error.as_deref(), run.status_reason.as_deref()];
    [facts.mission, &run.title, &run.id]
        .into_iter()
        .chain(reasons.into_iter().flatten())
        .any(|text| pattern.is_in(text))
}

/// Whether an event has a text in its title, its line, its words or its payload.
pub(super) fn shows(event: &EventView<'_>, pattern: &Pattern, known: Option<&Known>) -> bool {
    let words = [event.tool, event.agent, event.title, event.step_id];
    let mut words = words.into_iter().flatten().chain([event.type_sent]);
    words.any(|word| has_word(pattern, word, known))
        || pattern.is_in(event.id)
        || event.summary.is_some_and(|text| pattern.is_in(text))
        || event
            .body
            .is_some_and(|span| pattern.is_in_json(event.raw.part(span)))
        || event.prose().any(|literal| pattern.is_in_literal(literal))
        || event.body.is_none() && event.prose.is_none() && pattern.is_in_json(event.raw.bytes())
}

/// Whether a word that many events share has a text.
fn has_word(pattern: &Pattern, word: &str, known: Option<&Known>) -> bool {
    match known {
        Some(known) => known.has(pattern, word, || pattern.is_in(word)),
        None => pattern.is_in(word),
    }
}
