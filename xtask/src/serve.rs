//! A small server, so that the page can be tried from http as well. For this machine alone: it listens on 127.0.0.1.

use crate::run::Outcome;
use crate::{dist, setup};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// A request's head may be this long.
const HEAD_LIMIT: u64 = 16 * 1024;

/// Sets up, builds and serves until it is stopped.
pub fn serve(port: &str) -> Outcome {
    let port: u16 = port.parse().map_err(|_| format!("{port} is no port: name a number up to 65535"))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("port {port} can't be used ({error}): name another one with --port"))?;
    dist::dist(&setup::page()?)?;
    let address = listener.local_addr().map_err(|error| format!("no address: {error}"))?;
    println!("\nDoublehop: http://{address}/ (and from the disk: dist/{}). Ctrl-C ends this.", dist::FILE);
    let folder = dist::folder();
    for stream in listener.incoming().flatten() {
        let folder = folder.clone();
        // Whoever hangs up in the middle, or says nothing, hurts nobody.
        std::thread::spawn(move || answer(stream, &folder));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(HEAD_LIMIT));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    stream.write_all(&response(&request, folder))
}

/// The whole answer to a request line.
fn response(request: &str, folder: &Path) -> Vec<u8> {
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(method, "GET" | "HEAD") {
        return reply("405 Method Not Allowed", "text/plain", b"only GET and HEAD\n", method);
    }
    let found = file(target, folder).and_then(|file| Some((mime(&file), std::fs::read(file).ok()?)));
    match found {
        Some((mime, body)) => reply("200 OK", mime, &body, method),
        None => reply("404 Not Found", "text/plain", b"no such file\n", method),
    }
}

fn reply(status: &str, mime: &str, body: &[u8], method: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime}; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut bytes = head.into_bytes();
    if method != "HEAD" {
        bytes.extend_from_slice(body);
    }
    bytes
}

/// The file that an address means: one inside the folder, no way out of it.
fn file(target: &str, folder: &Path) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = Path::new(if path.is_empty() { dist::FILE } else { path });
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = folder.join(path).canonicalize().ok()?;
    (file.starts_with(folder.canonicalize().ok()?) && file.is_file()).then_some(file)
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("doublehop-serve-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("dist")).unwrap();
        std::fs::write(folder.join("dist").join(dist::FILE), "page").unwrap();
        std::fs::write(folder.join("secret"), "secret").unwrap();
        folder
    }

    #[test]
    fn it_serves_the_folder_and_nothing_else() {
        let folder = folder("files");
        let got = |request: &str| String::from_utf8(response(request, &folder.join("dist"))).unwrap();
        for request in ["GET / HTTP/1.1", "GET /?embed HTTP/1.1", "GET /doublehop.html HTTP/1.1"] {
            let answer = got(request);
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{answer}");
            assert!(answer.ends_with("\r\n\r\npage") && answer.contains("Cache-Control: no-store\r\n"), "{answer}");
        }
        assert!(got("HEAD / HTTP/1.1").ends_with("Content-Length: 4\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"));
        for request in
            ["GET /../secret HTTP/1.1", "GET //secret HTTP/1.1", "GET /. HTTP/1.1", "GET /none HTTP/1.1", "GET x", ""]
        {
            assert!(!got(request).contains("200 OK"), "{request}");
        }
        assert!(got("POST / HTTP/1.1").starts_with("HTTP/1.1 405"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
