import S3rver from '@20minutes/s3rver';

/*
 * A server that speaks S3 and checks signatures, for the tests: `fork` it with a directory for its data and the name of its bucket. It
 * sends its port, and ends with its parent. Its keys are both `S3RVER`.
 */
const [directory, name] = process.argv.slice(2);
const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name }] };
const { port } = await new S3rver(options).run();
process.once('disconnect', () => process.exit());
process.send(port);
