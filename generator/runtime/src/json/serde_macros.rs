//! The impls of serde's traits that each model has where the feature `serde` is on.

/// Implements `serde::Serialize` for a slot.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_json_to_serde {
    ($ty:ident) => {
        #[cfg(feature = "serde")]
        impl crate::runtime::serde::Serialize for $ty {
            fn serialize<S: crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                crate::runtime::json::serialize(self, serializer)
            }
        }
    };
}

/// Implements `serde::Deserialize` for a slot.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_json_from_serde {
    ($ty:ident) => {
        #[cfg(feature = "serde")]
        impl<'de> crate::runtime::serde::Deserialize<'de> for $ty {
            fn deserialize<D: crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                crate::runtime::json::deserialize(deserializer)
            }
        }
    };
}
