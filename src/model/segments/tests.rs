use bytes::Bytes;

use super::*;

fn event(n: u32) -> Event {
    let raw = format!(r#"{{"id":"evt-{n}","text":"hello","args":{{"a":1}},"call":"c{n}"}}"#);
    let at = |part: &str| {
        let start = raw.find(part).unwrap();
        Span::new(start, start + part.len()).unwrap()
    };
    Event {
        id: format!("evt-{n}"),
        kind: Kind::ToolCall,
        type_sent: "tool_call".to_owned(),
        order: Order {
            at: i64::from(n),
            tie: 7,
        },
        time: (n.is_multiple_of(2)).then_some(Time(i64::from(n / 4 * 4))),
        duration: (n.is_multiple_of(3)).then_some(Duration::from_millis(5)),
        at_end: n.is_multiple_of(13),
        parent_id: (n.is_multiple_of(7)).then(|| "evt-1".to_owned()),
        step_id: Some("s1".to_owned()),
        agent: None,
        tool: Some("grep".to_owned()),
        call_id: Some(format!("c{n}")),
        is_error: (n.is_multiple_of(5)).then_some(n.is_multiple_of(2)),
        tokens: None,
        title: None,
        summary: (n.is_multiple_of(7)).then(|| "a summary".to_owned()),
        prose: vec![at("\"hello\""), at("\"call\"")],
        body: Some(at(r#"{"a":1}"#)),
        content: (n.is_multiple_of(11)).then_some(Content { size: Some(7) }),
        raw: Payload::new(Bytes::from(raw.clone())),
    }
}

#[test]
fn what_goes_in_comes_out_across_segments() {
    let mut segments = Segments::default();
    for n in 0..5000 {
        assert_eq!(segments.push(NodeId(n), event(n)), n);
    }
    for n in [0, 1, 5, 21, 4095, 4096, 4999] {
        assert_eq!(segments.event(n), Some(event(n)));
    }
    assert_eq!(segments.event(5000), None);
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let mut segments = Segments::default();
    segments.push(NodeId(1), event(1));
    let before = segments.snapshot();
    segments.replace(
        0,
        Event {
            tool: Some("sed".to_owned()),
            ..event(1)
        },
    );
    segments.push(NodeId(2), event(2));
    let events = before.segment(0);
    let tools: Vec<_> = events.map(|(node, event)| (node, event.tool)).collect();
    assert_eq!(tools, [(NodeId(1), Some("grep"))]);
    assert_eq!((before.segments(), before.segment(1).count()), (1, 0));
    assert_eq!(segments.event(0).unwrap().tool.as_deref(), Some("sed"));
}

#[test]
fn an_event_is_found_by_its_node_wherever_others_lie_between() {
    let mut segments = Segments::default();
    let nodes: Vec<u32> = (0..9_000)
        .map(|n| 7 + n + n / 10 + n / 2_000 * 5_000)
        .collect();
    for node in &nodes {
        segments.push(NodeId(*node), event(*node));
    }
    let snapshot = segments.snapshot();
    for node in &nodes {
        let id = format!("evt-{node}");
        assert_eq!(snapshot.view(NodeId(*node)).unwrap().id, id);
    }
    for none in [0, 6, 17, 2_300, 7_000, 99_999] {
        assert!(nodes.contains(&none) == snapshot.view(NodeId(none)).is_some());
    }
}

#[test]
fn an_event_costs_little_beside_its_bytes() {
    assert!(size_of::<Packed>() <= 136, "{}", size_of::<Packed>());
    assert!(size_of::<Rare>() <= 80, "{}", size_of::<Rare>());
}
