//! Files of rules in the example `scan`: which files are read, and which entries they exclude,
//! compared with git.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bytetrie_examples::process::{Scratch, has};
use proptest::prelude::*;

use crate::process::{command, errors, link, run, sorted_lines};

/// Returns the sorted output of a scan of a directory, and its standard error.
#[track_caller]
fn listed(dir: &Scratch, args: &[&str]) -> (Vec<String>, String) {
    let start = Instant::now();
    let output = run(&dir.0, args);
    assert!(start.elapsed() < Duration::from_secs(20), "nothing is waited for");
    assert!(output.status.success(), "{}: {}", output.status, errors(&output));
    let lines = sorted_lines(&output.stdout).into_iter();
    (lines.map(|line| String::from_utf8(line).expect("text")).collect(), errors(&output))
}

#[cfg(unix)]
fn fifo(dir: &Scratch, name: &str) {
    let path = dir.0.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let made = Command::new("mkfifo").arg(&path).status().expect("Unix has mkfifo");
    assert!(made.success());
}

#[cfg(unix)]
#[test]
fn rules_in_no_regular_file_are_skipped_and_told() {
    let dir = Scratch::new("scan-rules-fifo");
    for name in ["sub/in/f", "sub/g", "zero/f", "dir/f", "dir/.ignore/h", "dangling/f", "rules"] {
        dir.file(name, b"f\n");
    }
    dir.file("sub/in/.git/HEAD", b"");
    // The file is in the directory, above it, or in the repository.
    fifo(&dir, ".ignore");
    fifo(&dir, "sub/.gitignore");
    fifo(&dir, "sub/in/.git/info/exclude");
    fifo(&dir, "sub/in/.git/config");
    link(&dir, "/dev/zero", "zero/.gitignore");
    link(&dir, "../rules", "zero/.ignore");
    link(&dir, "nowhere", "dangling/.gitignore");
    let (found, told) = listed(&dir, &[]);
    assert_eq!(found, ["./dangling/f", "./dir/f", "./rules", "./sub/g", "./sub/in/f", "./zero/f"]);
    for path in ["./.ignore", "./sub/.gitignore", "./sub/in/.git/info/exclude"] {
        has(&told, &format!("scan: {path}: these rules are skipped: it is not a regular file\n"));
    }
    for path in ["./zero/.gitignore", "./zero/.ignore", "./dangling/.gitignore"] {
        has(&told, &format!("scan: {path}: these rules are skipped: it is a symbolic link"));
    }
    has(&told, "scan: ./dir/.ignore: these rules are skipped: it is a directory");
    assert_eq!(told.lines().count(), 7 + 1, "{told}");

    // The file is above the directory that is scanned, and there is a deadline.
    let (found, told) = listed(&dir, &["sub/in", "--deadline=30"]);
    assert_eq!(found, ["sub/in/f"]);
    has(&told, "/sub/.gitignore: these rules are skipped: it is not a regular file\n");
    // With `--no-gitignore`, the files are not read.
    let (found, told) = listed(&dir, &["sub", "--no-gitignore"]);
    assert_eq!((found.len(), told.lines().count()), (2, 1));
}

#[cfg(unix)]
#[test]
fn the_users_own_rules_are_read_with_the_same_care() {
    let dir = Scratch::new("scan-rules-user");
    for name in ["a.x", "a.y", "b/anchored", "anchored"] {
        dir.file(name, b"");
    }
    let run = |(name, value): (&str, &Path)| {
        let mut command = command(&dir.0, ["."]);
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        command.env(name, value);
        let output = command.output().unwrap();
        assert!(output.status.success());
        (String::from_utf8(output.stdout.clone()).unwrap(), errors(&output))
    };
    let home = Scratch::new("scan-rules-home");
    let rules = home.file("rules", b"*.x\n/anchored\n");
    link(&home, "rules", "linked");
    home.file(
        ".gitconfig",
        b"[user]\n\texcludesFile = no\n[Core] ; here\n\tExcludesFile = \"~/linked\" # there\n",
    );
    let (found, told) = run(("HOME", &home.0));
    assert!(!found.contains("a.x") && !found.contains("./anchored"), "{found}\n{told}");
    has(&found, "./b/anchored\n");
    // Without any configuration, the default file is read.
    let settings = Scratch::new("scan-rules-settings");
    settings.file("git/ignore", b"*.y\n");
    let (found, _) = run(("XDG_CONFIG_HOME", &settings.0));
    assert!(found.contains("a.x") && !found.contains("a.y"), "{found}");
    // A file of rules that is not a regular file is skipped.
    fs::remove_file(rules).unwrap();
    fifo(&home, "rules");
    let (found, told) = run(("HOME", &home.0));
    has(&found, "./a.x\n");
    has(&told, "/linked: these rules are skipped: it is not a regular file\n");
    fs::remove_file(home.0.join(".gitconfig")).unwrap();
    fifo(&home, ".gitconfig");
    let (found, _) = run(("HOME", &home.0));
    has(&found, "./a.x\n");
}

