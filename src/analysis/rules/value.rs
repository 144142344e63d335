//! What single values say: that something is wrong, that nothing is, how exact something is.

/// A literal without its quotes and the blanks in them.
pub(super) fn bare(literal: &[u8]) -> &[u8] {
    let inner = literal.strip_prefix(b"\"").unwrap_or(literal);
    inner.strip_suffix(b"\"").unwrap_or(inner).trim_ascii()
}

/// Whether a string says that something is wrong, not that nothing is.
pub(super) fn tells(literal: &[u8]) -> bool {
    let nothing: [&[u8]; 20] = [
        b"",
        b"none",
        b"null",
        b"nil",
        b"no",
        b"false",
        b"0",
        b"ok",
        b"n/a",
        b"na",
        b"-",
        b"--",
        b"no error",
        b"no errors",
        b"none found",
        b"success",
        b"undefined",
        b"noerror",
        b"[]",
        b"{}",
    ];
    let said = bare(literal);
    !nothing.iter().any(|word| said.eq_ignore_ascii_case(word))
        && !is_measure(said)
        && !is_name(said)
}

/// `±4 m`, `0.3 %`: how exact something is.
fn is_measure(said: &[u8]) -> bool {
    let start = said
        .iter()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'+' | b'-' | b' '))
        .count();
    let words = said.split(|b| !b.is_ascii_alphabetic());
    let is_unit = words.map(<[u8]>::len).all(|length| length <= 2);
    let is_number = start > 0 && super::text::leading_code(said).is_none();
    said.starts_with("±".as_bytes())
        || said.starts_with(b"\\u00b1")
        || start > 0 && said.len() - start <= 2
        || is_number && is_unit
}

/// `error.html`: the name of a page or a file.
fn is_name(said: &[u8]) -> bool {
    let ends: [&[u8]; 6] = [b".html", b".htm", b".log", b".png", b".svg", b".txt"];
    !said.contains(&b' ') && ends.iter().any(|end| said.ends_with(end))
}

pub(super) fn is_whole(literal: &[u8]) -> bool {
    literal != b"0" && literal.iter().all(|b| b.is_ascii_digit() || *b == b'-')
}

/// Whether a state in a word, or a code in words, is one of failing. States that are as often answers
/// (`declined`, `denied`, `unavailable`) are none.
pub(super) fn is_failure_word(bare: &[u8]) -> bool {
    let words = [
        "error",
        "failed",
        "failure",
        "errored",
        "fail",
        "timeout",
        "timed_out",
        "timedout",
        "exception",
        "fatal",
        "aborted",
        "crashed",
        "bad_request",
        "not_implemented",
        "unsuccessful",
        "not_ok",
        "nok",
        "ko",
        "err",
    ];
    let parts = [
        "_error",
        "error_",
        "_failed",
        "failed_",
        "_limit",
        "limit_",
        "exceeded",
        "_denied",
        "denied_",
        "invalid_",
        "_invalid",
        "_not_found",
        "unauthorized_",
        "forbidden_",
        "_timeout",
        "timed_out",
        "_unavailable",
        "accessdenied",
        "exception",
        "nosuch",
        "econnre",
        "enotfound",
        "enoent",
        "etimedout",
        "_missing",
        "missing_",
        "_refused",
        "throttl",
        "err_",
        "insufficient_",
        "not_allowed",
        "not_permitted",
        "not_supported",
        "unsupported_",
        "unauthenticated",
        "_expired",
        "quota",
        "too_many",
        "too_large",
        "already_exists",
    ];
    let holds = |part: &str| {
        bare.windows(part.len())
            .any(|found| found.eq_ignore_ascii_case(part.as_bytes()))
    };
    words
        .iter()
        .any(|word| bare.eq_ignore_ascii_case(word.as_bytes()))
        || bare.len() <= 40 && !bare.contains(&b' ') && parts.iter().any(|part| holds(part))
}

/// Whether a state is one of not having done what was asked, or an answer to who only looked.
pub(super) fn is_refusal(bare: &[u8]) -> bool {
    let words = [
        "rejected",
        "declined",
        "denied",
        "refused",
        "undelivered",
        "undeliverable",
        "bounced",
        "reverted",
        "unauthorized",
        "forbidden",
        "unavailable",
        "not_found",
        "notfound",
        "invalid",
        "not_sent",
        "unreachable",
    ];
    words
        .iter()
        .any(|word| bare.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether what is under `success` denies it.
pub(super) fn is_denial(bare: &[u8]) -> bool {
    let words = ["false", "no", "failed", "failure", "error"];
    words
        .iter()
        .any(|word| bare.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a message or a state tells that something goes on, or is done as far as it can be by now.
pub(super) fn is_waiting(bare: &[u8]) -> bool {
    let words = [
        "await",
        "waiting",
        "pending",
        "processing",
        "in progress",
        "in_progress",
        "will ",
        "ringing",
        "queued",
        "scheduled",
        "draft",
        "created",
        "not yet",
        "started",
        "running",
    ];
    words.iter().any(|word| super::text::holds(bare, word))
}

/// `E1102`: the number of a fault, which tables of faults have too.
pub(super) fn is_numbered(bare: &[u8]) -> bool {
    bare.len() <= 12 && !bare.contains(&b' ') && bare.iter().any(u8::is_ascii_digit)
}

/// Whether a message tells that all went well.
pub(super) fn is_cheer(bare: &[u8]) -> bool {
    let words = [
        "ok",
        "success",
        "done",
        "created",
        "accepted",
        "completed",
        "sent",
        "saved",
        "queued",
        "updated",
        "found",
        "valid",
        "all ",
    ];
    words.iter().any(|word| super::text::begins(bare, word))
}

/// Whether a code is one by which services number their faults: none, statuses that are fine, and
/// what some use for success are not.
pub(super) fn is_fault_code(bare: &[u8]) -> bool {
    let code = std::str::from_utf8(bare)
        .ok()
        .and_then(|n| n.parse::<i64>().ok());
    code.is_some_and(|code| !matches!(code, 0 | 1 | 100..=399 | 10_000 | 20_000))
}

/// A number as programs end with.
pub(super) fn small(bare: &[u8]) -> Option<i64> {
    let code: i64 = std::str::from_utf8(bare).ok()?.parse().ok()?;
    (-255..=255).contains(&code).then_some(code)
}
