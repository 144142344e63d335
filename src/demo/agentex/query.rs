//! The query string as this service takes it: which limits each list allows, and what each does
//! with the values it does not.

use axum::http::StatusCode;
use serde_json::Value;

use super::fault::Fault;

/// The decoded parameters of one request.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

/// What a list checks about `limit` and `page_number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// `limit` at least 1, at most this; a bad value is 422.
    Bounded(i64),
    /// `/tasks`: nothing is checked; 0 acts as 50, a negative limit is 500, page 0 is 400.
    Tasks,
    /// `/messages`: nothing is checked; 0 acts as 50, page 0 is 500.
    Messages,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        Self(
            url::form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The value of a parameter; the last one wins.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a repeated parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter the list cannot do without.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        self.text(name)
            .ok_or_else(|| Fault::parameter(name, "missing", "Field required", "None"))
    }

    /// A whole number, or `default`.
    pub fn number(&self, name: &str, default: i64) -> Result<i64, Fault> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let why = "Input should be a valid integer, unable to parse string as an integer";
        text.parse()
            .map_err(|_| Fault::parameter(name, "int_parsing", why, &format!("'{text}'")))
    }

    /// A whole number between 1 and `most`.
    pub fn bounded(&self, name: &str, default: i64, most: i64) -> Result<usize, Fault> {
        let n = self.number(name, default)?;
        if n < 1 {
            let why = "Input should be greater than or equal to 1";
            return Err(Fault::parameter(
                name,
                "greater_than_equal",
                why,
                &format!("'{n}'"),
            ));
        }
        if n > most {
            let why = format!("Input should be less than or equal to {most}");
            return Err(Fault::parameter(
                name,
                "less_than_equal",
                &why,
                &format!("'{n}'"),
            ));
        }
        Ok(usize::try_from(n).unwrap_or(usize::MAX))
    }

    /// `limit` and how many rows to skip, for lists paged by `page_number`.
    pub fn page(&self, checks: Checks) -> Result<(usize, usize), Fault> {
        let (limit, page) = match checks {
            Checks::Bounded(most) => (
                self.bounded("limit", 50, most)?,
                self.bounded("page_number", 1, i64::MAX)?,
            ),
            Checks::Tasks => {
                let limit = self.number("limit", 50)?;
                if limit < 0 {
                    return Err(Fault::app(
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "LIMIT must not be negative",
                    ));
                }
                (loose(limit), self.page_number(StatusCode::BAD_REQUEST)?)
            }
            Checks::Messages => (
                loose(self.number("limit", 50)?),
                self.page_number(StatusCode::INTERNAL_SERVER_ERROR)?,
            ),
        };
        Ok((limit, limit.saturating_mul(page.saturating_sub(1))))
    }

    fn page_number(&self, refusal: StatusCode) -> Result<usize, Fault> {
        let page = self.number("page_number", 1)?;
        if page < 1 {
            return Err(Fault::app(refusal, "page_number must be at least 1"));
        }
        Ok(usize::try_from(page).unwrap_or(usize::MAX))
    }

    /// Sorts rows of a relational list: the asked column first, then the list's own order. A column
    /// nobody knows changes nothing; any direction but `desc` means ascending.
    pub fn sort(&self, rows: &mut [Value], own: &[&str]) {
        let mut columns: Vec<&str> = self.text("order_by").into_iter().collect();
        columns.extend(own);
        let descending = self
            .text("order_direction")
            .is_none_or(|way| way.eq_ignore_ascii_case("desc"));
        let at = |row: &Value, column: &str| {
            row.get(column)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        rows.sort_by(|a, b| {
            let mut order = std::cmp::Ordering::Equal;
            for column in &columns {
                order = order.then_with(|| at(a, column).cmp(&at(b, column)));
            }
            if descending { order.reverse() } else { order }
        });
    }
}

/// A limit nobody checks: 0 and less act as the default.
fn loose(limit: i64) -> usize {
    usize::try_from(limit)
        .ok()
        .filter(|limit| *limit > 0)
        .unwrap_or(50)
}
