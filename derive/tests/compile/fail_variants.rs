use bytetrie::zipper::{EmptyZipper, PolyZipper};

#[derive(PolyZipper)]
enum None {}

#[derive(PolyZipper)]
enum Unit {
    Zipper(EmptyZipper),
    Nothing,
}

#[derive(PolyZipper)]
enum Two {
    Zippers(EmptyZipper, EmptyZipper),
}

#[derive(PolyZipper)]
enum Named {
    Zipper { zipper: EmptyZipper },
}

fn main() {}
