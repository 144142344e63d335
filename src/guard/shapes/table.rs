//! How keys and tokens begin, by their first letter: what the services that give them out say of them.
//! Which of them count is judged in `formats`.

/// The letters behind a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Letters and digits.
    Plain,
    /// The same and `-` and `_`.
    Url,
    /// The same and `.`.
    Dots,
    /// Hexadecimal digits and `-`.
    Hex,
    /// Capitals and digits.
    Capitals,
    /// Those of base64 and of addresses.
    Any,
}

impl Body {
    pub(super) const fn takes(self, byte: u8) -> bool {
        let plain = byte.is_ascii_alphanumeric();
        match self {
            Self::Plain => plain,
            Self::Url => plain || matches!(byte, b'-' | b'_'),
            Self::Dots => plain || matches!(byte, b'-' | b'_' | b'.'),
            Self::Hex => byte.is_ascii_hexdigit() || byte == b'-',
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Any => plain || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~'),
        }
    }
}

/// One format.
pub(super) struct Format {
    pub(super) name: &'static str,
    pub(super) prefix: &'static [u8],
    pub(super) body: Body,
    /// Letters behind the prefix at least.
    pub(super) least: usize,
    /// Whether nothing else begins like this, so that a piece of it is known too.
    pub(super) sure: bool,
}

const fn sure(name: &'static str, prefix: &'static str, body: Body, least: usize) -> Format {
    Format {
        name,
        prefix: prefix.as_bytes(),
        body,
        least,
        sure: true,
    }
}

const fn maybe(name: &'static str, prefix: &'static str, body: Body, least: usize) -> Format {
    Format {
        sure: false,
        ..sure(name, prefix, body, least)
    }
}

use Body::{Any, Capitals, Dots, Hex, Plain, Url};

/// By their first letter; where one prefix begins like another, the longer one is first.
pub(super) fn beginning_with(letter: u8) -> &'static [Format] {
    match letter {
        b's' => S,
        b'g' => G,
        b'x' => X,
        b'd' => D,
        b'p' => P,
        b'r' => R,
        b'l' | b'n' | b'h' | b'k' | b'z' | b'w' => LNHKZW,
        b'a' | b'c' | b'e' | b'f' | b'o' | b't' | b'v' | b'y' | b'b' | b'i' | b'm' => OTHERS,
        b'0'..=b'9' | b'A'..=b'Z' => CAPITALS,
        _ => &[],
    }
}

