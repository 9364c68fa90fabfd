use bytetrie::zipper::{EmptyZipper, PolyZipper, PolyZipperExplicit};

#[derive(PolyZipper)]
#[poly_zipper(traits(Zipper))]
enum Shared {
    Zipper(EmptyZipper),
}

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits(Zipper, ZipperWriting))]
enum Unknown {
    Zipper(EmptyZipper),
}

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits())]
enum Empty {
    Zipper(EmptyZipper),
}

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits = Zipper)]
enum NoList {
    Zipper(EmptyZipper),
}

#[derive(PolyZipper)]
#[poly_zipper(crate)]
enum NoPath {
    Zipper(EmptyZipper),
}

fn main() {}
