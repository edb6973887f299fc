//! The command line: one thin user of the library. Every command is a file in `commands/`.

mod commands;

fn main() -> std::process::ExitCode {
    commands::main()
}
