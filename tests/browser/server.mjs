// Serves a folder on loopback, at a sub-path of the host, as a plain static host does.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain", ".xml": "application/xml",
};

/** Serves `folder` at `prefix` ("/" or "/portal/") and resolves to { url, requests, close }. */
export function serve(folder, prefix) {
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    requests.push(path);
    if (!path.startsWith(prefix)) return response.writeHead(404).end("outside of the site");
    let file = normalize(join(folder, path.slice(prefix.length)));
    const stat = (path) => statSync(path, { throwIfNoEntry: false });
    if (stat(file)?.isDirectory()) file = join(file, "index.html");
    const found = file.startsWith(folder) && stat(file)?.isFile();
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    found ? createReadStream(file).pipe(response) : response.end("not found");
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}${prefix}`;
      resolve({ url, requests, close: () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); }) });
    });
  });
}
