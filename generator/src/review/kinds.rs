//! The kinds of changes.

macro_rules! kinds {
    ($($name:ident $text:literal $meaning:literal)*) => {
        /// What kind of change a finding is. Names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $meaning] $name,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name, such as `field-removed`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What it means.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)*
                }
            }
        }
    };
}

kinds! {
    // security
    TokenUrlMoved       "token-url-moved"       "Tokens are asked for, renewed or allowed elsewhere."
    ServerMoved         "server-moved"          "The API's first server, or one of an operation's own, is another host, or no longer https."
    SchemeWeakened      "scheme-weakened"       "A way to authenticate became a weaker one, or a weaker one is taken as well."
    SecretInQuery       "secret-in-query"       "A secret goes into a URL, where logs keep it."
    SecretExposed       "secret-exposed"        "What was a secret is an ordinary value, which programs print."
    SecretHidden        "secret-hidden"         "What was an ordinary value is a secret."
    SecurityDropped     "security-dropped"      "An operation may be called without credentials."
    SecurityRequired    "security-required"     "An operation can no longer be called without credentials."
    SecurityChanged     "security-changed"      "An operation takes other credentials."
    ScopesWidened       "scopes-widened"        "An operation needs scopes that it did not need."
    ScopesNarrowed      "scopes-narrowed"       "An operation needs fewer scopes."
    SchemeAdded         "scheme-added"          "There is another way to authenticate."
    SchemeRemoved       "scheme-removed"        "A way to authenticate is gone."
    SchemeChanged       "scheme-changed"        "A way to authenticate became another one."
    TokenProfileAdded   "token-profile-added"   "An operation hands out tokens."
    TokenProfileRemoved "token-profile-removed" "An operation no longer hands out tokens."
    TokenProfileChanged "token-profile-changed" "Tokens are asked for, found, or believed in another way."
    // the whole
    ApiAdded            "api-added"             "There is another API."
    ApiRemoved          "api-removed"           "An API is gone."
    ServerAdded         "server-added"          "There is another server."
    ServerRemoved       "server-removed"        "A server is gone."
    ServerChanged       "server-changed"        "A server's path or variables are others."
    FeatureAdded        "feature-added"         "There is another cargo feature."
    FeatureRemoved      "feature-removed"       "A cargo feature is gone."
    TextChanged         "text-changed"          "Documentation, examples, or what no program notices."
    // operations
    OperationAdded      "operation-added"       "There is another operation."
    OperationRemoved    "operation-removed"     "An operation is gone, or can no longer be generated."
    OperationMoved      "operation-moved"       "An operation has another method or path."
    OperationRenamed    "operation-renamed"     "An operation's method of the client has another name."
    DeprecationChanged  "deprecation-changed"   "Something is advised against, or no longer."
    ParameterAdded      "parameter-added"       "There is another parameter."
    ParameterRemoved    "parameter-removed"     "A parameter is gone."
    ParameterMoved      "parameter-moved"       "A parameter goes elsewhere in the request."
    ParameterRequired   "parameter-required"    "A parameter must be given."
    ParameterOptional   "parameter-optional"    "A parameter may be left out."
    ParameterEncoded    "parameter-encoded"     "A parameter is written in another way."
    BodyAdded           "body-added"            "There is a request body."
    BodyRemoved         "body-removed"          "The request body is gone."
    BodyRequired        "body-required"         "The request body must be given."
    BodyOptional        "body-optional"         "The request body may be left out."
    MediaTypeAdded      "media-type-added"      "A body may be of another media type."
    MediaTypeRemoved    "media-type-removed"    "A body may no longer be of a media type."
    BodyEncoded         "body-encoded"          "A body, or a part of it, is written in another way."
    StatusAdded         "status-added"          "There is a response with another status."
    StatusRemoved       "status-removed"        "The response with a status is gone."
    HeaderAdded         "header-added"          "A response has another header."
    HeaderRemoved       "header-removed"        "A header of a response is gone."
    HeaderRequired      "header-required"       "A header of a response is always there."
    HeaderOptional      "header-optional"       "A header of a response may be missing."
    PaginationChanged   "pagination-changed"    "Pages follow one another in another way."
    WebhookAdded        "webhook-added"         "The API sends another request by itself."
    WebhookRemoved      "webhook-removed"       "A request that the API sent by itself is gone."
    // values
    SchemaAdded         "schema-added"          "There is another schema."
    SchemaRemoved       "schema-removed"        "A schema is gone."
    SchemaRenamed       "schema-renamed"        "A schema's Rust type has another name."
    FieldAdded          "field-added"           "There is another member."
    FieldRemoved        "field-removed"         "A member is gone."
    FieldRequired       "field-required"        "A member is always there."
    FieldOptional       "field-optional"        "A member may be missing."
    FieldWay            "field-way"             "A member is no longer, or only, in requests or in answers."
    RestChanged         "rest-changed"          "Other members beside the named ones are allowed."
    TypeChanged         "type-changed"          "A value is of another type."
    NullAllowed         "null-allowed"          "A value may be null."
    NullRefused         "null-refused"          "A value may no longer be null."
    ValueAdded          "value-added"           "A set of values has another one."
    ValueRemoved        "value-removed"         "A set of values has one less."
    AlternativeAdded    "alternative-added"     "A choice has another alternative."
    AlternativeRemoved  "alternative-removed"   "A choice has one alternative less."
    TagChanged          "tag-changed"           "Alternatives are told apart in another way."
    ConstantChanged     "constant-changed"      "A member's only value is another."
    DefaultChanged      "default-changed"       "What stands for a value that is left out is another."
    LimitsChanged       "limits-changed"        "A value must keep to other limits."
    XmlChanged          "xml-changed"           "A value stands otherwise in XML."
    RustChanged         "rust-changed"          "A public item of the generated crate is another, and nothing else is."
}
