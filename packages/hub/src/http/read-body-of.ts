import type { IncomingMessage } from 'node:http';
import { HubError } from './hub-error.ts';
import { readJsonObject } from './read-json-object.ts';

/** The part of a schema that is used here. */
export interface BodySchema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly {
            readonly path: readonly PropertyKey[];
            readonly message: string;
          }[];
        };
      };
}

/** A request's body as the schema has it; everything that is wrong with it is told by member. */
export async function readBodyOf<T>(
  request: IncomingMessage,
  schema: BodySchema<T>,
  refusal: string,
): Promise<T> {
  const parsed = schema.safeParse(await readJsonObject(request));
  if (parsed.success) return parsed.data;
  const errors: Record<string, string[]> = {};
  for (const { path, message } of parsed.error.issues) {
    const field = path.join('.');
    errors[field] = [...(errors[field] ?? []), message];
  }
  throw new HubError('VALIDATION_FAILED', refusal, { errors });
}
