//! Which entries the globs of the command line choose, and which they leave out.

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{Error, Match};

use crate::meta::path_of;

/// The globs of the command line.
pub struct Globs {
    globs: Override,
    /// Where the globs that choose may match: below these directories, or anywhere if there is one
    /// `None`.
    places: Vec<Option<Vec<u8>>>,
}

/// What the globs say of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is listed, whatever rules say.
    Chosen,
    /// It is not listed, and not entered.
    LeftOut,
    /// The rules decide.
    Open,
}

impl Globs {
    /// Reads globs; says which is wrong, if one is.
    pub fn new(globs: &[String]) -> Result<Self, String> {
        let mut builder = OverrideBuilder::new("");
        // A wrong glob is quoted, whatever is in it.
        let refused = |error: Error| error.to_string().replace(char::is_control, "\u{FFFD}");
        for glob in globs {
            builder.add(glob).map_err(refused)?;
        }
        let chooses = globs.iter().filter(|glob| !glob.starts_with('!'));
        let places = chooses.map(|glob| place(glob.as_bytes())).collect();
        Ok(Self { globs: builder.build().map_err(refused)?, places })
    }

    /// What the globs say of the entry at this path relative to its root.
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

    /// True if something below the directory at this path relative to its root may be chosen.
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

/// The directory below which all lies that a glob matches: its components before the first
/// wildcard. `None` for a glob that does not begin at the root.
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
