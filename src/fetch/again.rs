//! A read as somebody without sortie can send it again: the address that would be asked, with the names of
//! variables where a credential goes. No credential comes out here, and nothing is sent.

use url::Url;

use super::{Auth, Connection, address::address};
use crate::{
    model::{Ask, AuthScheme, Get},
    text::shell::{Piece, variable},
};

impl Connection {
    /// The read that answers an ask; none where the service does not answer it.
    pub fn get(&self, ask: &Ask) -> Option<Get> {
        let request = self.provider.request(ask)?;
        let url = address(&self.base_url, &request).ok()?;
        Some(self.get_of(&url))
    }

    /// The read of a path with its query, as the list of requests has it: not encoded.
    pub fn get_at(&self, path: &str) -> Option<Get> {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.base_url.clone();
        let whole = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        (url.path() == whole).then_some(())?;
        url.set_fragment(None);
        url.set_query(None);
        if let Some(query) = query {
            let pairs = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Some(self.get_of(&url))
    }

    fn get_of(&self, url: &Url) -> Get {
        let mut get = Get {
            url: url.as_str().to_owned(),
            insecure: self.insecure,
            ca_file: self.ca_file.as_ref().map(|file| file.display().to_string()),
            ..Get::default()
        };
        let mut put = |name: &str, before: &str, of: &str| {
            let value = [Piece::text(before), Piece::Variable(of.to_owned())];
            let value = value.into_iter().filter(|piece| *piece != Piece::text(""));
            get.headers.push((name.to_owned(), value.collect()));
        };
        match &self.auth {
            Auth::None | Auth::Missing(_) => {}
            Auth::Key {
                scheme,
                source,
                account_id,
                ..
            } => {
                let named = self.named(source);
                match scheme {
                    AuthScheme::Bearer => put("Authorization", "Bearer ", &named),
                    AuthScheme::XApiKey => put("x-api-key", "", &named),
                    AuthScheme::AgentKey => put("x-agent-api-key", "", &named),
                    AuthScheme::None => {}
                }
                if let Some(id) = account_id {
                    let id = vec![Piece::text(id.as_str())];
                    get.headers.push(("x-selected-account-id".to_owned(), id));
                }
                if !source.starts_with('$') && *scheme != AuthScheme::None {
                    get.notes.push(format!(
                        "set first: {named}, the key of context {}",
                        self.name
                    ));
                }
            }
            Auth::Client { token_url, .. } => {
                let named = self.usual("ACCESS_TOKEN");
                put("Authorization", "Bearer ", &named);
                get.notes.push(format!(
                    "set first: {named}, an access token from {}{}",
                    token_url.host_str().unwrap_or_default(),
                    token_url.path()
                ));
            }
        }
        for (name, _) in &self.headers {
            let named = variable(name);
            get.notes.push(format!(
                "set first: {named}, the header {name} of context {}",
                self.name
            ));
            get.headers
                .push((name.clone(), vec![Piece::Variable(named)]));
        }
        get
    }

    /// The variable that a key comes from, else one that is called after the service.
    fn named(&self, source: &str) -> String {
        match source.strip_prefix('$') {
            Some(name) if variable(name) == name.to_ascii_uppercase() => name.to_owned(),
            _ => self.usual("API_KEY"),
        }
    }

    fn usual(&self, what: &str) -> String {
        format!("{}_{what}", self.provider.name().to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::{fetch::Timeouts, model::RunRef, provider};

    fn connection(source: &str) -> Connection {
        Connection {
            name: "prod".to_owned(),
            provider: provider::named("telnyx").unwrap(),
            base_url: Url::parse("https://api.telnyx.com/v2").unwrap(),
            auth: Auth::Key {
                scheme: AuthScheme::Bearer,
                secret: SecretString::from("KEY0123456789"),
                source: source.to_owned(),
                account_id: None,
            },
            headers: vec![("x-tenant".to_owned(), SecretString::from("lab-secret"))],
            ca_file: None,
            insecure: false,
            timeouts: Timeouts::default(),
        }
    }

    #[test]
    fn a_read_names_its_secrets_and_holds_none() {
        let run = RunRef {
            mission: "m".into(),
            run: "r/1".into(),
            room: None,
        };
        let get = connection("$MY_KEY").get(&Ask::Run(run.clone())).unwrap();
        assert_eq!(
            get.url,
            "https://api.telnyx.com/v2/ai/missions/m/runs/r%2F1"
        );
        let told = format!("{get:?}");
        assert!(
            told.contains("MY_KEY") && told.contains("X_TENANT"),
            "{told}"
        );
        assert!(!told.contains("KEY0123456789") && !told.contains("lab-secret"));
        let get = connection("~/.config/telnyx.key")
            .get(&Ask::Run(run))
            .unwrap();
        assert!(get.notes[0].contains("TELNYX_API_KEY"), "{get:?}");
    }

    #[test]
    fn a_request_of_the_list_can_be_made_again() {
        let get = connection("$K")
            .get_at("/ai/missions?page[size]=1 &x=é")
            .unwrap();
        assert_eq!(
            get.url,
            "https://api.telnyx.com/v2/ai/missions?page%5Bsize%5D=1+&x=%C3%A9"
        );
        assert_eq!(connection("$K").get_at("/a/../b"), None);
    }
}
