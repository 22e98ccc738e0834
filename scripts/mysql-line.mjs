import { joinDebianMysql } from './services/debian-mysql.mjs';
import { npmRun } from './system/npm.mjs';
import { done } from './system/progress.mjs';

/** Runs a script of package.json on a MySQL that it brings itself: `node scripts/on-mysql.mjs audit [arguments]`. */
export async function main(signal) {
  const [script, ...args] = process.argv.slice(2);
  const { server, leave } = await joinDebianMysql({ signal });
  try {
    done(`${server.label} on 127.0.0.1:${server.port}`);
    return await npmRun(script, args, { env: { DATABASE_URL: server.url }, signal });
  } finally {
    await leave();
  }
}
