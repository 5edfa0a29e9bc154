//! What the generator writes behind a token operation. It is there without the feature `tokens` too, and then is nothing.

/// Gives the call of a token operation its source. After its name stands the profile.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_token_operation {
    ($name:ident { $($profile:tt)* }) => {
        #[cfg(feature = "tokens")]
        impl $name {
            /// Returns where the operation's answers hold the token, its lifetime and the rest, and how a refresh
            /// is asked for.
            #[must_use]
            pub fn token_profile() -> &'static crate::runtime::token::TokenProfile {
                #[allow(unused_imports, reason = "profiles differ in what they have")]
                use crate::runtime::token::profile::{
                    Counts::*, Input::*, LifetimeAt::*, Place::*, RefreshBy, TokenProfile,
                };
                #[allow(unused_imports, reason = "profiles differ in what they have")]
                use ::core::option::Option::{None, Some};
                static PROFILE: TokenProfile = TokenProfile { $($profile)* ..TokenProfile::BARE };
                &PROFILE
            }

            /// Begins a source of tokens that this call asks for: one request for all who wait, renewed before the
            /// token runs out.
            #[must_use]
            pub fn token_source(self) -> crate::runtime::token::SourceBuilder {
                crate::runtime::token::OperationEndpoint::new(self.call, Self::token_profile()).source()
            }
        }
    };
}
