// The site can be installed, and says so when it is offline.
import { expect, test } from '@playwright/test';

test('the manifest and its icons are there', async ({ request }) => {
  const manifest = await (await request.get('/manifest.webmanifest')).json();
  expect(manifest.name).toBe('Flowery');
  expect(manifest.icons.length).toBeGreaterThanOrEqual(3);
  for (const icon of manifest.icons) expect((await request.get(icon.src)).ok(), icon.src).toBeTruthy();
});

test('offline there is a page that says so', async ({ page, context }) => {
  await page.goto('/');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const script = await (await page.request.get('/sw.js')).text();
  expect(script).not.toContain('__VERSION__');
  await context.setOffline(true);
  await page.goto('/catalog').catch(() => undefined);
  await expect(page.getByRole('heading', { name: 'There is no connection.' })).toBeVisible();
  await context.setOffline(false);
});
