//! Going down from a place.

use super::place::Place;

impl<'a, V> Place<'a, V> {
    /// Goes down by a byte of the [mask](Self::child_mask), and on to the next value, branch or
    /// tip. Adds the bytes to `path`. Returns the place there, and whether it is in another node.
    pub(crate) fn descend_until(self, byte: u8, path: &mut Vec<u8>) -> (Self, bool) {
        let Self { mut node, spot } = self;
        let mut spot = node.narrow(spot, byte).expect("the byte is in the mask");
        path.push(byte);
        let mut entered = false;
        loop {
            if let Some(child) = node.child_at(spot) {
                Self { node, spot } = child.place();
                entered = true;
            }
            if node.value_at(spot).is_some() {
                break;
            }
            let Some(next) = node.unbranched(spot) else { break };
            let entry = node.entry(next.lo as usize);
            entry.suffix.first(next.depth()).append_from(spot.depth(), path);
            spot = next;
        }
        (Self { node, spot }, entered)
    }
}
