//! Packing lines of text.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use bytetrie::file::{FileError, Writer};
use bytetrie_examples::cli::Failure;
use bytetrie_examples::figures::count;

use crate::args::Build;
use crate::sort::{Adder, Sorter};
use crate::wrong;

/// Packs the lines of all inputs into a file.
pub(crate) fn build(args: &Build, out: &mut impl Write) -> Result<(), Failure> {
    let refused = |error: FileError| wrong(&args.output, &error);
    let mut adder = Adder::new(Writer::create(&args.output).map_err(refused)?);
    let done = if args.sorted {
        read_all(args, |key, number| adder.push(key, number))?;
        adder.finish()
    } else {
        let mut sorter = Sorter::new(&args.output, (args.memory as usize) << 20);
        read_all(args, |key, number| sorter.push(key, number))?;
        sorter.finish(adder)
    };
    let (keys, bytes) = done.map_err(|error| unwritten(&args.output, &error))?;
    writeln!(out, "packed {} into {}", count(keys as usize, "key"), count(bytes as usize, "byte"))?;
    Ok(())
}

/// The output cannot be written.
fn unwritten(path: &Path, error: &FileError) -> Failure {
    Failure::incomplete(format!("cannot write {}: {error}", path.display()))
}

/// Calls `push` with the key and number of each line.
fn read_all(args: &Build, mut push: impl FnMut(&[u8], u64) -> Result<(), FileError>) -> Result<(), Failure> {
    for input in &args.inputs {
        let is_stdin = input.as_os_str() == "-";
        let name = if is_stdin { "standard input".into() } else { input.display().to_string() };
        let failed = |error: io::Error| Failure::refused(format!("{name}: {error}"));
        let mut lines: Box<dyn BufRead> = if is_stdin {
            Box::new(io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(input).map_err(failed)?))
        };
        let end = if args.null { 0 } else { b'\n' };
        let mut line = Vec::new();
        let mut number = 0u64;
        while lines.read_until(end, &mut line).map_err(failed)? > 0 {
            number += 1;
            if line.last() == Some(&end) {
                line.pop();
            }
            if !line.is_empty() {
                let (key, value) = entry(&line, args.whole_lines)
                    .map_err(|problem| Failure::refused(format!("{name}, line {number}: {problem}")))?;
                push(key, value).map_err(|error| match error {
                    FileError::OutOfOrder { .. } => {
                        Failure::refused(format!("{name}, line {number} is not sorted: {error}"))
                    }
                    error => unwritten(&args.output, &error),
                })?;
            }
            line.clear();
        }
    }
    Ok(())
}

/// The key and number of a line.
fn entry(line: &[u8], is_whole: bool) -> Result<(&[u8], u64), String> {
    let tab = line.iter().rposition(|&byte| byte == b'\t').filter(|_| !is_whole);
    let Some(tab) = tab else { return Ok((line, 1)) };
    let text = &line[tab + 1..];
    let number = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    let number =
        number.ok_or_else(|| format!("`{}` is no number from 0 to 2^64 - 1", text.escape_ascii()))?;
    Ok((&line[..tab], number))
}
