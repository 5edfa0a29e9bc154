//! What other tools show of the command: manual pages, and completions of shells.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, DONE, REFUSED, Streams};

#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// The command, such as `generate`; without it the page is that of specmint
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

/// Prints the script that completes the command's arguments.
pub(super) fn completions(args: &Completions, streams: &mut Streams<'_>) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "specmint", &mut script);
    let _ = streams.out.write_all(&script);
    DONE
}

/// Prints a manual page, in roff.
pub(super) fn man(args: &Man, streams: &mut Streams<'_>) -> u8 {
    let mut command = Cli::command();
    // Makes each command know its whole name.
    command.build();
    let mut chosen = &command;
    for name in &args.command {
        let Some(found) = chosen.find_subcommand(name) else {
            let message = format!("error: `{chosen}` has no command `{name}`\n");
            streams.say(&message);
            return REFUSED;
        };
        chosen = found;
    }
    let page = clap_mangen::Man::new(chosen.clone())
        // Nothing would be left out of the line, and the source stand where the date belongs.
        .date(" ")
        .source(concat!("specmint ", env!("CARGO_PKG_VERSION")));
    let _ = page.render(&mut streams.out);
    DONE
}
