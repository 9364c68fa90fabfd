//! Values that serde encodes: round trips by every door, wrong types, damage, and hostile bytes.

use std::collections::BTreeMap;
use std::fmt;

use bytetrie::PathMap;
use bytetrie::file::{Encoded, FileError, Limits, Packed, Store, Stored, Writer};
use bytetrie::zipper::*;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::damage::check_damage;
use crate::saved;
use crate::stack::on_stack;
use crate::tries::{config, recipes};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Text { at: (i32, i32), text: String },
    Group(Vec<Shape>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Person {
    name: String,
    initial: char,
    born: Option<u16>,
    tags: BTreeMap<String, Vec<u8>>,
    shapes: Vec<Shape>,
    large: (u64, i128),
    unit: (),
}

macro_rules! encoded {
    ($($type:ty = $name:literal),* $(,)?) => {$(
        impl Stored for $type {
            type Form = Encoded<Self>;
            const NAME: &'static str = $name;
        }
    )*};
}
encoded! { Person = "Person", Shape = "Shape", Flag = "T", List = "T", Chain = "T", Skipping = "Skipping" }

fn shapes() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Point),
        (-9i32..9).prop_map(|radius| Shape::Circle(radius.into())),
        (any::<(i32, i32)>(), ".{0,6}").prop_map(|(at, text)| Shape::Text { at, text }),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| vec(inner, 0..4).prop_map(Shape::Group))
}

fn persons() -> impl Strategy<Value = Person> {
    let tags = btree_map(".{0,4}", vec(any::<u8>(), 0..400), 0..4);
    let fields =
        (".{0,9}", any::<char>(), any::<Option<u16>>(), tags, vec(shapes(), 0..4), any::<(u64, i128)>());
    fields.prop_map(|(name, initial, born, tags, shapes, large)| Person {
        name,
        initial,
        born,
        tags,
        shapes,
        large,
        unit: (),
    })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn values_return_by_every_door(recipe in recipes(), of in vec(persons(), 1..20)) {
        let mut map = PathMap::new();
        for (path, value) in recipe.build().iter() {
            map.insert(&path, of[*value as usize % of.len()].clone());
        }
        map.create_path("dangling");
        let bytes = saved(&map);
        prop_assert!(PathMap::load(&bytes[..]).unwrap() == map);

        let packed = Packed::<Person>::new(&bytes).unwrap();
        packed.verify(|_, _| ()).unwrap();
        let all: Vec<_> = map.iter().map(|(path, value)| (path, value.clone())).collect();
        prop_assert_eq!(&packed.iter().collect::<Vec<_>>(), &all);
        prop_assert_eq!(packed.iter().rev().count(), all.len());
        let mut zipper = packed.read_zipper();
        for (path, value) in &all {
            prop_assert!(packed.get(path).as_ref() == Some(value));
            zipper.move_to_path(path);
            prop_assert!(zipper.stored_val().as_ref() == Some(value));
        }
        zipper.reset();
        prop_assert!(zipper.load() == map);
        zipper.descend_to("d");
        prop_assert!(zipper.load() == map.read_zipper_at_path("d").make_map());

        let mut writer = Writer::new(Vec::new()).unwrap();
        for (path, value) in packed.iter() {
            writer.push(path, value).unwrap();
        }
        let copy = PathMap::<Person>::load(&writer.finish().unwrap().write[..]).unwrap();
        prop_assert!(copy.iter().eq(map.iter()));
    }
}

#[test]
fn stores_keep_them() {
    let path = std::env::temp_dir().join(format!("bytetrie-encoded-{}", std::process::id()));
    let mut map = PathMap::from([("a", Shape::Point), ("b", Shape::Group(vec![Shape::Circle(1.5)]))]);
    let mut store: Store<Shape> = Store::open(&path).unwrap();
    let first = store.commit(&map).unwrap().id();
    map.insert("c", Shape::Text { at: (1, -1), text: "c".repeat(2000) });
    store.commit(&map).unwrap();
    // A commit that fails changes nothing.
    map.insert("d", nested(100));
    assert!(matches!(store.commit(&map), Err(FileError::Unencodable(_))));
    map.remove("d");
    drop(store);
    let mut store: Store<Shape> = Store::open(&path).unwrap();
    assert!(store.load().unwrap() == map);
    assert_eq!(store.at(first).unwrap().len(), 2);
    assert_eq!(store.commits().count(), 2);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn another_type_is_refused_by_names() {
    let bytes = saved(&PathMap::from([("a", Shape::Point)]));
    let says = |error: FileError, what: &str| assert_eq!(error.to_string(), what);
    let wrong = "the values are `Shape (encoded)`, not `Person (encoded)`";
    says(PathMap::<Person>::load(&bytes[..]).unwrap_err(), wrong);
    says(Packed::<Person>::new(&bytes).unwrap_err(), wrong);
    says(
        PathMap::<u64>::load(&bytes[..]).unwrap_err(),
        "the values are `Shape (encoded)`, not `u64 (8 bytes)`",
    );
    let bytes = saved(&PathMap::from([("a", 1u64)]));
    says(
        PathMap::<Shape>::load(&bytes[..]).unwrap_err(),
        "the values are `u64 (8 bytes)`, not `Shape (encoded)`",
    );
}

#[test]
fn each_cut_and_each_flip_is_an_error() {
    let text = |len| Shape::Text { at: (-1, 1 << 20), text: "é".repeat(len) };
    check_damage(&PathMap::from([
        ("", Shape::Point),
        ("a", Shape::Group(vec![text(3), Shape::Circle(0.5)])),
    ]));
    check_damage(&PathMap::from([("a", text(600))]));
}

/// Bytes that are written as they are.
#[derive(Clone, Debug, PartialEq)]
struct Raw<const N: usize>([u8; N]);

impl<const N: usize> Serialize for Raw<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tuple = to.serialize_tuple(N)?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

impl<'de, const N: usize> Deserialize<'de> for Raw<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes<const N: usize>;
        impl<'de, const N: usize> Visitor<'de> for Bytes<N> {
            type Value = Raw<N>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Raw<N>, A::Error> {
                let mut raw = [0; N];
                for byte in &mut raw {
                    *byte = bytes.next_element()?.expect("postcard tells no lengths");
                }
                Ok(Raw(raw))
            }
        }
        from.deserialize_tuple(N, Bytes)
    }
}

