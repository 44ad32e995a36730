import { BlockList, isIP } from 'node:net';

/** Addresses that only the hub's own network can reach, those that carry an IPv4 address inside, and those that mean nobody. */
const PRIVATE = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/**
 * Which hosts webhooks may call: with a list only those on it, by name (`*.example.org` stands for one label, `/…/` is a
 * pattern) or by address or range; without one every host with a public address.
 */
export class AllowedHosts {
  readonly entries: readonly string[];
  readonly #ranges: BlockList;

  constructor(entries: readonly string[]) {
    this.entries = entries;
    this.#ranges = blockList(entries.filter(isRange));
  }

  get hasList(): boolean {
    return this.entries.length > 0;
  }

  /** Whether the host of a URL may be named: for an address also whether it may be called. */
  allows(host: string): boolean {
    if (isIP(host) > 0) return this.#lists(host) || (!this.hasList && !isPrivate(host));
    return !this.hasList || this.#namesHost(host);
  }

  /** Whether `address`, which `host` stands for, may be called; asked of the address that is then connected to. */
  allowsAddress(host: string, address: string): boolean {
    if (!isPrivate(address)) return true;
    return this.#lists(address) || (isIP(host) === 0 && this.#namesHost(host));
  }

  #namesHost(host: string): boolean {
    return this.entries.some((entry) => matchesName(entry, host.toLowerCase()));
  }

  #lists(address: string): boolean {
    return isIn(this.#ranges, address);
  }
}

/** Whether an entry of the list can be understood. */
export function isHostEntry(entry: string): boolean {
  try {
    new AllowedHosts([entry]).allows('example.org');
    return true;
  } catch {
    return false;
  }
}

function isPrivate(address: string): boolean {
  return isIn(PRIVATE, address);
}

/** An IPv4 address in IPv6 clothes (`::ffff:…`) is judged as what it is. */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function matchesName(entry: string, host: string): boolean {
  const pattern = /^\/(.+)\/$/.exec(entry)?.[1];
  if (pattern !== undefined) return new RegExp(pattern, 'i').test(host);
  const name = entry.toLowerCase();
  if (!name.startsWith('*.')) return name === host;
  const rest = name.slice(1);
  return host.endsWith(rest) && !host.slice(0, -rest.length).includes('.') && host !== rest;
}

function isRange(entry: string): boolean {
  return isIP(entry.split('/', 1)[0] ?? '') > 0;
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const isSix = isIP(address) === 6;
    list.addSubnet(address, Number(prefix ?? (isSix ? 128 : 32)), isSix ? 'ipv6' : 'ipv4');
  }
  return list;
}
