//! Objects with declared members, walked by one piece of code for all of them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::OnceLock;

use super::error::{DecodeError, Problem, Step};
use super::reader::{Manner, Reader};
use super::write::{Goal, Writer, write_text};
use super::{Slot, read_value};

/// A declared member.
pub struct Member {
    /// The name between quotes with its colon, as it is written if it needs no escapes.
    key: &'static str,
    need: Need,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    /// Optional, and not for requests.
    ReadOnly,
}

impl Member {
    /// Declares a member that must be there. `key` is `"name":`, the name not escaped.
    #[must_use]
    pub const fn required(key: &'static str) -> Self {
        let need = Need::Required;
        Self { key, need }
    }

    /// Declares a member that may be left out.
    #[must_use]
    pub const fn optional(key: &'static str) -> Self {
        let need = Need::Optional;
        Self { key, need }
    }

    /// Declares a member that only the server sets: it may be left out, and is not sent.
    #[must_use]
    pub const fn read_only(key: &'static str) -> Self {
        let need = Need::ReadOnly;
        Self { key, need }
    }

    fn name(&self) -> &'static str {
        self.key
            .get(1..self.key.len() - 2)
            .expect("a key is a name between quotes and a colon")
    }

    fn is(&self, name: &str) -> bool {
        let key = self.key.as_bytes();
        key.len() == name.len() + 3 && &key[1..=name.len()] == name.as_bytes()
    }
}

/// The declared members of an object, in the order they are written.
pub struct Members {
    list: &'static [Member],
    names: OnceLock<Names>,
    /// Made when a name is looked for that is not near the last one.
    index: OnceLock<Index>,
}

/// Up to this many names are compared one by one.
const FEW: usize = 12;

/// Of more, this many that stand next.
const NEXT: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Plain,
    NeedEscapes,
}

impl Members {
    /// Declares the members.
    #[must_use]
    pub const fn new(list: &'static [Member]) -> Self {
        Self {
            list,
            names: OnceLock::new(),
            index: OnceLock::new(),
        }
    }

    /// Whether names can be written as they are. Looked at when a first value is written, not by the
    /// compiler: that would cost it more than all the rest of the type.
    fn names(&self) -> Names {
        *self.names.get_or_init(|| {
            let plain = |c: u8| c >= 0x20 && c != b'"' && c != b'\\';
            let mut names = self.list.iter().map(Member::name);
            if names.all(|name| name.bytes().all(plain)) {
                Names::Plain
            } else {
                Names::NeedEscapes
            }
        })
    }

    /// Finds a member by name, looking first where the one after the last is. Bodies mostly keep the
    /// declared order and leave some members out, so few names are compared.
    fn position(&self, name: &str, expected: usize) -> Option<usize> {
        let (before, after) = self.list.split_at_checked(expected)?;
        let near = match self.list.len() > FEW {
            true => &after[..after.len().min(NEXT)],
            false => after,
        };
        if let Some(at) = near.iter().position(|member| member.is(name)) {
            return Some(expected + at);
        }
        if self.list.len() > FEW {
            let index = self.index.get_or_init(|| Index::new(self.list));
            return index.position(self.list, name);
        }
        before.iter().position(|member| member.is(name))
    }
}

/// Where names are, by their hashes: places in the list plus one, and 0 for none. At most half full.
struct Index(Vec<usize>);

impl Index {
    fn new(list: &[Member]) -> Self {
        let mut places = vec![0; (list.len() * 2).next_power_of_two()];
        for (at, member) in list.iter().enumerate() {
            let mut place = hash(member.name()) & (places.len() - 1);
            while places[place] != 0 {
                place = (place + 1) & (places.len() - 1);
            }
            places[place] = at + 1;
        }
        Self(places)
    }

    fn position(&self, list: &[Member], name: &str) -> Option<usize> {
        let mut place = hash(name) & (self.0.len() - 1);
        loop {
            let at = self.0[place].checked_sub(1)?;
            if list[at].is(name) {
                return Some(at);
            }
            place = (place + 1) & (self.0.len() - 1);
        }
    }
}

/// FNV-1a. Only declared names are ever in the table, so nobody outside can make it slow.
fn hash(name: &str) -> usize {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as usize
}

/// Reads an object into the slots of its declared members, which are in the same order. Other
/// members go to `extra` or are skipped; while variants of a union are tried to the letter, one that would be
/// skipped says that another variant is meant.
///
/// # Errors
/// No object, a member twice, a required one missing, or a member that does not fit its slot.
pub fn read_record(
    reader: &mut Reader<'_>,
    members: &Members,
    slots: &mut [&mut dyn Slot],
    mut extra: Option<&mut dyn ExtraMembers>,
) -> Result<(), DecodeError> {
    let mut seen = Seen::default();
    let mut expected = 0;
    let mut next = reader.first_name()?;
    while let Some(name) = next {
        if let Some(at) = members.position(name, expected) {
            expected = at + 1;
            let outcome = match slots.get_mut(at) {
                Some(slot) if seen.insert(at) => slot.read(reader),
                _ => Err(Problem::DuplicateMember.into()),
            };
            outcome.map_err(|err| err.within(Step::Member(members.list[at].name())))?;
        } else if let Some(extra) = extra.as_deref_mut() {
            let name = name.to_owned();
            extra
                .read_member(name, reader)
                .map_err(|err| err.within(Step::Undeclared))?;
        } else {
            let outcome = match reader.manner() {
                Manner::Kind => reader.skip(),
                Manner::Exact => Err(Problem::UndeclaredMember.into()),
            };
            outcome.map_err(|err| err.within(Step::Undeclared))?;
        }
        next = reader.next_name()?;
    }
    for (at, member) in members.list.iter().enumerate() {
        if member.need == Need::Required && !seen.contains(at) {
            let name = member.name();
            return Err(Problem::MissingMember { name }.into());
        }
    }
    Ok(())
}

