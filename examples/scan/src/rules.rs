//! The rules of git and of `.ignore` files, which exclude entries.
//!
//! Rules are read from files. A file of rules is read only if it is a regular file of at most
//! [`MOST`] bytes; otherwise it is skipped and reported. In a directory that is scanned, a link to
//! a file of rules is also skipped, as in git.
//!
//! A directory with its own rules has a [`Level`], which points to the level above it. The sources
//! of rules are consulted in this order. The first source with a rule that matches decides, by its
//! last rule that matches:
//!
//! 1. the files `.ignore`, from the entry's directory up to the root of the file system;
//! 2. the files `.gitignore`, likewise, but not above the directory that contains `.git`, if there
//!    is one;
//! 3. `.git/info/exclude` of that directory;
//! 4. the file that git's setting `core.excludesFile` names.
//!
//! Entries below an excluded directory are excluded without consulting the rules.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use crate::git;
use crate::glob::{Exact, Rule};
use crate::system::{self, Directory};
use crate::trouble::{Kind, Trouble};

/// The maximum size of a file of rules. The largest that people write have some ten thousand
/// bytes.
pub const MOST: u64 = 1 << 20;

/// The rules of one file.
#[derive(Debug, Default)]
pub struct List {
    rules: Vec<Rule>,
    /// The indices of the last rules without wildcards, for names and for paths.
    exact: [HashMap<Box<[u8]>, Last>; 2],
    /// The indices of the rules with wildcards.
    wild: Vec<usize>,
}

/// The indices of the last rules that match one text.
#[derive(Debug, Default)]
struct Last {
    /// The last rule for directories only.
    of_directories: Option<usize>,
    of_all: Option<usize>,
}

impl List {
    /// Parses the lines of a file of rules, and calls `wrong` for each invalid line.
    pub fn parse(content: &[u8], mut wrong: impl FnMut(usize, &'static str)) -> Self {
        let mut list = Self::default();
        let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
        for (number, line) in content.split(|&byte| byte == b'\n').enumerate() {
            match Rule::parse(line.strip_suffix(b"\r").unwrap_or(line)) {
                Ok(Some(rule)) => list.add(rule),
                Ok(None) => {}
                Err(fault) => wrong(number + 1, fault.reason()),
            }
        }
        list
    }

    fn add(&mut self, rule: Rule) {
        let place = self.rules.len();
        match rule.exact() {
            None => self.wild.push(place),
            Some(Exact { by_name, dirs_only, text }) => {
                let exact = &mut self.exact[usize::from(!by_name)];
                let last = exact.entry(text.into()).or_default();
                *(if dirs_only { &mut last.of_directories } else { &mut last.of_all }) = Some(place);
            }
        }
        self.rules.push(rule);
    }

    /// Returns the decision of the last rule that matches this path, relative to the file's
    /// directory: true if the entry is excluded.
    fn leaves_out(&self, path: &[u8], name: &[u8], is_dir: bool) -> Option<bool> {
        let mut last = None;
        for (exact, text) in self.exact.iter().zip([name, path]) {
            if let Some(found) = exact.get(text) {
                last = last.max(found.of_all);
                last = if is_dir { last.max(found.of_directories) } else { last };
            }
        }
        // A rule with wildcards decides only if it comes after them.
        let behind = self.wild.iter().rev().take_while(|&&place| Some(place) > last);
        let wild = { behind }.find(|&&place| self.rules[place].matches(path, name, is_dir));
        wild.copied().or(last).map(|place| !self.rules[place].negative)
    }

    fn some(self) -> Option<Self> {
        (!self.rules.is_empty()).then_some(self)
    }
}

/// The rules of one directory, with a link to those above it.
pub struct Level {
    above: Option<Arc<Self>>,
    /// The length of the prefix to remove from a path, so that it is relative to this directory.
    base: usize,
    ignore: Option<List>,
    gitignore: Option<List>,
    exclude: Option<List>,
    /// The rules of `core.excludesFile`, if they differ from those of the level above.
    global: Option<Arc<List>>,
    /// The directory contains `.git`, so git reads no `.gitignore` above it.
    holds_git: bool,
}

impl Drop for Level {
    /// Frees the levels above one by one, because recursion would overflow the stack for thousands
    /// of levels.
    fn drop(&mut self) {
        let mut above = self.above.take();
        while let Some(mut level) = above.and_then(Arc::into_inner) {
            above = level.above.take();
        }
    }
}

/// The files of rules that a directory contains.
#[derive(Clone, Copy, Default)]
pub struct Present {
    ignore: bool,
    gitignore: bool,
    git: bool,
}

impl Present {
    /// Records an entry of the directory.
    pub fn note(&mut self, name: &[u8]) {
        match name {
            b".ignore" => self.ignore = true,
            b".gitignore" => self.gitignore = true,
            b".git" => self.git = true,
            _ => {}
        }
    }

    fn any(self) -> bool {
        self.ignore || self.gitignore || self.git
    }