const S: &[Format] = &[
    sure("anthropic-key", "sk-ant-", Url, 20),
    sure("openrouter-key", "sk-or-", Url, 20),
    sure("openai-key", "sk-proj-", Url, 20),
    sure("openai-key", "sk-svcacct-", Url, 20),
    sure("openai-key", "sk-admin-", Url, 20),
    sure("langfuse-key", "sk-lf-", Hex, 20),
    maybe("api-key", "sk-", Url, 20),
    sure("stripe-key", "sk_live_", Plain, 12),
    sure("stripe-key", "sk_test_", Plain, 12),
    maybe("api-key", "sk_", Plain, 24),
    sure("shopify-token", "shpat_", Hex, 20),
    sure("shopify-token", "shpca_", Hex, 20),
    sure("shopify-token", "shppa_", Hex, 20),
    sure("shopify-token", "shpss_", Hex, 20),
    sure("square-token", "sq0atp-", Url, 18),
    sure("square-token", "sq0csp-", Url, 18),
    sure("square-token", "sq0idp-", Url, 18),
    sure("supabase-key", "sbp_", Hex, 24),
    sure("supabase-key", "sb_secret_", Url, 16),
    sure("sentry-token", "sntryu_", Hex, 24),
    sure("sentry-token", "sntrys_", Any, 24),
    sure("notion-token", "secret_", Plain, 32),
    sure("shippo-token", "shippo_live_", Hex, 24),
    sure("shippo-token", "shippo_test_", Hex, 24),
    sure("sourcegraph-token", "sgp_", Url, 32),
    maybe("mapbox-token", "sk.eyJ", Dots, 40),
    maybe("dropbox-token", "sl.", Url, 60),
];
const G: &[Format] = &[
    sure("github-token", "ghp_", Plain, 20),
    sure("github-token", "gho_", Plain, 20),
    sure("github-token", "ghu_", Plain, 20),
    sure("github-token", "ghs_", Plain, 20),
    sure("github-token", "ghr_", Plain, 20),
    sure("github-token", "github_pat_", Url, 20),
    sure("gitlab-token", "glpat-", Dots, 16),
    sure("gitlab-token", "gldt-", Url, 16),
    sure("gitlab-token", "glrt-", Dots, 16),
    sure("gitlab-token", "glptt-", Url, 16),
    sure("gitlab-token", "glcbt-", Url, 16),
    sure("gitlab-token", "glagent-", Url, 16),
    sure("gitlab-token", "gloas-", Url, 16),
    sure("grafana-token", "glsa_", Url, 24),
    sure("grafana-token", "glc_", Any, 24),
    sure("groq-key", "gsk_", Plain, 32),
];
const X: &[Format] = &[
    sure("slack-token", "xoxb-", Url, 16),
    sure("slack-token", "xoxp-", Url, 16),
    sure("slack-token", "xoxa-", Url, 16),
    sure("slack-token", "xoxr-", Url, 16),
    sure("slack-token", "xoxs-", Url, 16),
    sure("slack-token", "xoxe", Dots, 24),
    sure("slack-token", "xoxc-", Url, 16),
    sure("slack-token", "xoxd-", Any, 16),
    sure("slack-token", "xapp-", Url, 16),
    sure("xai-key", "xai-", Plain, 32),
    sure("brevo-key", "xkeysib-", Url, 32),
    sure("brevo-key", "xsmtpsib-", Url, 32),
];
const D: &[Format] = &[
    sure("digitalocean-token", "dop_v1_", Hex, 32),
    sure("digitalocean-token", "doo_v1_", Hex, 32),
    sure("digitalocean-token", "dor_v1_", Hex, 32),
    sure("databricks-token", "dapi", Hex, 32),
    sure("doppler-token", "dp.pt.", Plain, 24),
    sure("doppler-token", "dp.st.", Dots, 24),
    sure("docker-token", "dckr_pat_", Url, 20),
    sure("docker-token", "dckr_oat_", Url, 20),
    sure("dynatrace-token", "dt0c01.", Dots, 40),
    sure("duffel-token", "duffel_live_", Url, 24),
];
const P: &[Format] = &[
    sure("perplexity-key", "pplx-", Plain, 32),
    sure("pinecone-key", "pcsk_", Url, 24),
    sure("pypi-token", "pypi-", Url, 40),
    sure("planetscale-token", "pscale_", Dots, 24),
    sure("pulumi-token", "pul-", Hex, 32),
    sure("prefect-key", "pnu_", Plain, 24),
    sure("posthog-key", "phx_", Plain, 24),
    maybe("hubspot-token", "pat-", Hex, 36),
    maybe("airtable-token", "pat", Dots, 70),
    maybe("voyage-key", "pa-", Url, 40),
];
const R: &[Format] = &[
    sure("stripe-key", "rk_live_", Plain, 12),
    sure("stripe-key", "rk_test_", Plain, 12),
    sure("replicate-token", "r8_", Plain, 24),
    sure("rubygems-key", "rubygems_", Hex, 32),
    sure("readme-key", "rdme_", Plain, 32),
    maybe("resend-key", "re_", Url, 28),
];
const LNHKZW: &[Format] = &[
    sure("linear-key", "lin_api_", Plain, 24),
    sure("linear-key", "lin_oauth_", Plain, 24),
    sure("langsmith-key", "lsv2_", Url, 32),
    sure("npm-token", "npm_", Plain, 24),
    sure("notion-token", "ntn_", Plain, 32),
    sure("nvidia-key", "nvapi-", Url, 32),
    sure("vault-token", "hvs.", Url, 24),
    sure("vault-token", "hvb.", Url, 24),
    sure("huggingface-token", "hf_", Plain, 24),
    maybe("mailgun-key", "key-", Hex, 32),
    sure("vectara-key", "zut_", Url, 16),
    sure("vectara-key", "zwt_", Url, 16),
    sure("vectara-key", "zqt_", Url, 16),
    sure("stripe-webhook-secret", "whsec_", Any, 20),
    maybe("scale-key", "live_", Plain, 24),
];
const OTHERS: &[Format] = &[
    sure("jwt", "eyJ", Dots, 20),
    maybe("elevenlabs-key", "el_", Hex, 32),
    sure("fireworks-key", "fw_", Plain, 22),
    maybe("firecrawl-key", "fc-", Hex, 32),
    sure("anyscale-key", "esecret_", Plain, 20),
    sure("plaid-token", "access-production-", Hex, 32),
    sure("plaid-token", "access-sandbox-", Hex, 32),
    maybe("grafana-token", "eyJrIjoi", Any, 40),
    sure("figma-token", "figd_", Url, 24),
    sure("flyio-token", "fo1_", Url, 32),
    sure("flyio-token", "fm2_", Any, 32),
    sure("tavily-key", "tvly-", Url, 20),
    sure("tailscale-key", "tskey-", Url, 20),
    sure("typeform-token", "tfp_", Any, 32),
    sure("vercel-token", "vcp_", Plain, 24),
    sure("google-token", "ya29.", Url, 20),
    sure("cerebras-key", "csk-", Plain, 24),
    sure("infracost-key", "ico-", Plain, 32),
    sure("terraform-token", "atlasv1.", Url, 32),
];
const CAPITALS: &[Format] = &[
    maybe("aws-key-id", "AKIA", Capitals, 16),
    maybe("aws-key-id", "ASIA", Capitals, 16),
    maybe("aws-key-id", "ABIA", Capitals, 16),
    maybe("aws-key-id", "ACCA", Capitals, 16),
    sure("google-key", "AIza", Url, 24),
    sure("google-secret", "GOCSPX-", Url, 20),
    sure("google-token", "1//0", Url, 24),
    maybe("twilio-key", "SK", Hex, 32),
    sure("sendgrid-key", "SG.", Dots, 32),
    maybe("telnyx-key", "KEY", Url, 32),
    sure("newrelic-key", "NRAK-", Capitals, 20),
    sure("postman-key", "PMAK-", Hex, 32),
    sure("atlassian-token", "ATATT3", Any, 40),
    sure("atlassian-token", "ATCTT3", Any, 40),
    maybe("bitbucket-token", "ATBB", Plain, 24),
    sure("age-key", "AGE-SECRET-KEY-1", Capitals, 40),
    maybe("alibaba-key-id", "LTAI", Plain, 16),
    sure("circleci-token", "CCIPAT_", Url, 32),
    sure("contentful-token", "CFPAT-", Url, 32),
    sure("heroku-key", "HRKU-", Url, 32),
    maybe("square-token", "EAAA", Url, 56),
    maybe("facebook-token", "EAA", Plain, 80),
    sure("easypost-key", "EZAK", Plain, 40),
    sure("clojars-token", "CLOJARS_", Plain, 32),
    maybe("octopus-key", "API-", Capitals, 26),
    maybe("artifactory-key", "AKCp", Plain, 60),
    sure("flutterwave-key", "FLWSECK", Url, 24),
];

