//! The workflows for GitHub: small rights, and nothing that may change under us. That they are well-formed is a step of
//! `cargo xtask ci`.

use crate::repo;

/// The workflows, by name, with their texts.
fn workflows() -> Vec<(String, String)> {
    let folder = repo::root().join(".github/workflows");
    let files = repo::entries(&folder).into_iter();
    let files: Vec<_> = files
        .map(|path| (repo::name(&path), repo::read(&path)))
        .collect();
    assert!(!files.is_empty(), "there are no workflows");
    files
}

#[test]
fn actions_are_pinned_by_commit_and_say_their_version() {
    let mut count = 0;
    for (name, text) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            count += 1;
            let (_, pin) = line.split_once('@').unwrap_or_default();
            let (commit, version) = pin.split_once(" # v").unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            let is_version = version
                .split('.')
                .filter(|part| part.parse::<u32>().is_ok())
                .count()
                == 3;
            assert!(is_commit && is_version, "{name}: {line}");
        }
    }
    assert!(count > 0, "the rule looks in the wrong place");
}

#[test]
fn who_may_write_runs_nothing_of_a_pull_request() {
    for (name, text) in workflows() {
        assert!(!text.contains("pull_request_target"), "{name}");
        assert!(
            text.contains("\npermissions:"),
            "{name} takes the rights that happen to be given"
        );
        if text.contains(": write") {
            assert!(text.contains("workflow_run:"), "{name}");
            assert!(!text.contains("actions/checkout"), "{name}");
            assert!(!text.contains("cargo "), "{name}");
        }
        let checkouts = text.matches("actions/checkout@").count();
        assert_eq!(
            text.matches("persist-credentials: false").count(),
            checkouts,
            "{name}"
        );
    }
}

/// What an event says may be anybody's text: in a script it would be code.
#[test]
fn scripts_hold_no_expressions() {
    for (name, text) in workflows() {
        let mut indent = None;
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            if indent.is_some_and(|start| depth <= start && !line.trim().is_empty()) {
                indent = None;
            }
            if line
                .trim_start()
                .trim_start_matches("- ")
                .starts_with("run:")
            {
                indent = Some(depth);
            }
            assert!(indent.is_none() || !line.contains("${{"), "{name}: {line}");
        }
    }
}
