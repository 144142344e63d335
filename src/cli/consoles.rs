//! Where the pages of runs are in the consoles of services, as contexts tell it.

use crate::config::Config;

/// Where the pages of runs are, by context.
pub fn consoles(config: &Config) -> Vec<(String, String)> {
    let contexts = config.contexts.iter();
    let known = contexts.filter_map(|context| {
        let template = context.console_url.clone()?;
        Some((context.name.clone(), template))
    });
    known.collect()
}

/// Where the pages of a context's runs are.
pub fn address_of<'c>(consoles: &'c [(String, String)], context: &str) -> Option<&'c str> {
    let mut consoles = consoles.iter();
    let known = consoles.find(|(name, _)| name == context);
    known.map(|(_, template)| template.as_str())
}
