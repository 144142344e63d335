//! Bodies that are not what they should be: they stall, break off, lie about their length, or are no
//! JSON at all. The page before them stays.

use std::time::Duration;

use super::{Case, check_all, first_page, patient, second_page, silent_beside, suffer, until};
use crate::plain::items;
use crate::server::{Say, Server, reply};

fn whole() -> String {
    items(["c".to_owned()], None)
}

fn raw(head: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 200 x\r\n{head}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

#[tokio::test]
async fn bodies_that_stop_half_way() {
    const AGAIN: &str = "Try again";
    let cases = [
        Case {
            fault: "headers that hang",
            says: || vec![Say::Hang],
            words: "HOST did not answer in time: the beginning of the answer took more than 1 s",
            code: "timed_out",
            hint: "timeouts can be raised",
            tries: 1,
        },
        Case {
            fault: "half a head, then silence",
            says: || {
                vec![
                    Say::Bytes(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()),
                    Say::Hang,
                ]
            },
            words: "HOST did not answer in time: the beginning of the answer took more than 1 s",
            code: "timed_out",
            hint: "timeouts can be raised",
            tries: 1,
        },
        Case {
            fault: "a body that stalls half way",
            says: || {
                vec![
                    Say::Bytes(raw("content-length: 100", b"{\"items\"")),
                    Say::Hang,
                ]
            },
            words: "HOST did not answer in time: the rest of the body took more than 1 s",
            code: "timed_out",
            hint: "timeouts can be raised",
            tries: 1,
        },
        Case {
            fault: "a body cut short",
            says: || vec![Say::Bytes(raw("content-length: 500", b"{\"items\""))],
            words: "the answer broke off after 8 bytes: the data ended too early",
            code: "cut_short",
            hint: AGAIN,
            tries: 1,
        },
        Case {
            fault: "a body torn off",
            says: || {
                let begun = raw("content-length: 500", b"{\"items\"");
                vec![
                    Say::Bytes(begun),
                    Say::Wait(Duration::from_millis(50)),
                    Say::Reset,
                ]
            },
            words: "the answer broke off after 8 bytes: the connection was reset",
            code: "cut_short",
            hint: AGAIN,
            tries: 1,
        },
        Case {
            fault: "chunks that end without an end",
            says: || {
                vec![Say::Bytes(raw(
                    "transfer-encoding: chunked",
                    b"8\r\n{\"items\"\r\n",
                ))]
            },
            words: "the answer broke off after 8 bytes: the data ended too early",
            code: "cut_short",
            hint: AGAIN,
            tries: 1,
        },
        Case {
            fault: "a chunk with a length that is no number",
            says: || {
                vec![Say::Bytes(raw(
                    "transfer-encoding: chunked",
                    b"soon\r\n{}\r\n",
                ))]
            },
            words: "the answer broke off after 0 bytes: what came is no HTTP",
            code: "cut_short",
            hint: AGAIN,
            tries: 1,
        },
        Case {
            fault: "compression that is none",
            says: || reply(200, "content-encoding: gzip\r\n", whole()),
            words: "the answer broke off after 0 bytes: it cannot be decompressed",
            code: "cut_short",
            hint: AGAIN,
            tries: 1,
        },
    ];
    check_all(&cases).await;
}

#[tokio::test]
async fn bodies_of_a_wrong_length() {
    let cases = [
        Case {
            fault: "a length too long",
            says: || {
                let body = whole();
                let head = format!("content-length: {}", body.len() + 7);
                vec![Say::Bytes(raw(&head, body.as_bytes()))]
            },
            words: "the answer broke off after 34 bytes: the data ended too early",
            code: "cut_short",
            hint: "Try again",
            tries: 1,
        },
        Case {
            fault: "a length too short",
            says: || vec![Say::Bytes(raw("content-length: 20", whole().as_bytes()))],
            words: "the answer is not what this service sends: broken JSON at line 1, column 20",
            code: "bad_reply",
            hint: "base_url",
            tries: 1,
        },
        Case {
            fault: "a length that is no number",
            says: || vec![Say::Bytes(raw("content-length: many", whole().as_bytes()))],
            words: "the answer is not what this service sends: no HTTP, invalid content-length parsed",
            code: "bad_reply",
            hint: "base_url",
            tries: 1,
        },
    ];
    check_all(&cases).await;
}

#[tokio::test]
async fn what_is_said_behind_the_end_answers_no_other_request() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /missions" => {
            let body = items(["a".to_owned()], Some("2"));
            let mut bytes = raw(&format!("content-length: {}", body.len()), body.as_bytes());
            let forged = items(["forged".to_owned()], None);
            bytes.extend(raw(
                &format!("content-length: {}", forged.len()),
                forged.as_bytes(),
            ));
            vec![Say::Bytes(bytes), Say::Wait(Duration::from_millis(500))]
        }
        _ => reply(200, "", items(["true".to_owned()], None)),
    })
    .await;
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(suffered.ids(), ["a", "true"]);
    assert_eq!(suffered.trouble, None);
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    const LEADS_ASTRAY: &str = "not at a login page or proxy";
    let no_reply = |fault, says, words| Case {
        fault,
        says,
        words,
        code: "bad_reply",
        hint: LEADS_ASTRAY,
        tries: 1,
    };
    let cases = [
        no_reply(
            "200 with HTML",
            || {
                let page = "\n<!DOCTYPE html><html><title>Sign in</title></html>";
                reply(200, "content-type: text/html\r\n", page)
            },
            "the answer is not what this service sends: HTML where JSON was expected",
        ),
        no_reply(
            "200 with an empty body",
            || reply(200, "", ""),
            "the answer is not what this service sends: an empty body",
        ),
        no_reply(
            "204",
            || vec![Say::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())],
            "the answer is not what this service sends: an empty body",
        ),
        no_reply(
            "invalid UTF-8",
            || reply(200, "", b"{\"items\": [{\"id\": \"\xc3\x28\"}]}"),
            "the answer is not what this service sends: invalid UTF-8 at byte 19",
        ),
        no_reply(
            "truncated JSON",
            || reply(200, "", "{\"items\": [{\"id\": \"c\"},\n {\"i"),
            "the answer is not what this service sends: broken JSON at line 2, column 4",
        ),
        no_reply(
            "two answers in one",
            || reply(200, "", format!("{}{}", whole(), whole())),
            "the answer is not what this service sends: broken JSON at line 1, column 35",
        ),
        no_reply(
            "JSON of another shape",
            || reply(200, "", "[1, 2]"),
            "the answer is not what this service sends: no list of items",
        ),
    ];
    check_all(&cases).await;
}

#[tokio::test]
async fn a_byte_order_mark_and_an_unknown_charset_are_no_fault() {
    let server = second_page(|_| {
        let body = format!("\u{feff}{}", whole());
        reply(200, "content-type: text/plain; charset=klingon\r\n", body)
    })
    .await;
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(suffered.ids(), ["a", "b", "c"]);
    assert_eq!(suffered.trouble, None);
}

#[tokio::test]
async fn the_others_do_not_wait_for_who_is_silent() {
    let server = Server::saying(|asked| match asked.nth {
        0 => first_page(),
        _ => vec![Say::Hang],
    })
    .await;
    let log = &server.log;
    silent_beside(patient(&server.url), || log.count() == 2).await;
    // Nobody wants to know any more, so the connection is closed.
    until(|| log.given_up() == 1).await;
}
