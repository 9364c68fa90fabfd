//! Folding by the moves of a zipper, whatever it stands in.
//!
//! A zipper over one real trie is folded by its nodes instead ([`fold`](super::by_nodes)). What that sees of a virtual trie is
//! what its zipper tells: the moves, and which subtries are the same.

use std::collections::HashMap;

use super::by_nodes::{Call, tail};
use super::calls::Calls;
use super::memo::Tops;
use crate::bytes::ByteMask;
use crate::zipper::{ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperValues};

/// A location above the focus whose children are being visited.
struct Frame {
    /// The length of its path from the origin.
    at: usize,
    mask: ByteMask,
    /// The child that is being visited.
    byte: u8,
    /// Where the results of its children begin.
    first: usize,
    valued: bool,
}

/// How many bytes above a location are not called for, given the location that it hangs from.
fn jump(frames: &[Frame], at: usize) -> usize {
    match frames {
        [] => 0,
        // A root that has but one child and no value is not called for.
        [root] if !root.valued && root.mask.count_bits() == 1 => at - root.at,
        [.., above] => at - above.at - 1,
    }
}

/// A fold with whole paths, by each location, or by values, branches and tips alone.
pub(super) fn roam<Z, V, W, E, const JUMPING: bool>(
    z: &mut Z,
    mut alg: impl FnMut(Call<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath,
{
    z.reset();
    let mut frames: Vec<Frame> = Vec::new();
    let mut below: Vec<W> = Vec::new();
    'down: loop {
        // At the root, a value, a branch or a tip.
        let (mask, mut at) = (z.child_mask(), z.origin_path().len());
        if let Some(byte) = mask.first_bit() {
            frames.push(Frame { at, mask, byte, first: below.len(), valued: z.is_val() });
            descend(z, byte);
            continue;
        }
        let jumped = if JUMPING { jump(&frames, at) } else { 0 };
        let mut out = alg(focus(z, &mask, &mut [], jumped))?;
        loop {
            let sole_root = frames.len() == 1;
            let Some(frame) = frames.last_mut() else { return Ok(out) };
            if !JUMPING {
                let path = z.origin_path();
                for len in (frame.at + 1..at).rev() {
                    let (mask, below, path) = (&ByteMask::from(path[len]), &mut [out], &path[..len]);
                    out = alg(Call { mask, below, value: None, path, jump: 0 })?;
                }
            }
            below.push(out);
            z.ascend(at - frame.at);
            at = frame.at;
            if let Some(byte) = frame.mask.next_bit(frame.byte) {
                frame.byte = byte;
                descend(z, byte);
                continue 'down;
            }
            let Frame { mask, first, valued, .. } = *frame;
            frames.pop();
            if JUMPING && sole_root && !valued && below.len() == 1 {
                return Ok(below.pop().expect("there is one"));
            }
            let jumped = if JUMPING { jump(&frames, at) } else { 0 };
            out = alg(focus(z, &mask, &mut below[first..], jumped))?;
            below.truncate(first);
        }
    }
}

/// The call for the focus.
fn focus<'c, V, W, Z: ZipperValues<V> + ZipperAbsolutePath>(
    z: &'c Z,
    mask: &'c ByteMask,
    below: &'c mut [W],
    jump: usize,
) -> Call<'c, 'c, V, W> {
    Call { mask, below, value: z.val(), path: z.origin_path(), jump }
}

/// Goes down by a byte, which is there, and on to the next value, branch or tip.
fn descend<Z: ZipperMoving>(z: &mut Z, byte: u8) {
    z.descend_to_byte(byte);
    if !z.is_val() {
        z.descend_until();
    }
}

/// The focus as a subtrie to which more than one path may lead.
fn shared_id<Z: ZipperConcrete>(z: &Z) -> Option<u64> {
    if z.is_shared() { z.shared_node_id() } else { None }
}

