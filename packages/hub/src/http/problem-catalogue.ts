/** What a refusal means: HTTP status, title and the end of its problem type URL. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly type: string;
}

/** Every refusal the hub can answer with; the README lists them. */
export const problemCatalogue = {
  INVALID_JSON: { status: 400, title: 'Invalid JSON', type: 'invalid-json' },
  INVALID_BODY: { status: 400, title: 'Invalid body', type: 'invalid-body' },
  INVALID_DOCUMENT: { status: 400, title: 'Invalid document', type: 'invalid-document' },
  INVALID_IMPORT: { status: 400, title: 'Invalid import', type: 'invalid-import' },
  INVALID_PARAMETER: { status: 400, title: 'Invalid parameter', type: 'invalid-parameter' },
  VALIDATION_FAILED: { status: 400, title: 'Validation errors', type: 'validation-error' },
  UNSUPPORTED_SCHEME: {
    status: 400,
    title: 'Unsupported authentication',
    type: 'unsupported-scheme',
  },
  NOT_AUTHENTICATED: { status: 401, title: 'Not authenticated', type: 'not-authenticated' },
  NOT_ALLOWED: { status: 403, title: 'Not allowed', type: 'not-allowed' },
  NOT_FOUND: { status: 404, title: 'Not found', type: 'not-found' },
  EMPTY_PATH_COMPONENT: { status: 404, title: 'Not found', type: 'not-found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed', type: 'method-not-allowed' },
  NOT_ACCEPTABLE: { status: 406, title: 'Not acceptable', type: 'not-acceptable' },
  CONFLICT: { status: 409, title: 'Conflict', type: 'conflict' },
  BODY_TOO_LARGE: { status: 413, title: 'Body too large', type: 'body-too-large' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    type: 'unsupported-media-type',
  },
  UNPROCESSABLE: { status: 422, title: 'Unprocessable content', type: 'unprocessable-content' },
  INVALID_PATH: { status: 422, title: 'Unprocessable content', type: 'invalid-path' },
  SERVER_ERROR: { status: 500, title: 'Server error', type: 'server-error' },
  OVERLOADED: { status: 503, title: 'Overloaded', type: 'overloaded' },
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemCode = keyof typeof problemCatalogue;
