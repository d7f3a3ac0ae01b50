// The catalog is open to everybody; the collection is a person's own.
import { expect, test } from '@playwright/test';

import { awake, signedUp } from './people';

test('a stranger browses the catalog', async ({ page }) => {
  await page.goto('/catalog?q=shalimar');
  await page.getByRole('link', { name: 'Shalimar', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Shalimar');
  await expect(page.locator('.pyramid')).toContainText('vanilla');
  await expect(page.locator('svg.flower').first()).toBeVisible();
});

test('what is owned is in the collection and never suggested again', async ({ page }) => {
  const request = await signedUp(page);
  const first = await (await request.post('/api/ask/submit', { data: { query: 'a smoky leather' } })).json();
  const owned = first.recommendations[0].fragrance;
  await page.goto(`/ask/${first.query_id}`);
  await awake(page);
  await page.locator('article.recommendation').first().getByRole('button', { name: 'I have it' }).click();
  await expect(page.locator('article.recommendation').first().getByRole('button', { name: 'I have it' })).toHaveAttribute('aria-pressed', 'true');
  await page.goto('/collection');
  await expect(page.getByRole('link', { name: owned.name, exact: true })).toBeVisible();
  const second = await (await request.post('/api/ask/submit', { data: { query: 'a smoky leather' } })).json();
  expect(second.recommendations.map((r: { fragrance: { id: string } }) => r.fragrance.id)).not.toContain(owned.id);
});
