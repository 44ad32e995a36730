import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { AllowedHosts, isHostEntry } from './allowed-hosts.ts';
import { WebhookPolicy } from './webhook-policy.ts';

describe('without a list', () => {
  const hosts = new AllowedHosts([]);
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'fd00:ec2::254',
    '168.63.129.16',
    '100.100.100.200',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:1',
    '::ffff:0:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
  ])('%s is not called', (address) => {
    expect(hosts.allows(address)).toBe(false);
    expect(hosts.allowsAddress('ci.example', address)).toBe(false);
  });

  test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is called', (address) => {
    expect(hosts.allows(address)).toBe(true);
    expect(hosts.allowsAddress('ci.example', address)).toBe(true);
  });

  test('every name may be tried: its address decides', () => {
    expect(hosts.allows('ci.example')).toBe(true);
  });
});

describe('with a list', () => {
  test.each([
    ['ci.example', 'ci.example', true],
    ['ci.example', 'CI.example', true],
    ['ci.example', 'other.example', false],
    ['*.example', 'ci.example', true],
    ['*.example', 'a.ci.example', false],
    ['*.example', 'example', false],
    ['*.example', '.example', false],
    ['/^ci\\d/', 'ci1.example', true],
    ['/^ci\\d/', 'xci1.example', false],
    ['10.0.0.0/8', '10.9.9.9', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', 'ci.example', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['fd00::/8', 'fd00::5', true],
  ])('%s and %s: %s', (entry, host, allowed) => {
    expect(new AllowedHosts([entry]).allows(host)).toBe(allowed);
  });

  test('a listed name may be private, and a listed address be behind any name', () => {
    expect(new AllowedHosts(['ci.example']).allowsAddress('ci.example', '10.0.0.1')).toBe(true);
    expect(new AllowedHosts(['10.0.0.0/8']).allowsAddress('x.example', '10.0.0.1')).toBe(true);
    expect(new AllowedHosts(['10.0.0.0/8']).allowsAddress('x.example', '127.0.0.1')).toBe(false);
  });

  test.each([
    ['ci.example', true],
    ['/[/', false],
    ['10.0.0.0/99', false],
    ['10.0.0.0/8', true],
  ])('%s can be understood: %s', (entry, understood) => {
    expect(isHostEntry(entry)).toBe(understood);
  });
});

describe('the rules for describing a webhook', () => {
  const config = readConfig({ flags: {}, env: {} }).webhooks;
  const strict = new WebhookPolicy({ ...config, methods: ['POST'], schemes: ['https'], hosts: [] });
  const listed = new WebhookPolicy({
    ...config,
    methods: ['POST', 'GET'],
    schemes: ['http'],
    hosts: ['ci.example'],
  });
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
  test.each([
    [strict, 'https://ci.example/${pactbroker.consumerName}', undefined],
    [
      strict,
      'https://${pactbroker.consumerName}/x',
      'cannot have a template parameter in the host',
    ],
    [strict, 'nope', 'is not a valid URL eg. http://example.org'],
    [strict, 'http://ci.example', 'scheme must be https.'],
    [strict, 'https://127.0.0.1', 'host is a private address'],
    [strict, 'https://[::1]/', 'host is a private address'],
    [strict, 'https://2130706433/', 'host is a private address'],
    [strict, 'https://0x7f.1/', 'host is a private address'],
    [strict, 'https://0177.0.0.1/', 'host is a private address'],
    [strict, 'https://127.1./', 'host is a private address'],
    [strict, 'https://①②⑦.0.0.1/', 'host is a private address'],
    [strict, 'https://[::ffff:169.254.169.254]/', 'host is a private address'],
    [strict, 'https://[::127.0.0.1]/', 'host is a private address'],
    [listed, 'http://ci.example/x', undefined],
    [listed, 'http://evil.example', 'host must be in the whitelist ci.example.'],
    [listed, 'http://ci.example@evil.example', 'host must be in the whitelist ci.example.'],
  ])('%# %s', (policy, url, message) => {
    const [defect] = policy.urlDefects(url);
    expect(defect === undefined ? undefined : defect.slice(0, message?.length)).toBe(message);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.

  test.each([
    ['post', []],
    ['FOO', ['is not a recognised HTTP method']],
    ['GET', ['must be POST. See /doc/webhooks#whitelist for more information.']],
  ])('method %s', (method, defects) => {
    expect(strict.rules(new Set()).methodDefects(method)).toEqual(defects);
  });
});
