//! Values that hold other values: options, boxes, lists and maps.

use std::collections::BTreeMap;

use super::error::{DecodeError, Step};
use super::reader::Reader;
use super::record::ExtraMembers;
use super::write::{Writer, write_text};
use super::{Slot, read_value};

/// `None` is a member that is left out, or `null` where a value must be written. A member of any type that is
/// `null` is there.
impl<T: Slot> Slot for Option<T> {
    fn blank() -> Self {
        None
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = if !T::holds_null() && reader.null()? {
            None
        } else {
            Some(read_value(reader)?)
        };
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend_from_slice(b"null"),
        }
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Slot> Slot for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        (**self).read(reader)
    }
    fn write(&self, out: &mut Writer<'_>) {
        (**self).write(out);
    }
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
    fn holds_null() -> bool {
        T::holds_null()
    }
}

impl<T: Slot> Slot for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.clear();
        let mut more = reader.first_element()?;
        while more {
            let element = read_value(reader).map_err(|err| err.within(Step::Index(self.len())))?;
            self.push(element);
            more = reader.next_element()?;
        }
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'[');
        for (at, element) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            element.write(out);
        }
        out.push(b']');
    }
}

/// An object with names that are not declared. A name that is there twice is refused.
impl<T: Slot> Slot for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.clear();
        read_members(reader, &mut |name, reader| self.read_member(name, reader))
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'{');
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_text(name, out);
            out.push(b':');
            value.write(out);
        }
        out.push(b'}');
    }
}

/// What keeps a member of an object with names that are not declared: it reads the value.
type Keep<'a> = dyn FnMut(String, &mut Reader<'_>) -> Result<(), DecodeError> + 'a;

/// Reads an object with names that are not declared.
pub(crate) fn read_members(
    reader: &mut Reader<'_>,
    keep: &mut Keep<'_>,
) -> Result<(), DecodeError> {
    let mut next = reader.first_name()?.map(str::to_owned);
    while let Some(name) = next {
        keep(name, reader).map_err(|err| err.within(Step::Undeclared))?;
        next = reader.next_name()?.map(str::to_owned);
    }
    Ok(())
}
