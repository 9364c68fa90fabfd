//! The portable system calls of the example `scan`, compared with those of Linux.
#![cfg(unix)]
#![allow(dead_code, reason = "a part of the example is used")]

#[path = "../src/args.rs"]
mod args;
#[path = "../src/git.rs"]
mod git;
#[path = "../src/glob.rs"]
mod glob;
#[path = "../src/globs.rs"]
mod globs;
#[path = "../src/meta.rs"]
mod meta;
#[path = "../src/print.rs"]
mod print;
#[path = "../src/queue.rs"]
mod queue;
#[path = "../src/rules.rs"]
mod rules;
#[path = "../src/scan.rs"]
mod scan;
#[path = "../src/stream.rs"]
mod stream;
#[path = "../src/portable.rs"]
mod system;
#[path = "../src/trouble.rs"]
mod trouble;
#[path = "../src/walk.rs"]
mod walk;

use std::collections::BTreeMap;
use std::io;
use std::process::Command;
use std::sync::Arc;

use args::Args;
use bytetrie_examples::process::Scratch;
use clap::Parser;
use scan::Plan;
use stream::Stream;

#[test]
fn by_paths_the_same_is_found() {
    let dir = Scratch::new("scan-portable");
    for name in ["a/b/c", "a/d", "left/out", ".hidden", "e.x"] {
        dir.file(name, name.as_bytes());
    }
    dir.file(".gitignore", b"left\n*.x\n");
    std::os::unix::fs::symlink("nowhere", dir.0.join("dangling")).unwrap();
    std::os::unix::fs::symlink("..", dir.0.join("a/loop")).unwrap();
    std::os::unix::fs::symlink("a/b", dir.0.join("to_b")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", dir.0.join("a/.ignore")).unwrap();
    std::fs::hard_link(dir.0.join("a/d"), dir.0.join("a/again")).unwrap();
    for options in
        [&["--dirs"][..], &["--dirs", "--follow", "--hidden"], &["--no-gitignore", "--one-file-system"]]
    {
        let root = dir.0.to_str().expect("it is text");
        let all: Vec<_> = ["scan", root, "--format=jsonl", "--sort"].iter().chain(options).copied().collect();
        let args = Args::parse_from(&all);
        let found = Plan::new(&args).unwrap().scan(&Arc::new(Stream::new(io::sink())), true, |_| {}).unwrap();
        let mut lines = BTreeMap::new();
        for (key, meta) in found.map.iter() {
            let (mut path, mut line) = (Vec::new(), Vec::new());
            meta::add_path(&key, &mut path);
            print::entry(args.style(), &path, meta, &mut line);
            lines.insert(key, String::from_utf8(line).unwrap());
        }
        let output = Command::new(env!("CARGO_BIN_EXE_scan")).args(&all[1..]).output().unwrap();
        let listed: String = lines.into_values().collect();
        assert_eq!(listed, String::from_utf8(output.stdout).unwrap(), "{options:?}");
        assert!(listed.lines().count() >= 5, "{listed}");
        let told = String::from_utf8(output.stderr).unwrap();
        for trouble in &found.troubles {
            // The two implementations word some reasons differently.
            let path = trouble::Shown(&trouble.path).to_string();
            assert!(told.contains(&path), "{trouble} is not in {told}");
        }
        assert_eq!(found.troubles.len(), told.lines().count() - 1, "{told}");
    }
}
