//! Which methods an address takes, as `openapi.yaml` says.

use std::sync::OnceLock;

/// A method as the contract writes it below a path, and as a request has it.
const METHODS: [(&str, &str); 5] = [
    ("    get:", "GET"),
    ("    post:", "POST"),
    ("    put:", "PUT"),
    ("    patch:", "PATCH"),
    ("    delete:", "DELETE"),
];

/// An address in its parts, and the methods that it takes.
type Route = (Vec<&'static str>, Vec<&'static str>);

/// The addresses of the contract and their methods, to tell 405 from 404. They are read when a request first matches nothing.
pub struct Routes {
    contract: &'static str,
    read: OnceLock<Vec<Route>>,
}

impl Routes {
    /// Those of the contract as `openapi.yaml` has it.
    #[must_use]
    pub const fn of(contract: &'static str) -> Self {
        Self { contract, read: OnceLock::new() }
    }

    pub(super) fn methods(&self, path: &str) -> Vec<&'static str> {
        let routes = self.read.get_or_init(|| read(self.contract));
        let parts: Vec<&str> = path.split('/').collect();
        let matches = |pattern: &[&str]| {
            pattern.len() == parts.len()
                && pattern.iter().zip(&parts).all(|(want, got)| want.starts_with('{') && !got.is_empty() || want == got)
        };
        routes.iter().filter(|(pattern, _)| matches(pattern)).flat_map(|(_, methods)| methods.iter().copied()).collect()
    }
}

/// A path begins its line after two spaces, a method after four.
fn read(contract: &'static str) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let below = contract.lines().skip_while(|line| *line != "paths:").skip(1);
    for line in below.take_while(|line| line.starts_with(' ')) {
        let method = METHODS.iter().find(|(written, _)| *written == line);
        if let (Some((_, method)), Some((_, methods))) = (method, routes.last_mut()) {
            methods.push(*method);
        } else if let Some(path) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            routes.push((path.trim_matches(['"', ':']).split('/').collect(), Vec::new()));
        }
    }
    let place = |method: &&str| METHODS.iter().position(|(_, known)| known == method);
    routes.iter_mut().for_each(|(_, methods)| methods.sort_by_key(place));
    routes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_their_methods_are_read_from_the_text_of_the_contract() {
        let routes = Routes::of(
            "openapi: \"3.1.0\"\npaths:\n  \"/a/{id}\":\n    delete:\n      tags: [x]\n    get:\n      get:\n  /b:\n    \
             post:\nwebhooks:\n  c:\n    put:\n",
        );
        assert_eq!(routes.methods("/a/1"), ["GET", "DELETE"]);
        assert_eq!(routes.methods("/b"), ["POST"]);
        assert!(["/a/", "/a", "c", "/c"].iter().all(|path| routes.methods(path).is_empty()));
    }
}
