// Compares the annotations that we add to an entity with those that
// Backstage adds to one that is registered by the address of its file.
//
//   node hosts.cjs CALLBOARD MODULES FOLDER
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { createRequire } = require('node:module');

const [callboard, modules, folder] = process.argv.slice(2);
const need = createRequire(path.resolve(modules, 'package.json'));
const { ScmIntegrations } = need('@backstage/integration');
const { ConfigReader } = need('@backstage/config');
const backend = path.dirname(need.resolve('@backstage/plugin-catalog-backend'));
const { AnnotateLocationEntityProcessor } = need(backend + '/processors/AnnotateLocationEntityProcessor.cjs.js');

const integrations = ScmIntegrations.fromConfig(new ConfigReader({
  integrations: {
    github: [{ host: 'github.com' }, { host: 'github.acme.example' }],
    gitlab: [{ host: 'gitlab.com' }],
    bitbucketCloud: [{ host: 'bitbucket.org' }],
    bitbucketServer: [{ host: 'bitbucket.acme.example' }],
    azure: [{ host: 'dev.azure.com' }],
    gitea: [{ host: 'gitea.com' }],
  },
}));
const processor = new AnnotateLocationEntityProcessor({ integrations });
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const repos = [
  ['github', 'https://github.com/acme/pay', 'main'],
  ['github-commit', 'https://github.com/acme/pay2', COMMIT],
  ['ghe', 'https://github.acme.example/acme/pay', 'main'],
  ['gitlab', 'https://gitlab.com/acme/team/pay', 'main'],
  ['bitbucket-cloud', 'https://bitbucket.org/acme/pay', 'main'],
  ['bitbucket-server', 'https://bitbucket.acme.example/projects/ACME/repos/pay', 'main'],
  ['azure', 'https://dev.azure.com/acme/shop/_git/pay', 'main'],
  ['gitea', 'https://gitea.com/acme/pay', 'main'],
];

async function main() {
  fs.rmSync(folder, { recursive: true, force: true });
  let book = '[portal]\n';
  for (const [name, url, ref] of repos) {
    fs.mkdirSync(path.join(folder, name, 'sub'), { recursive: true });
    const text = `apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {name: ${name}, annotations: {a: b}}\nspec: {owner: x}\n`;
    fs.writeFileSync(path.join(folder, name, 'sub', 'catalog-info.yaml'), text);
    book += `[[source]]\npath = "${name}"\nurl = "${url}"\nref = "${ref}"\n`;
  }
  fs.writeFileSync(path.join(folder, 'book.toml'), book);
  const out = execFileSync(callboard, ['entities', folder], { encoding: 'utf8' });
  let nDifferent = 0;
  const lines = out.split('\n').filter(Boolean).map(line => JSON.parse(line));
  // Problems follow the entities.
  for (const { repo, entity } of lines.filter(line => line.entity)) {
    const ours = entity.metadata.annotations;
    const target = ours['backstage.io/managed-by-location'].replace(/^url:/, '');
    const location = { type: 'url', target };
    const bare = { ...entity, metadata: { ...entity.metadata, annotations: { a: 'b' } } };
    const annotated = await processor.preProcessEntity(bare, location, undefined, location);
    const theirs = annotated.metadata.annotations;
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const plain = text => text && decodeURIComponent(text);
      if (plain(ours[key]) === plain(theirs[key])) continue;
      nDifferent += 1;
      console.log(`${repo} ${key}\n  Backstage: ${theirs[key]}\n  Callboard: ${ours[key]}`);
    }
  }
  console.log(`${repos.length} hosts, ${nDifferent} annotations differ`);
}

main();
