import type { StateParams, Verification } from '../service/verification-routes.ts';
import type { Stock } from './stock.ts';

/** The provider states of inventory, set up in its own stock. */
export function inventoryVerification(stock: Stock): Verification {
  return {
    reset: () => stock.clear(),
    states: {
      'a product exists': (params) => putProduct(stock, params, { available: 25 }),
      'no such product exists': () => stock.clear(),
      'a product is in stock': (params) => putProduct(stock, params, { available: 25 }),
      'a product is out of stock': (params) => putProduct(stock, params, { available: 0 }),
      'a reservation is held': (params) => holdReservation(stock, params, {}),
      'the supplier refuses a reservation': (params) =>
        holdReservation(stock, params, { supplierRefuses: true }),
    },
  };
}

function putProduct(
  stock: Stock,
  params: StateParams,
  as: { readonly available: number; readonly supplierRefuses?: boolean },
): void {
  const { available, ...product } = as;
  const sku = String(params.sku);
  stock.put({ sku, name: 'Classic mug', priceCents: 1_250, ...product }, available);
}

function holdReservation(
  stock: Stock,
  params: StateParams,
  as: { readonly supplierRefuses?: boolean },
): void {
  const sku = String(params.sku ?? 'mug-classic');
  putProduct(stock, { sku }, { available: 25, ...as });
  stock.hold({
    id: String(params.reservationId),
    orderId: '00000000-0000-4000-8000-000000000001',
    lines: [{ sku, quantity: 1 }],
    status: 'held',
  });
}
