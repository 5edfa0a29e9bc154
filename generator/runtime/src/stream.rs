//! Responses that come bit by bit: files, events and records. Each is read when it is there.

mod event_text;
mod events;
mod record_text;
mod records;

pub use self::events::{Event, EventData, Events, Reconnect, open_events};
#[cfg(feature = "blocking")]
pub use self::events::{EventIter, open_events_blocking};
pub(super) use self::records::read_records;
#[cfg(feature = "blocking")]
pub use self::records::{RecordIter, open_records_blocking};
pub use self::records::{Records, open_records};

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use super::call::Call;
use super::error::{DecodeFailure, Error};
use super::operation::{Operation, finish};
use super::reply::Response;
use super::{Body, DecodeError, Download, TransportError};

/// A response that is read bit by bit, in the making: its head is not there yet.
pub type Opening<S, E> = Pin<Box<dyn Future<Output = Result<S, Error<E>>> + Send>>;

/// Sends a call and hands its body over as it comes; an error status is read whole.
pub fn open_download<O: Operation>(mut call: Call) -> Opening<Response<Download>, O::Failure> {
    Box::pin(async move {
        let most = call.limits().max_response_bytes;
        let response = call.stream().await.map_err(Error::widen)?;
        accepted::<O>(response, most).await.map(downloaded)
    })
}

/// [`open_download`] on the calling thread.
///
/// # Errors
/// As of the call; an error status is one.
#[cfg(feature = "blocking")]
pub fn open_download_blocking<O: Operation>(
    mut call: Call,
) -> Result<Response<Download>, Error<O::Failure>> {
    let most = call.limits().max_response_bytes;
    let response = call.stream_blocking().map_err(Error::widen)?;
    accepted_blocking::<O>(response, most).map(downloaded)
}

fn downloaded(response: http::Response<Download>) -> Response<Download> {
    let (head, body) = response.into_parts();
    Response::new(body, http::Response::from_parts(head, Body::empty()))
}

/// A response with a status of success; any other is read whole, and is an error.
async fn accepted<O: Operation>(
    response: http::Response<Download>,
    most: usize,
) -> Result<http::Response<Download>, Error<O::Failure>> {
    if response.status().is_success() {
        return Ok(response);
    }
    Err(refused::<O>(gathered(response, most).await?))
}

#[cfg(feature = "blocking")]
fn accepted_blocking<O: Operation>(
    response: http::Response<Download>,
    most: usize,
) -> Result<http::Response<Download>, Error<O::Failure>> {
    if response.status().is_success() {
        return Ok(response);
    }
    Err(refused::<O>(gathered_blocking(response, most)?))
}

async fn gathered(
    response: http::Response<Download>,
    most: usize,
) -> Result<http::Response<Body>, TransportError> {
    let (head, body) = response.into_parts();
    Ok(http::Response::from_parts(head, body.gather(most).await?))
}

#[cfg(feature = "blocking")]
fn gathered_blocking(
    response: http::Response<Download>,
    most: usize,
) -> Result<http::Response<Body>, TransportError> {
    let (head, body) = response.into_parts();
    let body = body.gather_blocking(most)?;
    Ok(http::Response::from_parts(head, body))
}

/// What an error status is to an operation.
fn refused<O: Operation>(response: http::Response<Body>) -> Error<O::Failure> {
    match finish::<O>(response) {
        Err(error) => error,
        // a success is not refused; what came instead of a stream is not what was declared
        Ok(response) => Error::Decode(DecodeFailure::new(
            super::json::Problem::NotA {
                expected: "a stream",
            }
            .into(),
            response.into_raw(),
        )),
    }
}

/// The head of a response, to make one of each bit of its body that cannot be read.
struct Head {
    status: http::StatusCode,
    headers: http::HeaderMap,
}

impl Head {
    fn failure<E>(&self, error: DecodeError, bit: &[u8]) -> Error<E> {
        let mut raw = http::Response::new(Body::from(bit.to_vec()));
        *raw.status_mut() = self.status;
        raw.headers_mut().clone_from(&self.headers);
        Error::Decode(DecodeFailure::new(error, raw))
    }
}

