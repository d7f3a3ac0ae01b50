// What holds on every page: it fits a small phone, assistive technology can use it, and the keyboard is enough.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

import { awake, promoted, remember, signedUp } from './people';

/** Every page is read by assistive technology and fits a small phone, by day and by night. */
async function serveEverybody(page: Page, paths: string[]): Promise<void> {
  const size = page.viewportSize()!;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of paths) {
      await page.goto(path);
      expect(new URL(page.url()).pathname, `${path} is the page that is looked at`).toBe(path);
      expect(await page.title(), path).toMatch(/Flowery/);
      expect(await page.locator('h1').count(), `${path} has one h1`).toBe(1);
      const found = await new AxeBuilder({ page }).analyze();
      const problems = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
      expect(problems, `${path} by ${colorScheme}`).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${path} is wider than a phone`).toBeLessThanOrEqual(0);
      const cut = await page.locator('.table-scroll').evaluateAll((tables) => tables.filter((t) => t.scrollWidth > t.clientWidth).length);
      expect(cut, `${path} has tables that are cut off on a phone`).toBe(0);
      await page.setViewportSize(size);
    }
  }
}

test('every page is accessible and fits 360 px, by day and by night', async ({ page }) => {
  test.setTimeout(240_000);
  await serveEverybody(page, ['/sign-in', '/sign-up']);
  const request = await signedUp(page);
  const memory = await remember(request, 'The harbor smelled of tar, salt and oranges. I was happy.');
  const answer = await (await request.post('/api/ask/submit', { data: { query: 'salt and sun, no tuberose' } })).json();
  await request.post('/api/collection/set', {
    data: { fragrance_id: answer.recommendations[0].fragrance.id, owned: true, rating: 4 },
  });
  await serveEverybody(page, [
    '/', '/memories', '/memories/new', '/memories/unfinished', `/memories/${memory}`, `/memories/${memory}/edit`, '/ask',
    `/ask/${answer.query_id}`, '/ask/history', '/profile', '/collection', '/catalog',
    `/catalog/${answer.recommendations[1].fragrance.id}`, '/settings', '/no/such/page',
  ]);
});

test('every page of the operator is accessible and fits 360 px, by day and by night', async ({ page }) => {
  test.setTimeout(180_000);
  const request = await signedUp(page);
  await promoted(request);
  await request.post('/api/admin/fine_tuning/start', { data: { kind: 'ranker' } });
  await serveEverybody(page, [
    '/admin', '/admin/models', '/admin/fine-tuning', '/admin/usage', '/admin/import', '/admin/users', '/admin/examples',
  ]);
});

test('the keyboard is enough to ask', async ({ page }) => {
  await signedUp(page);
  await page.goto('/ask');
  await awake(page);
  await page.keyboard.press('Tab');
  await expect(page.locator('a.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('#query')).toBeFocused();
  await page.keyboard.type('moss and rain');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('article.recommendation')).toHaveCount(5, { timeout: 30_000 });
});

test('an address that leads nowhere is a 404 with a way on', async ({ page }) => {
  const reply = await page.goto('/no/such/page');
  expect(reply?.status()).toBe(404);
  await expect(page.getByRole('link', { name: 'To the beginning' })).toBeVisible();
});
