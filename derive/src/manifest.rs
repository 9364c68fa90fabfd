//! Finds the name by which a package knows a dependency, in its `Cargo.toml`.
//!
//! This reads only the part of TOML that is needed: keys with strings. Cargo has accepted the file
//! before.

/// The package of the library.
const PACKAGE: &str = "bytetrie";

/// The crate that the library replaces. A dependency of this name, or on a package of this name,
/// may be a crate that re-exports the library.
const FACADE: &str = "pathmap";

/// The kind of target that is being built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Builds {
    /// The library, programs, tests and examples.
    Crate,
    /// The build script.
    Script,
}

/// The keys of a manifest, with their values.
pub(crate) struct Manifest(Vec<(Vec<String>, String)>);

/// A dependency as one key of a table describes it.
struct Dependency<'m> {
    name: &'m str,
    package: Option<&'m str>,
    /// The rest of the description is in the workspace's manifest.
    inherited: bool,
}

impl Manifest {
    pub(crate) fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { rest: text, found: Vec::new() };
        reader.document();
        Self(reader.found)
    }

    fn string(&self, path: &[&str]) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == path).map(|(_, value)| value.as_str())
    }

    /// The path of the workspace, if the manifest names it.
    pub(crate) fn workspace(&self) -> Option<&str> {
        self.string(&["package", "workspace"])
    }

    /// Whether this is the library's own manifest.
    pub(crate) fn is_library(&self) -> bool {
        self.string(&["package", "name"]) == Some(PACKAGE)
    }

    pub(crate) fn is_workspace(&self) -> bool {
        self.0.iter().any(|(path, _)| path[0] == "workspace")
    }

    /// The library's name in source code.
    pub(crate) fn name_of_library(
        &self,
        builds: Builds,
        workspace: impl FnOnce() -> Option<Manifest>,
    ) -> Option<String> {
        let dependencies = self.dependencies(builds);
        let mut workspace = Some(workspace);
        let mut inherited: Option<Option<Manifest>> = None;
        let mut is_package = |dependency: &Dependency<'_>, wanted: &str| {
            if let Some(package) = dependency.package {
                return package == wanted;
            }
            if dependency.inherited {
                let root =
                    inherited.get_or_insert_with(|| workspace.take().and_then(|workspace| workspace()));
                let key = ["workspace", "dependencies", dependency.name, "package"];
                if let Some(package) = root.as_ref().and_then(|root| root.string(&key)) {
                    return package == wanted;
                }
            }
            dependency.name == wanted
        };
        let mut find = |wanted| dependencies.iter().find(|dependency| is_package(dependency, wanted));
        let facade = || dependencies.iter().find(|dependency| dependency.name == FACADE);
        let found = find(PACKAGE).or_else(facade).or_else(|| find(FACADE))?;
        Some(found.name.replace('-', "_"))
    }

    /// All dependencies; those that apply to most targets come first.
    fn dependencies(&self, builds: Builds) -> Vec<Dependency<'_>> {
        let tables: &[&str] = match builds {
            Builds::Crate => &["dependencies", "dev-dependencies", "dev_dependencies"],
            Builds::Script => &["build-dependencies", "build_dependencies"],
        };
        let mut dependencies: Vec<Dependency<'_>> = Vec::new();
        for table in tables {
            for for_targets in [false, true] {
                // The keys of one table describe one dependency. A manifest may have a table for
                // each target.
                let mut of: Vec<(&[String], Dependency<'_>)> = Vec::new();
                for (path, value) in &self.0 {
                    let own = if for_targets { 2 } else { 0 };
                    if (path[0] == "target") != for_targets || path.get(own).is_none_or(|own| own != table) {
                        continue;
                    }
                    let Some(name) = path.get(own + 1) else { continue };
                    let prefix = &path[..own + 2];
                    let place = of.iter().position(|(other, _)| *other == prefix).unwrap_or_else(|| {
                        of.push((prefix, Dependency { name, package: None, inherited: false }));
                        of.len() - 1
                    });
                    match path[own + 2..].iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                        ["package"] => of[place].1.package = Some(value),
                        ["workspace"] => of[place].1.inherited = value == "true",
                        _ => {}
                    }
                }
                dependencies.extend(of.into_iter().map(|(_, dependency)| dependency));
            }
        }
        dependencies
    }
}

