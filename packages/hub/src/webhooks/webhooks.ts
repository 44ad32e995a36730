import { lookup } from 'node:dns/promises';
import type { Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import type { Link } from '../http/hal.ts';
import type { Log } from '../log.ts';
import type { Resolve } from './send-webhook.ts';
import { triggerVersionEvent, type VersionHappening } from './trigger-version-webhooks.ts';
import {
  type PublishedPactEvent,
  type PublishedResultEvent,
  type Triggering,
  triggerPublished,
  triggerVerified,
} from './trigger-webhooks.ts';
import { triggeredWebhooksResource } from './triggered-webhook-resource.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { triggeredWebhooksRoutes } from './triggered-webhooks-routes.ts';
import type { WebhookConfig } from './webhook-config.ts';
import { WebhookDelivery } from './webhook-delivery.ts';
import { WebhookPolicy } from './webhook-policy.ts';
import { webhookRetention } from './webhook-retention.ts';
import type { WebhookPair } from './webhook-store.ts';
import { webhooksRoutes } from './webhooks-routes.ts';

/** What the rest of the hub sees of webhooks. */
export interface Webhooks {
  readonly routes: Router;
  readonly triggerPublished: (tx: Database, event: PublishedPactEvent) => Promise<Triggering>;
  readonly triggerVerified: (tx: Database, event: VerifiedContent) => Promise<Triggering>;
  readonly triggerVersion: (tx: Database, happening: VersionHappening) => Promise<void>;
  /** Something was triggered and is committed. */
  readonly wake: () => void;
  readonly ofResult: (
    verificationId: number,
    shown: { readonly baseUrl: string; readonly self: Link },
  ) => Promise<object>;
  readonly close: () => Promise<void>;
}

/** A result as the verifications' room tells of it. */
export interface VerifiedContent
  extends Pick<PublishedResultEvent, 'verificationId' | 'success' | 'baseUrl' | 'at'> {
  readonly content: WebhookPair & { readonly pactVersionId: number };
  readonly metadata: string | undefined;
}

/** Starts delivering what is due, from before too. */
export function openWebhooks(deps: {
  readonly db: Database;
  readonly config: WebhookConfig;
  readonly log: Log;
  /** Reads the metadata segment of a pact's URL. */
  readonly decodeMetadata: (segment: string) => {
    readonly versionIds: readonly number[];
    readonly consumerVersion: string | undefined;
  };
}): Webhooks {
  const { db, log, config } = deps;
  const { retrySchedule } = config;
  const now = (): Date => new Date();
  const policy = new WebhookPolicy(config);
  const shared = { db, policy, resolve: addressesOf, timeoutMs: config.timeoutSeconds * 1000, now };
  const delivery = new WebhookDelivery({ ...shared, log });
  delivery.start();
  const retention = webhookRetention({ db, config, now, log });
  retention.start();
  return {
    routes: createRouter().use(
      webhooksRoutes(shared),
      triggeredWebhooksRoutes({ db, retrySchedule }),
    ),
    triggerPublished,
    triggerVersion: triggerVersionEvent,
    triggerVerified: (tx, { content, metadata, ...result }) => {
      const named = metadata === undefined ? undefined : deps.decodeMetadata(metadata);
      const { consumerId, providerId, pactVersionId } = content;
      return triggerVerified(tx, {
        ...result,
        consumerId,
        providerId,
        pactVersionId,
        versionIds: named?.versionIds ?? [],
        versionNumber: named?.consumerVersion,
      });
    },
    wake: () => delivery.wake(),
    ofResult: async (verificationId, { baseUrl, self }) => {
      const triggered = await new TriggeredWebhookStore(db).ofVerification(verificationId);
      return triggeredWebhooksResource(triggered, { baseUrl, retrySchedule, self });
    },
    close: async () => {
      await Promise.all([delivery.close(), retention.close()]);
    },
  };
}

function addressesOf(host: string): ReturnType<Resolve> {
  return lookup(host, { all: true, verbatim: false });
}
