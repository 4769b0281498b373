// Compares our catalog with Backstage's own code: for every document that
// is an entity by its content, Backstage's placeholders, policies, kinds
// and relations against what `callboard entities` says of it. See
// README.md.
//
//   node compare.cjs CALLBOARD PORTAL REPOS MODULES
//
// CALLBOARD is the binary, PORTAL what it is run on, REPOS the folder whose
// folders are the repositories, MODULES where the packages are. Differences that differences.json explains
// are counted; all others are printed, and end with 1.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { createRequire } = require('node:module');

const [callboard, portal, repos, modules] = process.argv.slice(2);
const need = createRequire(path.resolve(modules, 'package.json'));
const model = need('@backstage/catalog-model');
const alpha = need('@backstage/catalog-model/alpha');
const processors = path.dirname(need.resolve('@backstage/plugin-catalog-backend')) + '/processors/';
const { BuiltinKindsEntityProcessor } = need(processors + 'BuiltinKindsEntityProcessor.cjs.js');
const { ModelProcessor } = need(processors + 'ModelProcessor.cjs.js');
const placeholders = need(processors + 'PlaceholderProcessor.cjs.js');
const { ScaffolderEntitiesProcessor } = need('@backstage/plugin-catalog-backend-module-scaffolder-entity-model');
const yaml = need('yaml');
const PREFIX = 'https://github.com/';
const BRANCH = '/blob/main/';

const policy = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.DefaultNamespaceEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
  new model.FieldFormatEntityPolicy(model.makeValidator({})),
]);
const validateEnvelope = model.entityEnvelopeSchemaValidator();
const validateEntity = model.entitySchemaValidator();

function main() {
  return run().then(
    code => process.exit(code),
    error => {
      console.error(error);
      process.exit(2);
    },
  );
}

async function run() {
  const ours = readOurs();
  const documents = readDocuments(ours);
  const compiled = await compiledModel();
  const results = [];
  for (const document of documents) {
    results.push(await processed(document, compiled));
  }
  return report(ours, results);
}

// What we say.

function readOurs() {
  const options = { maxBuffer: 1 << 30, encoding: 'utf8' };
  const lines = text => text.split('\n').filter(Boolean).map(line => JSON.parse(line));
  const all = lines(execFileSync(callboard, ['entities', portal], options));
  const entities = all.filter(line => line.entity);
  const byFile = new Map();
  for (const diag of all.filter(line => line.code && line.file)) {
    const key = diag.repo + ':' + diag.file;
    if (!byFile.has(key)) byFile.set(key, []);
    byFile.get(key).push(diag);
  }
  return { entities, byFile };
}

// What lies in the repositories.

function readDocuments(ours) {
  const documents = [];
  for (const repo of fs.readdirSync(repos).sort()) {
    const root = path.join(repos, repo);
    if (!fs.statSync(root).isDirectory()) continue;
    for (const file of walk(root, '')) {
      const text = fs.readFileSync(path.join(root, file), 'utf8');
      if (!text.includes('backstage.io')) continue;
      let parsed;
      try {
        parsed = yaml.parseAllDocuments(text, { merge: false });
      } catch {
        continue;
      }
      const counter = new yaml.LineCounter();
      yaml.parseAllDocuments(text, { merge: false, lineCounter: counter });
      for (const document of parsed) {
        let json = null;
        try {
          json = document.toJSON();
        } catch {
          continue;
        }
        const isEntity =
          json && typeof json === 'object' && typeof json.apiVersion === 'string' &&
          json.apiVersion.includes('backstage.io') && 'kind' in json;
        if (!isEntity) continue;
        const [start, end] = document.range;
        documents.push({
          repo,
          file,
          json,
          firstLine: counter.linePos(document.contents.range[0]).line,
          lastLine: counter.linePos(Math.max(start, end - 1)).line,
          error: document.errors[0]?.message.split('\n')[0],
        });
      }
    }
  }
  return documents;
}

function walk(root, folder) {
  const found = [];
  for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.name === '.git' || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...walk(root, name));
    else if (/\.(ya?ml|json)$/.test(entry.name)) found.push(name);
  }
  return found.sort();
}

// What Backstage says.

async function compiledModel() {
  const layers = [alpha.aiResourceEntityModel, alpha.mcpServerApiEntityModel, alpha.defaultCatalogEntityModel].flat();
  return alpha.compileCatalogModel(layers.filter(Boolean));
}

