//! Folding by the moves of a zipper, whatever trie it stands in.
//!
//! A zipper over one real trie is folded by its nodes instead ([`fold`](super::by_nodes::fold)).
//! Of a virtual trie, a fold sees what its zipper tells: the moves, and which subtries are shared.

use std::collections::HashMap;

use super::calls::Calls;
use super::memo::Tops;
use super::traits::{Arguments, tail};
use crate::bytes::ByteMask;
use crate::zipper::{ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperValues};

/// A location above the focus whose children are being visited.
struct Ancestor {
    /// The length of its path from the origin.
    at: usize,
    mask: ByteMask,
    /// The child that is being visited.
    byte: u8,
    /// Where the results of its children begin.
    first: usize,
    valued: bool,
}

/// How many bytes above a location the algebra is not called for, given the locations above it.
fn jumped(ancestors: &[Ancestor], at: usize) -> usize {
    match ancestors {
        [] => 0,
        // A root that has but one child and no value is not called for.
        [root] if !root.valued && root.mask.count_bits() == 1 => at - root.at,
        [.., above] => at - above.at - 1,
    }
}

/// Folds with whole paths, by each location, or by values, branches and tips alone.
pub(super) fn roam<Z, V, W, E, const JUMPING: bool>(
    z: &mut Z,
    mut alg: impl FnMut(Arguments<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath,
{
    z.reset();
    let mut ancestors: Vec<Ancestor> = Vec::new();
    let mut children: Vec<W> = Vec::new();
    'down: loop {
        // The focus is the root, a value, a branch or a tip.
        let (mask, mut at) = (z.child_mask(), z.origin_path().len());
        if let Some(byte) = mask.first_bit() {
            ancestors.push(Ancestor { at, mask, byte, first: children.len(), valued: z.is_val() });
            descend(z, byte);
            continue;
        }
        let jump = if JUMPING { jumped(&ancestors, at) } else { 0 };
        let mut out = alg(at_focus(z, &mask, &mut [], jump))?;
        loop {
            let sole_root = ancestors.len() == 1;
            let Some(above) = ancestors.last_mut() else { return Ok(out) };
            if !JUMPING {
                let path = z.origin_path();
                for len in (above.at + 1..at).rev() {
                    let (mask, children, path) = (&ByteMask::from(path[len]), &mut [out], &path[..len]);
                    out = alg(Arguments { mask, children, value: None, path, jumped: 0 })?;
                }
            }
            children.push(out);
            z.ascend(at - above.at);
            at = above.at;
            if let Some(byte) = above.mask.next_bit(above.byte) {
                above.byte = byte;
                descend(z, byte);
                continue 'down;
            }
            let Ancestor { mask, first, valued, .. } = *above;
            ancestors.pop();
            if JUMPING && sole_root && !valued && children.len() == 1 {
                return Ok(children.pop().expect("there is one"));
            }
            let jump = if JUMPING { jumped(&ancestors, at) } else { 0 };
            out = alg(at_focus(z, &mask, &mut children[first..], jump))?;
            children.truncate(first);
        }
    }
}

/// The arguments of the call for the focus.
fn at_focus<'c, V, W, Z: ZipperValues<V> + ZipperAbsolutePath>(
    z: &'c Z,
    mask: &'c ByteMask,
    children: &'c mut [W],
    jumped: usize,
) -> Arguments<'c, 'c, V, W> {
    Arguments { mask, children, value: z.val(), path: z.origin_path(), jumped }
}

/// Goes down by a byte, which is there, and on to the next value, branch or tip.
fn descend<Z: ZipperMoving>(z: &mut Z, byte: u8) {
    z.descend_to_byte(byte);
    if !z.is_val() {
        z.descend_until();
    }
}

/// The id of the focus as a subtrie, if more than one path may lead to it.
fn shared_id<Z: ZipperConcrete>(z: &Z) -> Option<u64> {
    if z.is_shared() { z.shared_node_id() } else { None }
}

