//! Commands that read versions and change nothing.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::ops::Bound;

use bytetrie_examples::cli::Failure;

use crate::args::{Query, Read};
use crate::print::Printer;
use crate::versions::{Map, Value, Version, Versions};

/// Answers a query. Returns the key that was asked for if it does not exist.
pub fn answer<'a, W: Write>(
    versions: &Versions<'_>,
    query: &'a Query,
    printer: &mut Printer<W>,
) -> Result<Option<&'a OsStr>, Failure> {
    match query {
        Query::Read(read) => return self::read(&versions.last()?, read, printer),
        Query::At { version, read } => {
            let version = versions.find(*version)?;
            return self::read(&versions.load(Some(&version))?, read, printer);
        }
        Query::History { key, limit } => history(versions, key.as_ref(), *limit, printer)?,
        Query::Diff { old, new } => diff(versions, *old, *new, printer)?,
    }
    Ok(None)
}

/// Reads one version. Returns the key that was asked for if it does not exist.
fn read<'a, W: Write>(
    map: &Map,
    read: &'a Read,
    printer: &mut Printer<W>,
) -> Result<Option<&'a OsStr>, Failure> {
    match read {
        Read::Get { key } => {
            let Some(value) = map.get(key.as_encoded_bytes()) else {
                printer.absent(key.as_encoded_bytes())?;
                return Ok(Some(key));
            };
            printer.value(key.as_encoded_bytes(), value)?;
            Ok(None)
        }
        Read::Scan { prefix, from, to, limit } => {
            let prefix = prefix.as_encoded_bytes();
            let from = from.as_ref().map_or(prefix, |from| from.as_encoded_bytes().max(prefix));
            let mut entries = map.range::<[u8], _>((Bound::Included(from), Bound::Unbounded));
            let ends = |key: &[u8]| {
                !key.starts_with(prefix) || to.as_ref().is_some_and(|to| key >= to.as_encoded_bytes())
            };
            let mut left = *limit;
            while left > 0
                && let Some((key, value)) = entries.lend_next()
                && !ends(key)
            {
                printer.entry(key, value)?;
                left -= 1;
            }
            Ok(None)
        }
    }
}

/// Lists the versions, the newest first; with a key, only those that have changed its value.
fn history<W: Write>(
    versions: &Versions<'_>,
    key: Option<&OsString>,
    limit: usize,
    printer: &mut Printer<W>,
) -> Result<(), Failure> {
    let Some(key) = key else {
        for version in versions.iter().take(limit) {
            printer.version(&version?)?;
        }
        return Ok(());
    };
    let value_at = |version: Option<&Version>| -> Result<Option<Value>, Failure> {
        Ok(versions.load(version)?.get(key.as_encoded_bytes()).cloned())
    };
    let mut left = limit;
    let mut all = versions.iter();
    let mut next = all.next().transpose()?;
    let mut value = value_at(next.as_ref())?;
    while let Some(version) = next
        && left > 0
    {
        next = all.next().transpose()?;
        let before = value_at(next.as_ref())?;
        if before != value {
            printer.version_of_key(&version, value.as_ref())?;
            left -= 1;
        }
        value = before;
    }
    Ok(())
}

/// Lists the changes from one version to another.
fn diff<W: Write>(
    versions: &Versions<'_>,
    old: u64,
    new: Option<u64>,
    printer: &mut Printer<W>,
) -> Result<(), Failure> {
    let old = versions.find(old)?;
    let new = match new {
        Some(new) => versions.load(Some(&versions.find(new)?))?,
        None => versions.last()?,
    };
    let old = versions.load(Some(&old))?;
    let mut changes = old.diff(&new);
    while let Some((key, change)) = changes.next() {
        printer.change(key, change)?;
    }
    Ok(())
}
