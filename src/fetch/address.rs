//! Where a request goes: its path under the base, never above it, and a redirect only to where it came
//! from. A path that is on no list of its dialect goes nowhere.

use reqwest::header::HeaderValue;
use url::Url;

use super::exchange;
use crate::model::{Request, Trouble};
use crate::provider::Provider;

/// Refuses what the dialect does not list among its routes, and a path that was not made from its
/// template. A verb need not be looked at: there is none but GET to express.
///
/// ```compile_fail
/// // A request is made from a template; nothing else makes one.
/// let request = sortie::model::Request {
///     template: "/anything",
///     path: "/anything".to_owned(),
///     query: Vec::new(),
/// };
/// ```
///
/// ```compile_fail
/// sortie::model::Request::post("/anything", &[]);
/// ```
pub(super) fn check(provider: &dyn Provider, request: &Request) -> Result<(), Trouble> {
    let template = request.template();
    if provider.routes().contains(&template) && fits(template, &request.path) {
        return Ok(());
    }
    Err(Trouble::Unwilling {
        cause: format!(
            "{template} is on no list of what {} is asked",
            provider.name()
        ),
    })
}

/// Whether the path has the template's segments, with one of its own for each gap.
fn fits(template: &str, path: &str) -> bool {
    let mut own = path.split('/');
    let all = template.split('/').all(|expected| {
        own.next()
            .is_some_and(|segment| match expected.split_once("{}") {
                Some((before, after)) => {
                    segment.len() >= before.len() + after.len()
                        && segment.starts_with(before)
                        && segment.ends_with(after)
                }
                None => segment == expected,
            })
    });
    all && own.next().is_none() && !path.contains(['?', '#'])
}

/// Where a reply redirects to, if it does. Another host would get the credential: never followed.
pub(super) fn onward(
    from: &Url,
    status: u16,
    to: Option<&HeaderValue>,
) -> Result<Option<Url>, Trouble> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(to) = to
        .and_then(|to| to.to_str().ok())
        .and_then(|to| from.join(to).ok())
    else {
        return Ok(None);
    };
    if to.origin() != from.origin() {
        return Err(Trouble::Unwilling {
            cause: format!(
                "the service redirects to {}://{}, which would be shown the credential",
                to.scheme(),
                exchange::host(&to)
            ),
        });
    }
    Ok(Some(to))
}

/// The request's path under the base's, and its query.
pub(super) fn address(base: &Url, request: &Request) -> Result<Url, Trouble> {
    let mut url = base.clone();
    let path = format!("{}{}", base.path().trim_end_matches('/'), request.path);
    url.set_path(&path);
    // A segment of dots, encoded or not, is a way up for whoever parses addresses.
    if url.path() != path {
        return Err(Trouble::Unwilling {
            cause: "an id that cannot be part of an address".to_owned(),
        });
    }
    url.set_fragment(None);
    url.set_query(None);
    if !request.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&request.query);
    }
    Ok(url)
}

/// Path and parameters for the log. A dialect knows no secret, so neither does this.
pub(super) fn spelled(request: &Request) -> String {
    let mut path = request.path.clone();
    for (i, (name, value)) in request.query.iter().enumerate() {
        path.push(if i == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        path.push_str(value);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &str, request: &Request) -> Result<String, Trouble> {
        address(&Url::parse(base).unwrap(), request).map(String::from)
    }

    #[test]
    fn a_path_fits_its_template_or_goes_nowhere() {
        for (template, path, expected) in [
            ("/runs/{}/events", "/runs/8/events", true),
            ("/runs/{}:x", "/runs/8:x", true),
            ("/runs/{}/events", "/runs/8/cancel", false),
            ("/runs/{}/events", "/runs/8/events/9", false),
            ("/runs/{}", "/runs/8/events", false),
            ("/runs/{}", "/runs/8?x", false),
            ("/runs", "/runs", true),
        ] {
            assert_eq!(fits(template, path), expected, "{path}");
        }
    }

    #[test]
    fn a_path_goes_under_the_base_and_no_id_leaves_it() {
        let request = Request::get("/missions/{}/runs", &["a/b ?ü"]).with("page[size]", "1 &");
        let expected = "https://h.example/v2/missions/a%2Fb%20%3F%C3%BC/runs?page%5Bsize%5D=1+%26";
        assert_eq!(
            at("https://h.example/v2", &request).as_deref(),
            Ok(expected)
        );
        assert_eq!(
            at("https://h.example/v2/", &request).as_deref(),
            Ok(expected)
        );
        let up = Request::get("/missions/{}/runs", &[".."]);
        assert!(at("https://h.example/v2", &up).is_err());
    }

    #[test]
    fn only_the_same_origin_is_followed() {
        let from = Url::parse("https://h.example/v2/agents").unwrap();
        let next = onward(&from, 307, Some(&HeaderValue::from_static("/v2/agents/"))).unwrap();
        assert_eq!(next.unwrap().as_str(), "https://h.example/v2/agents/");
        for elsewhere in [
            "https://evil.example/v2/agents",
            "http://h.example/v2/agents",
            "https://h.example:8443/v2/agents",
            "//evil.example/",
        ] {
            let trouble =
                onward(&from, 307, Some(&HeaderValue::from_static(elsewhere))).unwrap_err();
            assert!(trouble.to_string().contains("redirects to"), "{elsewhere}");
        }
    }
}
