//! Members of JSON objects taken out and put in, as they are spelled.
//!
//! Bodies hold secrets: what is made here is wiped when dropped.

use zeroize::Zeroizing;

use super::{Kind, Reader, write_text};

/// The members of an object, each as it is spelled.
type Spelled<'j> = Vec<(String, &'j [u8])>;

/// The value at the end of a path of names, as it is spelled.
pub(in super::super) fn get(json: &[u8], path: &[&str]) -> Option<Zeroizing<Vec<u8>>> {
    let Some((first, rest)) = path.split_first() else {
        return Some(Zeroizing::new(json.to_vec()));
    };
    let members = members(json)?;
    let (_, value) = members.iter().find(|(name, _)| name == first)?;
    get(value, rest)
}

/// The object with another value at the end of a path, or without what stands there. Objects on the way are made.
/// `None` if something on the way is no object.
pub(in super::super) fn set(
    json: &[u8],
    path: &[&str],
    value: Option<&[u8]>,
) -> Option<Zeroizing<Vec<u8>>> {
    let (first, rest) = path.split_first()?;
    let mut members: Vec<(String, Zeroizing<Vec<u8>>)> = members(json)?
        .into_iter()
        .map(|(name, value)| (name, Zeroizing::new(value.to_vec())))
        .collect();
    let at = members.iter().position(|(name, _)| name == first);
    let new = match (rest, value) {
        ([], None) => None,
        ([], Some(value)) => Some(Zeroizing::new(value.to_vec())),
        (rest, value) => {
            let inner = at.map_or(&b"{}"[..], |at| &members[at].1);
            Some(set(inner, rest, value)?)
        }
    };
    match (at, new) {
        (Some(at), Some(new)) => members[at].1 = new,
        (Some(at), None) => drop(members.remove(at)),
        (None, Some(new)) => members.push(((*first).to_owned(), new)),
        (None, None) => {}
    }
    Some(write(&members))
}

fn write(members: &[(String, Zeroizing<Vec<u8>>)]) -> Zeroizing<Vec<u8>> {
    let length: usize = members
        .iter()
        .map(|(name, value)| 2 * name.len() + value.len() + 4)
        .sum();
    let mut out = Zeroizing::new(Vec::with_capacity(length + 2));
    out.push(b'{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_text(name, &mut out);
        out.push(b':');
        out.extend_from_slice(value);
    }
    out.push(b'}');
    out
}

fn members(json: &[u8]) -> Option<Spelled<'_>> {
    let mut reader = Reader::new(json).ok()?;
    if reader.kind().ok()? != Kind::Object {
        return None;
    }
    let mut members = Vec::new();
    let mut next = reader.first_name().ok()?.map(str::to_owned);
    while let Some(name) = next {
        members.push((name, reader.spelled().ok()?));
        next = reader.next_name().ok()?.map(str::to_owned);
    }
    Some(members)
}
