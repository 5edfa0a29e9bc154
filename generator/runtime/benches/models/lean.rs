//! The models of the benchmark, as the generator writes them.
#![allow(missing_docs, reason = "they are told by their names")]

use crate::runtime::{Extra, Secret, Value};

pub(crate) struct Person {
    id: i64,
    login: String,
    display_name: Option<String>,
    admin: bool,
    created_at: Option<String>,
    labels: Option<Vec<String>>,
    score: Option<f64>,
    email: Option<String>,
    followers: Option<i64>,
    url: String,
    active: Option<bool>,
    manager: Option<Box<Simple>>,
}
crate::runtime::record! {
    Person {
        "id" => id: required,
        "login" => login: required,
        "display_name" => display_name: optional,
        "admin" => admin: required,
        "created_at" => created_at: optional,
        "labels" => labels: optional,
        "score" => score: optional,
        "email" => email: optional,
        "followers" => followers: optional,
        "url" => url: required,
        "active" => active: optional,
        "manager" => manager: optional,
    } ..
}

pub(crate) struct Simple {
    id: i64,
    login: String,
}
crate::runtime::record! { Simple { "id" => id: required, "login" => login: required } .. }

pub(crate) struct Wide {
    member_0: Option<i64>,
    member_1: Option<i64>,
    member_2: Option<i64>,
    member_3: Option<i64>,
    member_4: Option<i64>,
    member_5: Option<i64>,
    member_6: Option<i64>,
    member_7: Option<i64>,
    member_8: Option<i64>,
    member_9: Option<i64>,
    member_10: Option<i64>,
    member_11: Option<i64>,
    member_12: Option<i64>,
    member_13: Option<i64>,
    member_14: Option<i64>,
    member_15: Option<i64>,
    member_16: Option<i64>,
    member_17: Option<i64>,
    member_18: Option<i64>,
    member_19: Option<i64>,
    member_20: Option<i64>,
    member_21: Option<i64>,
    member_22: Option<i64>,
    member_23: Option<i64>,
    member_24: Option<i64>,
    member_25: Option<i64>,
    member_26: Option<i64>,
    member_27: Option<i64>,
    member_28: Option<i64>,
    member_29: Option<i64>,
    member_30: Option<i64>,
    member_31: Option<i64>,
    member_32: Option<i64>,
    member_33: Option<i64>,
    member_34: Option<i64>,
    member_35: Option<i64>,
    member_36: Option<i64>,
    member_37: Option<i64>,
    member_38: Option<i64>,
    member_39: Option<i64>,
    member_40: Option<i64>,
    member_41: Option<i64>,
    member_42: Option<i64>,
    member_43: Option<i64>,
    member_44: Option<i64>,
    member_45: Option<i64>,
    member_46: Option<i64>,
    member_47: Option<i64>,
    member_48: Option<i64>,
    member_49: Option<i64>,
    member_50: Option<i64>,
    member_51: Option<i64>,
    member_52: Option<i64>,
    member_53: Option<i64>,
    member_54: Option<i64>,
    member_55: Option<i64>,
    member_56: Option<i64>,
    member_57: Option<i64>,
    member_58: Option<i64>,
    member_59: Option<i64>,
    member_60: Option<i64>,
    member_61: Option<i64>,
    member_62: Option<i64>,
    member_63: Option<i64>,
    member_64: Option<i64>,
    member_65: Option<i64>,
    member_66: Option<i64>,
    member_67: Option<i64>,
    member_68: Option<i64>,
    member_69: Option<i64>,
    member_70: Option<i64>,
    member_71: Option<i64>,
    member_72: Option<i64>,
    member_73: Option<i64>,
    member_74: Option<i64>,
    member_75: Option<i64>,
    member_76: Option<i64>,
    member_77: Option<i64>,
    member_78: Option<i64>,
    member_79: Option<i64>,
}
crate::runtime::record! {
    Wide {
        "member_0" => member_0: optional,
        "member_1" => member_1: optional,
        "member_2" => member_2: optional,
        "member_3" => member_3: optional,
        "member_4" => member_4: optional,
        "member_5" => member_5: optional,
        "member_6" => member_6: optional,
        "member_7" => member_7: optional,
        "member_8" => member_8: optional,
        "member_9" => member_9: optional,
        "member_10" => member_10: optional,
        "member_11" => member_11: optional,
        "member_12" => member_12: optional,
        "member_13" => member_13: optional,
        "member_14" => member_14: optional,
        "member_15" => member_15: optional,
        "member_16" => member_16: optional,
        "member_17" => member_17: optional,
        "member_18" => member_18: optional,
        "member_19" => member_19: optional,
        "member_20" => member_20: optional,
        "member_21" => member_21: optional,
        "member_22" => member_22: optional,
        "member_23" => member_23: optional,
        "member_24" => member_24: optional,
        "member_25" => member_25: optional,
        "member_26" => member_26: optional,
        "member_27" => member_27: optional,
        "member_28" => member_28: optional,
        "member_29" => member_29: optional,
        "member_30" => member_30: optional,
        "member_31" => member_31: optional,
        "member_32" => member_32: optional,
        "member_33" => member_33: optional,
        "member_34" => member_34: optional,
        "member_35" => member_35: optional,
        "member_36" => member_36: optional,
        "member_37" => member_37: optional,
        "member_38" => member_38: optional,
        "member_39" => member_39: optional,
        "member_40" => member_40: optional,
        "member_41" => member_41: optional,
        "member_42" => member_42: optional,
        "member_43" => member_43: optional,
        "member_44" => member_44: optional,
        "member_45" => member_45: optional,
        "member_46" => member_46: optional,
        "member_47" => member_47: optional,
        "member_48" => member_48: optional,
        "member_49" => member_49: optional,
        "member_50" => member_50: optional,
        "member_51" => member_51: optional,
        "member_52" => member_52: optional,
        "member_53" => member_53: optional,
        "member_54" => member_54: optional,
        "member_55" => member_55: optional,
        "member_56" => member_56: optional,
        "member_57" => member_57: optional,
        "member_58" => member_58: optional,
        "member_59" => member_59: optional,
        "member_60" => member_60: optional,
        "member_61" => member_61: optional,
        "member_62" => member_62: optional,
        "member_63" => member_63: optional,
        "member_64" => member_64: optional,
        "member_65" => member_65: optional,
        "member_66" => member_66: optional,
        "member_67" => member_67: optional,
        "member_68" => member_68: optional,
        "member_69" => member_69: optional,
        "member_70" => member_70: optional,
        "member_71" => member_71: optional,
        "member_72" => member_72: optional,
        "member_73" => member_73: optional,
        "member_74" => member_74: optional,
        "member_75" => member_75: optional,
        "member_76" => member_76: optional,
        "member_77" => member_77: optional,
        "member_78" => member_78: optional,
        "member_79" => member_79: optional,
    } ..
}

