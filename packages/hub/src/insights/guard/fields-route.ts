import type { Fields } from '@concordat/api';
import type { Request, Response } from 'express';
import { HubError } from '../../http/hub-error.ts';
import {
  knownParameters,
  pageParameters,
  textParameter,
  timeParameter,
} from '../../http/read-parameters.ts';
import { sendJson } from '../../http/send.ts';
import { timeOf } from '../open-findings.ts';
import type { FieldAnswer, FieldQuestion, FieldUsage } from './field-usage-store.ts';

/** Answers `GET /insights/fields`: which fields of an operation live guards saw. */
export async function answerFields(
  usage: (question: FieldQuestion) => Promise<FieldAnswer>,
  request: Request,
  response: Response,
): Promise<void> {
  knownParameters(request, [
    ...['provider', 'operation', 'consumer', 'environment', 'pointer', 'since', 'page', 'size'],
  ]);
  const page = pageParameters(request);
  const [provider, operation] = [required(request, 'provider'), required(request, 'operation')];
  const { fields, isComplete } = await usage({
    ...{ provider, operation, pointer: pointerIn(request) },
    consumer: textParameter(request, 'consumer'),
    environment: textParameter(request, 'environment'),
    since: minuteOf(timeParameter(request, 'since')),
  });
  const body: Fields = {
    ...{ provider, operation, complete: isComplete },
    fields: fields.slice((page.number - 1) * page.size, page.number * page.size).map(fieldResource),
    page: {
      ...page,
      totalElements: fields.length,
      totalPages: Math.ceil(fields.length / page.size),
    },
  };
  sendJson(response, body);
}

function required(request: Request, name: string): string {
  const text = textParameter(request, name)?.trim() ?? '';
  if (text !== '') return text;
  throw new HubError('INVALID_PARAMETER', `${name} is missing; name whose fields are asked for.`);
}

function pointerIn(request: Request): string | undefined {
  const pointer = textParameter(request, 'pointer');
  if (pointer === undefined || pointer.startsWith('/')) return pointer;
  throw new HubError(
    'INVALID_PARAMETER',
    `pointer is "${pointer}"; a JSON pointer begins with a slash: /items/*/sku.`,
  );
}

function minuteOf(time: Date | undefined): number | undefined {
  return time && Math.max(1, Math.floor(time.getTime() / 60_000));
}

function fieldResource(usage: FieldUsage): Fields['fields'][number] {
  return {
    pointer: usage.pointer,
    consumer: usage.consumer,
    consumerVersion: usage.consumerVersion || null,
    environment: usage.environment || null,
    checks: usage.checks,
    present: usage.present,
    read: usage.read ?? null,
    firstSeen: timeOf(usage.firstSeen),
    lastSeen: timeOf(usage.lastSeen),
    exemplarTraceId: usage.exemplarTraceId,
  };
}