/// A location above the focus, in a fold that remembers locations.
struct CachedAncestor {
    mask: ByteMask,
    byte: u8,
    first: usize,
    /// The key by which the result of the location is remembered, if it is.
    key: Option<Box<[u8]>>,
    /// Whether more than one path may lead here.
    often: bool,
}

/// Folds by each location, with the last `len` bytes of its path, and remembers subtries.
pub(super) fn roam_cached<Z, V, W: Clone, E>(
    z: &mut Z,
    len: usize,
    mut alg: impl FnMut(Arguments<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
{
    z.reset();
    let mut known: HashMap<Box<[u8]>, W> = HashMap::new();
    let mut ancestors: Vec<CachedAncestor> = Vec::new();
    let mut children: Vec<W> = Vec::new();
    'down: loop {
        // Without a tail, what is below a shared node need not be remembered by itself.
        let above = len > 0 && ancestors.last().is_some_and(|above| above.often);
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
                    ancestors.push(CachedAncestor { mask, byte, first: children.len(), key, often });
                    z.descend_to_byte(byte);
                    continue;
                }
                let out = alg(at_focus(z, &mask, &mut [], 0))?;
                known.extend(key.map(|key| (key, out.clone())));
                out
            }
        };
        loop {
            let Some(above) = ancestors.last_mut() else { return Ok(out) };
            children.push(out);
            z.ascend_byte();
            if let Some(byte) = above.mask.next_bit(above.byte) {
                above.byte = byte;
                z.descend_to_byte(byte);
                continue 'down;
            }
            let CachedAncestor { mask, first, key, .. } = ancestors.pop().expect("it was there");
            out = alg(at_focus(z, &mask, &mut children[first..], 0))?;
            children.truncate(first);
            known.extend(key.map(|key| (key, out.clone())));
        }
    }
}

/// Folds by values, branches and tips, with the bytes jumped over, and remembers subtries.
pub(super) fn roam_jumping_cached<Z, V, W: Clone, E>(
    z: &mut Z,
    mut alg: impl FnMut(Arguments<'_, '_, V, W>) -> Result<W, E>,
) -> Result<W, E>
where
    Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
{
    z.reset();
    let root = z.origin_path().len();
    let (tops, calls) = (Tops::new(), Calls::new());
    let (children, ancestors, passed) = (Vec::new(), Vec::new(), Vec::new());
    let mut roam = JumpingRoam { z, root, tops, calls, children, ancestors, passed };
    loop {
        let Some(mut focus) = roam.go_on() else { continue };
        loop {
            let out = roam.call(focus, &mut alg)?;
            match roam.go_up(out) {
                Up::Beside => break,
                Up::Complete(above) => focus = above,
                Up::Root(out) => return Ok(out),
            }
        }
    }
}

/// A fold by values, branches and tips that remembers subtries.
struct JumpingRoam<'z, Z, W> {
    z: &'z mut Z,
    /// The length of the path to the root.
    root: usize,
    /// The first location from each shared subtrie on that is called for, by its number in
    /// `calls`.
    tops: Tops<usize>,
    calls: Calls<W, ()>,
    children: Vec<W>,
    /// With each location, how many of `passed` are above it.
    ancestors: Vec<(Ancestor, usize)>,
    /// The shared subtries that the path leads through and that are not known: their ids, and
    /// where they begin.
    passed: Vec<(u64, usize)>,
}

/// A focus all of whose children have been made.
struct Complete {
    mask: ByteMask,
    /// Where its children begin.
    first: usize,
    /// The number of passed subtries above it.
    mark: usize,
    /// Its number in the calls, if it is known.
    top: Option<usize>,
}

/// Where a fold goes on after a call.
enum Up<W> {
    /// At the next child of the location above.
    Beside,
    /// At the location above, which is complete.
    Complete(Complete),
    /// Nowhere. This is the result.
    Root(W),
}

