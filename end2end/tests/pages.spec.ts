// What holds on every page: it fits a small phone, assistive technology can use it, and the keyboard is enough.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

import { awake, remember, signedUp } from './people';

test('every page is accessible and fits 360 px, by day and by night', async ({ page }) => {
  test.setTimeout(180_000);
  const request = await signedUp(page);
  const memory = await remember(request, 'The harbor smelled of tar, salt and oranges. I was happy.');
  const answer = await (await request.post('/api/ask/submit', { data: { query: 'salt and sun, no tuberose' } })).json();
  await request.post('/api/collection/set', {
    data: { fragrance_id: answer.recommendations[0].fragrance.id, owned: true, rating: 4 },
  });
  const pages = [
    '/', '/memories', '/memories/new', `/memories/${memory}`, `/memories/${memory}/edit`, '/ask', `/ask/${answer.query_id}`,
    '/ask/history', '/profile', '/collection', '/catalog', `/catalog/${answer.recommendations[1].fragrance.id}`, '/settings',
    '/no/such/page',
  ];
  const size = page.viewportSize()!;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of pages) {
      await page.goto(path);
      expect(await page.title(), path).toMatch(/Flowery/);
      expect(await page.locator('h1').count(), `${path} has one h1`).toBe(1);
      const found = await new AxeBuilder({ page }).analyze();
      const problems = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
      expect(problems, `${path} by ${colorScheme}`).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${path} is wider than a phone`).toBeLessThanOrEqual(0);
      await page.setViewportSize(size);
    }
  }
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
