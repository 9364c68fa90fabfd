//! What every node begins with, and how its memory is had and given back.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;
use std::sync::atomic::AtomicU32;

/// The alignment of every node.
pub(super) const ALIGN: usize = 8;

/// The node is wide; else it is a list.
pub(super) const WIDE: u8 = 1;
/// The first value of the column is the one at the node's own location.
pub(super) const OWN: u8 = 2;
/// A wide node has a column of tails; without it each entry that is no child is a value with no further byte.
pub(super) const TAILS: u8 = 4;

/// Sixteen bytes. The columns follow in the same allocation.
#[repr(C)]
pub(super) struct Header {
    pub(super) refs: AtomicU32,
    /// The size of the allocation in units of [`ALIGN`] bytes.
    pub(super) units: u16,
    pub(super) flags: u8,
    /// A list's number of entries.
    pub(super) n: u8,
    pub(super) kind: KindBits,
}

/// What only one kind of node needs.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) union KindBits {
    pub(super) list: ListBits,
    pub(super) wide: WideBits,
}

/// A bit an entry.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct ListBits {
    /// The entry is a child.
    pub(super) child: u32,
    /// The entry is a dangling tip.
    pub(super) bare: u32,
}

/// How many entries lie in the words before a word of a mask, so that a rank counts one word only.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct WideBits {
    pub(super) before_tail: [u8; 3],
    pub(super) before_child: [u8; 3],
    pub(super) tails: u16,
}

pub(super) const HEADER: usize = size_of::<Header>();
const _: () = assert!(HEADER == 16 && align_of::<Header>() <= ALIGN);

/// The size class for `bytes`: steps of 16 up to 128, then four steps to each doubling, as allocators have them.
/// Asking for what the allocator would round to anyway turns its slack into room for inserts.
#[inline]
pub(super) fn size_class(bytes: usize) -> usize {
    if bytes <= 128 {
        return bytes.next_multiple_of(16);
    }
    let step = 1 << (usize::BITS - 1 - (bytes - 1).leading_zeros() - 2);
    bytes.next_multiple_of(step)
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, ALIGN).expect("a node is smaller than the address space")
}

/// Memory for a node of `size` bytes with one reference; the caller writes the columns.
pub(super) fn allocate(size: usize, flags: u8, n: u8, kind: KindBits) -> NonNull<Header> {
    debug_assert!(size >= HEADER && size.is_multiple_of(ALIGN));
    let units = u16::try_from(size / ALIGN).expect("a node is at most half a megabyte");
    // SAFETY: the size is not zero.
    let Some(at) = NonNull::new(unsafe { alloc(layout(size)) }) else { handle_alloc_error(layout(size)) };
    let at = at.cast::<Header>();
    // SAFETY: the memory is new, aligned, and at least as large as a header.
    unsafe { at.write(Header { refs: AtomicU32::new(1), units, flags, n, kind }) };
    at
}

/// # Safety
/// `at` came from [`allocate`], nobody uses it any more, and its columns are vacant.
pub(super) unsafe fn release(at: NonNull<Header>) {
    // SAFETY: the header is still there, and tells the size that was allocated.
    unsafe {
        let size = at.as_ref().units as usize * ALIGN;
        dealloc(at.as_ptr().cast(), layout(size));
    }
}

/// Moves a node to an allocation of `size` bytes and releases the old one.
///
/// # Safety
/// `old` came from [`allocate`] and has one owner, who takes the new memory in its place. `front` and `back` are the lengths
/// of what is in use at either end, and fit `size`.
pub(super) unsafe fn resize(old: NonNull<Header>, size: usize, front: usize, back: usize) -> NonNull<Header> {
    // SAFETY: both ends are copied as they are, and the old memory is released with its columns moved out.
    unsafe {
        let header = old.as_ref();
        let new = allocate(size, header.flags, header.n, KindBits { list: header.kind.list });
        let (from, to) = (old.as_ptr().cast::<u8>(), new.as_ptr().cast::<u8>());
        let old_size = header.units as usize * ALIGN;
        to.add(HEADER).copy_from_nonoverlapping(from.add(HEADER), front - HEADER);
        to.add(size - back).copy_from_nonoverlapping(from.add(old_size - back), back);
        release(old);
        new
    }
}
