//! The models of the benchmark, with derived serde.
#![allow(missing_docs, reason = "they are told by their names")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
pub(crate) struct Person {
    id: i64,
    login: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    admin: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    labels: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    followers: Option<i64>,
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manager: Option<Box<Simple>>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Simple {
    id: i64,
    login: String,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Wide {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_0: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_1: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_2: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_3: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_4: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_5: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_6: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_7: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_8: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_9: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_10: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_11: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_12: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_13: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_14: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_15: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_16: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_17: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_18: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_19: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_20: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_21: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_22: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_23: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_24: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_25: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_26: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_27: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_28: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_29: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_30: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_31: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_32: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_33: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_34: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_35: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_36: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_37: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_38: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_39: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_40: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_41: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_42: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_43: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_44: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_45: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_46: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_47: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_48: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_49: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_50: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_51: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_52: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_53: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_54: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_55: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_56: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_57: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_58: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_59: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_60: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_61: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_62: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_63: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_64: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_65: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_66: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_67: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_68: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_69: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_70: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_71: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_72: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_73: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_74: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_75: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_76: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_77: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_78: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_79: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Event {
    Push { branch: String, commits: i64 },
    Comment { author: String, text: String },
    Star { count: i64 },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Loose {
    Number(i64),
    Text(String),
    Simple(Simple),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Open {
    id: i64,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Token {
    access_token: Wiped,
    token_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// A text that is wiped when dropped, as the other side wipes it.
struct Wiped(SecretString);

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Cow<'de, str> = Deserialize::deserialize(deserializer)?;
        Ok(Self(SecretString::from(text.into_owned())))
    }
}

impl Serialize for Wiped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}
