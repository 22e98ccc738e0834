// Loaded into the service: at SIGUSR2 a process writes down what its heap holds without garbage. Its size on the machine does
// not tell that.
const { writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(process.env.FUZZ_HEAP_FILE, String(heapUsed + external));
});
