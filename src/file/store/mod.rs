//! [`Store`]: a file of commits, each of which is a whole map.
//!
//! ```text
//! memory    a file in memory, for fuzzers
//! storage   the operations on files, behind a trait, so that tests can lose what a crash loses
//! log       the commits of a file: finding the last whole one, and the others from it
//! commits   all commits, the newest first
//! table     where the nodes of the last committed map lie
//! open      opening and loading
//! commit    writing the nodes that the table does not have
//! compact   writing the commits that are kept to a new file
//! tail      the commits since another one, as a stream
//! apply     bringing a copy up to date by a tail
//! reader    reading without the lock
//! durable   a shared map that is published after it is durable
//! ```

mod apply;
mod commit;
mod commits;
mod compact;
mod durability;
mod durable;
mod log;
#[cfg(feature = "testing")]
mod memory;
mod open;
mod reader;
#[cfg(test)]
mod simulated;
mod storage;
mod table;
mod tail;
#[cfg(test)]
mod tail_tests;
#[cfg(test)]
mod tests;

pub use commit::NewCommit;
pub use commits::Commits;
pub use durability::Durability;
pub use durable::DurableMap;
#[cfg(feature = "testing")]
pub(crate) use memory::open_in_memory;
pub use open::{Recovery, Store};
pub use reader::StoreReader;
pub use tail::Tail;
