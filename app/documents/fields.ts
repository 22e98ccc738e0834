import { choicesOf, nameOf, type JsonSchema } from './json_schema';
import { codes, slug, tableOf } from './markdown';
import { answerTypes, plainNameOf, plainTypes } from './types';

/** The fields of an object, or of all its variants together, as a table. */
export function fieldsOf(schema: JsonSchema): string {
  const { properties = {}, required = [] } = merged(schema);
  const rows = Object.entries(properties).map(([name, property]) => {
    return [`\`${name}${required.includes(name) ? '' : '?'}\``, typeOf(property), aboutOf(property)];
  });
  return rows.length === 0 ? 'No fields: `{}`.' : tableOf(['field', 'type', 'about'], rows);
}

/** The variants of a union as one object: fields in which they differ are described by the field that tells them apart. */
function merged({ discriminator, anyOf, ...schema }: JsonSchema): JsonSchema {
  if (!discriminator || !anyOf) return schema;
  const { propertyName } = discriminator;
  const merge = (name: string): JsonSchema => {
    const each = anyOf.map(variant => variant.properties?.[name]).filter(schema => schema !== undefined);
    if (name === propertyName) return { anyOf: each };
    const alike = each.every(one => JSON.stringify(one) === JSON.stringify(each[0]));
    return alike ? each[0] : { type: 'object', description: `by \`${propertyName}\`` };
  };
  const names = Object.keys(anyOf[0].properties ?? {});
  return {
    required: names.filter(name => anyOf.every(variant => variant.required?.includes(name))),
    properties: Object.fromEntries(names.map(name => [name, merge(name)])),
  };
}

/** The heading of a type's section, wherever that is. */
export function typeHeading(name: string): string {
  return `Type \`${name}\``;
}

export function typeOf(schema: JsonSchema): string {
  const name = nameOf(schema) ?? '';
  const plainName = plainNameOf(schema);
  if (answerTypes.has(name)) return linkTo(name);
  if (plainName && plainName !== 'JsonObject') return linkTo(plainName);
  if (choicesOf(schema)) return shapeOf(schema);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) return inline(schema);
  return shapeOf(schema);
}

function linkTo(type: string): string {
  return `[${type}](#${slug(typeHeading(type))})`;
}

function inline({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, property]) => {
    return `${name}${required.includes(name) ? '' : '?'}: ${typeOf(property)}`;
  });
  return fields.length === 0 ? '`{}`' : `{ ${fields.join(', ')} }`;
}

/** What is to be said of a value beside its type. */
function aboutOf(schema: JsonSchema): string {
  const known = plainTypes.get(plainNameOf(schema) ?? '');
  if (!known) return sayingOf(schema);
  return schema.description === known.description ? '' : (schema.description ?? '');
}

/** The JSON type of a value, or the strings of which it is one. */
export function shapeOf(schema: JsonSchema): string {
  const choices = choicesOf(schema);
  return choices ? codes(choices) : (schema.type ?? 'any JSON');
}

/** A value's description, bounds and default. */
export function sayingOf(schema: JsonSchema): string {
  const bounded = schema.anyOf?.find(each => each.type !== 'null') ?? schema;
  const fallback = schema.default === undefined ? '' : `default: \`${schema.default}\``;
  return [schema.description, ...(plainNameOf(bounded) && bounded !== schema ? [] : boundsOf(bounded)), fallback]
    .filter(Boolean)
    .join('; ');
}

function boundsOf(schema: JsonSchema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, uniqueItems } = schema;
  // The largest number that is exact in JavaScript is no limit of the protocol.
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return [
    range('', minimum, most),
    range(' characters', minLength, maxLength),
    range(' items', minItems, maxItems),
    uniqueItems ? 'each once' : '',
    pattern ? `matches \`${pattern}\`` : '',
  ].filter(Boolean);
}

function range(unit: string, least?: number, most?: number): string {
  if (least === undefined && most === undefined) return '';
  if (most === undefined && least === 1 && unit) return 'not empty';
  if (most === undefined) return `at least ${least}${unit}`;
  if (least === undefined) return `at most ${most}${unit}`;
  return `${least} to ${most}${unit}`;
}