pub(crate) enum Event {
    Push(Push),
    Comment(Comment),
    Star(Star),
    Unknown(Value),
}
crate::runtime::union! {
    Event: tag "kind" { Push(Push) = ["push"], Comment(Comment) = ["comment"], Star(Star) = ["star"] }
}

pub(crate) struct Push {
    kind: String,
    branch: String,
    commits: i64,
}
crate::runtime::record! {
    Push { "kind" => kind: required, "branch" => branch: required, "commits" => commits: required } ..
}

pub(crate) struct Comment {
    kind: String,
    author: String,
    text: String,
}
crate::runtime::record! {
    Comment { "kind" => kind: required, "author" => author: required, "text" => text: required } ..
}

pub(crate) struct Star {
    kind: String,
    count: i64,
}
crate::runtime::record! { Star { "kind" => kind: required, "count" => count: required } .. }

pub(crate) enum Loose {
    Number(i64),
    Text(String),
    Simple(Simple),
    Unknown(Value),
}
crate::runtime::union! { Loose: first { Number(i64), Text(String), Simple(Simple) } }

pub(crate) struct Open {
    id: i64,
    extra: Extra,
}
crate::runtime::record! { Open { "id" => id: required } extra extra }

pub(crate) struct Token {
    access_token: Secret,
    token_type: String,
    expires_in: Option<i64>,
    scope: Option<String>,
}
crate::runtime::record! {
    Token: secret {
        "access_token" => access_token: required,
        "token_type" => token_type: required,
        "expires_in" => expires_in: optional,
        "scope" => scope: optional,
    } ..
}
