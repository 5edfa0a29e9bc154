//! The hand-written half of every client that specmint generates.

// Values and JSON: what a body is made of.
mod extra;
#[macro_use]
pub mod json;
mod secret;

// Calls: how a value becomes a request, and a response a value.
mod body;
mod call;
mod charset;
mod client;
mod clock;
#[macro_use]
mod client_macro;
mod download;
mod error;
mod form;
mod media;
mod multipart;
mod node;
#[cfg(feature = "mock")]
#[macro_use]
pub mod mock;
#[macro_use]
mod operation;
#[macro_use]
mod pages;
mod param;
mod park;
mod part;
mod payload;
mod reader;
mod reply;
mod request;
#[macro_use]
mod response_headers;
mod retry;
#[cfg(feature = "validate")]
#[macro_use]
pub mod rules;
mod security;
mod sequence;
mod server;
#[macro_use]
mod server_macro;
#[macro_use]
mod stream;
mod timer;
#[cfg(feature = "tokens")]
pub mod token;
#[macro_use]
mod token_macro;
mod trace;
pub mod transport;
mod upload;
#[cfg(feature = "xml")]
#[macro_use]
pub mod xml;

#[cfg(feature = "validate")]
#[doc(hidden)]
pub use __specmint_rules as rules;
#[cfg(feature = "xml")]
#[doc(hidden)]
pub use __specmint_xml as xml;
pub use body::{Body, ContentType};
pub use bytes;
pub use call::Call;
pub use client::{Core, CoreBuilder};
pub use clock::{Clock, Now, SystemClock};
pub use download::Download;
pub use error::{
    ApiError, BuildError, BuildErrorKind, DecodeFailure, Delivery, Error, TransportError,
    TransportErrorKind,
};
pub use extra::Extra;
pub use form::{Encoding, Reserved};
pub use futures_core::Stream;
pub use http;
pub use json::{Base64, Date, DateTime, Decimal, DecodeError, Nullable, Quoted, Tuple, Uuid};
pub use operation::{
    ApiSpec, Operation, OperationSpec, Outcome, RawResponse, RawStream, TokenCall, Undeclared,
    finish, run, run_raw, run_stream,
};
pub use pages::{Items, JsonPath, Listed, NextPage, PageInput, PagePlace, Paged, Pages, Paging};
#[cfg(feature = "blocking")]
pub use pages::{ItemsBlocking, PagesBlocking};
pub use param::{Explode, Style};
pub use part::{Multipart, Part};
pub use reply::{Reply, Response};
pub use response_headers::{HeaderSpec, ResponseHeaders, read_headers};
pub use retry::{Backoff, RetryPolicy, retry_after};
#[cfg(feature = "validate")]
pub use rules::{Violation, Violations};
pub use secret::Secret;
pub use security::{BasicEncoding, Credential, KeyLocation, Scheme, SchemeKind};
pub use sequence::Sequence;
pub use serde;
pub use serde_json::Value;
pub use server::{ServerSpec, ServerVariable};
pub use stream::{
    Event, EventData, Events, Opening, Reconnect, Records, open_download, open_events, open_records,
};
#[cfg(feature = "blocking")]
pub use stream::{
    EventIter, RecordIter, open_download_blocking, open_events_blocking, open_records_blocking,
};
pub use timer::{SystemTimer, Timer};
pub use transport::{BlockingTransport, Limits, Transport};
pub use upload::{Upload, UploadError};
#[doc(hidden)]
pub use {
    __specmint_client_builder as client_builder,
    __specmint_download_operation as download_operation,
    __specmint_event_operation as event_operation, __specmint_int_enum as int_enum,
    __specmint_json_from_serde as json_from_serde, __specmint_json_to_serde as json_to_serde,
    __specmint_listed_operation as listed_operation, __specmint_operation as operation,
    __specmint_paged_operation as paged_operation, __specmint_record as record,
    __specmint_record_operation as record_operation,
    __specmint_response_headers as response_headers, __specmint_server as server,
    __specmint_server_variable as server_variable, __specmint_text_enum as text_enum,
    __specmint_token_operation as token_operation, __specmint_union as union,
    __specmint_value_enum as value_enum,
};
#[cfg(feature = "mock")]
#[doc(hidden)]
pub use {
    __specmint_fake_body as fake_body, __specmint_fake_operation as fake_operation,
    __specmint_fake_reply as fake_reply, __specmint_fake_server as fake_server,
};
