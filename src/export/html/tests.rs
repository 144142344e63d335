//! A hostile run as a page: nothing of it becomes a tag, an attribute or a style.

use crate::export::{Form, tests::shipped};

/// The tags of a page, with their attributes.
fn tags(page: &str) -> Vec<&str> {
    let (_, body) = page.split_once("</style>").unwrap();
    body.split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .collect()
}

#[test]
fn what_services_sent_is_never_a_tag() {
    let (page, _) = shipped(Form::Html, 1);
    let allowed = [
        "/head", "body", "main", "article", "h1", "h2", "h4", "span", "dl", "div", "dt", "dd", "p",
        "ul", "ol", "li", "a", "details", "summary", "pre", "b", "em", "i", "u", "small", "code",
        "footer",
    ];
    for tag in tags(&page) {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        let known = allowed.contains(&name) || ["head", "html"].contains(&name);
        assert!(known, "<{tag}>");
        for attribute in [
            "src",
            "onerror",
            "onload",
            "onmouseover",
            "javascript",
            "http",
        ] {
            assert!(!tag.contains(attribute), "<{tag}>");
        }
    }
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn a_page_loads_nothing_and_forbids_it() {
    let (page, _) = shipped(Form::Html, 1);
    let (head, _) = page.split_once("</head>").unwrap();
    assert!(head.contains("default-src 'none'"));
    let (_, style) = head.split_once("<style>").unwrap();
    for word in ["url(", "@import", "http", "expression", "//"] {
        assert!(!style.contains(word), "{word}");
    }
    assert!(head.contains("prefers-color-scheme:dark") && head.contains("@media print"));
    let opened = page.matches("<details").count();
    assert_eq!(opened, page.matches("</details>").count());
    assert_eq!(page.matches("<div").count(), page.matches("</div>").count());
    assert_eq!(
        page.matches("<span").count(),
        page.matches("</span>").count()
    );
    assert!(
        page.contains(" open><summary class=\"row\">"),
        "failures are unfolded"
    );
}
