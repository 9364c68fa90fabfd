use bytetrie::algebra::{DistributiveLattice, Lattice, Max};

#[derive(Lattice)]
enum Known {
    Yes,
    No,
}

#[derive(Clone, Copy, DistributiveLattice)]
union Bits {
    bits: u8,
}

#[derive(Clone, Lattice)]
#[lattice(by_field)]
struct Options(Max<u8>);

#[derive(Clone, Lattice)]
#[lattice(bounds)]
struct NoBounds(Max<u8>);

#[derive(Clone, Lattice)]
#[lattice]
struct NoOptions(Max<u8>);

#[derive(Clone, Lattice)]
#[lattice(crate = "bytetrie")]
struct NoPath(Max<u8>);

fn main() {}
