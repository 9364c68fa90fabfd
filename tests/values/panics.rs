//! The panic sweep: code of the values panics at its k-th call, for every k and every call that
//! writes; and what panicked in the middle is used on.
//!
//! A [`Trap`] is a value whose clone, drop, comparison and lattice operations may panic, and may
//! drop or rewrite other owners of the nodes that are being worked on. After the panic a map or a
//! zipper is as before the call or as after it. It is found out which, and then the object goes on
//! against the model: once with all content compared at each step, and once more, from the start,
//! without a look in between, for to look takes back what a writer knows of its nodes.
//!
//! Small traps lie in the nodes, and are cloned as nodes are copied. Large ones lie in boxes, and
//! are cloned as they are changed or moved out.

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
