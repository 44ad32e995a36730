import { HubError } from './hub-error.ts';
import type { RackMap } from './rack-query.ts';

/** Which part of a list is asked for; counts from 1. */
export interface Page {
  readonly number: number;
  readonly size: number;
}

const DEFAULT_SIZE = 100;
const PAGE_PARAMETER = /^(page|size|pageNumber|pageSize)(=|$)/;

/** `page` and `size`, or the older `pageNumber` and `pageSize`; undefined, for everything, when neither is there. */
export function pageOf(query: RackMap): Page | undefined {
  const errors: Record<string, readonly string[]> = {};
  const read = (names: readonly string[]): number | undefined => {
    const name = names.find((candidate) => query[candidate] !== undefined);
    if (name === undefined) return undefined;
    const value = query[name];
    if (typeof value !== 'string' || !/^-?\d{1,9}$/.test(value)) {
      errors[name] = ['must be an integer'];
    } else if (Number(value) < 1) {
      errors[name] = ['must be greater than or equal to 1'];
    }
    return Number(value);
  };
  const number = read(['page', 'pageNumber']);
  const size = read(['size', 'pageSize']);
  if (Object.keys(errors).length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The page asked for is none.', { errors });
  }
  if (number === undefined && size === undefined) return undefined;
  return { number: number ?? 1, size: size ?? DEFAULT_SIZE };
}

/** The page of a list that is in memory as a whole. */
export function slicePage<T>(items: readonly T[], page: Page | undefined): readonly T[] {
  if (page === undefined) return items;
  const start = (page.number - 1) * page.size;
  return items.slice(start, start + page.size);
}

/**
 * What a paged list adds to its body: the links to its neighbours and the figures; nothing when it is not paged. `url` is that of
 * the list, with the query it was asked for: what else it says stays in the links.
 */
export function pageParts(
  page: Page | undefined,
  list: { readonly total: number; readonly url: string },
): { readonly links: object; readonly members: object } {
  if (page === undefined) return { links: {}, members: {} };
  const totalPages = Math.ceil(list.total / page.size);
  const [path = '', query = ''] = list.url.split('?', 2);
  const others = query.split('&').filter((part) => part !== '' && !PAGE_PARAMETER.test(part));
  const link = (number: number, title: string): object => ({
    href: `${path}?${[`size=${page.size}`, `page=${number}`, ...others].join('&')}`,
    title,
  });
  return {
    links: {
      ...(page.number < totalPages ? { next: link(page.number + 1, 'Next page') } : {}),
      ...(page.number > 1 ? { previous: link(page.number - 1, 'Previous page') } : {}),
    },
    members: {
      page: {
        number: page.number,
        size: page.size,
        totalElements: list.total,
        totalPages,
      },
    },
  };
}
