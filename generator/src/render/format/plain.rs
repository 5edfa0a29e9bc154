//! Formats statements of examples as `prettyplease` does, as far as they are plain: calls, their arguments and chains of
//! methods. That is nearly all of them, and reading each into a tree would take longer than all the rest of a page.

/// How wide lines are, and how much of a line is left to what stands deep (`prettyplease`, `MARGIN` and `MIN_SPACE`).
const WIDTH: usize = 89;
const LEAST: usize = 60;

/// How far statements stand in the function around them.
const BASE: usize = 4;

/// The names of receivers that the first method of a chain stays with are no longer than this.
const SHORT: usize = 4;

/// What follows an expression, and how much of it must fit behind it.
#[derive(Clone, Copy)]
struct Tail(&'static str, usize);

/// The lines of a statement; `None` if it is not plain.
pub(super) fn statement(text: &str) -> Option<Vec<String>> {
    const BLOCKS: [&str; 6] = ["match ", "if ", "for ", "while ", "loop ", "async "];
    let is_block = BLOCKS.iter().any(|word| text.starts_with(word));
    if is_block
        || !text.is_ascii()
        || [" {", "{ ", "=>", "|"]
            .iter()
            .any(|sign| text.contains(sign))
    {
        return None;
    }
    if BASE + text.len() <= WIDTH {
        return Some(vec![text.to_owned()]);
    }
    let inner = text.strip_suffix(';')?;
    let (before, expression) = match inner.strip_prefix("let ") {
        Some(binding) => {
            let (name, expression) = binding.split_once(" = ")?;
            (format!("let {name} = "), expression)
        }
        None => (String::new(), inner),
    };
    let mut out = Vec::new();
    let first = " ".repeat(BASE) + &before;
    lay_out(&mut out, first, expression, BASE, Tail(";", 1))?;
    let lines = out.into_iter().map(|line| line[BASE..].to_owned());
    Some(lines.collect())
}

/// Whether a line fits that stands so deep.
fn fits(length: usize, indent: usize) -> bool {
    length <= WIDTH.max(indent + LEAST)
}

/// Writes an expression behind `first`, which is on a line that stands at `indent`.
fn lay_out(
    out: &mut Vec<String>,
    first: String,
    expression: &str,
    indent: usize,
    tail: Tail,
) -> Option<()> {
    if fits(first.len() + expression.len() + tail.1, indent) {
        out.push(first + expression + tail.0);
        return Some(());
    }
    let parts = chain(expression);
    let (receiver, methods) = parts.split_first()?;
    let Some((last, others)) = methods.split_last() else {
        return call(out, first, receiver, indent, tail);
    };
    if receiver.len() <= SHORT {
        return None;
    }
    // the printer has rules of its own for what stands so far in
    if !fits(first.len() + receiver.len(), indent) {
        return None;
    }
    out.push(first + receiver);
    let inner = indent + BASE;
    let ends = others
        .iter()
        .map(|method| (*method, Tail("", 0)))
        .chain([(*last, tail)]);
    for (method, tail) in ends {
        let first = " ".repeat(inner);
        if fits(inner + method.len() + tail.1, inner) {
            out.push(first + method + tail.0);
        } else {
            call(out, first, method, inner, tail)?;
        }
    }
    Some(())
}

/// Writes a call with each argument on a line of its own.
fn call(out: &mut Vec<String>, first: String, call: &str, indent: usize, tail: Tail) -> Option<()> {
    // macros have no comma behind their last argument
    let open = call
        .find('(')
        .filter(|open| !call[..*open].ends_with('!'))?;
    let close = call.rfind(')')?;
    let inner = call.get(open + 1..close)?;
    let arguments = split(inner, ',');
    // one of these would stay where it is
    let stays = |argument: &str| argument.starts_with(['[', '(', '&', '{']);
    if inner.is_empty() || (arguments.len() == 1 && stays(inner)) {
        return None;
    }
    out.push(format!("{first}{}(", &call[..open]));
    let count = arguments.len();
    for (index, argument) in arguments.into_iter().enumerate() {
        let first = " ".repeat(indent + BASE);
        // the comma behind the last one is there for the break alone
        let tail = Tail(",", usize::from(index + 1 < count));
        lay_out(out, first, argument.trim(), indent + BASE, tail)?;
    }
    out.push(format!(
        "{}){}{}",
        " ".repeat(indent),
        &call[close + 1..],
        tail.0
    ));
    Some(())
}

/// What methods are called on, and each with its dot.
fn chain(expression: &str) -> Vec<&str> {
    if expression.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return vec![expression];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for at in outside(expression, '.') {
        parts.push(&expression[start..at]);
        start = at;
    }
    parts.push(&expression[start..]);
    parts
}

/// The parts between signs that stand in no text and no brackets.
fn split(text: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in outside(text, sign) {
        parts.push(&text[start..at]);
        start = at + 1;
    }
    parts.push(&text[start..]);
    parts
}

/// Where a sign stands that is in no text and no brackets.
fn outside(text: &str, sign: char) -> Vec<usize> {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        if in_text {
            in_text = is_escaped || c != '"';
            is_escaped = c == '\\' && !is_escaped;
            continue;
        }
        match c {
            '"' => in_text = true,
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if c == sign && depth == 0 => out.push(at),
            _ => {}
        }
    }
    out
}
