use bytetrie::zipper::{EmptyZipper, PolyZipper, ReadZipperOwned, ZipperSubtries};

#[derive(PolyZipper)]
enum Some {
    Map(ReadZipperOwned<u64>),
    Nothing(EmptyZipper),
}

fn main() {
    // The empty zipper has no subtries, so the enum has none.
    Some::from(EmptyZipper::new()).native_subtries();
}
