//! A tenant at rest, in one piece of memory that is wiped when it goes.
//!
//! Numbers and texts: the identity of the token, its end by both clocks, how long before it the
//! token is renewed, was last handed out and was issued, and how long the texts are. What few tokens have (scopes, what
//! came beside them) is JSON at the end.

use std::time::Duration;

use zeroize::Zeroizing;

use super::super::super::Secret;
use super::super::access::{AccessToken, Beside, Times};
use super::super::machine::Rest;
use super::super::{Now, TokenId, TokenType};

/// A tenant at rest.
pub(super) struct Packed(Zeroizing<Box<[u8]>>);

const CUSTOM: u8 = 1;
const RENEWABLE: u8 = 2;
const LASTS: u8 = 4;
const INITIAL_SPENT: u8 = 8;
const BESIDE: u8 = 16;

/// Before the texts: three numbers of 8 bytes, five of 4, and the flags.
const HEADER: usize = 3 * 8 + 5 * 4 + 1;

impl Packed {
    /// Packs, unless it is something out of the ordinary, such as a token that is handed out beyond its end.
    pub(super) fn new(rest: &Rest) -> Option<Self> {
        let token = &rest.token;
        let times = token.times();
        let end = times.expires;
        let renewed = ticks_between(times.refresh_at, end)?;
        let served = ticks_between(times.serve_until, end)?;
        let issued = ticks_between(rest.issued_at, end)?;
        let text = token.expose();
        let refresh_token = rest.refresh_token.as_ref().map_or("", Secret::expose);
        let beside = token.beside();
        let mut flags = 0;
        for (flag, is) in [
            (CUSTOM, token.token_type() == TokenType::Custom),
            (RENEWABLE, rest.refresh_token.is_some()),
            (LASTS, rest.lasts),
            (INITIAL_SPENT, rest.initial_spent),
            (BESIDE, beside.is_some()),
        ] {
            flags |= if is { flag } else { 0 };
        }
        let beside = beside.unwrap_or_default();
        let length = HEADER + text.len() + refresh_token.len() + beside.len();
        let mut bytes = Vec::with_capacity(length);
        for number in [token.id().number(), millis(end.mono), millis(end.wall)] {
            bytes.extend(number.to_le_bytes());
        }
        let texts = [text.len(), refresh_token.len()];
        let [text_length, refresh_length] = texts.map(|length| u32::try_from(length).ok());
        for number in [renewed, served, issued, text_length?, refresh_length?] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.push(flags);
        bytes.extend(text.as_bytes());
        bytes.extend(refresh_token.as_bytes());
        bytes.extend(beside.iter());
        // Of the right capacity, so that nothing is moved and left unwiped.
        Some(Self(Zeroizing::new(bytes.into_boxed_slice())))
    }

    /// Whether the token may be handed out now without asking whether it is to be renewed.
    pub(super) fn serves(&self, now: Now) -> bool {
        let fields = self.fields();
        let earlier = fields.renewed.max(fields.served);
        !now.reached(before(fields.end, earlier))
    }

    /// The token, as it was.
    pub(super) fn token(&self) -> AccessToken {
        let fields = self.fields();
        let times = Times {
            refresh_at: before(fields.end, fields.renewed),
            serve_until: before(fields.end, fields.served),
            expires: fields.end,
        };
        let token_type = match fields.flags & CUSTOM {
            0 => TokenType::Bearer,
            _ => TokenType::Custom,
        };
        let beside = (fields.flags & BESIDE != 0).then(|| Beside::read(fields.beside));
        AccessToken::again(fields.id, times, token_type, fields.text, beside.flatten())
    }

    /// What it was packed from.
    pub(super) fn unpack(&self) -> Rest {
        let fields = self.fields();
        let renewable = fields.flags & RENEWABLE != 0;
        Rest {
            token: self.token(),
            refresh_token: renewable.then(|| Secret::from(fields.refresh_token)),
            lasts: fields.flags & LASTS != 0,
            initial_spent: fields.flags & INITIAL_SPENT != 0,
            issued_at: before(fields.end, fields.issued),
        }
    }

    fn fields(&self) -> Fields<'_> {
        let (header, texts) = self.0.split_at(HEADER);
        let long = |at: usize| u64::from_le_bytes(array(&header[at..at + 8]));
        let short = |at: usize| u32::from_le_bytes(array(&header[at..at + 4]));
        let (text, rest) = texts.split_at(short(36) as usize);
        let (refresh_token, beside) = rest.split_at(short(40) as usize);
        let string = |bytes| std::str::from_utf8(bytes).expect("it was packed from a text");
        Fields {
            id: TokenId::new(long(0)),
            end: Now {
                mono: Duration::from_millis(long(8)),
                wall: Duration::from_millis(long(16)),
            },
            renewed: short(24),
            served: short(28),
            issued: short(32),
            flags: header[HEADER - 1],
            text: string(text),
            refresh_token: string(refresh_token),
            beside,
        }
    }
}

struct Fields<'a> {
    id: TokenId,
    end: Now,
    renewed: u32,
    served: u32,
    issued: u32,
    flags: u8,
    text: &'a str,
    refresh_token: &'a str,
    beside: &'a [u8],
}

/// Times before the end are counted in these, so that 32 bits hold more than the longest life.
const TICK: Duration = Duration::from_millis(100);

/// The time between by the clock that never steps, longer by a tick rather than shorter; `None` if `at` is after the
/// end or too long before it.
fn ticks_between(at: Now, end: Now) -> Option<u32> {
    let time = end.mono.checked_sub(at.mono)?;
    u32::try_from(time.as_millis().div_ceil(TICK.as_millis())).ok()
}

fn before(end: Now, ticks: u32) -> Now {
    end.before(TICK * ticks)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("the slice is as long as the array")
}
