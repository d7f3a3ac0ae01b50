import { expect, test } from '@playwright/test';

test('the server is alive', async ({ request }) => {
  const response = await request.get('/health/live');
  expect(response.status()).toBe(200);
});
