//! An encoder of the format of `pathmap` 0.3.5, for maps that its own files do not cover: with
//! dangling paths, and with every way to place lines and values that the format allows.

use bytetrie::PathMap;
use bytetrie::arena_compact::push_varint_u64;
use bytetrie::fold::Catamorphism;
use bytetrie::utils::ByteMask;

/// How lines and the values at their ends are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A value is in the branch at the end of a line, and a line is one node.
    Whole,
    /// A value is in the line, and a line is a node for at most two bytes.
    Split,
}

struct Made {
    head: u8,
    value: Option<u64>,
    child: Option<u64>,
    line: Option<u64>,
    children: Vec<u8>,
}

/// Writes a node, and returns its offset.
fn push(out: &mut Vec<u8>, node: &Made) -> u64 {
    let offset = out.len() as u64;
    out.push(node.head | if node.value.is_some() { 0x40 } else { 0 });
    let distances = [node.child, node.line].map(|to| to.map(|to| offset - to));
    for number in [node.value].into_iter().chain(distances).flatten() {
        push_varint_u64(out, number).unwrap();
    }
    out.extend_from_slice(&node.children);
    offset
}

fn branch(value: Option<u64>, mask: &ByteMask, first: Option<u64>) -> Made {
    let children = match mask.count_bits() {
        32.. => mask.0.iter().flat_map(|word| word.to_le_bytes()).collect(),
        _ => mask.iter().collect(),
    };
    Made { head: mask.count_bits().min(32) as u8, value, child: first, line: None, children }
}

fn line(out: &mut Vec<u8>, bytes: &[u8], value: Option<u64>, child: Option<u64>) -> Made {
    let line = Some(out.len() as u64);
    push_varint_u64(out, bytes.len() as u64).unwrap();
    out.extend_from_slice(bytes);
    Made { head: 0x80 | u8::from(child.is_some()), value, child, line, children: Vec::new() }
}

pub(crate) fn encode(map: &PathMap<u64>, style: Style) -> Vec<u8> {
    let mut out = b"ACTree03\0\0\0\0\0\0\0\0".to_vec();
    let root = map.read_zipper().into_cata_jumping_side_effect(
        |mask: &ByteMask, children: &mut [Made], jumped, value: Option<&u64>, path: &[u8]| {
            let places: Vec<u64> = children.iter().map(|child| push(&mut out, child)).collect();
            let (value, first) = (value.copied(), places.first().copied());
            let is_split = style == Style::Split;
            let way = &path[path.len() - jumped..];
            if way.is_empty() {
                return branch(value, mask, first);
            }
            let mut lines = way.chunks(if is_split { 2 } else { way.len() }).rev();
            let last = lines.next().unwrap();
            let mut made = if mask.is_empty_mask() {
                line(&mut out, last, value, None)
            } else {
                let below = push(&mut out, &branch(value.filter(|_| !is_split), mask, first));
                line(&mut out, last, value.filter(|_| is_split), Some(below))
            };
            for bytes in lines {
                let below = push(&mut out, &made);
                made = line(&mut out, bytes, None, Some(below));
            }
            made
        },
    );
    let root = push(&mut out, &root);
    out[8..16].copy_from_slice(&root.to_le_bytes());
    out.extend_from_slice(&[0; 8]);
    out
}
