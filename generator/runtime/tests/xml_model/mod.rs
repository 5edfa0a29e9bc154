//! Models with tables of XML, as generated code has them, and ways to write and read them.
#![allow(
    missing_docs,
    dead_code,
    reason = "each test uses some of them, and their members explain themselves"
)]

use super::runtime;

use runtime::json::{Slot, to_vec};
use runtime::xml::Shape::Of;
use runtime::xml::{Root, from_json, from_xml};
use runtime::{DateTime, DecodeError, Extra, Nullable};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Category {
    pub id: Option<i64>,
    pub name: Option<String>,
}

runtime::record! { Category { "id" => id: optional, "name" => name: optional } .. }
runtime::xml! { Category record [element("id", "id", Number), element("name", "name", Text)] None }

#[derive(Clone, Debug, PartialEq)]
pub struct Pet {
    pub id: Option<i64>,
    pub name: String,
    pub category: Option<Category>,
    pub photo_urls: Vec<String>,
    pub tags: Option<Vec<Category>>,
    pub good: Option<bool>,
    pub born: Option<DateTime>,
    pub weight: Nullable<f64>,
    pub extra: Extra,
}

runtime::record! {
    Pet {
        "id" => id: optional,
        "name" => name: required,
        "category" => category: optional,
        "photoUrls" => photo_urls: required,
        "tags" => tags: optional,
        "good" => good: optional,
        "born" => born: optional,
        "weight" => weight: optional,
    } extra extra
}
runtime::xml! {
    Pet record [
        attribute("id", "id", Number),
        element("name", "name", Text).required(),
        element("category", "Category", Of(Category::__xml)),
        element("photoUrls", "photoUrls", List("photoUrl", &Text)).required(),
        inline("tags", "tags", List("tag", &Of(Category::__xml))),
        element("good", "good", Bool),
        element("born", "born", Token),
        element("weight", "weight", Number),
    ] Some(Any)
}

pub const PET: Root = Root::new("Pet", Of(Pet::__xml));

pub fn pet(name: &str) -> Pet {
    let mut pet = Pet::blank();
    pet.name = name.to_owned();
    pet
}

pub fn written(value: &dyn Slot, root: Root) -> String {
    let xml = from_json(&to_vec(value), &root).expect("XML can say it");
    let text = String::from_utf8(xml.to_vec()).unwrap();
    let (declaration, rest) = text.split_once("?>").unwrap();
    assert_eq!(declaration, r#"<?xml version="1.0" encoding="UTF-8""#);
    rest.to_owned()
}

pub fn read<T: Slot>(xml: &str, root: Root) -> Result<T, DecodeError> {
    from_xml(xml.as_bytes(), &root)
}

/// Writes a value, compares, and reads what was written.
#[track_caller]
pub fn there_and_back<T: Slot + PartialEq + std::fmt::Debug>(value: &T, root: Root, xml: &str) {
    assert_eq!(written(value, root), xml);
    assert_eq!(read::<T>(xml, root).as_ref(), Ok(value));
}
