import { Proxy } from './proxy';

/** The service under test reaches MySQL and Redis by these, so that a test can take them away. */
export const mysql = throughProxy('DATABASE_URL', 'mysql://root@127.0.0.1:3306/egg_im_test');
export const redis = throughProxy('REDIS_URL', 'redis://127.0.0.1:6379/1');

function throughProxy(variable: string, fallback: string): Proxy {
  const url = new URL(process.env[variable] ?? fallback);
  const proxy = new Proxy({ host: url.hostname, port: Number(url.port || (variable === 'REDIS_URL' ? 6379 : 3306)) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  process.env[variable] = url.href;
  return proxy;
}
