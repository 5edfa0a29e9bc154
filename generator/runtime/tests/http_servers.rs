//! Servers to choose from: what generated code makes of them, and where calls then go.

use specmint_runtime as runtime;

use runtime::transport::memory::Memory;
use runtime::{
    ApiSpec, Body, BuildErrorKind, Call, Core, CoreBuilder, OperationSpec, ServerSpec, http,
};

/// The values of `region`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// Europe.
    Eu,
    /// America.
    Us,
}

crate::runtime::server_variable! {
    Region {
        Eu = "eu",
        Us = "us",
    }
}

/// A server for each tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantServer {
    /// Whose.
    pub tenant: String,
    /// Where.
    pub region: Region,
    /// Below it.
    pub path: String,
}

crate::runtime::server! {
    TenantServer = "https://{tenant}.{region}.example.com/{path}" {
        [tenant = "tenant"]
        region: Region = "region", Region::Eu;
        path: String = "path", "v1";
    }
}

static API: ApiSpec = ApiSpec {
    name: "api",
    servers: &[at("https://api.example.com/v1"), at("/v2")],
    schemes: &[],
    carrier: None,
};

const fn at(url: &'static str) -> ServerSpec {
    ServerSpec {
        url,
        variables: &[],
    }
}

/// An operation with two servers of its own.
static OWN: OperationSpec = OperationSpec {
    id: "own",
    method: "GET",
    path: "/p",
    request_types: &[],
    response_types: &[],
    security: &[],
    scopes: &[],
    servers: &[at("https://own.example.com"), at("/below")],
    token: None,
};

fn client(builder: CoreBuilder) -> Core {
    let transport = Memory::new(|_| Ok(http::Response::new(Body::empty())));
    builder.transport(transport).build().unwrap()
}

fn sent_to(core: &Core, server: Option<&str>) -> String {
    let mut call = Call::new(core, &OWN);
    if let Some(server) = server {
        call.server(server.to_owned());
    }
    call.request().unwrap().uri().to_string()
}

#[test]
fn variables_have_setters_and_defaults() {
    let usual = TenantServer::new("acme");
    assert_eq!(usual.url(), "https://acme.eu.example.com/v1");
    let other = usual.region(Region::Us).path("v2/beta");
    assert_eq!(other.url(), "https://acme.us.example.com/v2/beta");
}

#[test]
fn a_listed_value_is_checked_when_it_is_read_from_text() {
    assert_eq!("us".parse::<Region>().unwrap(), Region::Us);
    let refused = "mars".parse::<Region>().unwrap_err();
    assert_eq!(refused.kind(), BuildErrorKind::BaseUrl);
    assert!(!refused.to_string().contains("mars"));
    let texts: Vec<String> = Region::ALL.iter().map(Region::to_string).collect();
    assert_eq!(texts, ["eu", "us"]);
}

#[test]
fn a_tenant_cannot_lead_a_call_to_another_host() {
    for tenant in [
        "evil.example/",
        "a@evil.example",
        "evil.example?",
        "a#",
        "\\",
    ] {
        let server = TenantServer::new(tenant).url();
        let core = client(CoreBuilder::new(&API));
        let mut call = Call::new(&core, &OWN);
        call.server(server);
        assert_eq!(
            call.request().unwrap_err().kind(),
            BuildErrorKind::BaseUrl,
            "{tenant}"
        );
    }
}

#[test]
fn a_call_goes_to_the_first_of_the_operations_servers_or_to_the_chosen_one() {
    let core = client(CoreBuilder::new(&API));
    assert_eq!(sent_to(&core, None), "https://own.example.com/p");
    let chosen = TenantServer::new("acme").url();
    assert_eq!(
        sent_to(&core, Some(&chosen)),
        "https://acme.eu.example.com/v1/p"
    );
}

#[test]
fn a_chosen_server_that_is_relative_stands_at_the_clients_origin() {
    let builder = CoreBuilder::new(&API).origin("https://pim.example.com");
    let core = client(builder.unwrap());
    assert_eq!(
        sent_to(&core, Some("/below")),
        "https://pim.example.com/below/p"
    );
}

#[test]
fn a_base_url_of_the_caller_comes_before_every_server() {
    let builder = CoreBuilder::new(&API).base_url("http://127.0.0.1:8080/fake");
    let core = client(builder.unwrap());
    assert_eq!(sent_to(&core, None), "http://127.0.0.1:8080/fake/p");
    assert_eq!(
        sent_to(&core, Some("https://own.example.com")),
        "http://127.0.0.1:8080/fake/p"
    );
}
