import type { AskedIgnore, AskedMatrix, AskedSelector, MatrixDestination } from '@concordat/domain';
import { type RackMap, type RackValue, textParameter } from '../http/rack-query.ts';

/** A matrix question and which results its rows may have; undefined means all. */
export interface MatrixQuestion extends AskedMatrix {
  /** `null` stands for a row without a result. */
  readonly success: readonly (boolean | null)[] | undefined;
}

/** Reads the query of `/matrix`; an empty value counts as not given. */
export function readMatrixQuestion(query: RackMap): MatrixQuestion {
  return {
    selectors: maps(query.q).map(selectorOf),
    ignored: ignoredOf(query),
    destination: destinationOf(query),
    latestBy: textParameter(query, 'latestby'),
    limit: textParameter(query, 'limit'),
    success: successOf(query.success),
  };
}

/** `ignore[]=Foo` and `ignore[][pacticipant]=Foo&ignore[][version]=1`. */
export function ignoredOf(query: RackMap): readonly AskedIgnore[] {
  return list(query.ignore).flatMap((value): readonly AskedIgnore[] => {
    if (typeof value === 'string') {
      return value === '' ? [] : [{ pacticipant: value, version: undefined }];
    }
    if (!isMap(value)) return [];
    return [
      {
        pacticipant: textParameter(value, 'pacticipant'),
        version: textParameter(value, 'version'),
      },
    ];
  });
}

function selectorOf(map: RackMap): AskedSelector {
  const texts = ['version', 'tag', 'branch', 'environment'].flatMap((key) => {
    const value = textParameter(map, key);
    return value === undefined ? [] : [[key, value]];
  });
  return {
    pacticipant: textParameter(map, 'pacticipant'),
    ...Object.fromEntries(texts),
    ...(map.latest === 'true' ? { latest: true } : {}),
    ...(map.mainBranch === 'true' ? { mainBranch: true } : {}),
  };
}

function destinationOf(query: RackMap): MatrixDestination {
  const tag = textParameter(query, 'tag');
  const environment = textParameter(query, 'environment');
  return {
    ...(tag === undefined ? {} : { tag }),
    ...(environment === undefined ? {} : { environment }),
    ...(query.latest === 'true' ? { latest: true } : {}),
    ...(query.mainBranch === 'true' ? { mainBranch: true } : {}),
  };
}

function successOf(value: RackValue | undefined): readonly (boolean | null)[] | undefined {
  const values = typeof value === 'string' ? (value === '' ? [] : [value]) : list(value);
  if (values.length === 0) return undefined;
  return values.map((each) => (each === 'true' ? true : each === 'false' ? false : null));
}

function maps(value: RackValue | undefined): readonly RackMap[] {
  return list(value).filter(isMap);
}

/** A list, or the values of a map with numbers for keys, which some clients send. */
function list(value: RackValue | undefined): readonly RackValue[] {
  if (Array.isArray(value)) return value;
  return value !== undefined && isMap(value) ? Object.values(value) : [];
}

function isMap(value: RackValue): value is RackMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
