//! What a call makes of an answer that is not what the document promises.

use std::fmt::Debug;
use std::future::IntoFuture;
use std::time::Duration;

use token_clients::runtime::{Error, Response};

use super::server::{Answer, Server};
use super::wait;

/// Long enough for a connection on this machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

/// More than a token endpoint may answer.
const TOO_LONG: usize = 70 * 1024;

/// Makes the call once for each fault and compares what comes of it.
///
/// `call` builds it for an origin, with a timeout. Every operation here hands out tokens, so all of them
/// have the same limits.
#[track_caller]
pub(super) fn check<T, E, C>(call: impl Fn(&str, Duration) -> C)
where
    C: IntoFuture<Output = Result<Response<T>, Error<E>>>,
    T: Debug,
    E: Debug,
{
    let long = format!("{{\"filler\":\"{}\"}}", "x".repeat(TOO_LONG));
    #[rustfmt::skip]
    let table = [
        ("no body",          Answer::empty(200),                                          "Decode 200 at $"),
        ("broken JSON",      Answer::json(200, "{\"access_token\":"),                     "Decode 200"),
        ("not an object",    Answer::json(200, "[]"),                                     "Decode 200 at $"),
        ("HTML",             Answer::new(200, "text/html", "<html>Sign in</html>"),       "Decode 200 at $"),
        ("an odd status",    Answer::json(418, "{}"),                                     "Api 418 Other"),
        ("HTML and 502",     Answer::new(502, "text/html", "<html>Bad gateway</html>"),   "Api 502 Other"),
        ("a redirect",       Answer::empty(302).header("location", "https://elsewhere.example"), "Api 302 Other"),
        ("a cut body",       Answer::cut(200, "{\"access_token\":\"abc"),                 "Transport Broken"),
        ("no HTTP",          Answer::Bytes(b"220 mail.example ESMTP\r\n".to_vec()),       "Transport Broken"),
        ("too long a body",  Answer::json(200, &long),                                    "Transport TooLarge"),
        ("silence",          Answer::Silence,                                             "Transport Timeout"),
    ];
    for (fault, answer, expected) in table {
        let server = Server::answering([answer.clone()]);
        let timeout = if matches!(answer, Answer::Silence) {
            SHORT
        } else {
            Duration::from_secs(30)
        };
        let outcome = describe(wait(call(&server.origin(), timeout)));
        assert!(
            outcome.starts_with(expected),
            "{fault}: {outcome}, not {expected}"
        );
    }
    let gone = Server::answering([]);
    let origin = gone.origin();
    gone.requests();
    assert_eq!(
        describe(wait(call(&origin, Duration::from_secs(30)))),
        "Transport Connect",
        "nobody listens"
    );
}

/// What came of a call, in words that a table can hold.
pub(super) fn describe<T: Debug, E: Debug>(outcome: Result<Response<T>, Error<E>>) -> String {
    match outcome {
        Ok(response) => format!("Ok {} {:?}", response.status().as_u16(), *response),
        Err(Error::Build(error)) => format!("Build {:?}", error.kind()),
        Err(Error::Transport(error)) => format!("Transport {:?}", error.kind()),
        Err(Error::Api(error)) => {
            // where all statuses have one body it is just not there, else it is another
            let body = format!("{:?}", error.body()).replace("None", "Other");
            format!("Api {} {body}", error.status().as_u16())
        }
        Err(Error::Decode(error)) => {
            format!("Decode {} at {}", error.status().as_u16(), error.path())
        }
        Err(error) => format!("{error:?}"),
    }
}
