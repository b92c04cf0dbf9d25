// A proxy that writes down what a browser asks for and refuses it. Whatever the browser's own reports leave out (workers,
// sockets, prefetches, icons) has to come by here.

import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';

// What the browsers ask for of themselves (updates, lists, the time), whatever page is open; it is refused like all else.
// A page that asked these hosts would still show in the browser's own report.
const OWN_SERVICES = /(^|\.)(google\.com|googleapis\.com|gstatic\.com|gvt1\.com|mozilla\.(com|org|net)|firefox\.com|dummy\.test)(:\d+)?$/;

/**
 * Starts it on a free port.
 * @returns {Promise<{port: number, take: () => string[], allow: (host: string) => void, close: () => Promise<void>}>}
 *   `take` gives and forgets what was asked for; `allow` lets requests to `host:port` through, unrecorded.
 */
export async function startProxy() {
  let seen = [];
  const allowed = new Set();
  const note = (method, host, url) => {
    if (!OWN_SERVICES.test(host)) seen.push(`${method} ${url}`);
  };
  const server = createServer((request, response) => {
    const host = URL.canParse(request.url) ? new URL(request.url).host : request.headers.host;
    if (allowed.has(host)) {
      const { pathname, search } = new URL(request.url);
      const [hostname, port] = host.split(':');
      const on = httpRequest({ hostname, port, method: request.method, path: pathname + search, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      on.on('error', () => response.writeHead(502).end());
      request.pipe(on);
      return;
    }
    note(request.method, host, request.url);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    note('CONNECT', request.url, request.url);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 502 Refused\r\n\r\n');
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    take: () => seen.splice(0),
    allow: (host) => allowed.add(host),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
