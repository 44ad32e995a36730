import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { type InteractionResult, readInteractionResults } from './interaction-results.ts';

/** A verification result as a verifier publishes it. */
export interface VerificationRequest {
  readonly success: boolean;
  readonly providerVersion: string;
  readonly buildUrl: string | undefined;
  /** As sent; undefined when not sent. */
  readonly testResults: JsonValue | undefined;
  readonly verifiedBy: JsonObject | undefined;
  readonly interactions: readonly InteractionResult[];
}

export type VerificationReading =
  | { readonly ok: true; readonly verification: VerificationRequest }
  | { readonly ok: false; readonly defects: Readonly<Record<string, readonly string[]>> };

/** Reads the body of a published result; `isUrl` says whether a text is an absolute URL. */
export function readVerificationRequest(
  body: JsonValue,
  isUrl: (text: string) => boolean,
): VerificationReading {
  if (!isJsonObject(body)) return { ok: false, defects: { '': ['must be a hash'] } };
  const success = body.get('success');
  const version = body.get('providerApplicationVersion');
  const buildUrl = body.get('buildUrl');
  const verifiedBy = body.get('verifiedBy');
  const defects = Object.entries({
    success: successDefects(success),
    providerApplicationVersion: versionDefects(version),
    buildUrl: urlDefects(buildUrl, isUrl),
    verifiedBy: isAbsent(verifiedBy) || isJsonObject(verifiedBy) ? [] : ['must be a hash'],
  }).filter(([, messages]) => messages.length > 0);
  if (defects.length > 0) return { ok: false, defects: Object.fromEntries(defects) };
  const testResults = body.get('testResults');
  return {
    ok: true,
    verification: {
      success: success === true,
      providerVersion: String(version),
      buildUrl: typeof buildUrl === 'string' ? buildUrl : undefined,
      testResults: isAbsent(testResults) ? undefined : testResults,
      verifiedBy: isJsonObject(verifiedBy) ? verifiedBy : undefined,
      interactions: readInteractionResults(testResults),
    },
  };
}

function successDefects(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return ['is missing'];
  return typeof value === 'boolean' ? [] : ['must be boolean'];
}

function versionDefects(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return ['is missing'];
  if (value === null) return ['must be filled'];
  if (typeof value !== 'string') return ['must be a string'];
  if (value.trim() === '') return ['cannot be blank'];
  return /[\r\n]/.test(value) ? ['cannot contain multiple lines'] : [];
}

function urlDefects(
  value: JsonValue | undefined,
  isUrl: (text: string) => boolean,
): readonly string[] {
  if (isAbsent(value)) return [];
  if (typeof value !== 'string') return ['must be a string'];
  return isUrl(value) ? [] : ['is not a valid URL eg. http://example.org'];
}

function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}
