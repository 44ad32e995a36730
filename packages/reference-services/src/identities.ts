/** Name and version of every service of the shop: what its spans say, what it publishes and what is recorded. */
export const identities = {
  storefront: { name: 'storefront', version: '1.4.0' },
  gateway: { name: 'gateway', version: '3.1.0' },
  orders: { name: 'orders', version: '2.3.0' },
  inventory: { name: 'inventory', version: '1.8.2' },
  payments: { name: 'payments', version: '4.0.1' },
  shipping: { name: 'shipping', version: '1.2.0' },
  // Planted: this version runs but nobody records its deployment (`recordDeployment: false` in concordat.config.ts),
  // so the traffic shows an `unrecorded-version`.
  notifications: { name: 'notifications', version: '0.9.0' },
} as const;

export type ServiceName = keyof typeof identities;
