//! Lists in which each place has a type of its own.

use super::error::{DecodeError, Problem, Step};
use super::reader::{Manner, Reader};
use super::write::Writer;
use super::{Slot, read_value};

/// A list that begins with fixed places and goes on with elements of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tuple<P, R> {
    /// The fixed places.
    pub places: P,
    /// The elements after them.
    pub rest: Vec<R>,
}

impl<P, R> Tuple<P, R> {
    /// Makes a list of its fixed places alone.
    pub const fn new(places: P) -> Self {
        let rest = Vec::new();
        Self { places, rest }
    }
}

impl<P, R> From<P> for Tuple<P, R> {
    fn from(places: P) -> Self {
        Self::new(places)
    }
}

/// What reads the elements behind the last place.
type Rest<'a> = dyn FnMut(&mut Reader<'_>) -> Result<(), DecodeError> + 'a;

/// The places of a list: a tuple of one to twelve slots.
pub trait Places {
    /// Returns places to fill.
    fn blank() -> Self;

    /// Fills the places from a list, and hands what follows them to `rest`.
    ///
    /// # Errors
    /// No list, one that is too short, or an element that does not fit its place.
    fn fill(&mut self, reader: &mut Reader<'_>, rest: &mut Rest<'_>) -> Result<(), DecodeError>;

    /// Appends the places as elements of a list.
    fn write_places(&self, out: &mut Writer<'_>);
}

macro_rules! places {
    ($($name:ident $at:tt),+) => {
        impl<$($name: Slot),+> Places for ($($name,)+) {
            fn blank() -> Self {
                ($($name::blank(),)+)
            }
            fn fill(&mut self, reader: &mut Reader<'_>, rest: &mut Rest<'_>) -> Result<(), DecodeError> {
                fill(reader, &mut [$(&mut self.$at),+], rest)
            }
            fn write_places(&self, out: &mut Writer<'_>) {
                write(out, &[$(&self.$at),+]);
            }
        }

        /// A list of just these places. What a server adds behind them is skipped.
        impl<$($name: Slot),+> Slot for ($($name,)+) {
            fn blank() -> Self {
                Places::blank()
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
                self.fill(reader, &mut surplus)
            }
            fn write(&self, out: &mut Writer<'_>) {
                out.push(b'[');
                self.write_places(out);
                out.push(b']');
            }
        }
    };
}

places!(A 0);
places!(A 0, B 1);
places!(A 0, B 1, C 2);
places!(A 0, B 1, C 2, D 3);
places!(A 0, B 1, C 2, D 3, E 4);
places!(A 0, B 1, C 2, D 3, E 4, F 5);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
places!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

impl<P: Places, R: Slot> Slot for Tuple<P, R> {
    fn blank() -> Self {
        Self::new(P::blank())
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let rest = &mut self.rest;
        rest.clear();
        self.places.fill(reader, &mut |reader| {
            rest.push(read_value(reader)?);
            Ok(())
        })
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'[');
        self.places.write_places(out);
        for element in &self.rest {
            out.push(b',');
            element.write(out);
        }
        out.push(b']');
    }
}

fn fill(
    reader: &mut Reader<'_>,
    places: &mut [&mut dyn Slot],
    rest: &mut Rest<'_>,
) -> Result<(), DecodeError> {
    let mut at = 0;
    let mut more = reader.first_element()?;
    while more {
        let outcome = match places.get_mut(at) {
            Some(place) => place.read(reader),
            None => rest(reader),
        };
        outcome.map_err(|err| err.within(Step::Index(at)))?;
        at += 1;
        more = reader.next_element()?;
    }
    if at < places.len() {
        return Err(Problem::MissingPlace { index: at }.into());
    }
    Ok(())
}

fn surplus(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    match reader.manner() {
        Manner::Kind => reader.skip(),
        Manner::Exact => Err(Problem::SurplusPlace.into()),
    }
}

fn write(out: &mut Writer<'_>, places: &[&dyn Slot]) {
    for (at, place) in places.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        place.write(out);
    }
}
