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

export const formOf = (field: string) => ({ type, body: bodyOf(`name="${field}"`) });

/** Forms that are none, or not the one that is taken, whose file is in the field of that name. */
export const brokenFormsOf = (field: string) => [
  { type, body: bodyOf('name="other"') },
  { type, body: bodyOf('name="__proto__"') },
  { type, body: bodyOf('name') },
  { type, body: bodyOf(`name="${field}"`, '') },
  { type, body: Buffer.from('no form at all') },
  { type, body: Buffer.alloc(0) },
  { type: 'multipart/form-data', body: formOf(field).body },
  { type: 'image/png', body: png },
  {
    type,
    body: Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\ntext\r\n--${BOUNDARY}--\r\n`,
    ),
  },
];
