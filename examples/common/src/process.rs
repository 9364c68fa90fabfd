//! For tests: an example as a user meets it, a process with arguments, output and an exit status.

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
    /// The program of a package, at the path that Cargo tells the package's tests.
    pub const fn of_package(name: &'static str, path: &'static str) -> Self {
        Self { name, path: Some(path) }
    }

    /// An example of the library. `cargo test` builds it next to the tests, in
    /// `<target>/<profile>/examples`.
    pub const fn of_library(name: &'static str) -> Self {
        Self { name, path: None }
    }

    /// The path of the program.
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

    /// Runs it with these arguments.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        Command::new(self.path()).args(args).output().expect("the example can be started")
    }

    /// Runs it, expects success, and returns what it printed.
    #[track_caller]
    pub fn prints<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", output.status);
        assert_eq!(errors, "", "nothing goes to stderr where it is no terminal");
        String::from_utf8(output.stdout).expect("the report is text")
    }

    /// Runs it, expects exit status 2 and one line on stderr, and returns that line.
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

/// A directory that is removed with its content when the test ends, however it ends.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// Creates an empty directory with a path that no other one of this process has.
    pub fn new(name: &str) -> Self {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        let number = CREATED.fetch_add(1, Relaxed);
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    /// Writes a file in the directory, and creates the directories that its name leads through.
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
