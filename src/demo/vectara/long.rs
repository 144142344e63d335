//! The two stories that are generated: the session of 5,000 events and the one whose texts attack
//! the terminal. They are told in the assets' short form, from a fixed seed.

use serde_json::{Map, Value, json};

use crate::demo::tales::{self, Rng};

type Fields = Map<String, Value>;

/// Events in the long session, its question and its answer included.
const LENGTH: usize = 5_000;

const SUPPLIERS: [&str; 10] = [
    "Aldgate Paper",
    "Brandt Logistik",
    "Cotswold Dairy",
    "Duarte & Filhos",
    "Eastline Freight",
    "Fjord Packaging",
    "Garnier Outillage",
    "Hollis Catering",
    "Ivory Coast Cocoa",
    "Jansen Koeltechniek",
];
const THOUGHTS: [&str; 6] = [
    "The amounts differ by less than a cent, which is rounding of the tax line. I can match it.",
    "The order number is missing on the invoice. I will look for the amount and the delivery date instead.",
    "Two ledger lines carry this reference. The older one was reversed, so the second one counts.",
    "This supplier bills freight separately; the difference is the freight line of the same week.",
    "The currency is not ours. I need the rate of the invoice date, not of today.",
    "Nothing matches within 5 %. This one goes to the list for a person.",
];

/// Supplier invoices matched one after the other for three and a half hours.
pub(super) fn reconciliation() -> Vec<Fields> {
    let mut rng = Rng::seeded(5_000);
    let mut items = Items::default();
    items.one(json!({"t": 0.0, "user": "Reconcile every supplier invoice of the quarter with the ledger. Post differences below 50 EUR, list the rest for me."}));
    let mut number = 1;
    while items.events + 12 < LENGTH {
        invoice(&mut items, &mut rng, number);
        if number % 100 == 0 {
            let said = format!(
                "{number} invoices done, {} differences listed so far.",
                number / 9
            );
            items.say(&said);
        }
        number += 1;
    }
    while items.events + 1 < LENGTH {
        items.pass(1.0);
        items.one(json!({"t": items.now, "think": "I check the open list once more for entries that a later invoice has settled."}));
    }
    items.pass(4.0);
    items.say(&format!("{} invoices read. Differences below 50 EUR are posted, the others are in the list for you.", number - 1));
    items.list
}

fn invoice(items: &mut Items, rng: &mut Rng, number: usize) {
    let reference = format!("INV-{:05}", 20_000 + number);
    let supplier = rng.pick(&SUPPLIERS);
    let cents = 900 + rng.below(900_000);
    if rng.below(5) == 0 {
        items.pass(1.5);
        items.one(json!({"t": items.now, "think": rng.pick(&THOUGHTS)}));
    }
    items.pass(0.4 + rng.unit());
    if rng.below(60) == 0 {
        let why = json!({"error": "Document store answered 503 after 3 attempts"});
        items.call(
            rng,
            "read_invoice",
            &json!({"reference": reference}),
            &why,
            true,
        );
    }
    let read = json!({"reference": reference, "supplier": supplier, "total_cents": cents, "currency": if rng.below(8) == 0 { "GBP" } else { "EUR" }});
    items.call(
        rng,
        "read_invoice",
        &json!({"reference": reference}),
        &read,
        false,
    );
    let gap = rng.below(12_000);
    let found = json!({"lines": [{"account": "4400", "amount_cents": cents - gap.min(cents)}], "difference_cents": gap.min(cents)});
    items.call(
        rng,
        "find_ledger_lines",
        &json!({"supplier": supplier, "total_cents": cents}),
        &found,
        false,
    );
    if gap < 5_000 && gap > 0 && rng.below(3) == 0 {
        let posting = json!({"account": "4990", "amount_cents": gap, "text": format!("Difference {reference}")});
        if rng.below(40) == 0 {
            let refused = json!({"error": "Period 2026-08 is locked for account 4990"});
            items.call(rng, "post_adjustment", &posting, &refused, true);
        } else {
            let done = json!({"posted": true, "journal": format!("J-{:06}", 310_000 + number)});
            items.call(rng, "post_adjustment", &posting, &done, false);
        }
    }
}

/// A page that tries every trick on its reader's terminal, one tool output a trick.
pub(super) fn hostile() -> Vec<Fields> {
    let mut items = Items {
        now: 12.0,
        ..Items::default()
    };
    let mut rng = Rng::seeded(1);
    for (index, (what, attack)) in tales::hostile_texts().into_iter().enumerate() {
        let url = format!("https://wiki.example.invalid/page/{}?q={attack}", index + 1);
        let page = json!({"url": url, "status_code": 200, "content": format!("# {what}\n{attack}\nend of page"), "truncated": false, attack.as_str(): "a field name like that"});
        items.call(
            &mut rng,
            "web_get",
            &json!({"url": url, "why": what}),
            &page,
            false,
        );
        if index % 4 == 3 {
            items.one(json!({"t": items.now, "think": format!("The page {attack} is odd ({what}). I take its text as data.")}));
        }
    }
    let deep = json!({"url": "https://wiki.example.invalid/deep.json", "status_code": 200, "content": "$nested"});
    items.call(
        &mut rng,
        "web_get",
        &json!({"url": "https://wiki.example.invalid/deep.json"}),
        &deep,
        false,
    );
    items.say(
        "Most of the pages carry codes that drive a terminal.\u{1b}[31m None was obeyed.\u{202e}",
    );
    items.list
}

#[derive(Default)]
struct Items {
    list: Vec<Fields>,
    now: f64,
    events: usize,
}

impl Items {
    fn pass(&mut self, seconds: f64) {
        self.now += seconds;
    }

    fn one(&mut self, item: Value) {
        if let Value::Object(item) = item {
            self.list.push(item);
            self.events += 1;
        }
    }

    fn say(&mut self, what: &str) {
        self.pass(1.0);
        self.one(json!({"t": self.now, "say": what}));
    }

    fn call(&mut self, rng: &mut Rng, tool: &str, sent: &Value, got: &Value, failed: bool) {
        let took = 0.2 + rng.unit() * rng.unit() * 9.0;
        self.one(json!({"t": self.now, "call": tool, "in": sent, "out": got, "error": failed, "took": took}));
        self.events += 1;
        self.pass(took + 0.3);
    }
}
