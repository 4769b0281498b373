// Writes a portal of some thousand entities that each break one rule, or
// just do not: every field of every kind with every sort of value.
//
//   node mutants.cjs FOLDER
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(process.argv[2], 'acme__mutants');
const core = 'backstage.io/v1alpha1';
const owner = { owner: 'group:default/g' };
const life = { type: 't', lifecycle: 'l', ...owner };
const bases = [
  ['Component', core, life],
  ['API', core, { ...life, definition: 'x' }],
  ['API', 'backstage.io/v1beta1', { ...life, type: 'mcp-server', remotes: [{ type: 'x', url: 'y' }] }],
  ['Resource', core, { type: 't', ...owner }],
  ['System', core, owner],
  ['Domain', core, owner],
  ['Group', core, { type: 't', children: [] }],
  ['User', core, { memberOf: [] }],
  ['Location', core, {}],
  ['Template', 'scaffolder.backstage.io/v1beta3', { type: 't', steps: [{ action: 'a' }] }],
  ['AiResource', core, life],
  ['AiResource', core, { ...life, type: 'skill' }],
  ['AiResource', core, { ...life, type: 'rule', category: 'c', rationale: 'r' }],
  ['AiResource', core, { ...life, type: 'plugin', skills: ['s'] }],
  ['AiResource', core, { ...life, type: 'marketplace', plugins: ['p'] }],
];
const fields = [
  'type lifecycle owner system subcomponentOf providesApis consumesApis dependsOn dependencyOf definition domain',
  'subdomainOf children parent members profile memberOf target targets presence steps parameters output secrets',
  'presentation formDecorators EXPERIMENTAL_recovery remotes skills plugins category rationale disciplines',
  'categories agents allowedTools license compatibility version extra',
].join(' ').split(' ');
const nested = {
  profile: ['displayName', 'email', 'picture', 'extra'],
  steps: ['id', 'name', 'action', 'input', 'if', 'each', 'backstage:permissions'],
  output: ['links', 'text', 'extra'],
  parameters: ['title', 'backstage:permissions'],
  secrets: ['schema'],
  presentation: ['buttonLabels'],
  remotes: ['type', 'url'],
};
const values = [
  null, '', ' ', 'x', 'user:default/u', 'a/b:c', ':x', 'a/', 'k:', 'K:N/M', 'required', 'optional', 1, 1.5, true,
  [], [null], [''], ['x'], ['component:x', 'resource:ns/y'], ['api:x', 'group:g', 'airesource:z'], [1], [[]], [{}],
  {}, { a: 1 }, { $text: './none.yaml' }, { $text: './text.txt' }, { $yaml: './list.yaml' }, { $json: './map.json' },
  { $ref: 'x' }, { $text: './text.txt', b: 1 }, { a: { $text: './text.txt' }, $b: 1 }, { $text: 1 }, { $text: [] },
  [{ $yaml: './map.json' }], [{ $text: './text.txt' }], { kind: 'group', name: 'g' }, [{ kind: 'api', name: 'x' }],
];
const metadata = {
  name: ['a', 'A', '-a', 'a-', 'a.b_c', 'a b', 'a'.repeat(63), 'a'.repeat(64), 'jalapeño', 'a/b', 'a:b', '_a', 'a.'],
  namespace: ['a', 'Team', 'a-b', 'a--b', 'a_b', '-a', 'a.b', 'a'.repeat(63), 'a'.repeat(64), '9'],
  title: ['x', ' '],
  description: ['x', ' '],
  uid: ['x'],
  etag: ['x'],
  extra: ['x'],
  labels: [{ a: 'b' }, { a: '' }, { a: 'no good' }, { a: 1 }, { a: null }, { 'a/b/c': 'x' }, { 'A.b/c': 'x' },
    { 'a.b.c/key': 'v' }, { '': 'x' }, { 'a.b/': 'x' }, { a: 'x'.repeat(64) }, { [`${'a'.repeat(64)}/b`]: 'x' },
    { [`${'a.'.repeat(127)}b/b`]: 'x' }, { 'a--b.c/d': 'x' }],
  annotations: [{ a: 'b' }, { a: '' }, { a: true }, { a: null }, { a: [] }, { 'a/b/c': 'x' }, { 'a b': 'x' },
    { 'x.y/z': 'any thing\n' }, { 'backstage.io/view-url': 'https://a.example' }],
  tags: [['java'], ['Java'], ['c++'], ['c#'], ['a:b'], ['a_b'], ['a--b'], ['-a'], ['go 1.15.3'], [5], [''], [null],
    ['a'.repeat(63)], ['a'.repeat(64)]],
  links: [[{ url: 'https://a.example' }], [{ url: 'a' }], [{ url: '' }], [{}], [null], ['x'], [{ url: 'mailto:a@b' }],
    [{ url: 'https://a', title: '' }], [{ url: 'https://a', title: ' ' }], [{ url: 'https://a', icon: ' ' }],
    [{ url: 'https://a', type: '' }], [{ url: 'https://a', type: ' ' }], [{ url: 'https://a', title: 1 }],
    [{ url: 'https://a', title: null }], [{ url: '//a' }], [{ url: '/a' }], [{ url: 1 }],
    [{ url: { $text: './text.txt' } }]],
};
const roots = [
  ['kind', ['component', 'Widget', '', 1, null, 'a-b', '9a', 'A'.repeat(64)]],
  ['apiVersion', ['backstage.io/v1', 'backstage.io/v1beta1', 'backstage.io/v1beta2', 'backstage.io/', 'x/backstage.io/v1',
    'my.backstage.io/v1alpha1', 'backstage.io']],
  ['metadata', [null, '', 1, [], {}]],
  ['spec', [null, '', 1, [], {}, undefined]],
  ['foo', [1]],
  ['relations', [[]]],
  ['status', [{}]],
];

