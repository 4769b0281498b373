// A portal of 11,000 entities with 120,000 relations (each counted at both ends), always the same bytes: one group has 1,200
// members, another owns 1,500 APIs, and each of these has a tag that is none. As a program it
// writes the portal into the folder that it is given: `node large-portal.mjs FOLDER`.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

export const SIZES = { components: 7000, apis: 1500, resources: 600, systems: 400, domains: 40, groups: 260, users: 1200 };

export function writeLargePortal(folder) {
  const n = SIZES;
  let seed = 42;
  const below = (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const of = (list) => list[below(list.length)];
  const words = ["payments", "orders", "stock", "search", "mail", "ledger", "gate", "fleet", "tide", "beacon", "quay", "route", "price", "login"];
  const files = new Map();
  const add = (file, text) => files.set(file, (files.get(file) ?? "") + text + "---\n");
  const head = (kind, name, more = "") => `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;
  for (let idx = 0; idx < n.groups; idx++) {
    const parent = idx ? `  parent: team-${Math.floor((idx - 1) / 6)}\n` : "";
    add("org/groups.yaml", head("Group", `team-${idx}`) + `spec:\n  type: ${idx ? "team" : "root"}\n  children: []\n${parent}`);
  }
  for (let idx = 0; idx < n.users; idx++) {
    add(`org/users-${idx % 3}.yaml`, head("User", `user-${idx}`) + `spec:\n  profile: {displayName: Person ${idx}, email: user-${idx}@acme.example}\n  memberOf: [team-${idx % n.groups}, team-0]\n`);
  }
  for (let idx = 0; idx < n.domains; idx++) add("org/domains.yaml", head("Domain", `domain-${idx}`) + `spec:\n  owner: team-${idx}\n`);
  for (let idx = 0; idx < n.systems; idx++) {
    add("org/systems.yaml", head("System", `system-${idx}`, `  description: The ${of(words)} of area ${idx}.\n`) + `spec:\n  owner: team-${idx % n.groups}\n  domain: domain-${idx % n.domains}\n`);
  }
  for (let idx = 0; idx < n.resources; idx++) {
    add(`repo-${idx % 20}/resources.yaml`, head("Resource", `db-${idx}`) + `spec:\n  type: database\n  owner: team-${idx % n.groups}\n  system: system-${idx % n.systems}\n`);
  }
  for (let idx = 0; idx < n.apis; idx++) {
    const type = of(["openapi", "grpc", "asyncapi", "graphql"]);
    add(`repo-${idx % 20}/apis.yaml`, head("API", `api-${idx}`, `  tags: [${of(words)}, Not A Tag]\n`) +
      `spec:\n  type: ${type}\n  lifecycle: production\n  owner: team-1\n  system: system-${idx % n.systems}\n  definition: "${type}: 3.1.0"\n`);
  }
  for (let idx = 0; idx < n.components; idx++) {
    const depends = Array.from({ length: 3 }, () => `component:service-${below(Math.max(1, idx))}`).concat(`resource:db-${below(n.resources)}`);
    const provides = idx < n.apis ? `  providesApis: [api-${idx}]\n` : "";
    const tags = `  tags: [${[...new Set([of(words), of(words), of(words)])].join(", ")}]\n`;
    add(`repo-${idx % 20}/components-${Math.floor(idx / 20) % 3}.yaml`, head("Component", `service-${idx}`, `  title: ${of(words)} service ${idx}\n  description: Keeps the ${of(words)} of the ${of(words)} in step with everything that ${of(words)} needs, number ${idx}.\n${tags}`) +
      `spec:\n  type: ${of(["service", "website", "library", "documentation"])}\n  lifecycle: ${of(["production", "production", "experimental", "deprecated"])}\n  owner: team-${idx % n.groups}\n  system: system-${idx % n.systems}\n` +
      `  dependsOn: [${[...new Set(depends)].join(", ")}]\n  consumesApis: [api-${below(n.apis)}]\n${provides}`);
  }
  writeOut(folder, "book.toml", '[book]\ntitle = "Large portal"\n[portal]\norganization = "Large"\n[[source]]\npath = "repos/*"\nurl = "https://github.com/acme/{name}"\nref = "main"\n');
  for (const [file, text] of files) writeOut(folder, join("repos", file), text);
  return Object.values(n).reduce((sum, count) => sum + count, 0);
}

function writeOut(folder, file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeLargePortal(process.argv[2]);
