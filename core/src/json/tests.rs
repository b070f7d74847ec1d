//! The judge is `serde_json`: whatever it takes is taken here, as the same value, and nothing else; and what was taken
//! is written as it writes it.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::from_str;

use super::write::{Layout, Unwritable, text};
use super::{read, read_bytes, read_part, write, write_lines};
use crate::content::{Catalogue, Manifest};
use crate::record::{Bundle, EvaluationAnswer, LearnerSheet, Payload};
use crate::session::Entry;

/// Every kind of shape that is read.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Shape {
    Unit,
    Newtype(i16),
    Pair(u8, bool),
    Members {
        text: String,
        maybe: Option<u32>,
        #[serde(default)]
        list: Vec<Inner>,
    },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    signed: i64,
    unsigned: u64,
    pair: (String, Option<bool>),
}

fn agree<T: for<'de> Deserialize<'de> + Serialize + PartialEq + std::fmt::Debug>(text: &str) {
    let (ours, theirs) = (read::<T>(text).ok(), from_str::<T>(text).ok());
    assert_eq!(ours, theirs, "{text}");
    if let Some(value) = ours {
        agree_writing(&value);
    }
}

fn agree_writing<T: Serialize>(value: &T) {
    assert_eq!(write(value), serde_json::to_string(value).expect("writes"));
    assert_eq!(write_lines(value), serde_json::to_string_pretty(value).expect("writes"));
}

#[test]
fn shapes_are_taken_as_serde_json_takes_them() {
    for text in [
        r#""unit""#,
        r#"{"unit":null}"#,
        r#"{"unit":0}"#,
        r#""newtype""#,
        r#"{"newtype":-5}"#,
        r#"{"newtype":32768}"#,
        r#"{"newtype":5,"unit":null}"#,
        "{}",
        "[]",
        "null",
        r#"{"pair":[255,true]}"#,
        r#"{"pair":[256,true]}"#,
        r#"{"pair":[1]}"#,
        r#"{"pair":[1,true,2]}"#,
        r#"{"members":{"text":"a","maybe":null}}"#,
        r#"{"members":{"text":"a"}}"#,
        r#"{"members":{"maybe":3,"text":"a","list":[]}}"#,
        r#"{"members":{"maybe":3}}"#,
        r#"{"members":{"text":"a","text":"a"}}"#,
        r#"{"members":{"text":"a","other":1}}"#,
        r#"{"members":{"text":"a","list":null}}"#,
        r#"{"members":["a",1,[]]}"#,
        r#"{"members":["a",1]}"#,
        r#"{"members":["a"]}"#,
        r#"{"members":["a",1,[],1]}"#,
        r#"{"\u006dembers":{"te\u0078t":"\ud83d\ude00\n\"\\\/"}}"#,
        r#"{"members":{"text":"a","list":[{"signed":-1,"unsigned":1,"pair":["x",true]}]}}"#,
        r#"{"members":{"text":"a","list":[{"pair":["x",null],"signed":1,"unsigned":0}]}}"#,
        r#"{"members":{"text":"a","list":[{"pair":["x"],"signed":1,"unsigned":0}]}}"#,
        r#"{"members":{"text":"a","list":[{"pair":["x",null,1],"signed":1,"unsigned":0}]}}"#,
        r#"{"members":{"text":"a","list":[{"pair":["x",null],"signed":1}]}}"#,
        r#"{"members":{"text":"a","list":[[1,2,["x",null]]]}}"#,
    ] {
        agree::<Shape>(text);
        agree::<Shape>(&format!(" \t\r\n{text}\n"));
        agree::<Shape>(&format!("{text}x"));
    }
}

#[test]
fn numbers_and_strings_have_one_grammar() {
    for text in [
        "0",
        "-0",
        "00",
        "01",
        "-",
        "+1",
        "1.0",
        "1e0",
        "1.",
        ".5",
        "1e",
        "1E+5",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "1 1",
        "1,",
        "true",
        "tru",
        "nul",
        "\u{feff}1",
    ] {
        agree::<i64>(text);
        agree::<u64>(text);
        agree::<u8>(text);
        agree::<bool>(text);
        agree::<Option<u16>>(text);
    }
    for text in [
        r#""""#,
        r#"""#,
        r#""a"#,
        r#""\"#,
        r#""\""#,
        r#""\x""#,
        r#""\u12""#,
        r#""\u00e9""#,
        r#""\u00E9""#,
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        r#""\ud800\ud800""#,
        r#""\ud83dx""#,
        r#""\udbff\udfff""#,
        "\"a\nb\"",
        "\"\u{7f}é😀\"",
        "\"\u{1f}\"",
        r#""\u+123""#,
        r#""\/\b\f\r\t""#,
    ] {
        agree::<String>(text);
        agree::<Option<String>>(text);
        agree::<(String,)>(&format!("[{text}]"));
    }
    for text in
        ["[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[]", "[[]]", "{", "{\"a\"}", "{1:2}", "{\"a\":1,}"]
    {
        agree::<Vec<u8>>(text);
        agree::<Vec<Vec<u8>>>(text);
        agree::<Inner>(text);
    }
}