let n = 0;
let file = [];
const files = [];
function add(entity) {
  file.push(JSON.stringify(entity, null, 1));
  if (file.length === 50) flush();
}
function flush() {
  if (file.length) files.push(file);
  file = [];
}
function entity([kind, apiVersion, spec]) {
  n += 1;
  return { apiVersion, kind, metadata: { name: `m${n}` }, spec: structuredClone(spec) };
}

for (const base of bases) {
  for (const field of fields) {
    for (const value of [...values, undefined]) {
      const mutant = entity(base);
      mutant.spec[field] = value;
      add(mutant);
    }
    for (const inner of nested[field] ?? []) {
      for (const value of values) {
        const mutant = entity(base);
        const record = { ...(field === 'steps' ? { action: 'a' } : {}), ...(field === 'remotes' ? { type: 'a', url: 'b' } : {}), [inner]: value };
        const isList = field === 'steps' || field === 'remotes' || (field === 'parameters' && n % 2 === 0);
        mutant.spec[field] = isList ? [record] : record;
        add(mutant);
      }
    }
  }
}
for (const [key, list] of Object.entries(metadata)) {
  for (const value of [...list, null, '', 1, true, [], {}, 'x', undefined, { $text: './text.txt' }]) {
    const mutant = entity(bases[0]);
    if (key === 'name' && typeof value === 'string') mutant.metadata.namespace = `n${n}`;
    mutant.metadata[key] = value;
    add(mutant);
  }
}
for (const [key, list] of roots) {
  for (const value of list) {
    const mutant = entity(bases[0]);
    mutant[key] = value;
    add(mutant);
  }
}
flush();

fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(folder, 'text.txt'), 'component:brought-in');
fs.writeFileSync(path.join(folder, 'list.yaml'), '- component:one\n- resource:two\n');
fs.writeFileSync(path.join(folder, 'map.json'), '{"displayName": "x", "action": "y"}');
files.forEach((documents, idx) => {
  fs.writeFileSync(path.join(folder, `mutants-${String(idx).padStart(4, '0')}.yaml`), documents.join('\n---\n') + '\n');
});
console.log(`${n} entities in ${files.length} files`);
