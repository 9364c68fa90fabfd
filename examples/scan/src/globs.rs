//! The globs of the command line, which choose entries or leave them out.

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{Error, Match};

use crate::meta::path_of;

/// The globs of the command line.
pub struct Globs {
    globs: Override,
    /// The directories below which the globs that choose entries can match. `None` is anywhere.
    places: Vec<Option<Vec<u8>>>,
}

/// The decision of the globs about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The entry is listed, even if rules exclude it.
    Chosen,
    /// The entry is neither listed nor entered.
    LeftOut,
    /// The rules decide.
    Open,
}

impl Globs {
    /// Compiles globs. Returns an error that names the invalid glob, if there is one.
    pub fn new(globs: &[String]) -> Result<Self, String> {
        let mut builder = OverrideBuilder::new("");
        // The error quotes the glob, which may contain control characters.
        let refused = |error: Error| error.to_string().replace(char::is_control, "\u{FFFD}");
        for glob in globs {
            builder.add(glob).map_err(refused)?;
        }
        let chooses = globs.iter().filter(|glob| !glob.starts_with('!'));
        let places = chooses.map(|glob| place(glob.as_bytes())).collect();
        Ok(Self { globs: builder.build().map_err(refused)?, places })
    }

    /// Returns the decision about the entry at this path, relative to its root.
    pub fn choice(&self, path: &[u8], is_dir: bool) -> Choice {
        if self.globs.is_empty() {
            return Choice::Open;
        }
        match self.globs.matched(path_of(path), is_dir) {
            Match::Whitelist(_) => Choice::Chosen,
            Match::Ignore(_) => Choice::LeftOut,
            Match::None => Choice::Open,
        }
    }

    /// Returns true if an entry below the directory at this path, relative to its root, may be
    /// chosen.
    pub fn may_choose_below(&self, path: &[u8]) -> bool {
        let within = |inner: &[u8], outer: &[u8]| {
            outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| matches!(rest, [] | [b'/', ..]))
        };
        self.places.iter().any(|place| match place {
            None => true,
            Some(place) => within(place, path) || within(path, place),
        })
    }
}

/// Returns the directory below which a glob can match: its components before the first wildcard.
/// Returns `None` for a glob that can match at any depth.
fn place(glob: &[u8]) -> Option<Vec<u8>> {
    let glob = glob.strip_suffix(b"/").unwrap_or(glob);
    if !glob.contains(&b'/') {
        return None;
    }
    let glob = glob.strip_prefix(b"/").unwrap_or(glob);
    let plain = glob.iter().position(|byte| b"*?[{\\".contains(byte)).unwrap_or(glob.len());
    let end = glob[..plain].iter().rposition(|&byte| byte == b'/').unwrap_or(0);
    Some(glob[..end].to_vec())
}
