//! What the four demo servers share: seeded randomness, the long run's words, the big payload and
//! the hostile texts. Each server puts them into its own service's shapes.

/// A small seeded generator (SplitMix64), so that the demo is the same at every start.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The same seed gives the same sequence on every machine.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        usize::try_from(self.bits() % n as u64).unwrap_or(0)
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of `of`; the empty string when there is none.
    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// A stable id in the form of a version 4 UUID.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.bits(), self.bits());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xFFFF,
            a & 0xFFF,
            0x8000 | ((b >> 48) & 0x3FFF),
            b & 0xFFFF_FFFF_FFFF
        )
    }
}

/// A JSON array of rows like an order export, at least `size` bytes long: the demo's 3 MB payload.
pub fn big_payload(size: usize) -> serde_json::Value {
    let mut rng = Rng::seeded(3);
    let regions = ["north", "south", "east", "west", "overseas"];
    let goods = ["gasket", "bearing", "valve", "filter", "hose", "sensor"];
    let mut rows = Vec::new();
    let mut bytes = 0;
    while bytes < size {
        let row = serde_json::json!({
            "order": format!("SO-{:06}", rows.len() + 1),
            "customer": format!("C-{:04}", rng.below(2_000)),
            "region": rng.pick(&regions),
            "lines": [
                {"item": rng.pick(&goods), "quantity": rng.below(40) + 1, "unit_price_cents": rng.below(20_000) + 95},
                {"item": rng.pick(&goods), "quantity": rng.below(40) + 1, "unit_price_cents": rng.below(20_000) + 95}
            ],
            "paid": rng.below(10) > 0,
            "note": if rng.below(12) == 0 { "leave at the back door, ring twice" } else { "" }
        });
        bytes += row.to_string().len() + 1;
        rows.push(row);
    }
    serde_json::Value::Array(rows)
}

/// Texts that try to drive a terminal or to deceive its reader, each with what it attempts.
pub fn hostile_texts() -> Vec<(&'static str, String)> {
    let s = |t: &str| t.to_owned();
    vec![
        (
            "colours and blinking",
            s("\u{1b}[31mred\u{1b}[0m \u{1b}[1;5;7mblink\u{1b}[m"),
        ),
        (
            "clear the screen",
            s("before\u{1b}[2J\u{1b}[H\u{1b}[999;999Hmoved\u{1b}[?1049l\u{1b}[?25l"),
        ),
        (
            "write the clipboard (OSC 52)",
            s("copy me \u{1b}]52;c;cm0gLXJmIC8=\u{7} and \u{9d}52;c;cm0gLXJmIC8=\u{9c}"),
        ),
        (
            "set the title",
            s("\u{1b}]0;owned title\u{7}\u{1b}]2;owned\u{1b}\\"),
        ),
        (
            "hidden link (OSC 8)",
            s("\u{1b}]8;;http://example.invalid/\u{1b}\\click here\u{1b}]8;;\u{1b}\\"),
        ),
        (
            "ask the terminal",
            s("\u{1b}[c\u{1b}[6n\u{1b}]10;?\u{7}\u{1b}[>q\u{1b}P+q544e\u{1b}\\"),
        ),
        (
            "bell and backspace",
            s("ding\u{7}\u{7}\u{7} visible\rHIDDEN\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}"),
        ),
        (
            "bidi override",
            s("invoice \u{202e}gpj.exe\u{202c} and \u{2066}isolated\u{2069}"),
        ),
        (
            "invisible characters",
            s("a\u{200b}b\u{2060}c\u{feff}d\u{ad}e tag:\u{e0041}\u{e0042}"),
        ),
        (
            "C1 controls",
            s("csi \u{9b}31m red? \u{84}\u{85}\u{90}q\u{9c}"),
        ),
        (
            "Chinese, Japanese, Korean",
            s("代理运行记录 エージェントの記録 에이전트 실행 기록"),
        ),
        (
            "emoji",
            s(
                "👩\u{200d}💻 👨\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 🇳🇱 1\u{fe0f}\u{20e3} ✅",
            ),
        ),
        ("right to left", s("שלום שלום, سلام سلام, mixed with Latin")),
        (
            "stacked marks",
            format!(
                "e\u{301} a\u{308}\u{323} Z{}",
                "\u{351}\u{346}\u{34a}\u{329}".repeat(12)
            ),
        ),
        (
            "tabs and line ends",
            s("a\tb\tc\r\nnext\u{2028}line\u{2029}paragraph\u{b}vt\u{c}ff"),
        ),
        ("NUL and DEL", s("a\u{0}b\u{7f}c")),
    ]
}

/// JSON text of `depth` arrays inside each other around one string.
pub fn nested_arrays(depth: usize) -> String {
    format!("{}\"bottom\"{}", "[".repeat(depth), "]".repeat(depth))
}
