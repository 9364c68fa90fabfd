//! The parts of git's repositories and configuration that the rules depend on.
//!
//! Only `core.excludesFile` is read from the configuration: from the user's files, the system's
//! file, and the repository's own file. Files that these include are not read.

use std::env;
use std::io;

use crate::meta::bytes_of;
use crate::rules::{MOST, join};
use crate::system::{self, Directory};

/// The part of a repository that is shared by all its working trees.
pub struct Repository {
    directory: Directory,
    shown: Vec<u8>,
}

impl Repository {
    /// Returns the repository whose working tree is this directory, found by its entry `.git`.
    pub fn find(directory: &Directory, shown: &[u8]) -> Option<Self> {
        if let Ok(git) = directory.child(b".git", true) {
            // An empty directory named `.git` is not a repository.
            git.known(b"HEAD", false).ok()?;
            return Some(Self { directory: git, shown: join(shown, b".git") });
        }
        // In a linked working tree or a submodule, `.git` is a file that names the repository's
        // directory.
        let content = directory.read(b".git", true, MOST).ok()?;
        let path = line(&content).strip_prefix(b"gitdir: ")?.to_vec();
        let (git, mut shown) = below(directory, shown, &path)?;
        let Ok(content) = git.read(b"commondir", true, MOST) else {
            return Some(Self { directory: git, shown });
        };
        let common;
        (common, shown) = below(&git, &shown, line(&content))?;
        Some(Self { directory: common, shown })
    }

    /// Returns the path of `info/exclude` and its content, if the file exists.
    pub fn exclude(&self) -> Option<(Vec<u8>, io::Result<Vec<u8>>)> {
        let name = b"info/exclude";
        match self.directory.read(name, true, MOST) {
            Err(error) if missing(&error) => None,
            read => Some((join(&self.shown, name), read)),
        }
    }

    /// Returns the repository's own configuration, if it can be read.
    pub fn config(&self) -> Option<Vec<u8>> {
        self.directory.read(b"config", true, MOST).ok()
    }
}

fn missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Opens a directory whose path may be relative to another directory.
fn below(base: &Directory, shown: &[u8], path: &[u8]) -> Option<(Directory, Vec<u8>)> {
    let found = if path.starts_with(b"/") { Directory::open(path) } else { base.child(path, true) };
    let shown = if path.starts_with(b"/") { path.to_vec() } else { join(shown, path) };
    found.ok().map(|found| (found, shown))
}

/// Returns the first line.
fn line(content: &[u8]) -> &[u8] {
    let line = content.split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Returns the path of the file of rules that apply to all repositories of this user.
pub fn global_excludes_file() -> Option<Vec<u8>> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let bytes = |path: std::ffi::OsString| bytes_of(path.as_ref()).to_vec();
    let home = variable("HOME").map(bytes);
    let settings = variable("XDG_CONFIG_HOME").map(bytes);
    let settings = settings.or_else(|| home.as_ref().map(|home| join(home, b".config")));
    let settings = settings.map(|settings| join(&settings, b"git"));

    // The first configuration that names a file decides.
    let mut files = Vec::new();
    if let Some(file) = env::var_os("GIT_CONFIG_GLOBAL") {
        files.push(bytes(file));
    } else {
        files.extend(home.as_ref().map(|home| join(home, b".gitconfig")));
        files.extend(settings.as_ref().map(|settings| join(settings, b"config")));
    }
    if variable("GIT_CONFIG_NOSYSTEM").is_none() {
        files.push(variable("GIT_CONFIG_SYSTEM").map_or(b"/etc/gitconfig".to_vec(), bytes));
    }
    let read = |file: &Vec<u8>| system::read(file, MOST).ok();
    let named = files.iter().filter_map(read).find_map(|config| excludes_file(&config));
    named.or_else(|| settings.map(|settings| join(&settings, b"ignore")))
}

/// Returns the value of `core.excludesFile` in a configuration.
pub fn excludes_file(config: &[u8]) -> Option<Vec<u8>> {
    let mut in_core = false;
    let mut found = None;
    for line in config.split(|&byte| byte == b'\n') {
        let mut line = line.trim_ascii();
        if let Some(rest) = line.strip_prefix(b"[") {
            let end = rest.iter().position(|&byte| byte == b']').unwrap_or(rest.len());
            in_core = rest[..end].trim_ascii().eq_ignore_ascii_case(b"core");
            line = rest.get(end + 1..).unwrap_or_default().trim_ascii();
        }
        let Some(equals) = line.iter().position(|&byte| byte == b'=').filter(|_| in_core) else { continue };
        if line[..equals].trim_ascii().eq_ignore_ascii_case(b"excludesfile") {
            found = Some(value(&line[equals + 1..]));
        }
    }
    let path = found?;
    match path.strip_prefix(b"~/") {
        None => Some(path),
        Some(rest) => env::var_os("HOME").map(|home| join(bytes_of(home.as_ref()), rest)),
    }
}

/// Decodes a value: removes its quotes and the comment after it, and resolves its escapes.
fn value(text: &[u8]) -> Vec<u8> {
    let (mut value, mut quoted, mut end) = (Vec::new(), false, 0);
    let mut bytes = text.trim_ascii_start().iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            b'#' | b';' if !quoted => break,
            b'\\' => match bytes.next() {
                Some(b'n') => value.push(b'\n'),
                Some(b't') => value.push(b'\t'),
                Some(&other) => value.push(other),
                None => break,
            },
            _ => value.push(byte),
        }
        // Trailing spaces are kept only within quotes.
        if quoted || !byte.is_ascii_whitespace() {
            end = value.len();
        }
    }
    value.truncate(end);
    value
}
