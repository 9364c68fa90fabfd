//! Helpers for tests that run an example as a process, as a user does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A built example.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    name: &'static str,
    path: Option<&'static str>,
}

impl Example {
    /// The program of a package, at the path that Cargo passes to the package's tests.
    pub const fn of_package(name: &'static str, path: &'static str) -> Self {
        Self { name, path: Some(path) }
    }

    /// An example of the library. `cargo test` builds it next to the tests, in
    /// `<target>/<profile>/examples`.
    pub const fn of_library(name: &'static str) -> Self {
        Self { name, path: None }
    }

    /// Returns the path of the program.
    pub fn path(&self) -> PathBuf {
        if let Some(path) = self.path {
            return path.into();
        }
        let test = std::env::current_exe().expect("a test knows its own path");
        let profile = test.parent().and_then(Path::parent).expect("tests lie in <profile>/deps");
        let path = profile.join("examples").join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX));
        assert!(path.exists(), "no {}: run `cargo build --example {}` first", path.display(), self.name);
        path
    }

    /// Runs the example with these arguments.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        Command::new(self.path()).args(args).output().expect("the example can be started")
    }

    /// Runs the example, expects success, and returns its standard output.
    #[track_caller]
    pub fn prints<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", output.status);
        assert_eq!(errors, "", "nothing is written to stderr unless it is a terminal");
        String::from_utf8(output.stdout).expect("the report is text")
    }

    /// Runs the example, expects exit status 2 and one line on stderr, and returns that line.
    #[track_caller]
    pub fn refuses<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty(), "nothing is reported");
        let errors = String::from_utf8(output.stderr).expect("the message is text");
        assert_eq!(errors.lines().count(), 1, "one line: {errors:?}");
        assert!(errors.starts_with(&format!("{}: ", self.name)) && errors.ends_with('\n'), "{errors:?}");
        errors
    }
}

/// Asserts that a report contains a text.
#[track_caller]
pub fn has(report: &str, part: &str) {
    assert!(report.contains(part), "{part:?} is not in\n{report}");
}

/// A directory that is removed with its content when the test ends, even if the test panics.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// Creates an empty directory with a path that is unique in this process.
    pub fn new(name: &str) -> Self {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        let number = CREATED.fetch_add(1, Relaxed);
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    /// Writes a file in the directory, and creates the directories on its path.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it lies below the directory")).expect("it can be written");
        fs::write(&path, content).expect("it can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
