//! The parts that lines of docs are made of.

use super::super::tree::{BodyContent, Cell, Output, Payload, Type, Word};

/// A part that is Markdown.
pub(super) fn text(text: impl Into<String>) -> Word {
    Word::Text(text.into())
}

/// A part that is code.
pub(super) fn code(text: impl Into<String>) -> Word {
    Word::Code(text.into())
}

/// A line that is nothing but Markdown.
pub(super) fn line(said: impl Into<String>) -> Cell {
    vec![text(said)]
}

/// A type, as an argument takes it.
pub(super) fn argument(ty: &Type) -> Cell {
    match ty.is_converted() {
        true => around("impl Into<", vec![Word::Type(ty.clone())], ">"),
        false => vec![Word::Type(ty.clone())],
    }
}

/// What a body is given as.
pub(super) fn body(content: &BodyContent) -> Cell {
    match content {
        BodyContent::One(Payload::Text) => argument(&Type::Secret),
        BodyContent::One(Payload::Bytes) => argument(&Type::Upload),
        BodyContent::One(Payload::Lines(ty)) => {
            around("impl Into<Sequence<", vec![Word::Type(ty.clone())], ">>")
        }
        BodyContent::One(payload) => argument(&received(payload)),
        BodyContent::Choice(name, _) => vec![Word::Own(name.clone())],
    }
}

/// What a payload is when it comes.
pub(super) fn received(payload: &Payload) -> Type {
    payload.ty(Type::String)
}

/// What success is.
pub(super) fn output(output: &Output) -> Word {
    match output {
        Output::Plain(payload) => Word::Type(received(payload)),
        Output::Enum(name, _) => Word::Own(name.clone()),
    }
}

/// Parts between two pieces of code.
pub(super) fn around(before: &str, inner: Cell, after: &str) -> Cell {
    let mut out = vec![code(before)];
    out.extend(inner);
    out.push(code(after));
    out
}

/// Lines in one, with something between them.
pub(super) fn joined(lines: Vec<Cell>, between: &str) -> Cell {
    let mut out = Cell::new();
    for (index, line) in lines.into_iter().enumerate() {
        if index > 0 {
            out.push(text(between));
        }
        out.extend(line);
    }
    out
}
