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

test('what is typed about one perfume stays with it while another is kept', async ({ page }) => {
  const request = await signedUp(page);
  const found = await (await request.get('/api/catalog/search?q=')).json();
  const perfumes = found.items.slice(0, 3) as { id: string; name: string }[];
  for (const { id } of perfumes) await request.post('/api/collection/set', { data: { fragrance_id: id, owned: true } });
  await page.goto('/collection');
  await awake(page);
  const card = (id: string) => page.locator('li', { has: page.locator(`a[href="/catalog/${id}"]`) });
  // The last changed stands first: keeping what stands last would bring it to the front.
  const [last, , first] = perfumes;
  await card(first.id).locator('summary').click();
  await card(first.id).locator('textarea').fill('half a thought');
  await card(last.id).locator('summary').click();
  await card(last.id).locator('textarea').fill('the opera');
  await card(last.id).locator('label', { hasText: '4' }).click();
  await card(last.id).getByRole('button', { name: 'Keep' }).click();
  await expect(card(last.id).locator('.personal-notes')).toHaveText('the opera');
  await expect(card(last.id).locator('summary')).toHaveText('4 of 5');
  await expect(card(first.id).locator('textarea')).toHaveValue('half a thought');
  await card(last.id).getByRole('button', { name: 'I no longer have it' }).click();
  await expect(card(last.id)).toHaveCount(0);
  await expect(card(first.id).locator('textarea')).toHaveValue('half a thought');
});
