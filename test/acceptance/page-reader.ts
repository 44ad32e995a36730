import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A real Chromium with a new profile that talks to nobody but the pages it is given. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Reader {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors and violations of the content policy, as they came. */
  readonly complaints: readonly string[];
}

/** Somebody who looks at the page; what the browser complains about is kept. */
export async function aReader(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript({ content: reportViolations });
  return { page, complaints };
}

/** Runs in the page before its own scripts. */
const reportViolations = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('content policy: ' + event.violatedDirective + ' ' + event.blockedURI);
});`;
