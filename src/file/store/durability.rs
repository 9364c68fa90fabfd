//! What a crash may take.

/// How durable a commit is when [`Store::commit`](super::Store::commit) returns.
///
/// | | the process is killed | the machine loses its power |
/// |---|---|---|
/// | `Sync` | nothing is lost | nothing is lost |
/// | `Flush` | nothing is lost | the commits since the last sync may be lost, the last ones first |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Durability {
    /// The commit is on the disk. Each commit syncs the file once.
    #[default]
    Sync,
    /// The operating system has the commit. [`Store::sync`](super::Store::sync) makes it durable,
    /// and so does the next commit with `Sync`.
    Flush,
}