#[test]
fn rules_without_end_are_skipped_and_told() {
    let dir = Scratch::new("scan-rules-huge");
    for name in ["a/f", "b/f", "b/g"] {
        dir.file(name, b"");
    }
    // A sparse file, so that it takes no space.
    fs::File::create(dir.file("a/.gitignore", b"")).unwrap().set_len(1 << 40).unwrap();
    let most = (1 << 20) / 2;
    dir.file("b/.gitignore", &b"f\n".repeat(most));
    let (found, told) = listed(&dir, &[]);
    assert_eq!(found, ["./a/f", "./b/g"]);
    has(&told, "scan: ./a/.gitignore: these rules are skipped: it is larger than 1048576 bytes\n");
    dir.file("b/.gitignore", &b"f\n".repeat(most + 1));
    assert_eq!(listed(&dir, &[]).0, ["./a/f", "./b/f", "./b/g"]);
}

#[cfg(unix)]
#[test]
fn rules_that_are_not_utf8_hold() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Scratch::new("scan-rules-latin1");
    for name in [&b"secret"[..], b"open", b"f\xFCr", b"g\xFC1", b"g\xFC2", b"g\xFB1"] {
        fs::write(dir.0.join(std::ffi::OsStr::from_bytes(name)), b"").unwrap();
    }
    dir.file(".gitignore", b"# f\xFCr\nsecret\nf\xFCr\ng[\xFC-\xFD]?\n!g\xFC2\n");
    let output = run(&dir.0, [""; 0]);
    assert_eq!(sorted_lines(&output.stdout), [&b"./g\xFB1"[..], b"./g\xFC2", b"./open"]);
    assert_eq!(errors(&output).lines().count(), 1, "no rule is dropped");
}

#[test]
fn a_rule_that_is_dropped_is_told() {
    let dir = Scratch::new("scan-rules-dropped");
    dir.file("a", b"");
    dir.file(".gitignore", b"[a\n[[:nothing:]]\na\\\n");
    let (found, told) = listed(&dir, &[]);
    assert_eq!(found, ["./a"]);
    for (line, reason) in [(1, "'[' is not closed"), (2, "no such '[:class:]'"), (3, "ends with a backslash")]
    {
        assert!(
            told.lines().any(|told| told.contains(&format!("line {line}:")) && told.contains(reason)),
            "{told}"
        );
    }
}