fn split(response: http::Response<Download>) -> (Head, Download) {
    let (head, body) = response.into_parts();
    let (status, headers) = (head.status, head.headers);
    (Head { status, headers }, body)
}

fn too_large() -> TransportError {
    TransportError::new(
        super::TransportErrorKind::TooLarge,
        super::Delivery::MaybeSent,
    )
}

/// The response of a call that came piece by piece, or why none did.
type Sent = Result<http::Response<Download>, Error<Infallible>>;

/// Gives a generated call a way to read its response as a file.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_download_operation {
    ($name:ident) => {
        impl $name {
            /// Sends the call and hands its body over as it comes, of any length. Dropping it cancels what is
            /// not read yet.
            ///
            /// # Errors
            /// See [`Error`](crate::runtime::Error); an error status is one.
            pub fn download(
                self,
            ) -> crate::runtime::Opening<
                crate::runtime::Response<crate::runtime::Download>,
                <Self as crate::runtime::Operation>::Failure,
            > {
                crate::runtime::open_download::<Self>(self.call)
            }

            /// [`download`](Self::download) on this thread.
            ///
            /// # Errors
            /// See there.
            #[cfg(feature = "blocking")]
            pub fn send_download(
                self,
            ) -> ::core::result::Result<
                crate::runtime::Response<crate::runtime::Download>,
                crate::runtime::Error<<Self as crate::runtime::Operation>::Failure>,
            > {
                crate::runtime::open_download_blocking::<Self>(self.call)
            }
        }
    };
}

/// Gives a generated call a way to read its response as events of a type.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_event_operation {
    ($name:ident: $data:ident $ty:ty) => {
        impl $name {
            /// Sends the call, asking for `text/event-stream`, and reads the events of its response one by one.
            /// They end with the response, unless they are told to be
            /// [`reconnecting`](crate::runtime::Events::reconnecting).
            ///
            /// # Errors
            /// See [`Error`](crate::runtime::Error); an error status is one.
            pub fn events(
                self,
            ) -> crate::runtime::Opening<
                crate::runtime::Events<$ty, <Self as crate::runtime::Operation>::Failure>,
                <Self as crate::runtime::Operation>::Failure,
            > {
                crate::runtime::open_events::<Self, $ty>(
                    self.call,
                    crate::runtime::EventData::$data,
                )
            }

            /// [`events`](Self::events) on this thread.
            ///
            /// # Errors
            /// See there.
            #[cfg(feature = "blocking")]
            pub fn send_events(
                self,
            ) -> ::core::result::Result<
                crate::runtime::EventIter<$ty, <Self as crate::runtime::Operation>::Failure>,
                crate::runtime::Error<<Self as crate::runtime::Operation>::Failure>,
            > {
                crate::runtime::open_events_blocking::<Self, $ty>(
                    self.call,
                    crate::runtime::EventData::$data,
                )
            }
        }
    };
}

/// Gives a generated call a way to read its response as records of a type.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_record_operation {
    ($name:ident: $media_type:literal $ty:ty) => {
        impl $name {
            #[doc = ::core::concat!(
                                        "Sends the call, asking for `", $media_type,
                                        "`, and reads the records of its response one by one.",
                                    )]
            ///
            /// # Errors
            /// See [`Error`](crate::runtime::Error); an error status is one.
            pub fn records(
                self,
            ) -> crate::runtime::Opening<
                crate::runtime::Records<$ty, <Self as crate::runtime::Operation>::Failure>,
                <Self as crate::runtime::Operation>::Failure,
            > {
                crate::runtime::open_records::<Self, $ty>(self.call, $media_type)
            }

            /// [`records`](Self::records) on this thread.
            ///
            /// # Errors
            /// See there.
            #[cfg(feature = "blocking")]
            pub fn send_records(
                self,
            ) -> ::core::result::Result<
                crate::runtime::RecordIter<$ty, <Self as crate::runtime::Operation>::Failure>,
                crate::runtime::Error<<Self as crate::runtime::Operation>::Failure>,
            > {
                crate::runtime::open_records_blocking::<Self, $ty>(self.call, $media_type)
            }
        }
    };
}
