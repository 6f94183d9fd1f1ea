/** The path of a log line, left to right: a stage never imports code from one on its left. */
const stages = ['ingest', 'enrich', 'detect', 'aggregate', 'coverage', 'accounts', 'alerts', 'live', 'api'];

const leftOf = stages.slice(1).map((stage, index) => ({
  name: `${stage}-only-looks-right`,
  comment: `Data flows to the right: server/${stage} must not import code from a stage on its left (types are fine).`,
  severity: 'error',
  from: { path: `^server/${stage}/` },
  to: {
    path: `^server/(${stages.slice(0, index + 1).join('|')})/`,
    dependencyTypesNot: ['type-only'],
    // What lies left of these is data they are handed: rules they describe, books they keep.
    pathNot: allowedLeft(stage),
  },
}));

const rightOf = stages.slice(0, -1).map((stage, index) => ({
  name: `${stage}-knows-nothing-further-right`,
  comment: `server/${stage} hands its results on; it must not import what comes after it.`,
  severity: 'error',
  from: { path: `^server/${stage}/` },
  to: { path: `^server/(${stages.slice(index + 1).join('|')})/` },
}));

/** The API and the live side read what the books and coverage know; nothing else is allowed leftwards. */
function allowedLeft(stage) {
  if (stage === 'api') return ['^server/(accounts|alerts)/'];
  if (stage === 'live') return ['^server/coverage/'];
  return [];
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'client-not-server', severity: 'error', from: { path: '^client/' }, to: { path: '^server/' } },
    { name: 'server-not-client', severity: 'error', from: { path: '^server/' }, to: { path: '^client/' } },
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(client|server|tests)/' },
    },
    {
      name: 'shared-has-no-io',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'code-not-tests',
      severity: 'error',
      from: { path: '^(client|server|shared)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'detect-is-a-library',
      comment: 'Rules in, events in, detections out: the engine has no I/O; only load-rules.ts reads files.',
      severity: 'error',
      from: { path: '^server/detect/', pathNot: '^server/detect/load-rules\\.ts$' },
      to: { path: '^(node:)?(fs|net|http|https|timers|child_process|worker_threads)' },
    },
    {
      name: 'leaves',
      comment: 'Stores, identity and configuration know nothing of the stages.',
      severity: 'error',
      from: { path: '^server/(store|auth|config)/' },
      to: { path: `^server/(${stages.join('|')}|pipeline)/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(client|server|shared)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '\\.d\\.ts$' },
    },
    ...leftOf,
    ...rightOf,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
