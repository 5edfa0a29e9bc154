//! What libraries log at level trace, and what errors say: all that must hold no secret.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::sync::Mutex;

use tracing_subscriber::layer::{Context, SubscriberExt as _};

static LOG: Mutex<String> = Mutex::new(String::new());

struct Sink;

impl log::Log for Sink {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(LOG.lock().unwrap(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

impl tracing::field::Visit for Sink {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        writeln!(LOG.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Sink {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut Sink);
    }

    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::Id,
        _: Context<'_, S>,
    ) {
        attributes.record(&mut Sink);
    }

    fn on_record(&self, _: &tracing::Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut Sink);
    }
}

/// Hears all that is logged in this process from now on; once in a process.
pub fn listen() {
    log::set_logger(&Sink).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Sink)).unwrap();
}

/// All that was heard.
pub fn heard() -> String {
    LOG.lock().unwrap().clone()
}

/// `Display` and `Debug` of an error and of all its sources.
pub fn chain(error: &dyn StdError) -> String {
    let mut shown = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        writeln!(shown, "{error}\n{error:?}\n{error:#?}").unwrap();
        next = error.source();
    }
    shown
}
