import type { Stock } from './stock.ts';

/** What the shop sells when it starts. */
export function fillStock(stock: Stock): void {
  stock.put({ sku: 'mug-classic', name: 'Classic mug', priceCents: 1_250 }, 1_000_000);
  stock.put({ sku: 'tea-green', name: 'Green tea, 100 g', priceCents: 890 }, 1_000_000);
  stock.put({ sku: 'poster-rare', name: 'Rare poster', priceCents: 12_000 }, 0);
  stock.put(
    { sku: 'lamp-custom', name: 'Lamp, made to order', priceCents: 8_900, supplierRefuses: true },
    1_000_000,
  );
}
