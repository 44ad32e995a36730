import { expect, test } from 'vitest';
import { contentTypeVerdict } from './content-signature.ts';

/** Verdicts of the native library for base64 or text. */
test.each([
  ['AQID', 'text/plain', true],
  ['AAEC', 'text/plain', false],
  ['AAEC', 'application/octet-stream', true],
  ['AQID', 'application/octet-stream', false],
  ['{"a":1}', 'application/json', true],
  ['{"a":1}', 'text/plain', true],
  ['<a/>', 'application/xml', true],
  ['<?xml version="1.0"?><a/>', 'application/xml', false],
  ['<?xml version="1.0"?><a/>', 'text/xml', true],
  ['<html></html>', 'text/html', true],
  ['<html></html>', 'text/plain', false],
  ['', 'text/plain', true],
  ['iVBORw0KGgoAAA==', 'image/png', true],
  ['R0lGODlh', 'image/gif', true],
  ['/9j/4AAQ', 'image/jpeg', true],
  ['JVBERi0xLjQ=', 'application/pdf', true],
  ['UEsDBAAA', 'application/zip', true],
  ['H4sIAAAA', 'application/gzip', true],
  ['Qk0AAAAA', 'image/bmp', true],
  ['SUQzAAAA', 'audio/mpeg', true],
  ['UklGRgAAAABXQVZF', 'audio/x-wav', true],
  ['UklGRgAAAABXRUJQ', 'image/webp', true],
  ['AAABAAAA', 'image/vnd.microsoft.icon', true],
  ['AAAAHGZ0eXBpc29tAAAA', 'video/mp4', true],
  ['d09GMgABAAA=', 'application/font-woff', true],
  ['%!PS', 'application/postscript', true],
  ['{\\rtf1', 'text/rtf', false],
  ['#!/bin/sh', 'text/x-shellscript', true],
  ['12', 'application/json', true],
  ['a,b', 'text/csv', false],
  ['YQA=', 'text/plain', false],
])('%j as %s: %s', (content, type, same) => {
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(content);
  const verdict = contentTypeVerdict(Buffer.from(content, isBase64 ? 'base64' : 'utf8'), type);
  expect(verdict === undefined).toBe(same);
});
