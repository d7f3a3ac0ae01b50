// The main path without JavaScript.
import { expect, test } from '@playwright/test';

import { signUp, newEmail, PASSWORD } from './people';

test.use({ javaScriptEnabled: false });

test('the main path works without JavaScript', async ({ page }) => {
  const email = await signUp(page, newEmail());

  await page.goto('/memories/new');
  await page.getByLabel('The memory', { exact: true }).fill('Pipe tobacco and old leather in my grandfather’s study.');
  await page.getByRole('button', { name: /keep/i }).click();
  await expect(page).toHaveURL(/\/memories\/[a-z0-9]{20}$/);
  await expect(async () => {
    await page.reload();
    await expect(page.locator('#memory')).toHaveAttribute('data-status', 'ready', { timeout: 1_000 });
  }).toPass({ timeout: 45_000 });
  await expect(page.locator('mark.scent.said', { hasText: 'leather' })).toBeVisible();

  await page.goto('/ask');
  await page.locator('#query').fill('a quiet tobacco, not Dior');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page).toHaveURL(/\/ask\/[a-z0-9]{20}$/);
  await expect(page.locator('article.recommendation')).toHaveCount(5);
  await page.locator('article.recommendation').first().getByRole('button', { name: 'Like', exact: true }).click();
  await expect(page.locator('article.recommendation').first().getByRole('button', { name: 'Like', exact: true })).toHaveAttribute('aria-pressed', 'true');

  await page.goto('/settings');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  // Leaving before the answer is there would call the request off.
  await expect(page).toHaveURL(/:\d+\/$/);
  await page.goto('/memories');
  await expect(page).toHaveURL(/\/sign-in\?next=/);

  // What is wrong is said on the page, and the way on is kept.
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('not my password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/memories$/);
});
