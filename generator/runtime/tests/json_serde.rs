//! Models through serde's traits: the bridge, and the same results as derived serde.

#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specmint_runtime as runtime;

#[path = "model/mod.rs"]
pub mod model;

use model::models::{Level, Pet, Species, Tagged, Token};
use runtime::json::{from_slice, to_vec};
use runtime::{Base64, Date, DateTime, Decimal, Extra, Nullable, Quoted, Secret, Tuple, Value};

#[test]
fn models_go_through_other_formats_and_back() {
    let json = r#"{"id":1,"name":"Tom","kind":null,"tags":["x"],"type":"cat","scores":{"a":1.5},"more":{"b":[null]}}"#;
    let pet: Pet = from_slice(json.as_bytes()).expect("a pet");
    let value = serde_json::to_value(&pet).expect("a value");
    assert_eq!(value, serde_json::from_str::<Value>(json).expect("a value"));
    assert_eq!(serde_json::from_value::<Pet>(value).expect("a pet"), pet);
    assert_eq!(serde_json::to_string(&pet).expect("JSON"), json);
    assert_eq!(serde_json::from_str::<Pet>(json).expect("a pet"), pet);
}

#[test]
fn enums_and_unions_serialize_inside_types_of_the_program() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mine {
        species: Species,
        levels: Vec<Level>,
        pet: Tagged,
    }
    let json = r#"{"species":"cat","levels":[1,5],"pet":{"petType":"cat","lives":9}}"#;
    let mine: Mine = serde_json::from_str(json).expect("mine");
    assert_eq!(serde_json::to_string(&mine).expect("JSON"), json);
}

#[test]
fn a_secret_can_be_read_from_a_configuration() {
    let token: Token = serde_json::from_str(r#"{"access_token":"abc"}"#).expect("a token");
    assert_eq!(token.access_token.expose(), "abc");
    let secret: Secret = serde_json::from_str(r#""abc""#).expect("a secret");
    assert_eq!(secret.expose(), "abc");
}

#[test]
fn the_types_of_members_serialize_inside_types_of_the_program() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mine {
        at: DateTime,
        day: Date,
        bytes: Base64,
        price: Decimal,
        count: Quoted<u64>,
        pair: Tuple<(i64, bool), String>,
        #[serde(default, skip_serializing_if = "Nullable::is_absent")]
        note: Nullable<String>,
        extra: Extra,
    }
    for json in [
        r#"{"at":"2024-05-17T08:00:00Z","day":"2024-05-17","bytes":"aGk=","price":1.5,"count":"7","pair":[1,true,"a"],"extra":{"more":1}}"#,
        r#"{"at":"2024-05-17T08:00:00Z","day":"2024-05-17","bytes":"aGk=","price":1.5,"count":"7","pair":[1,true],"note":null,"extra":{}}"#,
    ] {
        let mine: Mine = serde_json::from_str(json).expect("mine");
        assert_eq!(serde_json::to_string(&mine).expect("JSON"), json);
    }
}

#[test]
fn errors_of_a_model_come_through_with_their_path() {
    let err = serde_json::from_str::<Pet>(r#"{"id":1,"name":"Tom","kind":[]}"#)
        .expect_err("kind is no string");
    assert!(
        err.to_string()
            .contains("$.kind: expected a string, found an array"),
        "{err}"
    );
    let err = serde_json::from_str::<Pet>("{\n\"id\":x}").expect_err("no JSON");
    assert!(err.to_string().contains("line 2 column 6"), "{err}");
}

/// The same model as derived serde has it.
#[derive(Serialize, Deserialize)]
struct DerivedPet {
    id: i64,
    name: String,
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scores: Option<BTreeMap<String, f64>>,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

/// The model of the same members here.
#[derive(Debug, PartialEq)]
pub struct LeanPet {
    id: i64,
    name: String,
    kind: Option<String>,
    tags: Option<Vec<String>>,
    scores: Option<BTreeMap<String, f64>>,
    extra: Extra,
}
runtime::record! {
    LeanPet {
        "id" => id: required,
        "name" => name: required,
        "kind" => kind: required,
        "tags" => tags: optional,
        "scores" => scores: optional,
    } extra extra
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn number(&mut self) -> String {
        match self.below(4) {
            0 => format!("{}", self.below(1 << 40)),
            1 => format!("-{}.{:03}", self.below(1000), self.below(1000)),
            2 => format!("{}e-{}", self.below(1000), self.below(20)),
            _ => format!("{}.5E{}", self.below(10), self.below(20)),
        }
    }

    fn string(&mut self) -> String {
        let pieces = [
            "a",
            "é",
            "😀",
            "\\n",
            "\\\"",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\/",
            " ",
            "\\u0007",
        ];
        let chosen =
            (0..self.below(5)).map(|_| pieces[usize::try_from(self.below(10)).expect("small")]);
        format!("\"{}\"", chosen.collect::<String>())
    }

    fn pet(&mut self) -> String {
        let mut members = vec![
            format!(r#""id":{}"#, self.below(1 << 50)),
            format!(r#""name":{}"#, self.string()),
            format!(
                r#""kind":{}"#,
                if self.below(2) == 0 {
                    String::from("null")
                } else {
                    self.string()
                }
            ),
        ];
        if self.below(2) == 0 {
            members.push(format!(
                r#" "tags" : [ {} , {} ]"#,
                self.string(),
                self.string()
            ));
        }
        if self.below(2) == 0 {
            members.push(format!(
                r#""scores":{{"a":{},"b":{}}}"#,
                self.number(),
                self.number()
            ));
        }
        if self.below(2) == 0 {
            members.push(format!(
                r#""more":[{},{{"x":{}}}]"#,
                self.number(),
                self.string()
            ));
        }
        for at in (1..members.len()).rev() {
            let other = self.below(at as u64 + 1);
            members.swap(at, usize::try_from(other).expect("small"));
        }
        format!("{{{}}}", members.join(","))
    }
}

#[test]
fn two_thousand_bodies_read_and_write_as_with_derived_serde() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for _ in 0..2_000 {
        let json = dice.pet();
        let derived: DerivedPet = serde_json::from_str(&json).expect("derived serde reads it");
        let lean: LeanPet =
            from_slice(json.as_bytes()).unwrap_or_else(|err| panic!("{err}: {json}"));
        let value: Value = serde_json::to_value(&derived).expect("a value");
        let written = to_vec(&lean);
        let ours: Value = serde_json::from_slice(&written).expect("JSON");
        // serde_json reads some floats one unit off; ours are exact, so texts may differ in the last digit.
        assert!(alike(&ours, &value), "{json}\n{ours}\n{value}");
        assert_eq!(
            from_slice::<LeanPet>(&written).expect("ours again"),
            lean,
            "{json}"
        );
    }
}

/// Compares values, floats to one part in ten to the power of 14.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= a.abs() * 1e-14,
            _ => a == b,
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b)))
        }
        _ => one == other,
    }
}