impl<Z, W: Clone> JumpingRoam<'_, Z, W> {
    /// Goes on to the next location that is called for. Returns it if it is known or has no
    /// children. Otherwise goes to its first child.
    fn go_on<V>(&mut self) -> Option<Complete>
    where
        Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
    {
        let (mark, first) = (self.passed.len(), self.children.len());
        let top = self.find_top();
        let mask = self.z.child_mask();
        match mask.first_bit() {
            Some(byte) if top.is_none() => {
                let (at, valued) = (self.z.origin_path().len(), self.z.is_val());
                self.ancestors.push((Ancestor { at, mask, byte, first, valued }, mark));
                self.z.descend_to_byte(byte);
                None
            }
            _ => Some(Complete { mask, first, mark, top }),
        }
    }

    /// Goes on until the root, a value, a branch or a tip, or into a shared subtrie that is known.
    /// Returns the location that is known.
    fn find_top<V>(&mut self) -> Option<usize>
    where
        Z: ZipperMoving + ZipperValues<V> + ZipperAbsolutePath + ZipperConcrete,
    {
        loop {
            let at = self.z.origin_path().len();
            if let Some(id) = shared_id(self.z).filter(|_| at > self.root) {
                if let Some((way, top)) = self.tops.get(id) {
                    self.z.descend_to(way);
                    return Some(top);
                }
                self.passed.push((id, at));
            }
            if at == self.root || self.z.is_val() || self.z.child_count() != 1 {
                return None;
            }
            self.z.descend_first_byte();
        }
    }

    /// Calls the algebra for the focus, unless it was called with the same arguments before.
    /// Remembers the focus if it may be met again.
    fn call<V, E>(
        &mut self,
        focus: Complete,
        alg: &mut impl FnMut(Arguments<'_, '_, V, W>) -> Result<W, E>,
    ) -> Result<W, E>
    where
        Z: ZipperValues<V> + ZipperAbsolutePath,
    {
        let Complete { mask, first, mark, mut top } = focus;
        let (z, path) = (&*self.z, self.z.origin_path());
        let at = path.len();
        let jumped = match self.ancestors.as_slice() {
            [] => 0,
            // A root that has but one child and no value is not called for.
            [(root, _)] if !root.valued && root.mask.count_bits() == 1 => at - root.at,
            [.., (above, _)] => at - above.at - 1,
        };
        if top.is_none() && self.passed.len() > mark {
            top = Some(self.calls.add(mask, self.children.drain(first..), ()));
        }
        let Some(top) = top else {
            let out = alg(at_focus(z, &mask, &mut self.children[first..], jumped))?;
            self.children.truncate(first);
            return Ok(out);
        };
        for (id, start) in self.passed.drain(mark..) {
            self.tops.keep(id, &path[start..], top);
        }
        let call = |mask: &_, children: &mut [W], (): &()| alg(at_focus(z, mask, children, jumped));
        self.calls.make(top, tail(path, jumped), call)
    }

    /// Goes up to the location above, and on to its next child if there is one.
    fn go_up(&mut self, out: W) -> Up<W>
    where
        Z: ZipperMoving + ZipperAbsolutePath,
    {
        let sole_root = self.ancestors.len() == 1;
        let Some((above, mark)) = self.ancestors.last_mut() else { return Up::Root(out) };
        self.children.push(out);
        self.z.ascend(self.z.origin_path().len() - above.at);
        if let Some(byte) = above.mask.next_bit(above.byte) {
            above.byte = byte;
            self.z.descend_to_byte(byte);
            return Up::Beside;
        }
        if sole_root && !above.valued && self.children.len() == 1 {
            return Up::Root(self.children.pop().expect("there is one"));
        }
        let focus = Complete { mask: above.mask, first: above.first, mark: *mark, top: None };
        self.ancestors.pop();
        Up::Complete(focus)
    }
}