/// A reader of TOML.
struct Reader<'t> {
    rest: &'t str,
    found: Vec<(Vec<String>, String)>,
}

impl Reader<'_> {
    fn document(&mut self) {
        let mut table = Vec::new();
        loop {
            self.skip_blank();
            if self.rest.is_empty() {
                return;
            }
            // Skips a line that it does not understand.
            if self.rest.starts_with('[') {
                self.rest = self.rest.trim_start_matches('[');
                if let Some(path) = self.path() {
                    // A table exists even if it has no keys of its own.
                    self.found.push((path.clone(), String::new()));
                    table = path;
                }
            } else {
                let _ = self.pair(&table);
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    /// Skips spaces and tabs.
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Skips spaces, ends of lines and comments.
    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Keys with dots between them.
    fn path(&mut self) -> Option<Vec<String>> {
        let mut path = Vec::new();
        loop {
            self.skip_spaces();
            let key = if self.rest.starts_with(['"', '\'']) {
                self.string()?
            } else {
                let bare = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
                let end = self.rest.find(|char| !bare(char)).unwrap_or(self.rest.len());
                let (key, rest) = self.rest.split_at(end);
                self.rest = rest;
                (!key.is_empty()).then(|| key.to_owned())?
            };
            path.push(key);
            self.skip_spaces();
            if !self.skip(".") {
                return Some(path);
            }
        }
    }

    /// A key and its value.
    fn pair(&mut self, table: &[String]) -> Option<()> {
        let path = [table, &self.path()?].concat();
        self.skip("=").then_some(())?;
        self.value(path)
    }

    fn value(&mut self, path: Vec<String>) -> Option<()> {
        self.skip_spaces();
        if self.skip("{") {
            self.found.push((path.clone(), String::new()));
            return self.several("}", |reader| reader.pair(&path));
        }
        if self.skip("[") {
            // The items of arrays are not needed.
            let found = self.found.len();
            let read = self.several("]", |reader| reader.value(vec![String::new()]));
            self.found.truncate(found);
            return read;
        }
        let value = if self.rest.starts_with(['"', '\'']) {
            self.string()?
        } else {
            let end = self.rest.find([',', '}', ']', '#', '\n']).unwrap_or(self.rest.len());
            let (value, rest) = self.rest.split_at(end);
            self.rest = rest;
            value.trim_end().to_owned()
        };
        self.found.push((path, value));
        Some(())
    }

    /// The items of an array or of an inline table.
    fn several(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        loop {
            self.skip_blank();
            if self.skip(end) {
                return Some(());
            }
            item(self)?;
            self.skip_blank();
            if !self.skip(",") {
                return self.skip(end).then_some(());
            }
        }
    }

    /// A string of any of the four kinds. The only escapes in the names that are needed are those
    /// of `\` and `"`.
    fn string(&mut self) -> Option<String> {
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|&quote| self.rest.starts_with(quote))?;
        self.skip(quote);
        let mut string = String::new();
        loop {
            if self.skip(quote) {
                // Up to two more quotes belong to the text of a long string.
                let more = quote.len() == 3;
                while more && self.skip(&quote[..1]) {
                    string.push_str(&quote[..1]);
                }
                return Some(string);
            }
            let mut chars = self.rest.chars();
            let mut char = chars.next()?;
            if char == '\\' && quote.starts_with('"') {
                char = chars.next()?;
            }
            string.push(char);
            self.rest = chars.as_str();
        }
    }
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