/// Strings are read eight bytes at a time.
#[test]
fn what_is_not_plain_is_seen_at_every_place_of_a_word() {
    let odd = [
        "",
        "\"",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u00e9",
        "\\ud83e\\udec0",
        "\\x",
        "\\",
        "\t",
        "\0",
        "\u{7f}",
        "é",
    ];
    for (one, other) in odd.iter().flat_map(|one| odd.iter().map(move |other| (one, other))) {
        for (before, between, after) in
            (0..10).flat_map(|before| [(before, 0, 9), (before, 7, 0), (before, 8, 1), (before, 9, 17)])
        {
            let plain = |count: usize| "!".repeat(count);
            agree::<String>(&format!("\"{}{one}{}{other}{}\"", plain(before), plain(between), plain(after)));
        }
    }
}

#[test]
fn whole_numbers_of_every_length_agree() {
    let digits = "98765432109876543210987";
    for length in 1..=digits.len() {
        for (start, end) in [("", ""), ("-", ""), ("0", ""), ("", ".0"), ("", "e0"), ("", " "), ("", "x")] {
            let number = format!("{start}{}{end}", &digits[..length]);
            agree::<u64>(&number);
            agree::<i64>(&number);
        }
    }
}

#[test]
fn every_kind_of_value_is_written_as_serde_json_writes_it() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Newtype(char);
    #[derive(Serialize)]
    struct Pair(i8, i16);
    #[derive(Serialize)]
    struct Empty {}
    agree_writing(&(Unit, Newtype('"'), Pair(-128, 300), Empty {}, ()));
    agree_writing(&(u8::MAX, u16::MAX, u32::MAX, u64::MAX, i32::MIN, i64::MIN, 0, true, false));
    agree_writing(&[Some(Vec::<u8>::new()), None, Some(vec![1, 2])]);
    agree_writing(&[Shape::Unit, Shape::Newtype(-1), Shape::Pair(1, true)]);
    let inner = || Inner { signed: -1, unsigned: 1, pair: ("x".to_owned(), None) };
    agree_writing(&Shape::Members { text: String::new(), maybe: None, list: vec![] });
    agree_writing(&Shape::Members { text: "a".to_owned(), maybe: Some(1), list: vec![inner(), inner()] });
    let every_letter: String = (0..0x300u32).filter_map(char::from_u32).chain(['\u{2028}', '😀']).collect();
    agree_writing(&every_letter);
}

#[test]
fn what_is_absent_is_refused_also_within_a_document() {
    assert_eq!(text(&("a", 1.5f64), Layout::Compact), Err(Unwritable));
    assert_eq!(text(&[std::collections::BTreeMap::from([("a", 1)])], Layout::Lines), Err(Unwritable));
}

#[test]
fn nesting_has_an_end() {
    for depth in [126, 127, 128, 200_000] {
        let text = format!("[{}{}]", "[".repeat(depth), "]".repeat(depth));
        assert!(read::<Vec<u8>>(&text).is_err(), "{depth}");
    }
}

