//! The outline: what was found in the order of the map, each directory with the size of all that is in it.
//!
//! Names are escaped where they would break a line, or are not UTF-8.

use std::io::{self, Write};

use bytetrie::PathMap;
use bytetrie::bytes::common_prefix;
use bytetrie::zipper::*;

use crate::args::Args;
use crate::figures::grouped;
use crate::meta::{Kind, Meta, SEPARATOR, add_key, bytes_of};
use crate::trouble::Shown;

/// The sizes of what is in each directory added up. A directory's key here ends at a separator.
pub(crate) type Sums = PathMap<u64>;

/// Adds up the sizes of what is in each directory, and below each root, by a fold up the map with so many threads.
pub(crate) fn sums(map: &PathMap<Meta>, threads: usize) -> Sums {
    let folded = map.walk_parallel().threads(threads).fold_up(|location, branches| {
        let mut all = Part { size: location.value().map_or(0, Meta::counted), sums: Sums::new() };
        for (suffix, part) in branches {
            all.add(suffix, part);
        }
        all
    });
    folded.into_value().map_or_else(Sums::new, |all| all.sums)
}

/// What a location and all below it come to.
struct Part {
    size: u64,
    /// The sums of the directories below, by their paths from here.
    sums: Sums,
}

impl Part {
    /// Adds what lies so far below. Its sums are grafted, and not copied, so that this is as much work at the root as it
    /// is at the tips.
    fn add(&mut self, suffix: &[u8], part: Self) {
        self.size += part.size;
        if part.sums.is_empty() && !suffix.contains(&SEPARATOR) {
            return;
        }
        let mut writer = self.sums.write_zipper_at_path(suffix);
        writer.graft_map(part.sums);
        drop(writer);
        // The bytes on the way lead to nothing else, so each directory that ends in them has the same in it.
        let ends = suffix.iter().enumerate().filter(|&(_, &byte)| byte == SEPARATOR);
        for (end, _) in ends {
            self.sums.insert(&suffix[..=end], part.size);
        }
    }
}

/// Prints what was found at and below the root of this number.
pub(crate) fn write(
    out: &mut impl Write,
    args: &Args,
    map: &PathMap<Meta>,
    sums: &Sums,
    number: usize,
) -> io::Result<()> {
    let given = bytes_of(&args.roots[number]);
    // The key of what is printed, as far as it is a directory's; below the root it is that of the last directory.
    let mut key = Vec::new();
    add_key(number, given, &mut key);
    if let Some(meta) = map.get(&key).filter(|meta| meta.kind != Kind::Directory) {
        return line(out, 0, meta.size, given, "");
    }
    if key.last() != Some(&SEPARATOR) {
        key.push(SEPARATOR);
    }
    let slash = if given.last() == key.last() || given.ends_with(b"/") { "" } else { "/" };
    line(out, 0, sum_at(sums, &key), given, slash)?;

    let root = key.len();
    let mut reader = map.read_zipper_at_path(&key);
    // Where the directories below the root end in the key.
    let mut open: Vec<usize> = Vec::new();
    while let Some(meta) = reader.to_next_get_val() {
        let path = reader.path();
        if !args.lists(meta.kind) {
            continue;
        }
        let common = root + common_prefix(&key[root..], path);
        while open.pop_if(|end| *end > common).is_some() {}
        let mut start = open.last().copied().unwrap_or(root);
        key.truncate(start);
        let mut rest = &path[start - root..];
        while let Some(end) = rest.iter().position(|&byte| byte == SEPARATOR) {
            key.extend_from_slice(&rest[..=end]);
            line(out, open.len() + 1, sum_at(sums, &key), &rest[..end], "/")?;
            start += end + 1;
            open.push(start);
            rest = &rest[end + 1..];
        }
        if meta.kind != Kind::Directory {
            line(out, open.len() + 1, meta.size, rest, "")?;
        } else if !rest.is_empty() {
            // What is in it comes next, and is not to tell of it again.
            key.extend_from_slice(rest);
            key.push(SEPARATOR);
            line(out, open.len() + 1, sum_at(sums, &key), rest, "/")?;
            open.push(key.len());
        }
    }
    Ok(())
}

fn sum_at(sums: &Sums, directory: &[u8]) -> u64 {
    sums.get(directory).copied().unwrap_or(0)
}

fn line(out: &mut impl Write, depth: usize, size: u64, name: &[u8], slash: &str) -> io::Result<()> {
    write!(out, "{:>19}  ", grouped(size))?;
    // A width has 16 bits, and directories may be deeper than that.
    (0..depth).try_for_each(|_| out.write_all(b"  "))?;
    writeln!(out, "{}{slash}", Shown(name))
}
