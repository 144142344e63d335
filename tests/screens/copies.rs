//! What may follow a key, and a call that is looked at before it is copied.

use std::time::Duration;

use sortie::app::{Msg, carry::again::Offer};

use crate::desk::Desk;
use crate::picture::golden;

#[test]
fn what_may_follow_a_key_stands_above_the_status_line() {
    for (width, height) in [(60, 16), (80, 24), (120, 40)] {
        for keys in ["y", "p", "z"] {
            let mut desk = Desk::demo((width, height));
            desk.press(keys).wait(Duration::from_millis(300));
            golden(&format!("following {keys}_{width}x{height}"), &desk.text());
        }
        // Of a call more may be taken along than of a context.
        let mut desk = Desk::demo((width, height));
        desk.open(&["refund-sweep", "Export all open"])
            .go_to("orders.export");
        desk.press("y").wait(Duration::from_millis(300));
        golden(
            &format!("following y at a call_{width}x{height}"),
            &desk.text(),
        );
    }
}

fn offers() -> Vec<Offer> {
    let arguments = format!(
        r#"{{"charge":"ch_77","note":"{}"}}"#,
        "as asked, ".repeat(12)
    );
    let known = format!(
        "# grade B: known transport, the configuration says how the tool is reached\n\
         # tool pay.refund, sortie:prod/m-77/8c41#36\n\
         # WARNING: this calls the tool again, which may write data\n\
         curl -sS -X POST https://mcp.example.net/rpc \\\n  \
         -H \"Authorization: Bearer $PAY_TOKEN\" \\\n  --data-raw '{arguments}'\n"
    );
    let offer = Offer {
        grade: 'B',
        words: "known transport, the configuration says how the tool is reached",
        text: known,
        secrets: vec!["PAY_TOKEN".to_owned()],
        writes: true,
        route: "tmux + OSC 52".to_owned(),
    };
    let less = Offer {
        grade: 'C',
        words: "arguments only, how the tool is reached is not known",
        text: format!("# grade C: arguments only\ncat <<'JSON'\n{arguments}\nJSON\n"),
        writes: false,
        secrets: Vec::new(),
        route: "OSC 52".to_owned(),
    };
    vec![offer, less]
}

#[test]
fn a_call_is_shown_with_its_grade_and_its_way() {
    for (width, height) in [(60, 16), (80, 24), (120, 40)] {
        let mut desk = Desk::demo((width, height));
        desk.open(&["refund-sweep"]);
        desk.tell(Msg::Offered(offers()));
        golden(&format!("preview_{width}x{height}"), &desk.text());
        desk.press("g");
        golden(&format!("preview next_{width}x{height}"), &desk.text());
    }
}
