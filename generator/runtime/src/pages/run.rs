//! Walks that are walked: as streams, and on the calling thread.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::super::Body;
use super::super::call::Call;
use super::super::error::{DecodeFailure, Error};
use super::super::json::find;
use super::super::operation::{Operation, finish};
use super::super::reply::Response;
use super::walk::Walk;
use super::{Listed, Paged};

/// A page as it came.
type RawPage = Result<http::Response<Body>, Error<Infallible>>;

/// A page as its operation declares it.
type Page<O> = Result<Response<<O as Operation>::Output>, Error<<O as Operation>::Failure>>;

/// An item.
type Item<O> = Result<<O as Listed>::Item, Error<<O as Operation>::Failure>>;

/// The next page in the making, and the walk that goes on from there.
type Leg = Pin<Box<dyn Future<Output = (Walk, Option<RawPage>)> + Send>>;

/// A walk that is driven by polls; the one for all operations.
enum Walker {
    Resting(Walk),
    Walking(Leg),
    Done,
}

impl Walker {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<RawPage>> {
        loop {
            match std::mem::replace(self, Self::Done) {
                Self::Resting(walk) => *self = Self::Walking(Box::pin(step(walk))),
                Self::Walking(mut leg) => {
                    let Poll::Ready((walk, page)) = leg.as_mut().poll(cx) else {
                        *self = Self::Walking(leg);
                        return Poll::Pending;
                    };
                    if page.is_some() {
                        *self = Self::Resting(walk);
                    }
                    return Poll::Ready(page);
                }
                Self::Done => return Poll::Ready(None),
            }
        }
    }
}

async fn step(mut walk: Walk) -> (Walk, Option<RawPage>) {
    let (call, copy) = match walk.ask() {
        Some(Ok(calls)) => calls,
        Some(Err(error)) => return (walk, Some(Err(error))),
        None => return (walk, None),
    };
    let page = call.execute().await;
    let is_page = learn(&mut walk, copy, &page);
    (walk, is_page.then_some(page))
}

#[cfg(feature = "blocking")]
fn step_blocking(walk: &mut Walk) -> Option<RawPage> {
    let (call, copy) = match walk.ask()? {
        Ok(calls) => calls,
        Err(error) => return Some(Err(error)),
    };
    let page = call.execute_blocking();
    learn(walk, copy, &page).then_some(page)
}

fn learn(walk: &mut Walk, call: Call, page: &RawPage) -> bool {
    match page {
        Ok(page) => walk.learn(call, page),
        Err(_) => true,
    }
}

fn page_of<O: Paged>(page: RawPage) -> Page<O> {
    finish::<O>(page.map_err(Error::widen)?)
}

/// The items of a page.
fn items_of<O: Listed>(page: RawPage) -> Result<Vec<O::Item>, Error<O::Failure>> {
    let page = page.map_err(Error::widen)?;
    if !page.status().is_success() {
        return finish::<O>(page).map(|_| Vec::new());
    }
    let items = O::paging().items.unwrap_or_default();
    find::list(page.body().as_bytes(), items)
        .map_err(|error| Error::Decode(DecodeFailure::new(error, page)))
}

/// The pages of an operation, one after another: each a call of its own, sent when it is wanted.
///
/// The stream ends after the last page, after an error, and where the server leads back to a page that was there
/// already. Links are followed to the origin of the page alone.
pub struct Pages<O> {
    walker: Walker,
    operation: PhantomData<fn() -> O>,
}

impl<O: Paged> Pages<O> {
    /// Begins with the page that the call asks for.
    pub fn new(call: Call) -> Self {
        Self {
            walker: Walker::Resting(Walk::new(call, O::paging())),
            operation: PhantomData,
        }
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Page<O>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Page<O>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Page<O>>> {
        let page = ready!(self.walker.poll(cx)).map(page_of::<O>);
        if let Some(Err(_)) = &page {
            self.walker = Walker::Done;
        }
        Poll::Ready(page)
    }
}

impl<O> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// The items of all pages of an operation, one after another; see [`Pages`]. An item that cannot be read is an error
/// of its page, of which then none is given.
pub struct Items<O: Listed> {
    walker: Walker,
    page: std::vec::IntoIter<O::Item>,
}

// Items are handed out by value and never pinned.
impl<O: Listed> Unpin for Items<O> {}

impl<O: Listed> Items<O> {
    /// Begins with the page that the call asks for.
    pub fn new(call: Call) -> Self {
        Self {
            walker: Walker::Resting(Walk::new(call, O::paging())),
            page: Vec::new().into_iter(),
        }
    }

    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Item<O>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<O: Listed> Stream for Items<O> {
    type Item = Item<O>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item<O>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.walker.poll(cx)).map(items_of::<O>) {
                Some(Ok(items)) => self.page = items.into_iter(),
                Some(Err(error)) => {
                    self.walker = Walker::Done;
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: Listed> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

/// [`Pages`] on the calling thread.
#[cfg(feature = "blocking")]
pub struct PagesBlocking<O> {
    walk: Walk,
    operation: PhantomData<fn() -> O>,
}

#[cfg(feature = "blocking")]
impl<O: Paged> PagesBlocking<O> {
    /// Begins with the page that the call asks for.
    pub fn new(call: Call) -> Self {
        Self {
            walk: Walk::new(call, O::paging()),
            operation: PhantomData,
        }
    }
}

#[cfg(feature = "blocking")]
impl<O: Paged> Iterator for PagesBlocking<O> {
    type Item = Page<O>;

    fn next(&mut self) -> Option<Page<O>> {
        let page = page_of::<O>(step_blocking(&mut self.walk)?);
        if page.is_err() {
            self.walk.end();
        }
        Some(page)
    }
}

#[cfg(feature = "blocking")]
impl<O> fmt::Debug for PagesBlocking<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PagesBlocking").finish_non_exhaustive()
    }
}

/// [`Items`] on the calling thread.
#[cfg(feature = "blocking")]
pub struct ItemsBlocking<O: Listed> {
    walk: Walk,
    page: std::vec::IntoIter<O::Item>,
}

#[cfg(feature = "blocking")]
impl<O: Listed> ItemsBlocking<O> {
    /// Begins with the page that the call asks for.
    pub fn new(call: Call) -> Self {
        Self {
            walk: Walk::new(call, O::paging()),
            page: Vec::new().into_iter(),
        }
    }
}

#[cfg(feature = "blocking")]
impl<O: Listed> Iterator for ItemsBlocking<O> {
    type Item = Item<O>;

    fn next(&mut self) -> Option<Item<O>> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match items_of::<O>(step_blocking(&mut self.walk)?) {
                Ok(items) => self.page = items.into_iter(),
                Err(error) => {
                    self.walk.end();
                    return Some(Err(error));
                }
            }
        }
    }
}

#[cfg(feature = "blocking")]
impl<O: Listed> fmt::Debug for ItemsBlocking<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemsBlocking").finish_non_exhaustive()
    }
}
