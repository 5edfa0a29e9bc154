//! Models for the tests, as the generator writes them.
#![allow(
    missing_docs,
    dead_code,
    reason = "each test uses some of them, and their members explain themselves"
)]

/// Models as the generator writes them. They use `crate::runtime` and nothing else.
pub mod models {
    use crate::runtime::{Base64, Date, DateTime, Extra, Nullable, Secret, Uuid, Value};
    use std::collections::BTreeMap;

    /// A pet with every kind of member.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Pet {
        pub id: i64,
        pub name: String,
        pub kind: Option<String>,
        pub note: Nullable<String>,
        pub tags: Option<Vec<String>>,
        pub owner: Option<Box<Owner>>,
        pub r#type: Option<Species>,
        pub scores: Option<BTreeMap<String, f64>>,
        pub extra: Extra,
    }
    crate::runtime::record! {
        Pet {
            "id" => id: required,
            "name" => name: required,
            "kind" => kind: required,
            "note" => note: optional,
            "tags" => tags: optional,
            "owner" => owner: optional,
            "type" => r#type: optional,
            "scores" => scores: optional,
        } extra extra
    }

    /// An owner, whose other members are skipped.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Owner {
        pub name: Option<String>,
        pub level: Option<Level>,
        pub pets: Option<Vec<Pet>>,
    }
    crate::runtime::record! {
        Owner { "name" => name: optional, "level" => level: optional, "pets" => pets: optional } ..
    }

    /// Names that JSON must escape or that are no identifiers.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Odd {
        pub quoted: Option<i64>,
        pub spaced: Option<i64>,
        pub empty: Option<i64>,
    }
    crate::runtime::record! {
        Odd { "a\"b\\\n" => quoted: optional, "é ü" => spaced: optional, "" => empty: optional } ..
    }

    /// Nothing is declared.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Open {
        pub extra: Extra,
    }
    crate::runtime::record! { Open {} extra extra }

    /// Nothing is declared and nothing is kept.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Closed {}
    crate::runtime::record! { Closed {} .. }

    /// Every format.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Formats {
        pub at: DateTime,
        pub day: Date,
        pub id: Uuid,
        pub bytes: Base64,
        pub small: i32,
        pub any: Value,
    }
    crate::runtime::record! {
        Formats {
            "at" => at: required,
            "day" => day: required,
            "id" => id: required,
            "bytes" => bytes: required,
            "small" => small: required,
            "any" => any: required,
        } ..
    }

    /// An answer of a token endpoint.
    #[derive(Clone, Debug)]
    pub struct Token {
        pub access_token: Secret,
        pub expires_in: Option<i64>,
        pub extra: Extra,
    }
    crate::runtime::record! {
        Token: secret {
            "access_token" => access_token: required,
            "expires_in" => expires_in: optional,
        } extra extra
    }

    /// A species.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Species {
        Cat,
        BigDog,
        Unknown(String),
    }
    crate::runtime::text_enum! { Species { Cat = "cat", BigDog = "big \"dog\"" } }

    /// A level.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Level {
        Below,
        One,
        Unknown(i64),
    }
    crate::runtime::int_enum! { Level { Below = -1, One = 1 } }

    /// A value of any kind.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Mode {
        Auto,
        On,
        Half,
        One,
        Unknown(Value),
    }
    crate::runtime::value_enum! { Mode { Auto = "auto", On = true, Half = 0.5, One = 1_i64 } }

    /// Scores by name, and what only the server sets.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Board {
        pub id: Option<i64>,
        pub title: Option<String>,
        pub extra: BTreeMap<String, f64>,
    }
    crate::runtime::record! {
        Board { "id" => id: read_only, "title" => title: optional } extra extra
    }

    /// Names or numbers.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Scalar {
        Text(String),
        Number(f64),
        Switch(bool),
        Unknown(Value),
    }
    crate::runtime::union! { Scalar: only { Text(String), Number(f64), Switch(bool) } }

    /// A point in the plane or in space.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Point {
        Flat((f64, f64)),
        Solid((f64, f64, f64)),
        Unknown(Value),
    }
    crate::runtime::union! { Point: only { Flat((f64, f64)), Solid((f64, f64, f64)) } }

    /// A step that is told by its kind.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Step {
        pub kind: Species,
        pub size: Option<i64>,
    }
    crate::runtime::record! { Step { "kind" => kind: required, "size" => size: optional } .. }

    /// A step, or a level.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Move {
        Step(Step),
        Level(Level),
        Unknown(Value),
    }
    crate::runtime::union! { Move: only { Step(Step), Level(Level) } }

    /// A species, or any other text.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Named {
        Species(Species),
        Text(String),
        Unknown(Value),
    }
    crate::runtime::union! { Named: first { Species(Species), Text(String) } }

    /// A cat that does not say what it is.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Stray {
        pub lives: Option<i64>,
    }
    crate::runtime::record! { Stray { "lives" => lives: optional } .. }

    /// Its tag is told by the union alone.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Found {
        Stray(Stray),
        Cat(Cat),
        Unknown(Value),
    }
    crate::runtime::union! { Found: tag "petType" { Stray(Stray) = ["stray"], Cat(Cat) = ["cat", "tabby"] } }

    /// A cat.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Cat {
        pub pet_type: String,
        pub lives: i64,
    }
    crate::runtime::record! { Cat { "petType" => pet_type: required, "lives" => lives: required } .. }

    /// A dog, with a friend of any kind.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Dog {
        pub pet_type: String,
        pub friend: Option<Box<Tagged>>,
    }
    crate::runtime::record! { Dog { "petType" => pet_type: required, "friend" => friend: optional } .. }

    /// One of two, told apart by a tag.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Tagged {
        Cat(Cat),
        Dog(Box<Dog>),
        Unknown(Value),
    }
    crate::runtime::union! { Tagged: tag "petType" { Cat(Cat) = ["cat"], Dog(Box<Dog>) = ["dog", "puppy"] } }

    /// One of two, told apart by a number.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Versioned {
        First(Version),
        Second(Version),
        Unknown(Value),
    }
    crate::runtime::union! { Versioned: tag "version" { First(Version) = ["1"], Second(Version) = ["2"] } }

    /// What there is in both versions.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Version {
        pub version: i64,
        pub size: i64,
    }
    crate::runtime::record! { Version { "version" => version: required, "size" => size: required } .. }

    /// Exactly one of three.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Only {
        Number(i64),
        Cat(Cat),
        Owner(Owner),
        Unknown(Value),
    }
    crate::runtime::union! { Only: only { Number(i64), Cat(Cat), Owner(Owner) } }

    /// A tagged union, or an owner.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Keeper {
        Tagged(Tagged),
        Open(Open),
        Unknown(Value),
    }
    crate::runtime::union! { Keeper: first { Tagged(Tagged), Open(Open) } }

    /// A member of any type.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Anything {
        pub it: Option<Value>,
    }
    crate::runtime::record! { Anything { "it" => it: optional } .. }

    /// Exactly one of two that nothing tells apart.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Alike {
        Open(Open),
        Board(Board),
        Unknown(Value),
    }
    crate::runtime::union! { Alike: only { Open(Open), Board(Board) } }

    /// The first of two that fits.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum First {
        Cat(Cat),
        Owner(Owner),
        Unknown(Value),
    }
    crate::runtime::union! { First: first { Cat(Cat), Owner(Owner) } }

    /// A union that holds a secret.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Grant {
        Token(Token),
        Unknown(Value),
    }
    crate::runtime::union! { Grant: secret tag "kind" { Token(Token) = ["token"] } }

    /// A secret union without tag.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Loose {
        Token(Token),
        Text(Secret),
        Unknown(Value),
    }
    crate::runtime::union! { Loose: secret only { Token(Token), Text(Secret) } }

    /// A union within itself, twice at each level.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Maze {
        Left(Box<Left>),
        Right(Box<Right>),
        Unknown(Value),
    }
    crate::runtime::union! { Maze: only { Left(Box<Left>), Right(Box<Right>) } }

    /// One way on.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Left {
        pub on: Option<Maze>,
        pub left: i64,
    }
    crate::runtime::record! { Left { "on" => on: optional, "left" => left: required } .. }

    /// Another way on.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Right {
        pub on: Option<Maze>,
        pub right: i64,
    }
    crate::runtime::record! { Right { "on" => on: optional, "right" => right: required } .. }
}