impl<const N: usize> Stored for Raw<N> {
    type Form = Encoded<Self>;
    const NAME: &'static str = "T";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flag(bool);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct List(Vec<()>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Chain(Option<Box<Chain>>);

/// Reads bytes, which are those of no `V`, by every door. The checksums are right.
fn check_hostile<V: Stored + DeserializeOwned + Clone + fmt::Debug + PartialEq, const N: usize>(
    raw: [u8; N],
) {
    let bytes = saved(&PathMap::from([("ab", Raw(raw))]));
    let error = PathMap::<V>::load(&bytes[..]).unwrap_err();
    assert!(matches!(&error, FileError::Damaged(damage) if damage.expected() == "the bytes of values"));
    let packed = Packed::<V>::new(&bytes).unwrap();
    assert!(packed.get("ab").is_none() && !packed.contains("ab") && packed.iter().next().is_none());
    assert!(packed.try_get("ab").is_err());
    packed.verify(|_, _| ()).unwrap_err();
    let mut zipper = packed.read_zipper_at_path("a");
    assert!(!zipper.to_next_val());
    zipper.descend_to("b");
    assert!(zipper.stored_val().is_none() && zipper.load().is_empty());
}

#[test]
fn bytes_of_no_value_are_damage() {
    check_hostile::<Flag, 1>([2]);
    check_hostile::<Flag, 0>([]);
    check_hostile::<Flag, 2>([1, 1]); // a byte is left
    check_hostile::<Flag, 3>([0x80, 0x80, 0x80]);
}

#[test]
fn neither_endless_lists_nor_endless_nesting_are_decoded() {
    let mut length = [0xff; 9];
    length[8] = 0x7f;
    check_hostile::<List, 9>(length);
    on_stack(1 << 10, || check_hostile::<Chain, 500>([1; 500]));
    let mut claimed = [0; 20];
    claimed[..9].copy_from_slice(&length);
    check_hostile::<Claims, 20>(claimed);
}

/// A list whose length is claimed.
type Claims = Wrapper<Vec<u64>>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapper<T>(T);

impl<T: Serialize + DeserializeOwned> Stored for Wrapper<T> {
    type Form = Encoded<Self>;
    const NAME: &'static str = "T";
}

/// A shape in `depth` groups.
fn nested(depth: usize) -> Shape {
    (0..depth).fold(Shape::Point, |inner, _| Shape::Group(vec![inner]))
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Skipping {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    first: Option<u8>,
    second: u8,
}

/// A value whose encoding fails.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Refused;

impl Serialize for Refused {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("refused"))
    }
}
encoded! { Refused = "Refused" }

#[test]
fn what_cannot_be_read_is_not_written() {
    fn refused<V: Stored + Clone>(value: V) -> String {
        let map = PathMap::from([("a", value.clone())]);
        let error = map.save(Vec::new()).unwrap_err();
        assert!(matches!(error, FileError::Unencodable(_)));
        // A file that is replaced is as it was.
        let path = std::env::temp_dir().join(format!("bytetrie-refused-{}", std::process::id()));
        std::fs::write(&path, "old").unwrap();
        map.save_to(&path).unwrap_err();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        std::fs::remove_file(&path).unwrap();
        let mut writer = Writer::new(Vec::new()).unwrap();
        writer.push("a", value).unwrap();
        assert!(matches!(writer.finish(), Err(FileError::Unencodable(_))));
        error.to_string()
    }
    assert!(refused(Refused).contains("Refused"));
    assert!(refused(Skipping { first: None, second: 5 }).contains("cannot be decoded again"));
    on_stack(1 << 12, || {
        saved(&PathMap::from([("a", nested(60))]));
        refused(nested(70));
    });
    saved(&PathMap::from([("a", List(vec![(); 65_536]))]));
    refused(List(vec![(); 65_537]));
}

#[test]
fn limits_hold_for_them() {
    let bytes = saved(&PathMap::from([("a", Shape::Point), ("b", Shape::Point)]));
    for limits in
        [Limits::new().bytes(bytes.len() as u64 - 1), Limits::new().values(1), Limits::new().path_len(0)]
    {
        let error = PathMap::<Shape>::load_within(&bytes[..], limits).unwrap_err();
        assert!(matches!(error, FileError::LimitExceeded { .. }));
    }
}
