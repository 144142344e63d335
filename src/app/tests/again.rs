//! A call that is reached past its mission, and made again.

use super::{
    inbox::{fill, some, two},
    *,
};

/// A failed run opened out of the inbox, with the cursor on a call of a tool.
fn at_a_call() -> App {
    let mut app = two();
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    let call = |_: &Ticket| vec![super::reading::tool("c1", 1, Kind::ToolCall, "pay")];
    let effects = press(&mut app, "enter");
    fill(&mut app, effects, |ticket| match ticket.ask {
        Ask::Events { .. } => call(ticket),
        _ => Vec::new(),
    });
    press(&mut app, "G");
    app
}

fn unreachable() -> Trouble {
    Trouble::Unreachable {
        host: "a".to_owned(),
        cause: "refused".to_owned(),
    }
}

/// The lists that a call is spelled with, or what is asked first.
fn spelled(effects: Vec<Effect>) -> Result<usize, Box<Ticket>> {
    let mut said = effects.into_iter().filter_map(|effect| match effect {
        Effect::Again(order) => Some(Ok(order.call.unwrap().lists.len())),
        Effect::Load(ticket) => Some(Err(Box::new(ticket))),
        _ => None,
    });
    said.next()
        .expect("a call is spelled, or its lists asked for")
}

#[test]
fn a_call_reached_past_its_mission_is_spelled_with_what_the_mission_lists() {
    let mut app = at_a_call();
    let asked = spelled(press(&mut app, "y C")).unwrap_err();
    let wanted = Ask::Mission {
        mission: "n".into(),
    };
    assert_eq!(asked.ask, wanted);
    let notice = app.notice.as_ref().unwrap();
    assert!(notice.text.contains("tools"), "{}", notice.text);
    let Record::Mission(mut detailed) = mission("n") else {
        panic!("a mission");
    };
    detailed.extras = vec![crate::model::Extra {
        label: "tools".to_owned(),
        raw: Payload::new(Bytes::from_static(b"[]")),
    }];
    answer(&mut app, &asked, rows([Record::Mission(detailed)]));
    let effects = answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(spelled(effects).unwrap(), 1);
    assert!(app.notice.is_none());
    assert_eq!(spelled(press(&mut app, "y C")).unwrap(), 1, "asked once");
}

#[test]
fn where_the_lists_of_a_mission_cannot_be_had_the_call_is_shown_without() {
    let mut app = at_a_call();
    let asked = spelled(press(&mut app, "y C")).unwrap_err();
    let effects = answer(&mut app, &asked, Got::Failed(unreachable()));
    assert_eq!(spelled(effects).unwrap(), 0);
    assert!(app.notice.as_ref().unwrap().failed);
    // Who does not want to wait presses once more; who has gone elsewhere is left alone.
    let asked = spelled(press(&mut app, "y C")).unwrap_err();
    assert_eq!(spelled(press(&mut app, "y C")).unwrap(), 0);
    assert!(answer(&mut app, &asked, Got::Done { more: None }).is_empty());
    let asked = spelled(press(&mut app, "y C")).unwrap_err();
    press(&mut app, "q");
    let effects = answer(&mut app, &asked, Got::Done { more: None });
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Again(_)))
    );
}