#[test]
fn globs_choose_what_rules_leave_out_with_its_directory() {
    let dir = Scratch::new("scan-rules-globs");
    for name in ["gen/a.h", "gen/sub/b.h", "gen/c.c", "other/d.h", ".hid/e.h", "f.h", "src/gen/g.h"] {
        dir.file(name, b"");
    }
    dir.file(".gitignore", b"gen/\nf.h\n");
    let is = |args: &[&str], expected: &[&str]| assert_eq!(listed(&dir, args).0, expected, "{args:?}");
    is(&["--glob=gen/**"], &["./gen/a.h", "./gen/c.c", "./gen/sub/b.h"]);
    is(&["--glob=gen/*.h"], &["./gen/a.h"]);
    is(&["--glob=gen/sub/*"], &["./gen/sub/b.h"]);
    is(&["--glob=**/sub/*"], &["./gen/sub/b.h"]);
    let all = ["./.hid/e.h", "./f.h", "./gen/a.h", "./gen/sub/b.h", "./other/d.h", "./src/gen/g.h"];
    is(&["--glob=*.h"], &all);
    is(&["--glob=*.h", "--glob=!gen"], &["./.hid/e.h", "./f.h", "./other/d.h"]);
    is(&["--glob=*.h", "--glob=!gen/**"], &["./.hid/e.h", "./f.h", "./other/d.h", "./src/gen/g.h"]);
    // A glob that leaves out entries is an additional rule, and includes nothing.
    is(&["--glob=!*.c"], &["./other/d.h"]);
    // A directory that is entered because a glob may choose entries in it is not listed itself.
    is(&["--glob=gen/*.h", "--type=d", "--type=f"], &[".", "./gen/a.h", "./other", "./src"]);
    is(&["--glob=/gen/a.h", "gen", "."], &["./gen/a.h"]);
}

#[test]
fn rules_of_a_repository_end_at_its_top() {
    let dir = Scratch::new("scan-rules-top");
    for name in ["repo/a.x", "repo/sub/a.y", "repo/sub/a.z", "plain/a.x", "repo/sub/excluded"] {
        dir.file(name, b"");
    }
    dir.file(".gitignore", b"*.x\n");
    dir.file(".ignore", b"*.z\n");
    dir.file("repo/.git/HEAD", b"ref: refs/heads/main\n");
    dir.file("repo/.git/info/exclude", b"/sub/excluded\n");
    dir.file("repo/.gitignore", b"*.y\n!*.z\n");
    // Rules of .ignore take precedence over those of git, and also apply from above a repository.
    assert_eq!(listed(&dir, &["repo"]).0, ["repo/a.x"]);
    assert_eq!(listed(&dir, &["repo/sub"]).0, [""; 0]);
    assert_eq!(listed(&dir, &[]).0, ["./repo/a.x"]);
    // In a linked working tree, `.git` is a file instead of a directory.
    dir.file("tree/.git", b"gitdir: ../repo/.git/worktrees/tree\n");
    dir.file("repo/.git/worktrees/tree/commondir", b"../..\n");
    for name in ["tree/sub/excluded", "tree/a.x"] {
        dir.file(name, b"");
    }
    assert_eq!(listed(&dir, &["tree"]).0, ["tree/a.x"]);
}

/// Returns a git command in a directory, without the user's configuration.
fn git(dir: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let nowhere = dir.join("no/such/home");
    let mut git = Command::new("git");
    git.current_dir(dir).args(args).env("HOME", &nowhere).env("XDG_CONFIG_HOME", nowhere);
    git.env("GIT_CONFIG_NOSYSTEM", "1").stdin(Stdio::null());
    let output = git.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

/// The number of random trees that are compared.
fn cases() -> u32 {
    std::env::var("BYTETRIE_SCAN_TREES").ok().and_then(|trees| trees.parse().ok()).unwrap_or(96)
}

/// Generates a name. There are only a few, so that rules match, and some are unusual.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => prop::sample::select(vec![&b"a"[..], b"b", b"ab", b"abc", b"a.b", b"b.a"]),
        1 => prop::sample::select(vec![&b"a b"[..], b"a ", b"#a", b"!a", b"f\xFC", b"x{", b"[a]", b"-", b"a\\b", b"a*"]),
    ]
    .prop_map(<[u8]>::to_vec)
}

/// Generates one of these elements.
fn any_of(all: &[&[u8]]) -> impl Strategy<Value = Vec<u8>> + use<> {
    prop::sample::select(all.iter().map(|one| one.to_vec()).collect::<Vec<_>>())
}

