use bytetrie::zipper::{EmptyZipper, PolyZipper};

#[derive(PolyZipper)]
struct NoEnum(EmptyZipper);

fn main() {}
