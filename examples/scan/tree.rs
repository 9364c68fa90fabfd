//! The outline: what was found in the order of the map, each directory with the size of all that is in it.
//!
//! Names are escaped where they would break a line, or are not UTF-8.

use std::io::{self, Write};
use std::path::Path;

use bytetrie::PathMap;
use bytetrie::bytes::common_prefix;
use bytetrie::zipper::*;

use crate::figures::grouped;
use crate::meta::{Kind, Meta, SEPARATOR, add_key, bytes_of};
use crate::trouble::Shown;

/// The sizes of what is in each directory added up. A directory's key here ends at a separator.
pub(crate) type Sums = PathMap<u64>;

/// Adds up the sizes of what is in each directory.
pub(crate) fn sums(map: &PathMap<Meta>) -> Sums {
    let mut sums = WriteZipperOwned::<u64>::new();
    // The directories that the last path lies in: where they end in it, and what was in them so far.
    let mut open: Vec<(usize, u64)> = Vec::new();
    let mut last = Vec::new();
    let mut reader = map.read_zipper();
    loop {
        let meta = reader.to_next_get_val();
        let path = if meta.is_some() { reader.path() } else { &[] };
        let common = common_prefix(&last, path);
        while let Some((end, sum)) = open.pop_if(|(end, _)| *end > common) {
            sums.move_to_path(&last[..end]);
            sums.set_val(sum);
            if let Some((_, above)) = open.last_mut() {
                *above += sum;
            }
        }
        let Some(meta) = meta else { return sums.into_map() };
        let names = path[common..].iter().enumerate().filter(|&(_, &byte)| byte == SEPARATOR);
        open.extend(names.map(|(at, _)| (common + at + 1, 0)));
        if let Some((_, sum)) = open.last_mut() {
            *sum += meta.counted();
        }
        last.clear();
        last.extend_from_slice(path);
    }
}

/// Prints what was found at and below a root, which is shown as it was given.
pub(crate) fn write(out: &mut impl Write, map: &PathMap<Meta>, sums: &Sums, root: &Path) -> io::Result<()> {
    let given = bytes_of(root);
    // The key of what is printed, as far as it is a directory's; below the root it is that of the last directory.
    let mut key = Vec::new();
    add_key(given, &mut key);
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
    let indent = 2 * depth;
    writeln!(out, "{:>19}  {:indent$}{}{slash}", grouped(size), "", Shown(name))
}
