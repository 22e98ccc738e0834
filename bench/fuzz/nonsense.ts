const head = 'GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n';
/** What Node.js can not read as a request, or does not take for one. */
export const noHttp = [
  'SMELL / HTTP/1.1\r\n\r\n',
  `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`,
  `${head}X: ${'x'.repeat(200_000)}\r\n\r\n`,
  `${head}Ho st: x\r\n\r\n`,
  `${head}Content-Length: ten\r\n\r\n`,
  'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n',
  'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  `${head}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
  '\x16\x03\x01\x02\0\x01\0\r\n\r\n',
];

/** Addresses of nothing. */
export const addresses = [
  '/api/v1',
  '/api/v1/nothing',
  '/api/v1/users/1/2',
  '//x',
  '/api/v2/users/me',
  '/api/v1/%00',
  '/public/app.ts',
];

/** Types of bodies that no call takes. */
export const types = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/json; charset=x',
];

/** Names of no event. */
export const noEvents = [
  'message:recal',
  'sync:push',
  'toString',
  'constructor',
  '__proto__',
  '',
  'user:',
  ':',
  'auth:login',
  'notice:create',
  'x'.repeat(5000),
  7,
];

/** Frames that are no packets. */
export const noPackets = [
  '42/im,["',
  '42/im,{}',
  '49',
  '45x-/im,[]',
  '42/im,["disconnect"]',
  '42/im,[]',
  '42/im,[null]',
  'x',
];
