//! Options of the example `scan` that select, format, sort and count entries.

use std::fs;
use std::path::Path;
use std::process::Command;

use bytetrie_examples::process::has;

use crate::process::{SCAN, errors, link, run, scratch, sorted_lines};

/// Returns the output of a complete scan.
#[track_caller]
fn printed(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(output.status.success(), "{}: {}", output.status, errors(&output));
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn sorted(dir: &Path, args: &[&str]) -> Vec<String> {
    let mut lines: Vec<_> = printed(dir, args).lines().map(|line| line.trim_start().to_string()).collect();
    lines.sort();
    lines
}

/// Returns the lines of an outline without their indent.
#[track_caller]
fn outline(dir: &Path, args: &[&str]) -> Vec<String> {
    let text = printed(dir, &[&["--format=tree"], args].concat());
    text.lines().map(|line| line.trim_start().to_string()).collect()
}

#[test]
fn lines_end_with_a_zero_byte_if_that_is_asked_for() {
    let dir = scratch("print0", &["a\nb", "c/d"]);
    for option in ["-0", "--print0"] {
        let output = printed(&dir.0, &[option]);
        let mut paths: Vec<_> = output.split_terminator('\0').collect();
        paths.sort();
        assert_eq!(paths, ["./a\nb", "./c/d"]);
        assert_eq!(printed(&dir.0, &[option, "--sort"]), "./a\nb\0./c/d\0");
    }
    assert_eq!(run(&dir.0, ["--diff", "-0"]).stdout, b"");
}

#[test]
fn entries_come_in_order_if_that_is_asked_for() {
    let dir = scratch("sort", &["a/b", "a/c", "a-b", "a.b", "a0", "b/x/y", "b/x.y"]);
    let expected = "./a/b\n./a/c\n./a-b\n./a.b\n./a0\n./b/x/y\n./b/x.y\n";
    for threads in ["--threads=1", "--threads=5"] {
        assert_eq!(printed(&dir.0, &["--sort", threads]), expected);
    }
    // Roots are printed in the order in which they were given, each with its content.
    assert_eq!(
        printed(&dir.0, &["--sort", "b", "a", "b/x", "./a"]),
        "b/x/y\nb/x.y\na/b\na/c\nb/x/y\n./a/b\n./a/c\n"
    );
    let lines = printed(&dir.0, &["--sort", "--format=jsonl", "a"]);
    assert!(lines.starts_with("{\"path\":\"a/b\",\"kind\":\"file\",\"size\":3,"), "{lines}");
    assert_eq!(printed(&dir.0, &["--format=tree", "--sort"]), printed(&dir.0, &["--format=tree"]));
}

#[cfg(unix)]
#[test]
fn types_choose_what_is_listed() {
    let dir = scratch("types", &["a/b", "c"]);
    link(&dir, "c", "l");
    link(&dir, "../c", "a/m");
    let made = Command::new("mkfifo").arg(dir.0.join("pipe")).status().unwrap();
    assert!(made.success());
    assert_eq!(sorted(&dir.0, &["--type=f"]), ["./a/b", "./c"]);
    assert_eq!(sorted(&dir.0, &["--type", "d"]), [".", "./a"]);
    assert_eq!(sorted(&dir.0, &["--type=l"]), ["./a/m", "./l"]);
    assert_eq!(sorted(&dir.0, &["--type=l", "--type=d"]), [".", "./a", "./a/m", "./l"]);
    assert_eq!(sorted(&dir.0, &["--type=l", "--follow"]), [""; 0]);
    assert_eq!(sorted(&dir.0, &["--type=f", "--follow"]), ["./a/b", "./a/m", "./c", "./l"]);
    assert_eq!(sorted(&dir.0, &["--dirs"]).len(), 7);
    assert_eq!(sorted(&dir.0, &["pipe", "c", "--type=d"]), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_listed_as_the_link_it_is() {
    let dir = scratch("dangling", &["a/b"]);
    link(&dir, "nowhere", "a/dangling");
    link(&dir, "b/c", "a/through_a_file");
    assert_eq!(sorted(&dir.0, &["--follow"]), ["./a/b"]);
    let all = [".", "./a", "./a/b", "./a/dangling", "./a/through_a_file"];
    assert_eq!(sorted(&dir.0, &["--follow", "--dirs"]), all);
    assert_eq!(sorted(&dir.0, &["--follow", "--type=l"]), all[3..]);
    let output = printed(&dir.0, &["--follow", "--type=l", "--format=jsonl", "--sort"]);
    assert!(output.starts_with("{\"path\":\"./a/dangling\",\"kind\":\"link\",\"size\":7,"), "{output}");
}

#[test]
fn a_directory_given_twice_counts_once_below_each() {
    let dir = scratch("twice", &[]);
    dir.file("a/f", b"12345");
    dir.file("a/b/g", b"123");
    let once = |root: &str| [format!("8  {root}/"), "3    b/".into(), "3      g".into(), "5    f".into()];
    assert_eq!(outline(&dir.0, &["a", "a/."]), [once("a"), once("a/.")].concat());
    assert_eq!(outline(&dir.0, &["a/.", "a"]), [once("a/."), once("a")].concat());
    assert_eq!(outline(&dir.0, &["a", "a"]), [once("a"), once("a")].concat());
    let within = ["3  a/b/".to_string(), "3    g".into()];
    assert_eq!(outline(&dir.0, &["a", "a/b"]), [&once("a")[..], &within].concat());
    assert_eq!(outline(&dir.0, &["a/b", "a"]), [&within[..], &once("a")].concat());
    assert_eq!(outline(&dir.0, &["./a", "a/f"])[4..], ["5  a/f"]);
}

#[cfg(unix)]
#[test]
fn a_file_with_several_names_counts_once() {
    let dir = scratch("hard", &[]);
    dir.file("a/f", &[0; 100]);
    dir.file("a/only", &[0; 7]);
    fs::create_dir(dir.0.join("b")).unwrap();
    for name in ["a/g", "b/h"] {
        fs::hard_link(dir.0.join("a/f"), dir.0.join(name)).unwrap();
    }
    // The file is counted at its first name.
    let all = ["107  ./", "107    a/", "100      f", "100      g", "7      only", "0    b/", "100      h"];
    for threads in ["--threads=1", "--threads=4"] {
        assert_eq!(outline(&dir.0, &[threads]), all);
        assert_eq!(outline(&dir.0, &["--type=d", threads]), ["107  ./", "107    a/", "0    b/"]);
    }
    // The file is counted once below each root.
    assert_eq!(outline(&dir.0, &["b", "a", "--type=d"]), ["100  b/", "107  a/"]);
    let output = run(&dir.0, ["--format=jsonl"]);
    has(&errors(&output), "scan: 4 entries, 107 bytes in ");
}

#[test]
fn an_outline_of_directories_counts_all_that_is_in_them() {
    let files = ["a", "b/c", "b/d/e", "b/d/f", "g/h/i/j"];
    let dir = scratch("sums", &files);
    fs::create_dir(dir.0.join("empty")).unwrap();
    let all = ["21  ./", "13    b/", "10      d/", "0    empty/", "7    g/", "7      h/", "7        i/"];
    assert_eq!(outline(&dir.0, &["--type=d"]), all);
    // The sums equal those of the whole outline.
    let whole = outline(&dir.0, &["--dirs"]);
    let directories: Vec<_> = whole.into_iter().filter(|line| line.ends_with('/')).collect();
    assert_eq!(outline(&dir.0, &["--type=d", "--threads=3"]), directories);
    assert_eq!(outline(&dir.0, &["b/d/", "a", "--type=d"]), ["10  b/d/", "1  a"]);
}

#[cfg(unix)]
#[test]
fn names_alone_ask_the_system_for_nothing_else() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let dir = scratch("names", &["shut/a", "shut/b"]);
    let example = dir.0.join("example");
    fs::copy(SCAN.path(), &example).unwrap();
    let shut = dir.0.join("shut");
    // The names can be read, but not the metadata of the entries.
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o744)).unwrap();
    let asked = |args: &[&str]| {
        let mut command = Command::new(&example);
        command.current_dir(&dir.0).args(args).arg("--no-gitignore").uid(65_534).gid(65_534);
        command.output()
    };
    let Ok(output) = asked(&["shut", "--format=lines"]) else {
        println!("skipped: this user may not become another");
        return;
    };
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(sorted_lines(&output.stdout), [b"shut/a", b"shut/b"]);
    assert_eq!(asked(&["shut", "--sort"]).unwrap().stdout, b"shut/a\nshut/b\n");
    for format in ["--format=jsonl", "--format=tree"] {
        let output = asked(&["shut", format]).unwrap();
        assert_eq!(output.status.code(), Some(1), "sizes were asked for");
        has(&errors(&output), "scan: shut/a: Permission denied");
    }
}
