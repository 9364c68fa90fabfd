//! An example as a user meets it: a process with arguments, output and an exit status.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A built example, by its name.
pub(crate) struct Example(pub(crate) &'static str);

impl Example {
    /// Where it is: `cargo test` builds it next to the tests, in `<target>/<profile>/examples`.
    pub(crate) fn path(&self) -> PathBuf {
        let test = std::env::current_exe().expect("a test knows its own path");
        let profile = test.parent().and_then(Path::parent).expect("tests lie in <profile>/deps");
        let path = profile.join("examples").join(format!("{}{}", self.0, std::env::consts::EXE_SUFFIX));
        assert!(path.exists(), "no {}: run `cargo build --example {}` first", path.display(), self.0);
        path
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        Command::new(self.path()).args(args).output().expect("the example can be started")
    }

    /// Runs it, expects success, and returns what it printed.
    #[track_caller]
    pub(crate) fn prints<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", output.status);
        assert_eq!(errors, "", "nothing goes to stderr where it is no terminal");
        String::from_utf8(output.stdout).expect("the report is text")
    }

    /// Runs it, expects exit status 2 and one line on stderr, and returns that line.
    #[track_caller]
    pub(crate) fn refuses<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty(), "nothing is reported");
        let errors = String::from_utf8(output.stderr).expect("the message is text");
        assert_eq!(errors.lines().count(), 1, "one line: {errors:?}");
        assert!(errors.starts_with(&format!("{}: ", self.0)) && errors.ends_with('\n'), "{errors:?}");
        errors
    }
}

#[track_caller]
pub(crate) fn has(report: &str, part: &str) {
    assert!(report.contains(part), "{part:?} is not in\n{report}");
}

/// A directory that is removed with its content when the test ends, however it ends.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
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