/// Generates a rule made of pieces that are mostly valid.
fn rule() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => name(),
        3 => any_of(&[&b"*"[..], b"**", b"?", b"[a-b]", b"[!a]", b"[^b]", b"[]a]", b"[[:alpha:]]", b"\\a"]),
        1 => any_of(&[&b"***"[..], b"[a", b"\\", b"[[:no:]]", b"[\\]]", b"[a-]", b"{a,b}", b"[\xF0-\xFF]", b"\\*", b"[[:a]", b" ", b"\\ "]),
    ];
    let component = prop::collection::vec(piece, 1..3).prop_map(|pieces| pieces.concat());
    let components = prop::collection::vec(component, 1..4).prop_map(|components| components.join(&b'/'));
    let slash = || any_of(&[&b""[..], b"", b"", b"/"]);
    let sign = any_of(&[&b""[..], b"", b"", b"!", b"#", b"\\!"]);
    let end = any_of(&[&b"\n"[..], b"\n", b"\n", b"\r\n", b" \n", b"\n\n"]);
    (sign, slash(), components, slash(), end)
        .prop_map(|(sign, first, components, last, end)| [sign, first, components, last, end].concat())
}

fn rules() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(rule(), 1..6).prop_map(|rules| rules.concat())
}

/// Generates a path of directories.
fn directory() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(name(), 0..4)
}

#[cfg(unix)]
fn path(components: &[Vec<u8>]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt;
    components.iter().map(|name| std::ffi::OsStr::from_bytes(name)).collect()
}

#[cfg(unix)]
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_out_is_what_git_leaves_out(
        files in prop::collection::vec((directory(), name()), 1..40),
        own in prop::collection::btree_map(directory(), rules(), 0..4),
        exclude in prop::option::of(rules()),
        user in prop::option::of(rules()),
        root in directory(),
    ) {
        let dir = Scratch::new("scan-rules-git");
        let _ = fs::remove_dir_all(&dir.0);
        let repository = dir.0.join("repository");
        fs::create_dir_all(&repository).unwrap();
        // Rules above a repository do not apply within it.
        dir.file(".gitignore", b"a*\n");
        if git(&repository, &["init", "--quiet"]).is_none() {
            println!("skipped: there is no git");
            return Ok(());
        }
        for (directory, name) in &files {
            let directory = repository.join(path(directory));
            // Fails if a file has the name of the directory.
            if fs::create_dir_all(&directory).is_ok() {
                let _ = fs::write(directory.join(path(std::slice::from_ref(name))), b"");
            }
        }
        for (directory, rules) in &own {
            let directory = repository.join(path(directory));
            if directory.is_dir() {
                fs::write(directory.join(".gitignore"), rules).unwrap();
            }
        }
        if let Some(rules) = &exclude {
            fs::write(repository.join(".git/info/exclude"), rules).unwrap();
        }
        if let Some(rules) = &user {
            let file = dir.file("user", rules);
            git(&repository, &["config", "core.excludesFile", file.to_str().unwrap()]);
        }
        let split = |output: &[u8]| -> BTreeSet<Vec<u8>> {
            let paths = output.split(|&byte| byte == 0).filter(|path| !path.is_empty());
            paths.filter(|path| !path.starts_with(b".git/")).map(<[u8]>::to_vec).collect()
        };
        let expected = git(&repository, &["ls-files", "-z", "--others", "--exclude-standard"]).unwrap();
        let expected = split(&expected);
        let scan = |args: &[&std::ffi::OsStr]| {
            let output = command(&repository, args).env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap();
            assert!(output.status.success(), "{}", errors(&output));
            output.stdout
        };
        let all: Vec<&std::ffi::OsStr> = ["--print0", "--hidden", "--"].map(AsRef::as_ref).into();
        let found: BTreeSet<Vec<u8>> =
            scan(&all).split(|&byte| byte == 0).filter_map(|path| path.strip_prefix(b"./")).map(<[u8]>::to_vec).collect();
        let found: BTreeSet<_> = found.into_iter().filter(|path| !path.starts_with(b".git/")).collect();
        prop_assert_eq!(&found, &expected);

        // A scan of a subdirectory that the rules do not exclude gives equal results.
        let root = path(&root);
        let prefix = [root.as_os_str().as_encoded_bytes(), b"/"].concat();
        let within: BTreeSet<_> = expected.iter().filter(|path| path.starts_with(&prefix)).cloned().collect();
        if !within.is_empty() {
            prop_assert_eq!(split(&scan(&[&all[..], &[root.as_os_str()]].concat())), within);
        }
    }
}
