//! Locations that a jumping fold calls for more than once: from different ways.

use crate::bytes::ByteMask;

/// A location that more than one way leads to: all that a call for it takes but the way.
pub(super) struct Top<W> {
    mask: ByteMask,
    below: Vec<W>,
    /// What came of the calls for the first few ways.
    made: Vec<(Box<[u8]>, W)>,
}

/// How many ways to one location are remembered. Mostly there is one, as branches keep what is common below them.
const WAYS: usize = 4;

impl<W> Top<W> {
    pub(super) fn new(mask: ByteMask, below: Vec<W>) -> Self {
        Self { mask, below, made: Vec::new() }
    }
}

/// What a location is made into by one way. Calls for it if the way is a new one.
pub(super) fn apply<W: Clone, E>(
    top: &mut Top<W>,
    way: &[u8],
    call: impl FnOnce(&ByteMask, &mut [W], &[u8]) -> Result<W, E>,
) -> Result<W, E> {
    if let Some((_, made)) = top.made.iter().find(|(known, _)| **known == *way) {
        return Ok(made.clone());
    }
    // The call may take out of its slice what it likes.
    let made = call(&top.mask, &mut top.below.clone(), way)?;
    if top.made.len() < WAYS {
        top.made.push((way.into(), made.clone()));
    }
    Ok(made)
}
