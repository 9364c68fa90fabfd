//! Values that are no lattice: the messages say that a closure will do.

use bytetrie::PathMap;

#[derive(Clone)]
struct Price(u32);

fn main() {
    let a = PathMap::from([("figs", Price(1))]);
    let b = a.clone();
    let _ = a.join(&b);
    let _ = a.subtract(&b);
    let _ = a.join_with(&b, |x, y| Price(x.0 + y.0));
}
