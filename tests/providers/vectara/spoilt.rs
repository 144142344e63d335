//! Every fixture spoilt at every place and at random: less is shown, nothing fails and no bytes go.

use super::beside::{beside, opened, opened_agent};
use super::*;
use crate::spoil;
use serde_json::Value;

/// Every ask that reads a reply of its own shape, with its fixture and where its records lie.
fn all() -> Vec<(Ask, &'static str, &'static str)> {
    let run = opened();
    let traces = beside(&run, "/traces");
    let spans = read(&traces, 200, fixture("traces"))
        .unwrap()
        .also
        .remove(0);
    let schedules = beside(&opened_agent(), "/schedules");
    let mut looked = read(&schedules, 200, fixture("schedules")).unwrap().also;
    let executions = looked.remove(1);
    let child = String::from_utf8(fixture("sub_agent_output").to_vec()).unwrap();
    let children = list_of(&[&child]).also.remove(0);
    let mission = Ask::Mission {
        mission: arc(AGENT),
    };
    vec![
        (missions(), "agents", "/agents"),
        (mission, "agent", ""),
        (runs(), "sessions", "/sessions"),
        (Ask::Run(run_ref()), "session", ""),
        (Ask::Run(run_ref()), "child_session", ""),
        (events(), "events", "/events"),
        (event("aev_1"), "sub_agent_output", ""),
        (beside(&run, "/events"), "events", ""),
        (beside(&run, "/artifacts"), "artifacts", "/artifacts"),
        (event("artifact:art_1"), "artifact", ""),
        (traces, "traces", "/traces"),
        (spans, "spans", "/spans"),
        (event("span:t/s"), "span", ""),
        (schedules, "schedules", "/schedules"),
        (executions, "executions", "/executions"),
        (children, "agent", ""),
    ]
}

/// Whether the reply is still what it has to be: without its list it is none of this service.
fn has_shape(body: &[u8], list: &str) -> bool {
    let whole: Value = serde_json::from_slice(body).unwrap();
    if list.is_empty() {
        return whole.is_object();
    }
    whole.pointer(list).is_some_and(Value::is_array)
}

#[test]
fn a_spoilt_reply_costs_no_record() {
    for (ask, name, list) in all() {
        spoil::each_spoilt(&fixture(name), |did, body| {
            let did = format!("{name}{did}");
            match read(&ask, 200, body.to_vec()) {
                Ok(batch) => {
                    if !list.is_empty() {
                        spoil::assert_nothing_lost(&did, body, list, &batch);
                    }
                    let named = batch.rows.iter().all(|row| !row.record().id().is_empty());
                    assert!(named, "{did}: a row without an id");
                    for ask in batch.also.iter().chain(&batch.next) {
                        let request = Vectara.request(ask).unwrap();
                        assert!(Vectara.routes().contains(&request.template()), "{did}");
                    }
                }
                Err(error) => {
                    // One event or session is known by its type or key alone.
                    let bare = list.is_empty() && name == "events";
                    assert!(
                        bare || !has_shape(body, list) || single(name, &did),
                        "{did}: {error}"
                    );
                }
            }
        });
    }
}

/// What makes a record that comes alone one of its sort.
fn single(name: &str, did: &str) -> bool {
    name == "sub_agent_output" && did.contains("/type")
}

#[test]
fn random_faults_never_break_the_reader() {
    for (ask, name, _) in all() {
        spoil::mutated(&fixture(name), 200, |body| {
            if let Ok(batch) = read(&ask, 200, body.to_vec()) {
                assert!(batch.next.is_none_or(|next| next.page_index() == 1));
            }
        });
    }
}
