//! Manifests, and the names that they give the library.

use super::{Builds, Manifest};

/// The library's name, given the manifest and that of the workspace.
fn named_in(text: &str, root: Option<&str>) -> Option<String> {
    Manifest::read(text).name_of_library(Builds::Crate, || root.map(Manifest::read))
}

#[track_caller]
fn named(text: &str, name: &str) {
    assert_eq!(named_in(text, None).as_deref(), Some(name), "{text}");
}

#[track_caller]
fn unnamed(text: &str) {
    assert_eq!(named_in(text, None), None, "{text}");
}

#[test]
fn by_its_own_name() {
    named("[dependencies]\nbytetrie = \"0.1\"", "bytetrie");
    named("[dependencies]\r\nbytetrie = '0.1'\r\n", "bytetrie");
    named("[dependencies]\nbytetrie = { path = \"..\", features = [\"rayon\", 'viz'] }", "bytetrie");
    named("[dependencies.bytetrie]\nversion = \"0.1\"", "bytetrie");
    named("[dependencies.bytetrie]", "bytetrie");
    named("dependencies.bytetrie = \"0.1\"", "bytetrie");
    named("dependencies = { bytetrie = \"0.1\" }", "bytetrie");
    named("[dependencies]\nbytetrie.version = \"0.1\"\nbytetrie.default-features = false", "bytetrie");
    named("[ dependencies ]\n\"bytetrie\" = \"0.1\"", "bytetrie");
    named("[dev-dependencies]\nbytetrie = \"0.1\"", "bytetrie");
    named("[target.'cfg(unix)'.dependencies]\nbytetrie = \"0.1\"", "bytetrie");
    named(
        "[target.\"cfg(any(unix, target_os = \\\"wasi\\\"))\".dependencies]\nbytetrie = \"0.1\"",
        "bytetrie",
    );
}

#[test]
fn by_another_name() {
    named("[dependencies]\nbt = { package = \"bytetrie\", version = \"0.1\" }", "bt");
    named("[dependencies]\nbt = { version = \"0.1\", package = 'bytetrie' } # see below", "bt");
    named("[dependencies]\nbt-1 = { package = \"bytetrie\" }", "bt_1");
    named("[dependencies.bt]\nversion = \"0.1\"\npackage = \"bytetrie\"", "bt");
    named("[dependencies]\nbt.version = \"0.1\"\nbt.package = \"bytetrie\"", "bt");
    named(
        "[dependencies]\nbt = {\n    version = \"0.1\", # of TOML 1.1\n    package = \"bytetrie\",\n}",
        "bt",
    );
    named("[target.x86_64-unknown-linux-gnu.dependencies.bt]\npackage = \"bytetrie\"", "bt");
    named("[target.'cfg(unix)'.dev-dependencies]\nbt = { package = \"bytetrie\" }", "bt");
    named("[dependencies]\npathmap = { package = \"bytetrie\", version = \"0.1\" }", "pathmap");
}

#[test]
fn a_name_that_is_another_package_is_not_the_library() {
    unnamed("[dependencies]\nbytetrie = { package = \"other\", version = \"1\" }");
    unnamed("[dependencies.bytetrie]\npackage = \"other\"");
    named(
        "[dependencies]\nbytetrie = { package = \"other\", version = \"1\" }\nbt = { package = \"bytetrie\" }",
        "bt",
    );
    unnamed("[dependencies]\nserde = \"1\"");
    unnamed("[package]\nname = \"bytetrie\"");
    unnamed("[features]\nbytetrie = []\n[patch.crates-io]\nbytetrie = { path = \"..\" }");
    unnamed("[package.metadata.dependencies]\nbytetrie = \"1\"");
    unnamed("");
    named("\u{feff}[dependencies]\nbytetrie = \"0.1\"", "bytetrie");
}

#[test]
fn what_looks_like_a_dependency_and_is_text() {
    unnamed("[package]\ndescription = \"\"\"\n[dependencies]\nbytetrie = '1'\n\"\"\"");
    unnamed("[package]\ndescription = '''\n[dependencies]\nbytetrie = '1' '''");
    unnamed("# [dependencies]\n# bytetrie = \"1\"");
    unnamed("[package]\nkeywords = [\n  \"a\", # [dependencies]\n  \"bytetrie\",\n]\n[lib]\npath = \"a\"");
    unnamed("[package]\nname = \"a\\\"\\n[dependencies]\\nbytetrie\"");
    named(
        "[package]\ndescription = \"\"\"a \\\"\"\"quoted\"\"\"\"\"\nlicense = ''\nauthors = [[], { name = \"}\" }]\n\
         [dependencies]\nbt = { package = \"bytetrie\" }",
        "bt",
    );
}

