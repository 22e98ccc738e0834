import type { TSchema } from '@sinclair/typebox';
import { Ajv, type ValidateFunction } from 'ajv';
import { plain } from '../../app/documents/json_schema';

// Formats are the server's to check; what is read here is the document's text, as clients read it.
const ajv = new Ajv({ strict: false, validateFormats: false });
const validators = new WeakMap<TSchema, ValidateFunction>();

/** Where a value is not as the documents say, and why; undefined when it is. Not by TypeBox: clients do not have it. */
export function mismatch(schema: TSchema, value: unknown): string | undefined {
  const validate = validators.get(schema) ?? ajv.compile(plain(schema));
  validators.set(schema, validate);
  if (validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  return `${error.instancePath || '/'} ${error.message}`;
}
