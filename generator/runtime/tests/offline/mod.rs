//! Requests that are made and not sent, and values that are given as JSON.

use specmint_runtime::json::{Problem, Reader, Slot, Writer};
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{
    ApiSpec, Body, BuildError, Call, Core, CoreBuilder, DecodeError, OperationSpec, ServerSpec,
    http,
};

/// An API at one server.
pub static API: ApiSpec = ApiSpec {
    name: "api",
    servers: &[ServerSpec {
        url: "https://x.example",
        variables: &[],
    }],
    schemes: &[],
    carrier: None,
};

/// An operation that takes a body of these types.
pub const fn operation(
    path: &'static str,
    request_types: &'static [&'static str],
) -> OperationSpec {
    OperationSpec {
        id: "operation",
        method: "POST",
        path,
        request_types,
        response_types: &[],
        security: &[],
        scopes: &[],
        servers: &[],
        token: None,
    }
}

/// A client whose calls are answered at once, with nothing.
pub fn core() -> Core {
    let transport = Memory::new(|_| Ok(http::Response::new(Body::empty())));
    CoreBuilder::new(&API).transport(transport).build().unwrap()
}

/// A value that is written as this JSON text, members in this order.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(&'static str);

impl Slot for Json {
    fn blank() -> Self {
        Self("")
    }

    fn read(&mut self, _: &mut Reader<'_>) -> Result<(), DecodeError> {
        Err(Problem::Empty.into())
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.extend_from_slice(self.0.as_bytes());
    }
}

/// A value that is written as this JSON text.
pub fn json(text: &'static str) -> Json {
    Json(text)
}

/// The request of a call that `fill` has given all it takes.
pub fn send(
    spec: &'static OperationSpec,
    fill: impl FnOnce(&mut Call),
) -> Result<http::Request<Body>, BuildError> {
    let mut call = Call::new(&core(), spec);
    fill(&mut call);
    call.request()
}