/// Models with the names that a careless macro would trip over.
pub mod hostile {
    macro_rules! units {
        ($($name:ident),*) => {$(
            /// A model.
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct $name {
                pub value: ::std::option::Option<i64>,
            }
            crate::runtime::record! { $name { "value" => value: optional } .. }
        )*};
    }
    units!(
        Option,
        String,
        Result,
        Vec,
        Box,
        Some,
        None,
        Ok,
        Err,
        From,
        Into,
        ToOwned,
        Slot,
        Reader,
        Value,
        Extra,
        Self_,
        Members,
        Member,
        Serialize,
        Deserialize,
        Iterator,
        Send,
        Sized
    );

    /// A model called like a trait that derives use.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Default {
        pub value: ::std::string::String,
    }
    crate::runtime::record! { Default { "value" => value: required } .. }

    /// A choice with variants called like those of std.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Choice {
        None,
        Some,
        Ok,
        Err,
        Unknown(::std::string::String),
    }
    crate::runtime::text_enum! { Choice { None = "none", Some = "some", Ok = "ok", Err = "err" } }

    /// A union of them.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Display {
        Some(Some),
        None(Vec),
        Ok(::std::string::String),
        Unknown(crate::runtime::Value),
    }
    crate::runtime::union! { Display: first { Ok(::std::string::String), Some(Some), None(Vec) } }

    /// Integers.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Formatter {
        Ok,
        Unknown(i64),
    }
    crate::runtime::int_enum! { Formatter { Ok = 1 } }
}
