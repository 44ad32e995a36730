import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// A relative base: the hub may be mounted below any path, and says where by <base href> in the page.
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@concordat/source', 'module', 'browser', 'production'] },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
});