    /// Asks the system, for a directory whose entries are not listed.
    fn asked(directory: &Directory) -> Self {
        let has = |name: &[u8]| directory.known(name, false).is_ok();
        Self { ignore: has(b".ignore"), gitignore: has(b".gitignore"), git: has(b".git") }
    }
}

/// Reads rules, and collects the troubles.
pub struct Reader<'t> {
    pub troubles: &'t mut Vec<Trouble>,
}

impl Reader<'_> {
    /// Returns the rules for a directory: those above it, and its own. `shown` is its path as
    /// reported, and `base` is the length of the prefix of paths below it.
    pub fn enter(
        &mut self,
        above: &Option<Arc<Level>>,
        directory: &Directory,
        shown: &[u8],
        base: usize,
        present: Present,
    ) -> Option<Arc<Level>> {
        if !present.any() {
            return above.clone();
        }
        let mut level = Level {
            above: above.clone(),
            base,
            ignore: None,
            gitignore: None,
            exclude: None,
            global: None,
            holds_git: false,
        };
        let mut own = |present: bool, name: &str| {
            let read = present.then(|| directory.read(name.as_bytes(), false, MOST));
            read.and_then(|read| self.list(read, &join(shown, name.as_bytes())))
        };
        level.ignore = own(present.ignore, ".ignore");
        level.gitignore = own(present.gitignore, ".gitignore");
        if present.git
            && let Some(repository) = git::Repository::find(directory, shown)
        {
            level.holds_git = true;
            if let Some((path, read)) = repository.exclude() {
                level.exclude = self.list(read, &path);
            }
            if let Some(config) = repository.config() {
                level.global = self.global(Some(&config));
            }
        }
        let new = level.holds_git || level.ignore.is_some() || level.gitignore.is_some();
        if new { Some(Arc::new(level)) } else { above.clone() }
    }

    /// Returns the rules of all directories above the directory with this canonical path, and
    /// those of `core.excludesFile`.
    pub fn above(&mut self, path: &[u8]) -> Option<Arc<Level>> {
        let mut levels = self.global(None).map(|global| {
            // Without a repository, these rules are relative to the root of the scan.
            let base = path.len() + usize::from(path != b"/");
            Arc::new(Level {
                above: None,
                base,
                ignore: None,
                gitignore: None,
                exclude: None,
                global: Some(global),
                holds_git: false,
            })
        });
        let ends = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| at);
        for end in ends.filter(|_| path != b"/") {
            let parent = if end == 0 { &b"/"[..] } else { &path[..end] };
            // As in git, a directory that cannot be read has no rules.
            if let Ok(directory) = Directory::open(parent) {
                let present = Present::asked(&directory);
                levels = self.enter(&levels, &directory, parent, end + 1, present);
            }
        }
        levels
    }

    /// Reads the rules of the file that `core.excludesFile` names, in the configuration of a
    /// repository if it is given, otherwise in the user's and the system's.
    fn global(&mut self, repository: Option<&[u8]>) -> Option<Arc<List>> {
        let path = match repository {
            Some(config) => git::excludes_file(config)?,
            None => git::global_excludes_file()?,
        };
        match system::read(&path, MOST) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => self.list(read, &path).map(Arc::new),
        }
    }

    fn list(&mut self, read: io::Result<Vec<u8>>, path: &[u8]) -> Option<List> {
        let mut told = |reason| {
            self.troubles.push(Trouble { path: path.to_vec(), reason, kind: Kind::Rule });
        };
        match read {
            Ok(content) => {
                List::parse(&content, |line, reason| told(format!("line {line}: {reason}"))).some()
            }
            Err(error) => {
                told(format!("these rules are skipped: {error}"));
                None
            }
        }
    }
}

/// Returns true if the rules exclude the entry at this path, false if they include it, and `None`
/// if no rule matches.
pub fn leave_out(level: Option<&Level>, path: &[u8], name: &[u8], is_dir: bool) -> Option<bool> {
    let levels = || std::iter::successors(level, |level| level.above.as_deref());
    let of = |level: &Level, list: Option<&List>| list?.leaves_out(path.get(level.base..)?, name, is_dir);
    if let Some(found) = levels().find_map(|level| of(level, level.ignore.as_ref())) {
        return Some(found);
    }
    let mut top = None;
    for level in levels() {
        if let Some(found) = of(level, level.gitignore.as_ref()) {
            return Some(found);
        }
        if level.holds_git {
            top = Some(level);
            break;
        }
    }
    if let Some(found) = top.and_then(|top| of(top, top.exclude.as_ref())) {
        return Some(found);
    }
    // The file that a repository's own configuration names replaces the file that the user's
    // names.
    let global = top.filter(|top| top.global.is_some());
    let global = global.or_else(|| levels().last())?;
    of(top.unwrap_or(global), global.global.as_deref())
}

/// Returns the path of an entry in a directory.
pub fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let slash: &[u8] = if directory.ends_with(b"/") || directory.is_empty() { b"" } else { b"/" };
    [directory, slash, name].concat()
}
