use super::*;
use crate::model::{Look, Run};

fn outgoing(mission: &str, run: &str) -> Outgoing {
    Outgoing {
        context: "a".to_owned(),
        mission: mission.to_owned(),
        known: None,
        look: Look::default(),
        run: Run {
            id: run.to_owned(),
            ..Run::default()
        },
        loaded: None,
    }
}

#[test]
fn files_have_names_that_are_no_trouble_anywhere() {
    let one = |mission, run| name(&[outgoing(mission, run)]);
    assert_eq!(
        one("nightly-billing", "8c41e07a-5d12"),
        "nightly-billing-8c41e07a"
    );
    assert_eq!(one("../../etc/passwd", "../x"), "etc-passwd-x");
    assert_eq!(one("Ünïcode / bot", "r:1"), "n-code-bot-r-1");
    assert_eq!(one("", ""), "run");
    let both = [outgoing("a", "1"), outgoing("a", "2")];
    assert_eq!(name(&both), "a-2-runs");
    assert_eq!(name(&[outgoing("a", "1"), outgoing("b", "2")]), "2-runs");
}
