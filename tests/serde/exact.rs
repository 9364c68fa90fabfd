//! The exact forms, as tokens of serde's data model.

use bytetrie::algebra::{And, Max, Min, Or, Sum};
use bytetrie::{ByteMask, PathMap, SharedMap};
use serde::{Deserialize, Serialize};
use serde_test::{
    Configure, Token, assert_de_tokens, assert_de_tokens_error, assert_ser_tokens, assert_tokens,
};

const MAP_OF_2: Token = Token::Map { len: Some(2) };

fn map() -> PathMap<u8> {
    PathMap::from([(&b"\xff\\"[..], 2), (b"a", 1)])
}

#[test]
fn maps_have_strings_or_bytes_as_keys() {
    let [one, two] = [Token::U8(1), Token::U8(2)];
    let text = [MAP_OF_2, Token::Str("a"), one, Token::Str(r"\xff\\"), two, Token::MapEnd];
    assert_tokens(&map().readable(), &text);
    let bytes = [MAP_OF_2, Token::Bytes(b"a"), one, Token::Bytes(b"\xff\\"), two, Token::MapEnd];
    assert_tokens(&map().compact(), &bytes);
    assert_tokens(&PathMap::<u8>::new().compact(), &[Token::Map { len: Some(0) }, Token::MapEnd]);
}

#[test]
fn keys_are_read_from_any_kind_of_string_and_bytes() {
    let read = |key: &[Token]| {
        let entries = [&[Token::Map { len: None }], key, &[Token::U8(1), Token::MapEnd]];
        entries.concat()
    };
    let seq = [Token::Seq { len: None }, Token::U8(b'a'), Token::U8(b'\\'), Token::SeqEnd];
    let bytes: [&[Token]; 4] =
        [&[Token::Bytes(b"a\\")], &[Token::BorrowedBytes(b"a\\")], &[Token::ByteBuf(b"a\\")], &seq];
    let map = PathMap::from([("a\\", 1u8)]);
    for key in bytes {
        assert_de_tokens(&map.clone().readable(), &read(key));
        assert_de_tokens(&map.clone().compact(), &read(key));
    }
    for key in [Token::Str, Token::BorrowedStr, Token::String] {
        assert_de_tokens(&map.clone().readable(), &read(&[key(r"a\\")]));
        // Not unescaped.
        assert_de_tokens(&map.clone().compact(), &read(&[key("a\\")]));
    }
}

#[test]
fn errors_name_the_key() {
    let text = [Token::Map { len: None }, Token::Str(r"a\b")];
    let error = r#"the backslash at byte 1 of the path "a\\b" begins neither `\\` nor `\xHH`"#;
    assert_de_tokens_error::<serde_test::Readable<PathMap<u8>>>(&text, error);
    let number = [Token::Map { len: None }, Token::U8(1)];
    let error = "invalid type: integer `1`, expected a path as a string";
    assert_de_tokens_error::<serde_test::Readable<PathMap<u8>>>(&number, error);
    let error = "invalid type: boolean `true`, expected a map from paths to values";
    assert_de_tokens_error::<serde_test::Compact<PathMap<u8>>>(&[Token::Bool(true)], error);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Set(#[serde(with = "bytetrie::formats::as_set")] PathMap<()>);

#[test]
fn sets_are_sequences_where_asked_for() {
    let set = || PathMap::from_iter([&b"\xff"[..], b"a"]);
    let seq = Token::Seq { len: Some(2) };
    let text = [seq, Token::Str("a"), Token::Str(r"\xff"), Token::SeqEnd];
    assert_tokens(&Set(set()).readable(), &text);
    let bytes = [seq, Token::Bytes(b"a"), Token::Bytes(b"\xff"), Token::SeqEnd];
    assert_tokens(&Set(set()).compact(), &bytes);
    let again =
        [seq, Token::Str(r"\xff"), Token::Str("a"), Token::Str("a"), Token::Bytes(b"\xff"), Token::SeqEnd];
    assert_de_tokens(&Set(set()).readable(), &again);
    let text = [MAP_OF_2, Token::Str("a"), Token::Unit, Token::Str(r"\xff"), Token::Unit, Token::MapEnd];
    assert_tokens(&set().readable(), &text);
}

#[test]
fn sets_of_bytes() {
    let mask = ByteMask::from_iter([0, 9, 255]);
    let [seq, zero, nine, last, end] =
        [Token::Seq { len: Some(3) }, Token::U8(0), Token::U8(9), Token::U8(255), Token::SeqEnd];
    assert_tokens(&mask.readable(), &[seq, zero, nine, last, end]);
    assert_de_tokens(&mask.readable(), &[seq, last, nine, zero, nine, end]);
    const BYTES: &[u8] = &{
        let mut bytes = [0; 32];
        (bytes[0], bytes[1], bytes[31]) = (1, 2, 128);
        bytes
    };
    assert_tokens(&mask.compact(), &[Token::Bytes(BYTES)]);
    assert_de_tokens(&mask.readable(), &[Token::ByteBuf(BYTES)]);
    let mut seq: Vec<_> = BYTES.iter().copied().map(Token::U8).collect();
    seq.insert(0, Token::Seq { len: None });
    seq.push(Token::SeqEnd);
    assert_de_tokens(&mask.compact(), &seq);

    let read =
        |tokens: &[Token], error| assert_de_tokens_error::<serde_test::Compact<ByteMask>>(tokens, error);
    read(&[Token::Bytes(&BYTES[1..])], "invalid length 31, expected 32 bytes");
    read(&[Token::Bytes(&[0; 40])], "invalid length 40, expected 32 bytes");
    seq.insert(1, Token::U8(0));
    seq.truncate(34);
    read(&seq, "invalid length 33, expected 32 bytes");
    let text = [Token::Seq { len: None }, Token::U16(256)];
    let error = "invalid value: integer `256`, expected u8";
    assert_de_tokens_error::<serde_test::Readable<ByteMask>>(&text, error);
}

#[test]
fn newtypes_are_what_they_wrap() {
    assert_tokens(&Max(1u8), &[Token::U8(1)]);
    assert_tokens(&Min("a".to_owned()), &[Token::Str("a")]);
    assert_tokens(&Or(true), &[Token::Bool(true)]);
    assert_tokens(&And(7u64), &[Token::U64(7)]);
    assert_tokens(&Sum(7u32), &[Token::U32(7)]);
}

#[test]
fn published_maps_are_maps() {
    let shared = SharedMap::from(map());
    let tokens =
        [MAP_OF_2, Token::Str("a"), Token::U8(1), Token::Str(r"\xff\\"), Token::U8(2), Token::MapEnd];
    assert_ser_tokens(&shared.load().readable(), &tokens);
    let json = serde_json::to_string(&shared).unwrap();
    assert_ser_tokens(&shared.readable(), &tokens);
    assert_eq!(serde_json::from_str::<SharedMap<u8>>(&json).unwrap().load_map(), map());
}
