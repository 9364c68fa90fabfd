//! The panic sweep: code of the values panics at its k-th call, for every k and every method that
//! writes, and the map or zipper is used afterwards.
//!
//! A [`Trap`] is a value whose clone, drop, comparison and lattice operations may panic, and may
//! drop or rewrite other owners of the nodes in use. This may also happen before any question of
//! the library whether a node has other owners, as when another thread drops them. After the
//! panic, the state of a map or a zipper must be that before the call or that after it. The sweep
//! finds out which, and then compares further calls with the model: once with all content compared
//! at each step, and once more from the start without queries in between, since a query clears the
//! cached state of a writer.
//!
//! Small traps are stored in the nodes, and are cloned when nodes are copied. Large traps are
//! stored in boxes, and are cloned when they are changed or moved out.

/// Values of eight bytes.
mod small {
    const PAD: usize = 0;
    include!("panics/sweep.rs");
}

/// Values of more than 32 bytes.
mod large {
    const PAD: usize = 5;
    include!("panics/sweep.rs");
}