#[test]
fn an_error_names_its_place() {
    let error = |text: &str| read::<Inner>(text).expect_err(text).to_string();
    assert_eq!(error("{\n \"signed\": x"), "expected value at line 2 column 12");
    assert_eq!(error(r#"{"signed":1}"#), "missing field `unsigned` at line 1 column 11");
    let whole = |more: &str| error(&format!(r#"{{"signed":1,"unsigned":2,"pair":["",null],{more}:1}}"#));
    assert_eq!(whole(r#""other""#), "unknown field `other` at line 1 column 50");
    assert_eq!(whole(r#""signed""#), "duplicate field `signed` at line 1 column 51");
    assert_eq!(error(r#"{"signed":true}"#), "expected a whole number, found true at line 1 column 14");
    let error = read_bytes::<Inner>(b"{\"\xff\"}").expect_err("bytes").to_string();
    assert_eq!(error, "not UTF-8 at line 1 column 3");
}

#[test]
fn what_is_not_wanted_is_passed_over_on_request_alone() {
    let text = r#"{"signed":1,"more":{"a":[1.5]},"unsigned":2,"pair":["x",null]}"#;
    assert!(read::<Inner>(text).is_err());
    assert!(read_part::<Inner>(text).is_ok());
    assert!(read_part::<Inner>(&text.replace("more", "signed")).is_err(), "twice");
}

/// Documents as they are written, to be mutated.
const DOCUMENTS: [&str; 7] = [
    r#"{"n":3,"at":1795305599000,"offset":-60,"zone":"Europe/Zurich","active":41250,"event":{"answered":{"item":"q1","response":{"choices":["a","b"]},"certainty":"c2"}}}"#,
    r#"{"n":1,"at":1,"offset":0,"zone":"","active":0,"event":{"started":{"session":"00112233445566778899aabbccddeeff","pack":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","activity":"cap","version":"1","rules":1,"player":"0.1.0","mode":"not_for_credit"}}}"#,
    r#"{"n":9,"at":1,"offset":0,"zone":"","active":0,"event":"attempt_submitted"}"#,
    r#"{"n":9,"at":1,"offset":0,"zone":"","active":0,"event":{"answered":{"item":"q","response":{"matches":[{"stem":"s","option":"o"}]}}}}"#,
    r#"{"n":9,"at":1,"offset":0,"zone":"","active":0,"event":{"answered":{"item":"q","response":{"number":"7.5"}}}}"#,
    r#"{"n":9,"at":1,"offset":0,"zone":"","active":0,"event":{"claimed":{"claims":[{"credit":"c","amount":25}]}}}"#,
    r#"{"format":"enduring-record/1","record":"a.b.c","key":{"kty":"EC","crv":"P-256","x":"x","y":"y"},"log":"","learner":"{}"}"#,
];

fn all(text: &str) {
    agree::<Entry>(text);
    agree::<Bundle>(text);
    agree::<Manifest>(text);
    agree::<Catalogue>(text);
    agree::<Payload>(text);
    agree::<LearnerSheet>(text);
    agree::<EvaluationAnswer>(text);
}

#[test]
fn documents_with_any_one_byte_changed_or_gone_agree() {
    for text in DOCUMENTS {
        all(text);
        for at in 0..text.len() {
            for with in ["", "0", "\"", "{", "]", ",", "null", "\\", " ", "x"] {
                let mut changed = text.to_owned();
                changed.replace_range(at..=at, with);
                agree::<Entry>(&changed);
                agree::<Bundle>(&changed);
            }
        }
    }
}

proptest! {
    #[test]
    fn texts_by_chance_are_written_as_serde_json_writes_them(text: String, more: Vec<Option<String>>) {
        agree_writing(&(text, more));
    }

    #[test]
    fn texts_made_of_its_own_pieces_agree(pieces in prop::collection::vec(0usize..24, 0..24)) {
        const PIECES: [&str; 24] = [
            "{", "}", "[", "]", ",", ":", "\"n\":", "1", "-1", "\"event\":", "\"heartbeat\"", "null", "true",
            "\"unit\"", "\"members\":", "\"text\":", "\"a\"", "\"list\":[]", "\"maybe\":", "\"pair\":", "1.5",
            "\"newtype\":", " ", "\"\\u0061\"",
        ];
        let text: String = pieces.iter().filter_map(|at| PIECES.get(*at)).copied().collect();
        agree::<Shape>(&text);
        agree::<Vec<Shape>>(&text);
        agree::<Entry>(&text);
    }
}

#[test]
fn escapes_are_decoded_wherever_in_a_word_they_are_and_whatever_was_decoded_before() {
    for escape in ["\\\"", "\\\"\\\"", "\\\\", "\\n", "\\u00e9", "\\\\\\\"", "\\x", "\n", "\\", "é\\\""] {
        for before in 0..20 {
            for after in 0..20 {
                let (before, after) = ("b".repeat(before), "a".repeat(after));
                agree::<String>(&format!("\"{before}{escape}{after}\""));
                agree::<Vec<String>>(&format!(
                    "[\"long \\\" before\",\"{before}{escape}{after}{escape}\",\"{after}\"]"
                ));
                agree::<String>(&format!("\"{before}{escape}{after}"));
            }
        }
    }
}
