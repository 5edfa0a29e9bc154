//! serde's traits for the types of members, so that a program can put them into types of its own.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::extra::Extra;
use super::{Base64, Date, DateTime, Decimal, Nullable, Places, Quoted, Slot, Tuple};

macro_rules! bridged {
    ($($ty:ty $([$($param:ident: $bound:ident),+])?;)*) => {$(
        impl$(<$($param: $bound),+>)? Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                super::serialize(self, serializer)
            }
        }

        impl<'de, $($($param: $bound),+)?> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::deserialize(deserializer)
            }
        }
    )*};
}

bridged! {
    Base64;
    Date;
    DateTime;
    Decimal;
    Extra;
    Quoted<T> [T: Slot];
    Tuple<P, R> [P: Places, R: Slot];
}

/// Absent and `null` are both written as `null`; leave absent ones out with
/// `#[serde(default, skip_serializing_if = "Nullable::is_absent")]`.
impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<T> = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Null, Self::Value))
    }
}
