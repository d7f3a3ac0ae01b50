// The main path: from a memory to a recommendation, as a person walks it.
import { expect, test } from '@playwright/test';

import { awake, remember, signUp, signedUp } from './people';

const MEMORY =
  'In winter my grandmother peeled oranges by the stove. The kitchen smelled of cinnamon and woodsmoke, with no trace of vanilla.';

test('from a memory to a recommendation', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));

  await signUp(page);

  await page.goto('/memories/new');
  await awake(page);
  await page.getByLabel('The memory', { exact: true }).fill(MEMORY);
  await page.getByRole('button', { name: /keep/i }).click();
  await expect(page).toHaveURL(/\/memories\/[a-z0-9]{20}$/);
  const memoryPath = new URL(page.url()).pathname;

  // The stages come in by themselves; nobody reloads.
  await expect(page.locator('#memory')).toHaveAttribute('data-status', 'ready', { timeout: 45_000 });
  await expect(page.locator('.words')).toHaveText(MEMORY);
  await expect(page.locator('mark.scent.said', { hasText: 'cinnamon' })).toBeVisible();
  await expect(page.locator('mark.scent.said', { hasText: 'vanilla' })).toHaveCount(0);
  await expect(page.locator('.understood svg.flower')).toBeVisible();

  await page.goto('/ask');
  await awake(page);
  await page.locator('#query').fill('a warm, spicy evening by the fire, no patchouli, under 150 €');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page).toHaveURL(/\/ask\/[a-z0-9]{20}$/, { timeout: 30_000 });
  const sheets = page.locator('article.recommendation');
  await expect(sheets).toHaveCount(5);
  await expect(page.locator('.chips', { hasText: 'no patchouli' })).toBeVisible();
  await expect(page.locator('.chips', { hasText: 'under 150 €' })).toBeVisible();
  const quotes = await page.locator('.evidence q').allTextContents();
  expect(quotes.length).toBeGreaterThan(0);
  for (const quote of quotes) expect(MEMORY).toContain(quote);
  await expect(page.locator(`.evidence a[href^="${memoryPath}?cite="]`).first()).toBeVisible();

  const like = sheets.first().getByRole('button', { name: 'Like', exact: true });
  await expect(like).toHaveAttribute('aria-pressed', 'false');
  await like.click();
  await expect(like).toHaveAttribute('aria-pressed', 'true');

  await page.goto('/profile');
  await expect(page.locator('.margin-notes li').first()).toBeVisible();
  await expect(page.locator('.portrait svg.flower')).toBeVisible();
  expect(errors).toEqual([]);
});

test('a chip is removed and the answer follows', async ({ page }) => {
  await signUp(page);
  await page.goto('/ask');
  await awake(page);
  await page.locator('#query').fill('rose without musk');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page).toHaveURL(/\/ask\/[a-z0-9]{20}$/, { timeout: 30_000 });
  const first = page.url();
  const chip = page.locator('.chip', { hasText: 'no musk' });
  await chip.getByRole('button').click();
  await expect(page).not.toHaveURL(first, { timeout: 30_000 });
  // Whoever does not see the page change hears it from its beginning.
  await expect(page.locator('main')).toBeFocused();
  await expect(page.locator('article.recommendation')).toHaveCount(5);
  await expect(page.locator('.chip', { hasText: 'no musk' })).toHaveCount(0);
  await page.reload();
  await expect(page.locator('article.recommendation')).toHaveCount(5);
});

test('what was clicked and typed about one answer does not stand ready in the next', async ({ page }) => {
  const request = await signedUp(page);
  const asked = await (await request.post('/api/ask/submit', { data: { query: 'rose without musk' } })).json();
  await page.goto(`/ask/${asked.query_id}`);
  await awake(page);
  const form = page.getByRole('form', { name: 'Rate this answer' });
  await form.locator('label', { hasText: '2' }).click();
  await form.locator('#disliked_notes').fill('oud');
  await page.getByRole('button', { name: 'Remove no musk' }).click();
  await expect(page).not.toHaveURL(new RegExp(asked.query_id));
  await expect(page.getByRole('button', { name: 'Remove no musk' })).toHaveCount(0);
  await expect(form.locator('#disliked_notes')).toHaveValue('');
  await expect(form.locator('input:checked')).toHaveCount(0);
});

test('a budget that was taken back does not stay in its field', async ({ page }) => {
  await signedUp(page);
  await page.goto('/profile');
  await awake(page);
  const [from, to] = [page.locator('#budget_min'), page.locator('#budget_max')];
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await from.fill('20');
  await save.click();
  await expect(page.locator('#budget_max-error')).toContainText('up to which price');
  await expect(from).toHaveValue('20');
  await to.fill('80');
  await save.click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Save without a budget' }).click();
  await expect(page.getByRole('button', { name: 'Save without a budget' })).toHaveCount(0);
  await expect(to).toHaveValue('');
  await expect(from).toHaveValue('');
});

test('a search that was taken out of the address leaves the field, too', async ({ page }) => {
  const request = await signedUp(page);
  await remember(request, 'Oranges by the stove in winter.');
  await page.goto('/memories');
  await awake(page);
  const field = page.getByRole('searchbox', { name: 'Search your memories' });
  await field.fill('oranges');
  await field.press('Enter');
  await expect(page).toHaveURL(/q=oranges/);
  await page.goBack();
  await expect(page).not.toHaveURL(/q=oranges/);
  await expect(field).toHaveValue('');
});
