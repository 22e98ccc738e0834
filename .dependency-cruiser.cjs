// The floors of the house, from the ground up: what is in one may use those that it names here, and itself.
const floors = {
  schema: [],
  policy: ['schema'],
  lib: ['schema', 'policy'],
  model: ['schema'],
  presenter: ['schema', 'model', 'lib'],
  service: ['schema', 'policy', 'lib', 'model', 'presenter'],
  extend: ['schema', 'lib', 'service'],
  controller: ['schema', 'service', 'extend', 'documents'],
  middleware: ['schema', 'lib', 'extend'],
  io: ['schema', 'lib', 'service', 'extend'],
  protocol: ['schema', 'lib', 'service', 'extend', 'io'],
  schedule: ['lib'],
  documents: ['schema'],
};

const inFloor = name => `^app/${name}/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'What needs each other belongs together, or one of them asks for too much.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(floors).map(([floor, uses]) => ({
      name: `${floor}-only-downwards`,
      comment: `app/${floor} may use ${uses.join(', ') || 'nothing of ours'}.`,
      severity: 'error',
      from: { path: inFloor(floor) },
      to: { path: '^app/', pathNot: [floor, ...uses].map(inFloor) },
    })),
    {
      name: 'config-knows-no-code',
      comment: 'The settings are read before there is anything to be set.',
      severity: 'error',
      from: { path: '^config/' },
      to: { path: '^app' },
    },
    {
      name: 'client-stands-alone',
      comment: 'Applications install it without the service.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(app|config|database|test)' },
    },
    {
      name: 'settings-are-handed-down',
      comment: 'What is below the services is told what it needs: it can then be tested, and run twice, by itself.',
      severity: 'error',
      from: { path: '^app/(schema|policy|lib|model|presenter)/' },
      to: { path: '^config/' },
    },
    {
      name: 'engine-without-egg',
      comment: 'The engine is plain TypeScript: it knows neither Egg nor HTTP.',
      severity: 'error',
      from: { path: '^app/(schema|policy|lib)/' },
      to: { path: 'node_modules/(egg|koa)' },
    },
  ],
  options: {
    // Types count too: they are what one file has to know of another.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^typings/' },
  },
};
