//! How a capture ended, in words: what is lost, in bytes and in kind, and what that means.

use doublehop_scan::End;

/// How to get a whole one.
const AGAIN: &str = "Press Stop Logging in edge://net-export (chrome://net-export) and take the file then.";

/// What a capture is made of, as far as it was met.
#[derive(Clone, Copy, Debug)]
pub struct Met {
    /// How it ended.
    pub end: End,
    /// Bytes in all.
    pub bytes: u64,
    /// Events in all.
    pub events: u64,
    /// Its numbers have names.
    pub named: bool,
}

/// What is to be said of the end; nothing when the capture is whole.
pub fn says(met: Met) -> Option<String> {
    let bytes = met.bytes;
    Some(match met.end {
        End::Whole => return None,
        End::InConstants(_) if met.named => {
            format!("This capture is cut off in a second head; {} events before it were read. {AGAIN}", met.events)
        }
        End::InConstants(_) => format!(
            "This capture is cut off in its head (constants): {bytes} bytes of the head are there, its end and every event are missing, and nothing has a name yet. {AGAIN}"
        ),
        End::NoEvents | End::InEvents(0) if met.events == 0 && met.named => format!(
            "This capture holds its head (constants, {bytes} bytes) and no event. If it is constants.json of a log that was never stopped, \
             hand it in together with the event_file_*.json beside it. Otherwise start logging, load the page once, stop logging, then take the file."
        ),
        End::NoEvents => format!(
            "No event in these {bytes} bytes. Start logging, load the page once, stop logging, then take the file."
        ),
        End::InEvents(0) => format!(
            "This capture ends between two events: all {} events in it were read, 0 bytes were dropped. Usually logging was not stopped: \
             the last events (up to 15) may never have been written, and what the browser did after them is missing.",
            met.events
        ),
        End::InEvents(dropped) => format!(
            "This capture is cut off: {dropped} bytes of an unfinished event were dropped, everything before it ({} events) was read, \
             what came after it is missing. Usually logging was not stopped.",
            met.events
        ),
        End::AfterEvents(behind) => format!(
            "This capture is cut off behind its events: all {} events were read. Only the snapshot of the browser's state \
             (polledData, {behind} bytes of it are there) is not whole, and nothing is read from that.",
            met.events
        ),
        End::Open => format!(
            "These are {} events without an end mark (one file of a bounded log, or events cut out of a capture): all were read, \
             but what is not in them may still have happened.",
            met.events
        ),
    })
}