/// Maps what a placeholder names to a file of the repositories.
function localFile(url) {
  const rest = url.startsWith(PREFIX) ? url.slice(PREFIX.length).split(/[?#]/)[0] : undefined;
  const raw = url.match(/^https:\/\/raw\.githubusercontent\.com\/([^/]+)\/([^/]+)\/(?:refs\/heads\/)?(.*)$/);
  const parts = raw ? `${raw[1]}/${raw[2]}/blob/${raw[3]}`.split('/') : rest?.split('/');
  if (!parts || parts.length < 5) return undefined;
  const [owner, name, , ...tail] = parts.map(decodeURIComponent);
  for (const folder of [`${owner}__${name}`, name]) {
    for (let cut = 1; cut <= 3; cut++) {
      const file = path.join(repos, folder, ...tail.slice(cut));
      if (tail.length > cut && fs.existsSync(file) && fs.statSync(file).isFile()) return file;
    }
  }
  return undefined;
}

function bundled(params) {
  return placeholders.textPlaceholderResolver(params);
}

const placeholder = new placeholders.PlaceholderProcessor({
  resolvers: {
    json: placeholders.jsonPlaceholderResolver,
    yaml: placeholders.yamlPlaceholderResolver,
    text: placeholders.textPlaceholderResolver,
    openapi: bundled,
    asyncapi: bundled,
  },
  reader: {
    async readUrl(url) {
      const file = localFile(url);
      if (!file) throw new Error(`NotFoundError: ${url}`);
      return { buffer: async () => fs.readFileSync(file) };
    },
  },
  integrations: { resolveUrl: ({ url, base }) => new URL(url, base).toString() },
});

async function processed(document, compiled) {
  const { repo, file, json, error } = document;
  const result = { ...document, accepted: false, why: error, relations: [] };
  if (error) return result;
  const slug = repo.includes('__') ? repo.replace('__', '/') : `example/${repo}`;
  const location = { type: 'url', target: encodeURI(`${PREFIX}${slug}${BRANCH}${file}`) };
  const builtin = new BuiltinKindsEntityProcessor();
  const holder = { model: compiled };
  // What the classic processors know, they decide, and the model of the
  // newest kinds what they do not.
  const isNew = json.kind === 'AiResource' || (json.kind === 'API' && json.spec?.type === 'mcp-server');
  const chain = isNew ? [new ModelProcessor(holder)] : [builtin, new ScaffolderEntitiesProcessor()];
  const emitted = [];
  const emit = item => emitted.push(item);
  try {
    let entity = validateEnvelope(json);
    const selfRef = model.stringifyEntityRef(entity);
    entity = await placeholder.preProcessEntity(entity, location, emit);
    for (const processor of chain) {
      if (processor.preProcessEntity) entity = await processor.preProcessEntity(entity, location, emit, location, {});
    }
    entity = await policy.enforce(entity);
    validateEntity(entity);
    if (model.stringifyEntityRef(entity) !== selfRef) throw new Error('reference changed');
    let valid = false;
    for (const processor of chain) valid = (await processor.validateEntityKind(entity)) || valid;
    if (!valid) throw new Error(`No processor recognized the entity ${selfRef} as valid`);
    for (const processor of chain) {
      if (processor.postProcessEntity) entity = await processor.postProcessEntity(entity, location, emit, {});
    }
    result.ref = selfRef;
    result.accepted = true;
    result.relations = emitted
      .filter(item => item.type === 'relation')
      .map(({ relation }) => [
        model.stringifyEntityRef(relation.source),
        relation.type,
        model.stringifyEntityRef(relation.target),
      ]);
  } catch (thrown) {
    result.why = messages(thrown);
  }
  return result;
}

function messages(error) {
  const parts = [];
  for (let at = error; at && parts.length < 4; at = at.cause) parts.push(at.message ?? String(at));
  return parts.join('; ').split('\n')[0].slice(0, 300);
}

// The comparison.

/// Codes that mean that Backstage would not take the entity.
const REFUSED = new Set([
  'missing-field', 'invalid-field', 'unknown-field', 'unknown-kind', 'invalid-reference', 'substitution',
  'remote-substitution', 'duplicate-key', 'yaml-syntax', 'yaml-tag', 'yaml-alias', 'unsafe-url',
]);

function report(ours, results) {
  const reasons = JSON.parse(fs.readFileSync(path.join(__dirname, 'differences.json'), 'utf8'));
  const differences = [];
  const kept = new Map(ours.entities.map(line => [refOf(line.entity), line]));
  const isKept = result => {
    const line = kept.get(result.ref ?? refOf(result.json));
    return line && line.repo === result.repo && line.file === result.file &&
      line.line >= result.firstLine && line.line <= result.lastLine;
  };
  let nVerdicts = 0;
  for (const result of results) {
    const diags = (ours.byFile.get(`${result.repo}:${result.file}`) ?? []).filter(diag => REFUSED.has(diag.code));
    const own = diags.filter(diag => diag.line >= result.firstLine && diag.line <= result.lastLine);
    const isSkeleton = isNotCatalog(ours, result, own);
    if (isSkeleton) {
      result.isSkeleton = true;
      continue;
    }
    nVerdicts += 1;
    if (result.accepted !== (own.length === 0)) {
      const said = own.map(diag => `${diag.code}: ${diag.message}`).join('; ').slice(0, 200) || 'accepted';
      differences.push({
        key: `${result.repo}/${result.file}:${result.firstLine} verdict`,
        backstage: result.accepted ? 'accepted' : result.why,
        ours: said,
      });
    }
  }
  const winners = results.filter(result => !result.isSkeleton && isKept(result));
  const accepted = new Set(winners.filter(result => result.accepted).map(result => result.ref));
  const edges = new Map();
  for (const result of winners) {
    for (const [source, type, target] of result.relations) {
      if (!edges.has(source)) edges.set(source, new Set());
      edges.get(source).add(`${type} ${target}`);
    }
  }
  // What is guessed and marked as a guess has no counterpart.
  const isGuessed = line => line?.entity.metadata.annotations['callboard.dev/owner-inferred-from'] !== undefined;
  const note = (line, edge, target) =>
    (edge.startsWith('ownedBy ') && isGuessed(line)) || (edge.startsWith('ownerOf ') && isGuessed(kept.get(target)))
      ? `${edge} (inferred)` : edge;
  let nRelations = 0;
  for (const result of winners.filter(result => result.accepted)) {
    nRelations += 1;
    const line = kept.get(result.ref);
    const expected = edges.get(result.ref) ?? new Set();
    const found = new Set();
    for (const { type, targetRef } of line.entity.relations) {
      // What an entity says that Backstage refuses has no counterpart.
      const edge = `${type} ${targetRef}`;
      const isOfRefused = kept.has(targetRef) && !accepted.has(targetRef) && !expected.has(edge);
      if (!isOfRefused) found.add(edge);
    }
    const missing = [...expected].filter(edge => !found.has(edge));
    const extra = [...found].filter(edge => !expected.has(edge)).map(edge => note(line, edge, edge.split(' ')[1]));
    if (missing.length || extra.length) {
      differences.push({
        key: `${result.ref} relations`,
        backstage: missing.join(', ') || '-',
        ours: extra.join(', ') || '-',
      });
    }
  }
  let nOpen = 0;
  for (const difference of differences) {
    const reason = reasons.find(({ match }) => new RegExp(match).test(`${difference.key} | ${difference.backstage} | ${difference.ours}`));
    if (reason) {
      reason.count = (reason.count ?? 0) + 1;
      continue;
    }
    nOpen += 1;
    console.log(`${difference.key}\n  Backstage: ${difference.backstage}\n  Callboard: ${difference.ours}`);
  }
  const nAccepted = results.filter(result => !result.isSkeleton && result.accepted).length;
  const nDifferent = differences.length;
  const share = (100 * (1 - nDifferent / Math.max(1, nVerdicts + nRelations))).toFixed(2);
  console.log(`${nVerdicts} verdicts (${nAccepted} accepted), ${nRelations} sets of relations compared`);
  console.log(`${share} % agree; ${nDifferent} differ, of them ${nDifferent - nOpen} explained:`);
  for (const { match, reason, count } of reasons) if (count) console.log(`  ${count} × ${reason} (${match})`);
  return nOpen ? 1 : 0;
}

/// What lies in a template's skeleton, or was never rendered, is not of
/// the catalog, though Backstage would read it if a Location led there.
function isNotCatalog(ours, result, own) {
  const all = ours.byFile.get(`${result.repo}:${result.file}`) ?? [];
  if (all.some(diag => diag.code === 'unrendered-template')) return true;
  if (own.length || all.some(diag => diag.code === 'duplicate-entity')) return false;
  const name = result.json.metadata?.name;
  return !ours.entities.some(line => line.repo === result.repo && line.file === result.file) || typeof name !== 'string';
}

function refOf(entity) {
  const { kind, metadata } = entity;
  return `${kind}:${metadata?.namespace ?? 'default'}/${metadata?.name}`.toLowerCase();
}

main();
