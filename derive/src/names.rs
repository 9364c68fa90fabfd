//! Finds a path by which the crate that is being compiled reaches the library.

use std::env;
use std::fs;
use std::path::Path;

use proc_macro::{Ident, Span, TokenStream};

use crate::manifest::{Builds, Manifest};
use crate::tokens::{Hole, code};

/// The library's path.
pub(crate) fn library() -> TokenStream {
    let name = if let Dependency::Named(name) = dependency() { name } else { "bytetrie".to_owned() };
    let name = Ident::new(&name, Span::call_site());
    code!("::$name", name)
}

/// The library's path for a macro that shares its name with a module, which re-exports what the
/// macro's output needs. Who imports the macro imports the module too.
///
/// The module is used only if the library is not a dependency, since the macro may be called by a
/// path, without an import.
pub(crate) fn library_of(import: &str) -> TokenStream {
    match dependency() {
        Dependency::Behind => import.tokens(),
        _ => library(),
    }
}

/// How the crate depends on the library.
enum Dependency {
    /// By a name in its manifest.
    Named(String),
    /// Through a crate that re-exports it.
    Behind,
    /// There is no manifest, for example because a build tool other than Cargo runs the compiler,
    /// or the crate belongs to the library itself.
    Unknown,
}

fn dependency() -> Dependency {
    let read =
        |directory: &Path| Some(Manifest::read(&fs::read_to_string(directory.join("Cargo.toml")).ok()?));
    let directory = env::var_os("CARGO_MANIFEST_DIR");
    let directory = directory.as_deref().map(Path::new);
    let Some((directory, manifest)) = directory.and_then(|directory| Some((directory, read(directory)?)))
    else {
        return Dependency::Unknown;
    };
    let workspace = || match manifest.workspace() {
        Some(path) => read(&directory.join(path)),
        None => directory.ancestors().filter_map(read).find(Manifest::is_workspace),
    };
    let script = env::var("CARGO_CRATE_NAME").is_ok_and(|name| name.starts_with("build_script_"));
    let builds = if script { Builds::Script } else { Builds::Crate };
    match manifest.name_of_library(builds, workspace) {
        Some(name) => Dependency::Named(name),
        None if manifest.is_library() => Dependency::Unknown,
        None => Dependency::Behind,
    }
}
