use bytetrie::zipper::{EmptyZipper, PolyZipperExplicit};

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits(ZipperValues))]
enum NoValue {
    Zipper(EmptyZipper),
}

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits(ZipperReadOnlyValues))]
enum NoLifetime<V> {
    Zipper(bytetrie::zipper::ReadZipperOwned<V>),
}

fn main() {}
