// Serves a folder on loopback, at a sub-path of the host, as a plain static host does.

import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

export const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain", ".xml": "application/xml",
};

/**
 * Serves `folder` at `prefix` ("/" or "/portal/") and resolves to { url, requests, close }. `rewrite` may change the bytes
 * of a page; `types` replaces the types of files, and a file of type `null` has none, so that the browser guesses.
 */
export function serve(folder, prefix, { rewrite = (bytes) => bytes, types = TYPES, unknown = "application/octet-stream" } = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    requests.push(path);
    if (!path.startsWith(prefix)) return response.writeHead(404).end("outside of the site");
    let file = normalize(join(folder, path.slice(prefix.length)));
    const stat = (path) => statSync(path, { throwIfNoEntry: false });
    if (stat(file)?.isDirectory()) file = join(file, "index.html");
    const found = file.startsWith(folder) && stat(file)?.isFile();
    if (!found) return response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    const type = types[extname(file).toLowerCase()] ?? unknown;
    const bytes = readFileSync(file);
    response.writeHead(200, type ? { "content-type": type } : {});
    response.end(type?.startsWith("text/html") ? rewrite(bytes) : bytes);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}${prefix}`;
      resolve({ url, requests, close: () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); }) });
    });
  });
}
