//! Running programs and telling the person which step is at work and how long it took.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a step gives: nothing or a value, or a sentence that says what to do.
pub type Outcome<T = ()> = Result<T, String>;

/// The repository's folder.
pub fn root() -> PathBuf {
    // Cargo sets it at run time as well; the value of compile time is wrong once the folder has moved.
    let own = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let own = PathBuf::from(own);
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// The cargo that runs this helper.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs one named step and prints its time.
pub fn step<T>(name: &str, job: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("{}", bold(&format!("── {name}")));
    let start = Instant::now();
    let outcome = job();
    let took = seconds(start.elapsed());
    match outcome {
        Ok(value) => {
            println!("   {name}: {} ({took})", green("done"));
            Ok(value)
        }
        Err(says) => {
            println!("   {name}: {} ({took})", red("FAILED"));
            Err(format!("{name}: {says}"))
        }
    }
}

/// Runs a program to its end, its output shown as it comes.
pub fn run(command: &mut Command) -> Outcome {
    let shown = show(command);
    let status = command.stdin(Stdio::null()).status().map_err(|error| missing(&shown, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` ended with {status}; what it says is above")) }
}

/// Runs a program and gives what it printed; its error output is part of the failure.
pub fn output(command: &mut Command) -> Outcome<String> {
    let shown = show(command);
    let output = command.stdin(Stdio::null()).output().map_err(|error| missing(&shown, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let says = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{shown}` ended with {}: {}", output.status, says.trim()))
    }
}

fn missing(shown: &str, error: &std::io::Error) -> String {
    format!("`{shown}` can't be started ({error}); is the program installed?")
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// `4.2 s`, `3 min 20 s`.
pub fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        all => format!("{} min {} s", all / 60, all % 60),
    }
}

fn paint(code: &str, text: &str) -> String {
    if std::io::stdout().is_terminal() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Red on a terminal.
pub fn red(text: &str) -> String {
    paint("1;31", text)
}

fn green(text: &str) -> String {
    paint("32", text)
}

fn bold(text: &str) -> String {
    paint("1", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(1230)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(61)), "1 min 1 s");
    }

    #[test]
    fn a_failing_program_is_a_failure_and_names_itself() {
        let says = run(Command::new("false").arg("x")).unwrap_err();
        assert!(says.contains("`false x`"), "{says}");
        assert!(run(&mut Command::new("no-such-program-here")).unwrap_err().contains("installed"));
        assert_eq!(output(Command::new("echo").arg("a")).unwrap(), "a\n");
        assert_eq!(step("s", || Err::<(), _>("why".to_owned())).unwrap_err(), "s: why");
    }
}
