//! Pages: answers of one operation that follow one another.
//!
//! [`Paging`] says of an operation how its pages are asked for. A [`walk`] looks at a page and says what is asked next;
//! [`Pages`] and [`Items`] send that, one page at a time and none before it is wanted.

mod link;
mod run;
mod walk;

pub use run::{Items, Pages};
#[cfg(feature = "blocking")]
pub use run::{ItemsBlocking, PagesBlocking};

use super::json::Slot;
use super::operation::Operation;

/// Names that lead to a value in JSON; none for the whole.
pub type JsonPath = &'static [&'static str];

/// How the pages of an operation follow one another.
#[derive(Debug)]
pub struct Paging {
    /// The list in a page.
    pub items: Option<JsonPath>,
    /// What the next page is asked for with.
    pub next: NextPage,
    /// The flag in a page that says whether there is another.
    pub more: Option<JsonPath>,
}

/// What the next page is asked for with.
#[derive(Debug)]
pub enum NextPage {
    /// The URL in the `Link` header whose relation is `next` (RFC 8288).
    Link,
    /// A URL in the page.
    Url(PagePlace),
    /// A value in the page, which the next call is given.
    Cursor {
        /// Where the value is.
        from: PagePlace,
        /// Where it goes.
        to: PageInput,
    },
    /// How many items came before.
    Offset {
        /// Where the number goes.
        to: PageInput,
        /// Where a page says how many items there are in all.
        total: Option<JsonPath>,
    },
    /// The number of the page.
    Number {
        /// Where the number goes.
        to: PageInput,
        /// The number of the first page.
        first: u64,
        /// Where a page says how many pages there are.
        pages: Option<JsonPath>,
    },
}

/// Where a page has something.
#[derive(Debug)]
pub enum PagePlace {
    /// In the body.
    Body(JsonPath),
    /// In a header of this name.
    Header(&'static str),
    /// In the last item.
    LastItem(JsonPath),
}

/// Where a call has something.
#[derive(Debug)]
pub enum PageInput {
    /// The query parameter of this name.
    Query(&'static str),
    /// A member of the body.
    Body(JsonPath),
}

/// An operation that answers in pages; implemented by generated code.
pub trait Paged: Operation {
    /// How the pages follow one another.
    fn paging() -> &'static Paging;
}

/// An operation whose pages are lists of items; implemented by generated code.
pub trait Listed: Paged {
    /// An item.
    type Item: Slot;
}

/// Gives a generated call its ways to walk through pages. After its name stands what there is to know of them.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_paged_operation {
    ($name:ident { $($paging:tt)* }) => {
        impl $name {
            /// Walks through the pages from this one on: a `Stream` whose `next` can be awaited, too. Each page
            /// is a call of its own, sent when the page is wanted. It ends after the last page, after an error,
            /// and where the server leads back to a page that was there already.
            pub fn pages(self) -> crate::runtime::Pages<Self> {
                crate::runtime::Pages::new(self.call)
            }

            /// Walks through the pages from this one on, on this thread.
            #[cfg(feature = "blocking")]
            pub fn send_pages(self) -> crate::runtime::PagesBlocking<Self> {
                crate::runtime::PagesBlocking::new(self.call)
            }
        }

        impl crate::runtime::Paged for $name {
            fn paging() -> &'static crate::runtime::Paging {
                #[allow(unused_imports, reason = "operations differ in how they page")]
                use crate::runtime::{NextPage::*, PageInput, PagePlace, Paging};
                #[allow(unused_imports, reason = "operations differ in how they page")]
                use ::core::option::Option::{None, Some};
                static PAGING: Paging = Paging { $($paging)* };
                &PAGING
            }
        }
    };
}

/// Gives a generated call its ways to walk through the items of pages.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_listed_operation {
    ($name:ident) => {
        impl $name {
            /// Walks through the items of all pages from this one on: a `Stream` whose `next` can be awaited,
            /// too.
            pub fn items(self) -> crate::runtime::Items<Self> {
                crate::runtime::Items::new(self.call)
            }

            /// Walks through the items of all pages from this one on, on this thread.
            #[cfg(feature = "blocking")]
            pub fn send_items(self) -> crate::runtime::ItemsBlocking<Self> {
                crate::runtime::ItemsBlocking::new(self.call)
            }
        }
    };
}