const ALL: [&[Format]; 9] = [S, G, X, D, P, R, LNHKZW, OTHERS, CAPITALS];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Format> {
    ALL.into_iter().flatten()
}

/// How many slots there are for the first three letters of a word.
pub(super) const SLOTS: usize = 1 << 12;

/// The slot of a word, by its first three letters.
#[inline]
pub(super) const fn slot([a, b, c]: [u8; 3]) -> usize {
    (a as usize * 961 + b as usize * 31 + c as usize) % SLOTS
}

/// A bit for each slot in which a word may begin like one of them.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "made while compiling, of numbers below 256"
)]
pub(super) const fn beginnings() -> [u64; SLOTS / 64] {
    let mut slots = [0; SLOTS / 64];
    let mut letter = 0;
    while letter < ALL.len() {
        let mut i = 0;
        while i < ALL[letter].len() {
            let Format { prefix, body, .. } = &ALL[letter][i];
            let (mut third, end) = match prefix {
                [_, _, third, ..] => (*third as usize, *third as usize + 1),
                _ => (0, 256),
            };
            while third < end {
                if prefix.len() > 2 || body.takes(third as u8) {
                    let slot = slot([prefix[0], prefix[1], third as u8]);
                    slots[slot / 64] |= 1 << (slot % 64);
                }
                third += 1;
            }
            i += 1;
        }
        letter += 1;
    }
    slots
}
