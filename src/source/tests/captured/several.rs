//! Several replies in one file, as an array or line by line, whole or cut.

use super::*;

/// The run and the events of one run, as each service replies.
const PAIRS: [(&str, &str); 4] = [
    ("telnyx/run.json", "telnyx/events.json"),
    ("vectara/session.json", "vectara/events.json"),
    ("agentex/task.json", "agentex/messages.json"),
    ("elizaos/run.json", "elizaos/events.json"),
];

#[test]
fn an_array_of_replies_is_read_like_lines_of_them() {
    for (run, events) in PAIRS {
        let [run, events] = [run, events].map(one_line);
        let lines = open_as("t.json", format!("{run}{events}").as_bytes());
        let array = open_as("t.json", format!("[{run},\n  {events}]").as_bytes());
        assert!(lines.is_some(), "{run}");
        assert_eq!(array, lines, "{run}");
    }
}
