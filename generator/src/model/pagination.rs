//! Pages: how the answers of an operation follow one another.

use super::Schema;

/// How the pages of an operation follow one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// The list in a page; `None` if nobody says where it is.
    pub items: Option<PageItems>,
    /// What the next page is asked for with.
    pub next: NextPage,
    /// The names that lead to a flag in a page that says whether there is another.
    pub more: Option<Vec<String>>,
}

/// The list in a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageItems {
    /// The names that lead to it; none if it is the page.
    pub path: Vec<String>,
    /// An item.
    pub schema: Schema,
}

/// What the next page is asked for with.
#[derive(Clone, Debug, PartialEq)]
pub enum NextPage {
    /// The URL in the `Link` header whose relation is `next` (RFC 8288).
    Link,
    /// A URL in the page.
    Url(PagePlace),
    /// A value in the page, and where it goes.
    Cursor(PagePlace, PageInput),
    /// How many items came before: where the number goes, and the names that lead to how many there are.
    Offset(PageInput, Option<Vec<String>>),
    /// The number of the page: where it goes, that of the first, and the names that lead to how many there are.
    Number(PageInput, u64, Option<Vec<String>>),
}

/// Where a page has something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagePlace {
    /// In the body: the names that lead to it.
    Body(Vec<String>),
    /// In a header.
    Header(String),
    /// In the last item: the names that lead to it.
    LastItem(Vec<String>),
}

/// Where a call has something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageInput {
    /// The query parameter of this name.
    Query(String),
    /// A member of the body: the names that lead to it.
    Body(Vec<String>),
}
