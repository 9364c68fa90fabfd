//! Files on disk: they are replaced as a whole, or not at all.

use std::fs;
use std::path::PathBuf;

use bytetrie::PathMap;
use bytetrie::file::{FileError, Stored, Text};

use crate::saved;

/// A directory that is removed when the test ends.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The names of all files.
    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_are_created_and_replaced() {
    let directory = Directory::new("replaced");
    let path = directory.0.join("map");
    let mut map: PathMap<u64> = PathMap::new();
    for i in 0..5u64 {
        map.insert(i.to_be_bytes(), i);
        assert_eq!(map.save_to(&path).unwrap(), fs::metadata(&path).unwrap().len());
        assert_eq!(fs::read(&path).unwrap(), saved(&map));
        assert!(PathMap::load_from(&path).unwrap() == map);
        assert_eq!(directory.names(), ["map"]);
    }
    assert!(matches!(PathMap::<u8>::load_from(&path), Err(FileError::WrongType { .. })));
    assert!(matches!(PathMap::<u8>::load_from(directory.0.join("none")), Err(FileError::Io(_))));
    assert!(matches!(map.save_to(directory.0.join("none/map")), Err(FileError::Io(_))));
    assert!(matches!(map.save_to(""), Err(FileError::Io(_))));
    assert!(matches!(map.save_to(&directory.0), Err(FileError::Io(_))));
    assert_eq!(directory.names(), ["map"]);
}

/// A value that cannot be written.
#[derive(Clone, PartialEq, Debug)]
struct Broken(String);

impl AsRef<str> for Broken {
    fn as_ref(&self) -> &str {
        if self.0 == "broken" { panic!("the value panics") } else { &self.0 }
    }
}

impl From<&str> for Broken {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Stored for Broken {
    type Form = Text<Self>;
    const NAME: &'static str = "Broken";
}

#[test]
fn a_value_that_panics_leaves_the_old_file() {
    let directory = Directory::new("panicked");
    let path = directory.0.join("map");
    let mut map = PathMap::from([("a", Broken("fine".into()))]);
    map.save_to(&path).unwrap();
    let old = fs::read(&path).unwrap();
    map.insert("b", Broken("broken".into()));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| map.save_to(&path)));
    caught.unwrap_err();
    assert_eq!((fs::read(&path).unwrap(), directory.names()), (old, vec!["map".to_string()]));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new("permissions");
    let (path, link) = (directory.0.join("map"), directory.0.join("link"));
    let map = PathMap::from([("a", 1u64)]);
    map.save_to(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let map = PathMap::from([("a", 2u64)]);
    map.save_to(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o604);
    assert!(PathMap::load_from(&path).unwrap() == map);
    assert_eq!(directory.names(), ["link", "map"]);
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new("read-only");
    let path = directory.0.join("map");
    PathMap::from([("a", 1u64)]).save_to(&path).unwrap();
    let old = fs::read(&path).unwrap();
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o555)).unwrap();
    let result = PathMap::from([("a", 2u64)]).save_to(&path);
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o755)).unwrap();
    // Some users may write everywhere.
    if result.is_err() {
        assert_eq!(fs::read(&path).unwrap(), old);
    }
    assert_eq!(directory.names(), ["map"]);
}
