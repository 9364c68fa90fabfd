//! Finds the name by which the crate that is being compiled knows the library.

use std::env;
use std::fs;
use std::path::Path;

use proc_macro::{Ident, Span, TokenStream};

use crate::manifest::{Builds, Manifest};
use crate::tokens::code;

/// The library's path.
pub(crate) fn library() -> TokenStream {
    let name = name().unwrap_or_else(|| "bytetrie".to_owned());
    let name = Ident::new(&name, Span::call_site());
    code!("::$name", name)
}

/// The name of the library in the manifest.
///
/// There is none without a manifest, for example if a build tool other than Cargo runs the
/// compiler. There is none for the library's own tests and examples either, which do not depend
/// on it.
fn name() -> Option<String> {
    let directory = env::var_os("CARGO_MANIFEST_DIR")?;
    let directory = Path::new(&directory);
    let read =
        |directory: &Path| Some(Manifest::read(&fs::read_to_string(directory.join("Cargo.toml")).ok()?));
    let manifest = read(directory)?;
    let workspace = || match manifest.workspace() {
        Some(path) => read(&directory.join(path)),
        None => directory.ancestors().filter_map(read).find(Manifest::is_workspace),
    };
    let script = env::var("CARGO_CRATE_NAME").is_ok_and(|name| name.starts_with("build_script_"));
    manifest.name_of_library(if script { Builds::Script } else { Builds::Crate }, workspace)
}
