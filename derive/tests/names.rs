//! Crates that know the library by other names, compiled by Cargo as users have them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A program that uses each macro, and knows the library by a name of its own.
fn program(name: &str) -> String {
    format!(
        "use {name}::algebra::{{DistributiveLattice, Lattice, Max}};
        use {name}::zipper::{{EmptyZipper, PolyZipper, PolyZipperExplicit, ReadZipperOwned, ZipperMoving}};

        #[derive(PolyZipper)]
        #[poly_zipper(forking)]
        enum Kinds {{ Map(ReadZipperOwned<u8>), Nothing(EmptyZipper) }}

        #[derive(PolyZipperExplicit)]
        #[poly_zipper_explicit(traits(ZipperMoving))]
        enum Listed {{ Map(ReadZipperOwned<u8>), Nothing(EmptyZipper) }}

        #[derive(Clone, Lattice, DistributiveLattice)]
        struct Both<T> {{ least: Max<u8>, other: T }}

        pub fn used() -> usize {{
            let both = Both {{ least: Max(1), other: () }};
            assert!(both.pjoin(&both).is_identity() && both.psubtract(&both).is_none());
            Kinds::from(EmptyZipper::new()).val_count() + Listed::from(EmptyZipper::new()).val_count()
        }}
        "
    )
}

/// Crates that have the library through another crate, or by the name of the crate that it
/// replaces. `at` is the library's path in a manifest.
fn re_exported(at: &str, member: &mut impl FnMut(&str, &str, &str)) {
    let direct = format!("[dependencies]\nbytetrie = {{ {at} }}");
    // A crate in the place of another, by which its users know the library.
    member("pathmap", &direct, "pub use bytetrie::*;");
    member("user", "[dependencies]\npathmap = { path = \"../pathmap\" }", &program("pathmap"));
    let renamed = "[dependencies]\npm = { package = \"pathmap\", path = \"../pathmap\" }";
    member("renamer", renamed, &program("pm"));
    // A whole program, written for that crate, and the dependency that is put in its place.
    let client = include_str!("../../tests/compat/client.rs");
    member("aliased", &direct, client);
    let (alias, client) = client.split_once("use bytetrie as pathmap;\n").unwrap();
    let client = format!("{alias}{client}");
    member("replaced", &format!("[dependencies]\npathmap = {{ {at}, package = \"bytetrie\" }}"), &client);
    member("replaced_twice", "[dependencies]\npathmap = { path = \"../pathmap\" }", &client);
    // `behind` has the library through `kernel`, by a name that no Cargo.toml has.
    member("kernel", &direct, "pub use bytetrie as pathmap;");
    let through = "[dependencies]\nkernel = { path = \"../kernel\" }";
    let behind =
        program("kernel::pathmap").replace("struct Both", "#[lattice(crate = kernel::pathmap)] struct Both");
    member("behind", through, &behind);
    let imports = "{EmptyZipper, PolyZipper, PolyZipperExplicit, ReadZipperOwned, ZipperMoving}";
    assert!(behind.contains(imports));
    member("globbed", through, &behind.replace(imports, "*"));
    let client = client.replace("use pathmap::", "use kernel::pathmap::");
    member("client_behind", through, &client);
}

#[test]
fn the_library_is_found_by_the_name_that_the_manifest_gives_it() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("names");
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What is as it was is not compiled again.
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    };
    let mut members = Vec::new();
    let mut member = |name: &str, dependencies: &str, text: &str| {
        write(
            &format!("{name}/Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{dependencies}\n"
            ),
        );
        write(&format!("{name}/src/lib.rs"), text);
        members.push(format!("{name:?}"));
    };
    let at = format!("path = {:?}", library.to_str().unwrap());
    member("plain", &format!("[dependencies]\nbytetrie = {{ {at} }}"), &program("bytetrie"));
    member(
        "renamed",
        &format!("[dependencies]\nbt-2 = {{ {at}, package = \"bytetrie\" }}"),
        &program("bt_2"),
    );
    member("inherited", "[dependencies.tries]\nworkspace = true", &program("tries"));
    let unix = "target.'cfg(all())'.dependencies";
    member("targets", &format!("[{unix}.bt]\n{at}\npackage = \"bytetrie\""), &program("bt"));
    re_exported(&at, &mut member);
    // `told` does not name the library in its Cargo.toml; it has the library through `facade`.
    let facade = format!("[dependencies]\nbytetrie = {{ {at} }}");
    member("facade", &facade, "pub mod deep { pub use bytetrie as tries; }");
    let told = program("facade::deep::tries")
        .replace("poly_zipper(", "poly_zipper(crate = facade::deep::tries, ")
        .replace("poly_zipper_explicit(", "poly_zipper_explicit(crate = facade::deep::tries, ")
        .replace("struct Both", "#[lattice(crate = facade::deep::tries)] struct Both");
    member("told", "[dependencies]\nfacade = { path = \"../facade\" }", &told);
    // As does its build script, by a name of its own.
    let script = format!("[build-dependencies]\nscripted = {{ {at}, package = \"bytetrie\" }}");
    member("script", &script, "");
    write("script/build.rs", &format!("{}\nfn main() {{ used(); }}", program("scripted")));
    let members = members.join(", ");
    write(
        "Cargo.toml",
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n\
             [workspace.dependencies]\ntries = {{ {at}, package = \"bytetrie\" }}\n"
        ),
    );
    // Offline, so with the versions that have been downloaded for the library.
    fs::copy(library.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--workspace"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