/// A fold by each location, with the last `len` bytes of its path, that remembers subtries.
pub(super) fn roam_cached<Z, V, W: Clone, E>(
    z: &mut Z,
    len: usize,
    mut alg: impl FnMut(Call<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
{
    struct Step {
        mask: ByteMask,
        byte: u8,
        first: usize,
        /// By which to remember the location.
        key: Option<Box<[u8]>>,
        /// More than one path may lead here.
        often: bool,
    }
    z.reset();
    let mut known: HashMap<Box<[u8]>, W> = HashMap::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut below: Vec<W> = Vec::new();
    'down: loop {
        // Without a tail, what is below a shared node need not be remembered by itself.
        let above = len > 0 && steps.last().is_some_and(|step| step.often);
        let id = if above { z.shared_node_id() } else { shared_id(z) };
        let often = above || id.is_some();
        let key: Option<Box<[u8]>> =
            id.map(|id| [&id.to_ne_bytes()[..], tail(z.origin_path(), len)].concat().into());
        let remembered = key.as_ref().and_then(|key| known.get(key));
        let mut out = match remembered {
            Some(out) => out.clone(),
            None => {
                let mask = z.child_mask();
                if let Some(byte) = mask.first_bit() {
                    steps.push(Step { mask, byte, first: below.len(), key, often });
                    z.descend_to_byte(byte);
                    continue;
                }
                let out = alg(focus(z, &mask, &mut [], 0))?;
                known.extend(key.map(|key| (key, out.clone())));
                out
            }
        };
        loop {
            let Some(step) = steps.last_mut() else { return Ok(out) };
            below.push(out);
            z.ascend_byte();
            if let Some(byte) = step.mask.next_bit(step.byte) {
                step.byte = byte;
                z.descend_to_byte(byte);
                continue 'down;
            }
            let step = steps.pop().expect("it was there");
            out = alg(focus(z, &step.mask, &mut below[step.first..], 0))?;
            below.truncate(step.first);
            known.extend(step.key.map(|key| (key, out.clone())));
        }
    }
}

/// A fold by values, branches and tips, with the bytes that it jumps over, that remembers subtries.
pub(super) fn roam_jumping_cached<Z, V, W: Clone, E>(
    z: &mut Z,
    mut alg: impl FnMut(Call<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
{
    z.reset();
    let root = z.origin_path().len();
    let mut tops: Tops<usize> = Tops::new();
    let mut calls: Calls<W, ()> = Calls::new();
    let mut below: Vec<W> = Vec::new();
    // With each frame, where its subtries begin among those that the path has passed.
    let mut frames: Vec<(Frame, usize)> = Vec::new();
    let mut passed: Vec<(u64, usize)> = Vec::new();
    'down: loop {
        let mark = passed.len();
        let hit = loop {
            let at = z.origin_path().len();
            if let Some(id) = shared_id(z).filter(|_| at > root) {
                if let Some((way, top)) = tops.get(id) {
                    z.descend_to(way);
                    break Some(top);
                }
                passed.push((id, at));
            }
            if at == root || z.is_val() || z.child_count() != 1 {
                break None;
            }
            z.descend_first_byte();
        };
        let mut at = z.origin_path().len();
        let mask = z.child_mask();
        if let (None, Some(byte)) = (hit, mask.first_bit()) {
            frames.push((Frame { at, mask, byte, first: below.len(), valued: z.is_val() }, mark));
            z.descend_to_byte(byte);
            continue;
        }
        let (mut mask, mut first, mut mark, mut hit) = (mask, below.len(), mark, hit);
        loop {
            // All below the focus is done: make it, and remember it if it may be met again.
            let sole = match frames.as_slice() {
                [] => at == root,
                [(above, _)] => !above.valued && above.mask.count_bits() == 1,
                _ => false,
            };
            let jumped = match frames.last() {
                None => 0,
                Some((above, _)) => at - above.at - !sole as usize,
            };
            if hit.is_none() && passed.len() > mark {
                hit = Some(calls.add(mask, below.drain(first..), ()));
            }
            let path = z.origin_path();
            let way = tail(path, jumped);
            let out = match hit {
                Some(top) => {
                    passed.drain(mark..).for_each(|(id, start)| tops.keep(id, &path[start..], top));
                    calls.make(top, way, |mask, below, ()| alg(focus(z, mask, below, jumped)))?
                }
                None => {
                    let out = alg(focus(z, &mask, &mut below[first..], jumped))?;
                    below.truncate(first);
                    out
                }
            };
            let sole_root = frames.len() == 1;
            let Some((frame, _)) = frames.last_mut() else { return Ok(out) };
            below.push(out);
            z.ascend(at - frame.at);
            at = frame.at;
            if let Some(byte) = frame.mask.next_bit(frame.byte) {
                frame.byte = byte;
                z.descend_to_byte(byte);
                continue 'down;
            }
            if sole_root && !frame.valued && below.len() == 1 {
                return Ok(below.pop().expect("there is one"));
            }
            (mask, first, hit) = (frame.mask, frame.first, None);
            mark = frames.pop().expect("it was there").1;
        }
    }
}
