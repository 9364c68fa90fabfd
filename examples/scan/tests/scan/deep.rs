//! The example `scan` in directories whose paths are longer than the system accepts.

use std::os::fd::OwnedFd;
use std::process::Command;

use bytetrie_examples::process::{Scratch, has};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, unlinkat};

use crate::process::{SCAN, errors, run, sorted_lines};

fn open(base: &OwnedFd, name: &str) -> OwnedFd {
    openat(base, name, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .expect("it is there")
}

/// A chain of directories, each with a file and some empty directories.
struct Chain {
    dir: Scratch,
    levels: usize,
    others: &'static [&'static str],
}

/// The name of each next directory of the chain.
const DOWN: &str = "down";

impl Chain {
    fn new(name: &str, levels: usize, others: &'static [&'static str]) -> Self {
        let dir = Scratch::new(name);
        let mut at = Self::top(&dir);
        for level in 0..levels {
            let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC;
            openat(&at, "file", flags, Mode::RUSR).unwrap();
            for other in others {
                mkdirat(&at, *other, Mode::RWXU).unwrap();
            }
            if level + 1 < levels {
                mkdirat(&at, DOWN, Mode::RWXU).unwrap();
                at = open(&at, DOWN);
            }
        }
        Self { dir, levels, others }
    }

    fn top(dir: &Scratch) -> OwnedFd {
        openat(CWD, &dir.0, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).unwrap()
    }

    /// Returns the paths of all files, or of all directories except the root.
    fn paths(&self, files: bool) -> Vec<Vec<u8>> {
        let mut paths = Vec::new();
        let mut prefix = "./".to_string();
        for level in 0..self.levels {
            let mut add = |name: &str| paths.push(format!("{prefix}{name}").into_bytes());
            if files {
                add("file");
            } else {
                self.others.iter().copied().for_each(&mut add);
                if level + 1 < self.levels {
                    add(DOWN);
                }
            }
            prefix.push_str(DOWN);
            prefix.push('/');
        }
        paths.sort();
        paths
    }
}

impl Drop for Chain {
    /// Removes the directories one by one from the top, because `remove_dir_all` would run out of
    /// descriptors.
    fn drop(&mut self) {
        let mut at = Self::top(&self.dir);
        // Each directory is moved to the top, so that the paths below it become short enough.
        loop {
            let _ = unlinkat(&at, "file", AtFlags::empty());
            for other in self.others {
                let _ = unlinkat(&at, *other, AtFlags::REMOVEDIR);
            }
            let Ok(below) =
                openat(&at, DOWN, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
            else {
                break;
            };
            let _ = rustix::fs::renameat(&below, DOWN, &at, "next");
            drop(below);
            let below = open(&at, DOWN);
            let _ = unlinkat(&below, "file", AtFlags::empty());
            for other in self.others {
                let _ = unlinkat(&below, *other, AtFlags::REMOVEDIR);
            }
            drop(below);
            let _ = unlinkat(&at, DOWN, AtFlags::REMOVEDIR);
            if rustix::fs::renameat(&at, "next", &at, DOWN).is_err() {
                break;
            }
            at = Self::top(&self.dir);
        }
    }
}

#[test]
fn directories_five_thousand_levels_deep_are_read() {
    let chain = Chain::new("scan-deep", 5_000, &[]);
    let output = run(&chain.dir.0, [""; 0]);
    assert!(output.status.success(), "{}", errors(&output));
    assert!(sorted_lines(&output.stdout) == chain.paths(true), "all files, and nothing else");
    // With a map, with sizes, and as an outline.
    let output = run(&chain.dir.0, ["--sort", "--type=d"]);
    let lines: Vec<_> = output.stdout.split_inclusive(|&byte| byte == b'\n').collect();
    assert_eq!((lines.len(), lines[4_999].len()), (5_000, 2 + 4_999 * 5));
    let output = run(&chain.dir.0, ["--format=tree"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(output.stdout.iter().filter(|&&byte| byte == b'\n').count(), 10_000);
    // A root may be as deep.
    let root = format!("{}file", format!("{DOWN}/").repeat(4_000));
    let output = run(&chain.dir.0, [root.strip_suffix("/file").unwrap(), "--max-depth=2"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(sorted_lines(&output.stdout).len(), 2);
    has(&errors(&output), "the rules above it are skipped");
}

#[test]
fn deep_directories_are_read_with_few_descriptors() {
    let chain = Chain::new("scan-few", 300, &["a", "z"]);
    for threads in ["1", "3"] {
        // The limit is hard, so it cannot be raised. Few directories stay open, and others are
        // opened again relative to them.
        let script = format!("ulimit -n 72; exec '{}' --type=d --threads={threads}", SCAN.path().display());
        let output = Command::new("sh").args(["-c", &script]).current_dir(&chain.dir.0).output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        let mut found = sorted_lines(&output.stdout);
        assert_eq!(found.remove(0), b".");
        assert!(found == chain.paths(false), "all directories, and nothing else");
    }
}
