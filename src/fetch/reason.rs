//! Why a request was sent, in a few words for the list of requests: the ask, its page and the try.

use crate::model::{Ask, Of, RunRef, Trouble};

/// Characters of an id that are enough to tell it from its siblings.
const ID: usize = 12;

/// The words of an ask (`events of run 8c41, page 3`).
pub(super) fn words(ask: &Ask) -> String {
    let mut words = match ask {
        Ask::Missions { .. } => "missions".to_owned(),
        Ask::Mission { mission } => format!("mission {}", short(mission)),
        Ask::Runs { mission, .. } => format!("runs of mission {}", short(mission)),
        Ask::Run(run) => format!("run {}", id(run)),
        Ask::Steps(run) => format!("plan of run {}", id(run)),
        Ask::Events { run, page } if page.after.is_some() => format!("news of run {}", id(run)),
        Ask::Events { run, .. } => format!("events of run {}", id(run)),
        Ask::Part { run, .. } => format!("some events of run {}", id(run)),
        Ask::Picked { run, .. } => format!("picked events of run {}", id(run)),
        Ask::Event { run, event } => format!("event {} of run {}", short(event), id(run)),
        Ask::AllRuns { .. } => "runs of all missions".to_owned(),
        Ask::AllEvents { .. } => "events of all runs".to_owned(),
        Ask::Aside { of, what, .. } => match of {
            Of::Mission(mission) => format!("{what} of mission {}", short(mission)),
            Of::Run(run) => format!("{what} of run {}", id(run)),
        },
        Ask::Named { id, .. } => format!("lookup of {}", short(id)),
        Ask::Check => "check of address and credential".to_owned(),
    };
    let index = ask.page_index();
    if index > 0 {
        words.push_str(", page ");
        words.push_str(&index.saturating_add(1).to_string());
    }
    words
}

/// The words of a stream.
pub(super) fn of_stream(run: &RunRef) -> String {
    format!("stream of run {}", id(run))
}

/// The same, sent again after `trouble`.
pub(super) fn again(words: &str, trouble: &Trouble) -> String {
    let after = match trouble {
        Trouble::RateLimited { .. } => "429".to_owned(),
        Trouble::Service { status, .. } => status.to_string(),
        other => other.code().replace('_', " "),
    };
    format!("{words}, again after {after}")
}

fn id(run: &RunRef) -> String {
    short(&run.run)
}

fn short(id: &str) -> String {
    let mut rest = id.chars();
    let short: String = rest.by_ref().take(ID).collect();
    if rest.next().is_some() {
        short + "…"
    } else {
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Page;

    #[test]
    fn a_request_says_what_it_is_for_and_why_again() {
        let run = RunRef {
            mission: "m".into(),
            run: "8c41".into(),
            room: None,
        };
        let page = Page {
            index: 2,
            ..Page::default()
        };
        let ask = Ask::Events { run, page };
        assert_eq!(words(&ask), "events of run 8c41, page 3");
        let limited = Trouble::RateLimited {
            retry_after: None,
            message: String::new(),
        };
        assert_eq!(
            again(&words(&ask), &limited),
            "events of run 8c41, page 3, again after 429"
        );
    }
}
