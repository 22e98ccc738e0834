/** A form as it is sent: one small picture. */
const BOUNDARY = 'a-boundary';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);
const type = `multipart/form-data; boundary=${BOUNDARY}`;

const bodyOf = (field: string, end = `\r\n--${BOUNDARY}--\r\n`) =>
  Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; ${field}; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`,
    ),
    png,
    Buffer.from(end),
  ]);

export const form = { type, body: bodyOf('name="file"') };

/** Forms that are none, or not the one that is taken. */
export const brokenForms = [
  { type, body: bodyOf('name="other"') },
  { type, body: bodyOf('name="__proto__"') },
  { type, body: bodyOf('name') },
  { type, body: bodyOf('name="file"', '') },
  { type, body: Buffer.from('no form at all') },
  { type, body: Buffer.alloc(0) },
  { type: 'multipart/form-data', body: form.body },
  { type: 'image/png', body: png },
  {
    type,
    body: Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--${BOUNDARY}--\r\n`,
    ),
  },
];
