//! The outline: the entries in the order of the map, each directory with the total size of its
//! content.
//!
//! A directory is printed before its content, but its sum is known only after the content. So the
//! map is walked twice: once to add up the sizes, and once to print. Either walk takes time linear
//! in the total length of all paths, regardless of their depth.
//!
//! Characters of names that would break a line, and bytes that are not UTF-8, are escaped.

use std::io::{self, Write};

use bytetrie::PathMap;
use bytetrie::bytes::common_prefix;
use bytetrie::zipper::*;
use bytetrie_examples::figures::grouped;

use crate::args::Args;
use crate::meta::{Kind, Meta, SEPARATOR, add_key, bytes_of};
use crate::trouble::Shown;

const SPACES: [u8; 1024] = [b' '; 1024];

/// The width of the column of sizes.
const WIDTH: usize = 19;

/// Prints the entries at and below the root of this number.
pub fn write(out: &mut impl Write, args: &Args, map: &PathMap<Meta>, number: usize) -> io::Result<()> {
    let given = bytes_of(&args.roots[number]);
    let mut key = Vec::new();
    add_key(number, given, &mut key);
    if let Some(meta) = map.get(&key).filter(|meta| meta.kind != Kind::Directory) {
        return line(out, 0, meta.size, given, "");
    }
    if key.last() != Some(&SEPARATOR) {
        key.push(SEPARATOR);
    }
    let slash = if given.last() == key.last() || given.ends_with(b"/") { "" } else { "/" };
    let mut sums = sums(map, &key).into_iter();
    let mut sum = || sums.next().expect("both walks meet the same");
    line(out, 0, sum(), given, slash)?;
    visit(map, &key, |met, depth| match met {
        Met::Enter(name) => line(out, depth, sum(), name, "/"),
        Met::Leave => Ok(()),
        Met::Entry(name, meta) if name.is_empty() || meta.kind == Kind::Directory => Ok(()),
        Met::Entry(name, meta) => line(out, depth, meta.size, name, ""),
    })
}

/// Returns the total sizes of a root and of each directory below it, in the order in which they
/// are printed. The root's key ends with a separator.
pub fn sums(map: &PathMap<Meta>, root: &[u8]) -> Vec<u64> {
    // The size of the unlisted entries in the root.
    let own = map.get(root).map_or(0, Meta::counted);
    let mut sums = vec![own];
    let mut open = vec![0];
    let added = visit(map, root, |met, _| {
        let last = *open.last().expect("the root is open");
        match met {
            Met::Enter(_) => {
                open.push(sums.len());
                sums.push(0);
            }
            Met::Leave => {
                open.pop();
                sums[*open.last().expect("the root stays open")] += sums[last];
            }
            Met::Entry(_, meta) => sums[last] += meta.counted(),
        }
        Ok(())
    });
    added.expect("adding does not fail");
    sums
}

/// A step of a walk through the entries below a root.
enum Met<'a> {
    /// The start of a directory, with its name. Its content follows.
    Enter(&'a [u8]),
    /// The end of a directory.
    Leave,
    /// An entry, with its name. The entry of a directory follows the directory's start.
    Entry(&'a [u8], &'a Meta),
}

/// Walks through the entries below a root, whose key ends with a separator. `each` is called with
/// each step and its depth below the root.
fn visit(
    map: &PathMap<Meta>,
    root: &[u8],
    mut each: impl FnMut(Met<'_>, usize) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = map.read_zipper_at_path(root);
    // The path of the current directory, and the lengths of the paths of this directory and those
    // above it.
    let mut inside = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some(meta) = reader.to_next_get_val() {
        let path = reader.path();
        let common = common_prefix(&inside, path);
        while open.pop_if(|end| *end > common).is_some() {
            each(Met::Leave, open.len() + 1)?;
        }
        let mut start = open.last().copied().unwrap_or(0);
        inside.truncate(start);
        let mut enter = |inside: &mut Vec<u8>, name: &[u8]| {
            inside.extend_from_slice(name);
            inside.push(SEPARATOR);
            open.push(inside.len());
            each(Met::Enter(name), open.len())
        };
        while let Some(length) = path[start..].iter().position(|&byte| byte == SEPARATOR) {
            enter(&mut inside, &path[start..start + length])?;
            start += length + 1;
        }
        let name = &path[start..];
        if meta.kind == Kind::Directory && !name.is_empty() {
            enter(&mut inside, name)?;
            each(Met::Entry(name, meta), open.len())?;
        } else {
            each(Met::Entry(name, meta), open.len() + 1)?;
        }
    }
    while open.pop().is_some() {
        each(Met::Leave, open.len() + 1)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, depth: usize, size: u64, name: &[u8], slash: &str) -> io::Result<()> {
    let size = grouped(size);
    out.write_all(&SPACES[..WIDTH.saturating_sub(size.len())])?;
    out.write_all(size.as_bytes())?;
    // The width of a format string has 16 bits, and the indent may be larger.
    let mut indent = 2 + 2 * depth;
    while indent > 0 {
        let piece = indent.min(SPACES.len());
        out.write_all(&SPACES[..piece])?;
        indent -= piece;
    }
    writeln!(out, "{}{slash}", Shown(name))
}
