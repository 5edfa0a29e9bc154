//! Values in JSON by the names that lead to them, without a type for what stands around them.

use super::error::Step;
use super::{DecodeError, Kind, Reader, Slot, from_slice};

/// The value at the end of a path of names, as it is spelled; `None` if something on the way is not there or `null`,
/// and for `null` itself. What stands behind the value is not looked at.
pub(in super::super) fn find<'j>(
    json: &'j [u8],
    path: &[&'static str],
) -> Result<Option<&'j [u8]>, DecodeError> {
    let mut reader = Reader::new(json)?;
    if reader.kind()? == Kind::Null {
        return Ok(None);
    }
    let Some((wanted, rest)) = path.split_first() else {
        return reader.spelled().map(Some);
    };
    let mut next = reader.first_name()?.map(|name| name == *wanted);
    while let Some(is_wanted) = next {
        let value = reader.spelled()?;
        if is_wanted {
            return find(value, rest).map_err(|error| error.within(Step::Member(wanted)));
        }
        next = reader.next_name()?.map(|name| name == *wanted);
    }
    Ok(None)
}

/// How long a list is, and the last element as it is spelled.
#[derive(Default)]
pub(in super::super) struct Extent<'j> {
    pub(in super::super) count: u64,
    pub(in super::super) last: Option<&'j [u8]>,
}

/// Goes through a list without reading its elements.
///
/// # Errors
/// It is no list.
pub(in super::super) fn extent(list: &[u8]) -> Result<Extent<'_>, DecodeError> {
    let mut reader = Reader::new(list)?;
    let mut extent = Extent::default();
    let mut more = reader.first_element()?;
    while more {
        extent.last = Some(reader.spelled()?);
        extent.count += 1;
        more = reader.next_element()?;
    }
    Ok(extent)
}

/// The elements of the list at the end of a path; none where [`find`] finds nothing.
///
/// # Errors
/// There is something else, or an element is not a `T`.
pub(in super::super) fn list<T: Slot>(
    json: &[u8],
    path: &[&'static str],
) -> Result<Vec<T>, DecodeError> {
    let Some(list) = find(json, path)? else {
        return Ok(Vec::new());
    };
    let outwards = |error, name: &&'static str| DecodeError::within(error, Step::Member(name));
    from_slice(list).map_err(|error| path.iter().rev().fold(error, outwards))
}
