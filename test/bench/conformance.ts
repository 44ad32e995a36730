import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contract, compileContract, type HttpSample } from '@concordat/conformance';
import pact from '@pact-foundation/pact-core';

const rounds = 9;
const checksARound = 2_000;
const compilesARound = 100;
const nativeInteractions = 40;
const ruleCounts = [0, 30];

/**
 * Microseconds of processor time for judging one real answer with a JSON body of 2 KB, found by its request among the contract's
 * interactions, parsing included; by pacts without and with rules, and for a body in which a number's spelling must be kept (`10.00`).
 * `parseMicros`: JSON.parse alone on the same body. `compileMicros`: making one such interaction ready. `nativeMicros`: what the native library's verifier takes for an interaction of the
 * same kind; it fetches the answer over HTTP besides, so the ratio is what a run saves, not what a comparison does.
 */
export async function benchConformance(): Promise<object> {
  const figures = Object.fromEntries(
    ruleCounts.map((rules) => [`rules${rules}`, benchWith(rules)] as const),
  );
  const ours = figures.rules30?.checkMicros ?? Number.NaN;
  const native = await benchNative();
  return {
    bodyBytes: bodyText('9.5').length,
    ...figures,
    nativeMicros: native,
    nativeToOurs: Math.round(native / ours),
  };
}

function benchWith(rules: number): Record<string, number> {
  const content = pactWith(1, rules);
  const contract = compileContract(content, 'live');
  const plain = bodyText('9.5');
  return {
    checkMicros: microsOf(checksARound, () => judge(contract, '9.5')),
    parseMicros: microsOf(checksARound, () => void JSON.parse(plain)),
    spelledMicros: microsOf(checksARound, () => judge(contract, '10.00')),
    brokenMicros: microsOf(checksARound, () => judge(contract, '"x"')),
    compileMicros: microsOf(compilesARound, () => void compileContract(content, 'live')),
  };
}

/** The body is read anew each time, as from a socket; only the samples' bytes are made before. */
const samples = new Map<string, HttpSample>();

function judge(contract: Contract, price: string): void {
  const sample = samples.get(price) ?? sampleOf(price);
  samples.set(price, sample);
  const { verdict } = contract.judgeHttp(sample);
  if (verdict !== (price === '"x"' ? 'broken' : 'kept')) {
    throw new Error(`The body with the price ${price} is ${verdict}.`);
  }
}

function sampleOf(price: string): HttpSample {
  return {
    request: { method: 'GET', path: '/orders/0', query: '', headers: {}, body: undefined },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: { contentType: 'application/json', content: Buffer.from(bodyText(price)) },
    },
  };
}

function bodyText(price: string): string {
  const items = Array.from(
    { length: 13 },
    (_, at) =>
      `{"id":${at},"sku":"A-${1000 + at}","name":"Something to buy, number ${at}","price":${price},"tags":["new","red"],"stock":{"count":${at},"place":"Berlin"}}`,
  );
  return `{"id":42,"state":"paid","placedAt":"2026-01-31T12:00:00Z","customer":"7b0e1f64-2d3c-4a1b-9c55-0f6b1e2d3c4a","items":[${items.join(',')}]}`;
}

/** A quarter of the rules for all items, the rest for single places; patterns and dates among them. */
function rulesOf(count: number): object {
  const kinds = [
    { match: 'type' },
    { match: 'regex', regex: '[A-Z]-\\d+' },
    { match: 'decimal' },
    { match: 'integer' },
    { match: 'include', value: 'buy' },
  ];
  const places = ['', '.sku', '.price', '.id', '.name'];
  const rules = Array.from({ length: Math.max(0, count - 3) }, (_, at) => {
    const index = Math.floor(at / places.length);
    const item = index === 0 ? '[*]' : `[${index}]`;
    return [`$.items${item}${places[at % 5]}`, { matchers: [kinds[at % 5]] }];
  });
  const first = [
    ['$.items', { matchers: [{ match: 'type', min: 1 }] }],
    ['$.state', { matchers: [{ match: 'regex', regex: 'paid|open|sent' }] }],
    ['$.placedAt', { matchers: [{ match: 'datetime', format: "yyyy-MM-dd'T'HH:mm:ssXXX" }] }],
  ];
  return Object.fromEntries(count === 0 ? [] : [...first, ...rules]);
}

function pactWith(interactions: number, rules: number): string {
  const list = Array.from({ length: interactions }, (_, at) => ({
    description: `order ${at}`,
    request: { method: 'GET', path: `/orders/${at}` },
    response: {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.parse(bodyText('9.5')) as object,
      matchingRules: { body: rulesOf(rules) },
    },
  }));
  return JSON.stringify({
    consumer: { name: 'web' },
    provider: { name: 'shop' },
    interactions: list,
    metadata: { pactSpecification: { version: '3.0.0' } },
  });
}

/** The whole process is counted: the library works on threads of its own in it. */
async function benchNative(): Promise<number> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(bodyText('9.5'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'concordat-bench-'));
  const file = join(folder, 'pact.json');
  writeFileSync(file, pactWith(nativeInteractions, 30));
  try {
    const start = process.cpuUsage();
    await pact.default.verifyPacts({
      providerBaseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      provider: 'shop',
      pactUrls: [file],
      logLevel: 'error',
    });
    const { user, system } = process.cpuUsage(start);
    return Math.round((user + system) / nativeInteractions);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function microsOf(times: number, run: () => void): number {
  const micros: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = process.cpuUsage();
    for (let at = 0; at < times; at += 1) {
      run();
    }
    const { user, system } = process.cpuUsage(start);
    micros.push((user + system) / times);
  }
  micros.sort((left, right) => left - right);
  return Math.round((micros[Math.floor(rounds / 2)] ?? Number.NaN) * 10) / 10;
}
