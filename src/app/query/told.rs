//! What became of an operation, and what it has: clauses whose values are words of a closed set.

use super::{
    facts::{OperationFacts, Told},
    field::{Nature, Part},
    value::Test,
};
use crate::analysis::{OpKind, Verdict};

/// What the run tells of an operation.
pub(super) fn says(test: &Test, facts: &OperationFacts<'_>) -> bool {
    let says = |says: fn(&Told) -> bool| facts.told.as_ref().is_some_and(says);
    match test {
        Test::Kind(own, events) => {
            *own == Some(facts.kind)
                || events.is_some_and(|kind| facts.events.iter().any(|event| event.kind == kind))
        }
        Test::Verdict(verdict) => facts.told.is_some_and(|told| told.verdict == *verdict),
        Test::Rule(rule) => facts.told.is_some_and(|told| told.rule == Some(*rule)),
        Test::Nature(nature) => match nature {
            Nature::Failure => says(|told| told.fails),
            Nature::Recovered => says(|told| told.recovered),
            Nature::Loop => says(|told| told.is_loop),
            Nature::Repeat => says(|told| told.repeats),
            Nature::Paired => says(|told| told.paired),
            Nature::Nested => says(|told| told.nested),
        },
        Test::Part(part) => match part {
            Part::Unanswered => says(|told| told.verdict == Verdict::Unanswered),
            Part::Failure => says(|told| told.verdict.is_failure()),
            Part::Answer => facts.kind == OpKind::Tool && says(|told| told.paired),
            Part::Payload => facts.events.iter().any(|event| event.body.is_some()),
            Part::Prose => facts.events.iter().any(|event| event.prose.is_some()),
            Part::Tokens => {
                facts.events.iter().any(|event| event.has_tokens) || says(|told| told.tokens)
            }
            Part::Step => facts.events.iter().any(|event| event.step_id.is_some()),
            Part::Agent => facts.events.iter().any(|event| event.agent.is_some()),
        },
        Test::Pattern(_)
        | Test::Within(_)
        | Test::Provider(_)
        | Test::Status(_)
        | Test::Soft
        | Test::Json(_) => false,
    }
}
