// What the journeys share: people, and the first steps that most of them take.
import { execFileSync } from 'node:child_process';

import { expect, type APIRequestContext, type Page } from '@playwright/test';

export const PASSWORD = 'wet stone after rain';

let count = 0;

/** An email that no other journey uses. */
export function newEmail(): string {
  count += 1;
  return `journey-${process.pid}-${Date.now()}-${count}@example.org`;
}

/** Signs a new person up through the page. */
export async function signUp(page: Page, email = newEmail()): Promise<string> {
  await page.goto('/sign-up');
  await page.getByLabel('What should we call you?').fill('Ada');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await expect(page).toHaveURL(/\/memories$/);
  return email;
}

/** Waits until the wasm has taken the page over. */
export async function awake(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.awake === 'true');
}

/** Signs a new person up over HTTP, for journeys that are about something else; the page's context keeps the cookie. */
export async function signedUp(page: Page): Promise<APIRequestContext> {
  const reply = await page.request.post('/api/accounts/sign_up', {
    data: { email: newEmail(), password: PASSWORD, name: 'Ada' },
  });
  expect(reply.ok()).toBeTruthy();
  return page.request;
}

/** Keeps a memory over HTTP and waits until it was understood. */
export async function remember(request: APIRequestContext, content: string): Promise<string> {
  const added = await request.post('/api/memories/add', { data: { content } });
  expect(added.ok()).toBeTruthy();
  const { id } = await added.json();
  await expect
    .poll(async () => (await (await request.get(`/api/memories/get?id=${id}`)).json()).status, { timeout: 45_000 })
    .toBe('ready');
  return id;
}

/** Makes a signed-in person an operator, as it is done on the command line. */
export async function promoted(request: APIRequestContext): Promise<void> {
  const { FLOWERY_E2E_BINARY: binary, FLOWERY_E2E_DATA: data } = process.env;
  expect(binary && data, 'run the journeys with `make e2e`, which says where the server lies').toBeTruthy();
  const { email } = await (await request.get('/api/accounts/me')).json();
  execFileSync(binary!, ['grant', email, 'admin'], { env: { ...process.env, FLOWERY_DATA: data! } });
}