/// Writes an object: the declared members that are not absent, then the others.
pub fn write_record(
    out: &mut Writer<'_>,
    members: &Members,
    slots: &[&dyn Slot],
    extra: Option<&dyn ExtraMembers>,
) {
    out.push(b'{');
    let start = out.len();
    let names = members.names();
    for (member, slot) in members.list.iter().zip(slots) {
        let unsent = member.need == Need::ReadOnly && out.goal() == Goal::Request;
        if unsent || (member.need != Need::Required && slot.is_absent()) {
            continue;
        }
        if out.len() > start {
            out.push(b',');
        }
        match names {
            Names::Plain => out.extend_from_slice(member.key.as_bytes()),
            Names::NeedEscapes => {
                write_text(member.name(), out);
                out.push(b':');
            }
        }
        slot.write(out);
    }
    if let Some(extra) = extra {
        extra.each(&mut |name, value| {
            if members.list.iter().any(|member| member.is(name)) {
                return;
            }
            if out.len() > start {
                out.push(b',');
            }
            write_text(name, out);
            out.push(b':');
            value.write(out);
        });
    }
    out.push(b'}');
}

/// What keeps the members that a type does not declare.
pub trait ExtraMembers {
    /// Reads the value of a member whose name has just been read.
    ///
    /// # Errors
    /// The member is there already, or the value does not fit.
    fn read_member(&mut self, name: String, reader: &mut Reader<'_>) -> Result<(), DecodeError>;

    /// Shows every member, in the order of their names.
    fn each(&self, see: &mut dyn FnMut(&str, &dyn Slot));
}

impl<T: Slot> ExtraMembers for BTreeMap<String, T> {
    fn read_member(&mut self, name: String, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        match self.entry(name) {
            Entry::Vacant(place) => {
                place.insert(read_value(reader)?);
                Ok(())
            }
            Entry::Occupied(_) => Err(Problem::DuplicateMember.into()),
        }
    }

    fn each(&self, see: &mut dyn FnMut(&str, &dyn Slot)) {
        self.iter().for_each(|(name, value)| see(name, value));
    }
}

/// Which declared members were there; the first 64 cost no memory of their own.
#[derive(Default)]
struct Seen {
    first: u64,
    rest: Vec<bool>,
}

impl Seen {
    /// Notes a member and returns whether it is there for the first time.
    fn insert(&mut self, at: usize) -> bool {
        if at < 64 {
            let fresh = self.first & (1 << at) == 0;
            self.first |= 1 << at;
            return fresh;
        }
        let at = at - 64;
        if self.rest.len() <= at {
            self.rest.resize(at + 1, false);
        }
        !std::mem::replace(&mut self.rest[at], true)
    }

    fn contains(&self, at: usize) -> bool {
        if at < 64 {
            return self.first & (1 << at) != 0;
        }
        self.rest.get(at - 64).copied().unwrap_or_default()
    }
}

/// Makes a struct readable and writable as an object.
///
/// Each member says how it is called in JSON, which field holds it and whether it is `required`,
/// `optional` or `read_only`. After the members, `extra` names the field that keeps members that are not
/// declared, an `Extra` or a map; `..` skips them. `: secret` after the name leaves `serde::Serialize` out.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_record {
    ($ty:ident { $($name:literal => $field:ident : $need:ident),* $(,)? } extra $extra:ident) => {
        crate::runtime::record!(@slot $ty, { $($name => $field : $need),* } [$extra]);
        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
    ($ty:ident { $($name:literal => $field:ident : $need:ident),* $(,)? } ..) => {
        crate::runtime::record!(@slot $ty, { $($name => $field : $need),* } []);
        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
    ($ty:ident : secret { $($name:literal => $field:ident : $need:ident),* $(,)? } extra $extra:ident) => {
        crate::runtime::record!(@slot $ty, { $($name => $field : $need),* } [$extra]);
        crate::runtime::json_from_serde!($ty);
    };
    ($ty:ident : secret { $($name:literal => $field:ident : $need:ident),* $(,)? } ..) => {
        crate::runtime::record!(@slot $ty, { $($name => $field : $need),* } []);
        crate::runtime::json_from_serde!($ty);
    };
    (@extra) => { ::core::option::Option::None };
    (@extra $extra:expr) => { ::core::option::Option::Some($extra) };
    (@slot $ty:ident, { $($name:literal => $field:ident : $need:ident),* } [$($extra:ident)?]) => {
        const _: () = {
            static MEMBERS: crate::runtime::json::Members = crate::runtime::json::Members::new(&[
                $(crate::runtime::json::Member::$need(::core::concat!("\"", $name, "\":"))),*
            ]);
            impl crate::runtime::json::Slot for $ty {
                fn blank() -> Self {
                    Self {
                        $($field: crate::runtime::json::Slot::blank(),)*
                        $($extra: crate::runtime::json::Slot::blank(),)?
                    }
                }
                fn read(
                    &mut self,
                    reader: &mut crate::runtime::json::Reader<'_>,
                ) -> ::core::result::Result<(), crate::runtime::DecodeError> {
                    crate::runtime::json::read_record(
                        reader,
                        &MEMBERS,
                        &mut [$(&mut self.$field),*],
                        crate::runtime::record!(@extra $(&mut self.$extra)?),
                    )
                }
                fn write(&self, out: &mut crate::runtime::json::Writer<'_>) {
                    crate::runtime::json::write_record(
                        out,
                        &MEMBERS,
                        &[$(&self.$field),*],
                        crate::runtime::record!(@extra $(&self.$extra)?),
                    );
                }
            }
        };
    };
}
