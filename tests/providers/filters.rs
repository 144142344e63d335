//! What is said to be filtered by a service is what it is asked for.

use jiff::tz::TimeZone;
use sortie::{
    app::query::{Query, Terms},
    model::{Ask, Page, RunStatus, Time},
    provider,
};

#[test]
fn the_states_that_a_service_filters_are_those_it_is_asked_for() {
    let terms = Terms {
        now: Time(0),
        zone: TimeZone::UTC,
    };
    for name in ["telnyx", "vectara", "agentex", "elizaos"] {
        let dialect = provider::named(name).unwrap();
        for status in RunStatus::ALL {
            let asked = |status| {
                let ask = Ask::Runs {
                    mission: "m".into(),
                    status,
                    page: Page::default(),
                };
                dialect.request(&ask).unwrap().query
            };
            let filters = asked(Some(status)) != asked(None);
            let query = Query::parse(&format!("status:{}", status.word()), &terms).unwrap();
            let told = !query.split(name).api.is_empty();
            assert_eq!(told, filters, "{name} {}", status.word());
        }
    }
}