#[test]
fn the_dependency_of_all_targets_comes_first() {
    let text = "[dev-dependencies]\ndev = { package = \"bytetrie\" }\n\
                [target.'cfg(unix)'.dependencies]\nunix = { package = \"bytetrie\" }\n\
                [dependencies]\nall = { package = \"bytetrie\" }";
    named(text, "all");
    named(&text.replace("all = { package = \"bytetrie\" }", ""), "unix");
    // Tables of two targets may have one key for two packages.
    named(
        "[target.'cfg(unix)'.dependencies]\nbt = { package = \"other\" }\n\
         [target.'cfg(windows)'.dependencies]\nbt = { package = \"bytetrie\" }",
        "bt",
    );
}

#[test]
fn a_build_script_has_dependencies_of_its_own() {
    let text = "[dependencies]\nbt = { package = \"bytetrie\" }\n\
                [build-dependencies]\nscript = { package = \"bytetrie\" }";
    named(text, "bt");
    let script = Manifest::read(text).name_of_library(Builds::Script, || None);
    assert_eq!(script.as_deref(), Some("script"));
}

#[test]
fn what_the_workspace_knows() {
    let member = "[package]\nname = \"user\"\n[dependencies]\nbt.workspace = true\n";
    let root = "[workspace]\nmembers = [\"user\"]\n[workspace.dependencies]\n";
    let with = |line: &str| named_in(member, Some(&format!("{root}{line}")));
    assert_eq!(with("bt = { package = \"bytetrie\", version = \"0.1\" }").as_deref(), Some("bt"));
    assert_eq!(with("bt.package = \"bytetrie\"").as_deref(), Some("bt"));
    assert_eq!(with("bt = { package = \"other\" }\nbytetrie = \"0.1\""), None);
    // It is asked for members only that inherit.
    let asked = Manifest::read("[dependencies]\nbt = \"1\"")
        .name_of_library(Builds::Crate, || panic!("nothing is inherited"));
    assert_eq!(asked, None);
    let inherited = "[dependencies]\nbytetrie = { workspace = true, features = [\"rayon\"] }";
    assert_eq!(named_in(inherited, Some(&format!("{root}bytetrie = \"0.1\""))).as_deref(), Some("bytetrie"));
    assert_eq!(named_in(inherited, None).as_deref(), Some("bytetrie"));
    assert!(Manifest::read(root).is_workspace());
    assert!(Manifest::read("[workspace]").is_workspace() && !Manifest::read(member).is_workspace());
    assert_eq!(Manifest::read("[package]\nworkspace = \"../..\"").workspace(), Some("../.."));
}

#[test]
fn a_crate_that_stands_in_for_another_re_exports_the_library() {
    named("[dependencies]\npathmap = { path = \"../pathmap\" }", "pathmap");
    named("[dependencies]\npathmap = \"0.3\"\nbt = { package = \"bytetrie\" }", "bt");
    named("[dependencies]\npathmap = { package = \"kernel\", path = \"../kernel\" }", "pathmap");
    named("[dependencies]\npm = { package = \"pathmap\", path = \"../pathmap\" }", "pm");
    named("[dependencies]\npm.package = \"pathmap\"\npathmap.package = \"kernel\"", "pathmap");
    let member = "[dependencies]\npm.workspace = true";
    let root = "[workspace]\n[workspace.dependencies]\npm = { package = \"pathmap\" }";
    assert_eq!(named_in(member, Some(root)).as_deref(), Some("pm"));
}

#[test]
fn the_library_has_a_manifest_of_its_own() {
    assert!(Manifest::read("[package]\nname = \"bytetrie\"").is_library());
    assert!(!Manifest::read("[package]\nname = \"user\"\n[dependencies]\nbytetrie = '1'").is_library());
}

#[test]
fn a_line_that_is_not_understood_is_skipped() {
    named(
        "what is this\n= 3\n[[bin]]\nname = \"a\"\n[dependencies]\n!\nbt = { package = \"bytetrie\" }",
        "bt",
    );
    // Each cut of a manifest is read to its end.
    let text = "[a]\nb = { c = [\"\"\"d\"\"\", 'e'], \"f\" = 'g' } # h\n[dependencies]\nbytetrie = \"0.1\"\n";
    for end in 0..text.len() {
        let _ = named_in(&text[..end], None);
    }
}
