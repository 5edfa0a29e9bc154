//! What a program that traces sees of calls: spans with few names, and nothing that somebody else must not see.
#![cfg(all(feature = "blocking", feature = "tracing"))]

mod calls;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use calls::{Answer, Script, Times, fails, operation, status};
use specmint_runtime::{
    ApiSpec, Call, CoreBuilder, Credential, Delivery, Explode, KeyLocation, OperationSpec,
    RetryPolicy, Scheme, SchemeKind, ServerSpec, Style, TransportErrorKind,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// A span: its name, that of the one around it, and its fields.
#[derive(Clone, Debug, Default)]
struct Seen {
    name: String,
    within: Option<String>,
    fields: BTreeMap<String, String>,
}

impl Seen {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

impl Visit for Seen {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        self.fields.insert(field.name().to_owned(), text);
    }
}

/// Keeps all spans that are from us.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, Seen>>>);

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().target() != "specmint" {
            return;
        }
        let parent = context.span(id).and_then(|span| span.parent());
        let mut seen = Seen {
            name: attributes.metadata().name().to_owned(),
            within: parent.map(|span| span.name().to_owned()),
            fields: BTreeMap::new(),
        };
        attributes.record(&mut seen);
        self.0.lock().unwrap().insert(id.into_u64(), seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(seen) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(seen);
        }
    }
}

static KEY: Scheme = Scheme {
    name: "key",
    kind: SchemeKind::ApiKey {
        location: KeyLocation::Header,
        name: "x-key",
    },
};
static API: ApiSpec = ApiSpec {
    name: "pets",
    servers: &[ServerSpec {
        url: "https://pets.example:8443/v1",
        variables: &[],
    }],
    schemes: &[&KEY],
    carrier: None,
};
static GET: OperationSpec = OperationSpec {
    id: "get_pet",
    security: &[&[&KEY]],
    ..operation("GET", "/pets/{petId}?fixed=secret-1#part")
};

/// The spans of one call, sent on this thread and awaited: the same both times.
fn spans(answers: &[Answer], set: impl Fn(&mut Call)) -> Vec<Seen> {
    let mut all = Vec::new();
    for blocks in [true, false] {
        let spans = Spans::default();
        let subscriber = tracing_subscriber::registry().with(spans.clone());
        tracing::subscriber::with_default(subscriber, || {
            let (script, times) = (Script::new(answers), Times::default());
            let core = CoreBuilder::new(&API)
                .transport(script.clone())
                .blocking_transport(script)
                .extra_query("q", "secret-2")
                .build()
                .unwrap();
            let mut call = Call::new(&core, &GET);
            call.path("petId", Style::Simple, Explode::No, &"secret-3".to_owned());
            call.credential(&KEY, Credential::api_key("secret-4"));
            call.retries(RetryPolicy::default().timer(times.clone()).clock(times));
            set(&mut call);
            let _ = match blocks {
                true => call.execute_blocking(),
                false => calls::block_on(call.execute()),
            };
        });
        let seen: Vec<Seen> = spans.0.lock().unwrap().values().cloned().collect();
        let shown = format!("{seen:?}");
        assert!(!shown.contains("secret"), "{shown}");
        if !all.is_empty() {
            assert_eq!(shown, format!("{all:?}"));
        }
        all = seen;
    }
    all
}

#[test]
fn a_call_is_a_span_and_so_is_each_time_that_it_is_sent() {
    let spans = spans(
        &[
            status(503).with("retry-after", "1"),
            fails(TransportErrorKind::Timeout, Delivery::MaybeSent),
            status(200),
        ],
        |_| {},
    );
    let names: Vec<_> = spans
        .iter()
        .map(|span| (span.name.as_str(), span.within.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            ("call", None),
            ("send", Some("call")),
            ("send", Some("call")),
            ("send", Some("call"))
        ]
    );
    for span in &spans {
        #[rustfmt::skip]
        let table = [
            ("otel.name", "GET /pets/{petId}"),
            ("http.request.method", "GET"),
            ("url.template", "/pets/{petId}"),
            ("server.address", "pets.example"),
            ("server.port", "8443"),
        ];
        for (name, value) in table {
            assert_eq!(span.field(name), Some(value), "{name} of {}", span.name);
        }
    }
    assert_eq!(spans[0].field("api.operation"), Some("get_pet"));
    assert_eq!(spans[0].field("api.name"), Some("pets"));
    let told = |name: &str| -> Vec<_> { spans.iter().map(|span| span.field(name)).collect() };
    assert_eq!(
        told("http.response.status_code"),
        [Some("200"), Some("503"), None, Some("200")]
    );
    assert_eq!(
        told("error.type"),
        [None, Some("503"), Some("timeout"), None]
    );
    assert_eq!(
        told("otel.status_code"),
        [None, Some("ERROR"), Some("ERROR"), None]
    );
    assert_eq!(
        told("http.request.resend_count"),
        [None, None, Some("1"), Some("2")]
    );
    assert_eq!(
        told("otel.kind"),
        [
            Some("internal"),
            Some("client"),
            Some("client"),
            Some("client")
        ]
    );
}

#[test]
fn what_cannot_be_made_is_told_by_the_kind_of_its_error() {
    let spans = spans(&[], |call| call.header("secret header", "secret-5"));
    for span in &spans {
        assert_eq!(span.field("error.type"), Some("build"));
    }
}
