//! The text to be searched.

use std::fs;
use std::path::Path;

use bytetrie_search::index::Index;
use walkdir::{DirEntry, WalkDir};

/// The extensions of text files.
const TEXT: [&str; 30] = [
    "adoc", "bib", "c", "cc", "cpp", "css", "go", "h", "hpp", "html", "java", "js", "json", "lock", "lua",
    "md", "org", "pl", "py", "rb", "rs", "rst", "sh", "tex", "toml", "ts", "txt", "xml", "yaml", "yml",
];

/// A report on the documents read.
#[derive(Default)]
pub(crate) struct Told {
    /// The total bytes of all documents.
    pub(crate) bytes: usize,
    /// The number of entries that could not be read.
    pub(crate) unreadable: usize,
    /// The first error.
    pub(crate) first_error: Option<String>,
}

/// Adds every text file below `root` to the index, by its path relative to `root`.
pub(crate) fn read(root: &Path, index: &mut Index) -> Result<Told, String> {
    // The root is opened before the walk, because an unreadable root is an error, and an
    // unreadable entry below it is not.
    drop(fs::read_dir(root).map_err(|error| format!("cannot read {root:?}: {error}"))?);
    let mut told = Told::default();
    for entry in WalkDir::new(root).min_depth(1).into_iter().filter_entry(|entry| !is_skipped(entry)) {
        let text = match entry {
            Ok(entry) if !is_text(&entry) => continue,
            Ok(entry) => fs::read(entry.path())
                .map(|text| (text, entry.path().to_path_buf()))
                .map_err(|error| format!("{}: {error}", entry.path().display())),
            Err(error) => Err(error.to_string()),
        };
        match text {
            Ok((text, path)) => {
                told.bytes += text.len();
                let document = path.strip_prefix(root).unwrap_or(&path).as_os_str().as_encoded_bytes();
                index.add(document, &String::from_utf8_lossy(&text));
            }
            Err(error) => {
                told.unreadable += 1;
                told.first_error.get_or_insert(error);
            }
        }
    }
    Ok(told)
}

/// Returns true for the directories of build results and of git.
fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && (entry.file_name() == "target" || entry.file_name() == ".git")
}

/// Returns true for regular files with a known extension. Pipes and devices are never opened,
/// because reading them might not end.
fn is_text(entry: &DirEntry) -> bool {
    let ending = entry.path().extension().and_then(|ending| ending.to_str());
    entry.file_type().is_file() && ending.is_some_and(|ending| TEXT.contains(&ending))
}
