import type { RequestHandler } from 'express';

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/hal+json',
  csv: 'text/csv',
  svg: 'image/svg+xml',
};

/** Only where a suffix can be no part of a version's number; groups are named, so there only `.csv` counts. */
const SUFFIXED =
  /^(\/integrations|\/dashboard(?:\/provider\/[^/]+\/consumer\/[^/]+)?|\/relationships|\/metrics|\/labels|\/groups\/[^/]+(?=\.csv$)|.*\/badge)\.(json|csv|svg)$/;

/** A path such as `/relationships.csv` is the resource without the suffix, asked for in that type. */
export const suffixRules: RequestHandler = (request, _response, next) => {
  const [, path, suffix = ''] = SUFFIXED.exec(request.path) ?? [];
  const type = TYPES[suffix];
  if (path !== undefined && type !== undefined) {
    request.url = path + request.url.slice(request.path.length);
    request.headers.accept = type;
  }
  next();
};
