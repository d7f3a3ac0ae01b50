// Memories that come with a file: given in every way a page knows, and looked at afterwards.
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

import { chromium, expect, test, type APIRequestContext, type Page } from '@playwright/test';

import { PASSWORD, awake, newEmail, signedUp, signUp } from './people';

type File = { name: string; mimeType: string; buffer: Buffer };

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A small PNG of a sea under a sky, of which no two are alike. */
function photo(name = 'the sea.png'): File {
  const [width, height] = [96, 64];
  const seed = Math.floor(Math.random() * 0xffffff);
  const rows: number[] = [];
  for (let y = 0; y < height; y += 1) {
    rows.push(0);
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = y < 32 ? [150, 190, 235 - y] : [30, 90 + (y % 8) * 4, 130];
      rows.push(y === 0 && x < 3 ? (seed >> (8 * x)) & 255 : r, g, b);
    }
  }
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [size, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, mimeType: 'image/png', buffer };
}

/** A PDF with a line of text on each page. */
function letter(lines: string[], name = 'letter.pdf'): File {
  const objects: string[] = [];
  const kids = lines.map((_, at) => `${4 + 2 * at} 0 R`).join(' ');
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${lines.length} >>`);
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  lines.forEach((line, at) => {
    const stream = `BT /F1 14 Tf 72 700 Td (${line}) Tj ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * at} 0 R >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    );
  });
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text, 'latin1') };
}

/** Two seconds of silence as a WAV file; a random rate of samples makes each file one of its own. */
function silence(name = 'silence.wav'): File {
  const rate = 15_000 + Math.floor(Math.random() * 2_000);
  const data = Buffer.alloc(rate * 4);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return { name, mimeType: 'audio/wav', buffer: Buffer.concat([head, data]) };
}

/** Drops files on the page, as a hand with a mouse would. */
async function drop(page: Page, files: File[]): Promise<void> {
  const given = files.map((file) => ({ ...file, buffer: file.buffer.toString('base64') }));
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const file of given) {
      const bytes = Uint8Array.from(atob(file.buffer), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], file.name, { type: file.mimeType }));
    }
    return transfer;
  }, given);
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

/** Signs somebody in over HTTP, and tells who else could sign in here. */
async function stranger(page: Page): Promise<{ email: string; request: APIRequestContext }> {
  const email = newEmail();
  const made = await page.request.post('/api/accounts/sign_up', { data: { email, password: PASSWORD, name: 'Eve' } });
  expect(made.ok()).toBeTruthy();
  return { email, request: await signedUp(page) };
}

const sent = (page: Page, name: string) => page.locator('.sent .given-item', { hasText: name });

test('a photo is given with words, sent, understood and shown', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  await page.getByLabel('The memory', { exact: true }).fill('Salt and tar, and my father rowing.');
  await page.locator('#file').setInputFiles(photo());
  await expect(page.locator('.given-item', { hasText: 'the sea.png' })).toBeVisible();
  await page.getByRole('button', { name: /keep this/i }).click();
  const row = sent(page, 'the sea.png');
  await expect(row.getByText('kept and understood')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByLabel('The memory', { exact: true })).toHaveValue('');
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(page).toHaveURL(/\/memories\/[a-z0-9]{20}$/);
  const picture = page.locator('figure.photo img');
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  expect((await picture.getAttribute('alt'))!.length).toBeGreaterThan(3);
  await expect(page.locator('mark.scent', { hasText: 'tar' }).first()).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toBe('the sea.png');
});

test('a letter is read by its pages', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  const pages = ['The attic smelled of cedar and dust.', 'Nothing is said here.', 'Grandmother baked with cinnamon.'];
  await page.locator('#file').setInputFiles(letter(pages));
  await page.getByRole('button', { name: /keep this/i }).click();
  const row = sent(page, 'letter.pdf');
  await expect(row.getByText('kept and understood')).toBeVisible({ timeout: 45_000 });
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(page.locator('#page-3 mark.scent', { hasText: 'cinnamon' })).toBeVisible();
  await expect(page.locator('#page-1 mark.scent', { hasText: 'cedar' })).toBeVisible();
});

test('silence is kept, and it is said that nothing was heard', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  await drop(page, [silence()]);
  await page.getByRole('button', { name: /keep this/i }).click();
  const row = sent(page, 'silence.wav');
  await expect(row.getByText('kept and understood')).toBeVisible({ timeout: 45_000 });
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(page.locator('audio')).toBeVisible();
  await expect(page.locator('#nothing-heard')).toBeVisible();
  await page.getByText('Put right what was heard').click();
  await page.getByLabel('What is said in it').fill('Rain on the tin roof, and wet wool.');
  await page.getByRole('button', { name: 'Save what is said' }).click();
  await expect(page.locator('.heard')).toContainText('Rain on the tin roof', { timeout: 45_000 });
  await expect(page.locator('.heard mark.scent').first()).toBeVisible({ timeout: 45_000 });
});

test('what cannot be kept is refused by name, and the rest is kept', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  const page_of_the_web = { name: 'trick.png', mimeType: 'image/png', buffer: Buffer.from('<html><script>alert(1)</script></html>') };
  await drop(page, [photo('good.png'), page_of_the_web, { name: 'nothing.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) }]);
  await expect(page.locator('.giving .given-item')).toHaveCount(3);
  await page.getByLabel('Words for good.png').fill('Seaweed at low tide.');
  await page.getByRole('button', { name: 'Keep these 3 memories' }).click();
  await expect(sent(page, 'good.png').getByRole('link', { name: /^Open/ })).toBeVisible({ timeout: 45_000 });
  await expect(sent(page, 'trick.png').locator('.status.failed')).toBeVisible();
  await expect(sent(page, 'nothing.jpg')).toContainText('empty');
  await expect(sent(page, 'trick.png').getByRole('link')).toHaveCount(0);
});

test('the same file again is the same memory, unless it is wanted twice', async ({ page }) => {
  const request = await signedUp(page);
  const again = photo('again.png');
  const first = await request.post('/api/memories/upload', { multipart: { file: again }, headers: { accept: '*/*' } });
  const { id } = await first.json();
  await page.goto('/memories/new');
  await awake(page);
  await page.locator('#file').setInputFiles(again);
  await page.getByRole('button', { name: /keep this/i }).click();
  const row = sent(page, 'again.png');
  await expect(row).toContainText('You already have this');
  await expect(row.getByRole('link', { name: /^Open/ })).toHaveAttribute('href', `/memories/${id}`);
  await row.getByRole('button', { name: /^Keep it again/ }).click();
  await expect(row.getByRole('link', { name: /^Open/ })).not.toHaveAttribute('href', `/memories/${id}`);
});

test('a dropped connection is tried again, and nothing is kept twice', async ({ page }) => {
  const request = await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  let tries = 0;
  await page.route('**/api/memories/upload', async (route) => {
    tries += 1;
    if (tries === 1) return route.abort('connectionreset');
    if (tries === 2) {
      // It arrives, but the answer is lost.
      await route.fetch();
      return route.abort('connectionreset');
    }
    return route.continue();
  });
  await page.locator('#file').setInputFiles(photo('storm.png'));
  await page.getByRole('button', { name: /keep this/i }).click();
  await expect(sent(page, 'storm.png')).toContainText('connection dropped');
  await expect(sent(page, 'storm.png').getByRole('link', { name: /^Open/ })).toBeVisible({ timeout: 30_000 });
  expect(tries).toBe(3);
  const { items } = await (await request.get('/api/memories/list')).json();
  expect(items).toHaveLength(1);
});

test('a picture is pasted, and text is pasted beside all fields', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  const paste = (kind: string, value: string) =>
    page.evaluate(
      ([kind, value]) => {
        const data = new DataTransfer();
        if (kind === 'text') data.setData('text/plain', value);
        else data.items.add(new File([Uint8Array.from(atob(value), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' }));
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      },
      [kind, value],
    );
  await paste('file', photo().buffer.toString('base64'));
  await expect(page.locator('.given-item', { hasText: 'image.png' })).toBeVisible();
  await page.getByRole('button', { name: 'Take image.png away' }).click();
  await expect(page.locator('.given-item')).toHaveCount(0);
  await paste('text', 'Fig leaves after noon.');
  await expect(page.getByLabel('The memory', { exact: true })).toHaveValue('Fig leaves after noon.');
});

const voice = (page: Page) => page.getByRole('group', { name: 'Your voice' });

/** The time on the recorder, in seconds. */
async function recorded(page: Page): Promise<number> {
  const [minutes, seconds] = (await voice(page).getByRole('timer').textContent())!.split(':').map(Number);
  return minutes * 60 + seconds;
}

test('a voice is recorded, listened to, kept, and found again by the second', async ({ page }) => {
  test.setTimeout(180_000);
  const request = await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  await voice(page).getByRole('button', { name: 'Record your voice' }).click();
  // The keyboard goes on where the last button was.
  await expect(voice(page).getByRole('button', { name: 'Stop' })).toBeFocused();
  await expect.poll(() => recorded(page), { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
  const levels = (await voice(page).locator('.levels path').getAttribute('d'))!;
  const tops = [...levels.matchAll(/M\d+ ([\d.]+)V/g)].map((stroke) => Number(stroke[1]));
  expect(tops.length).toBeGreaterThan(20);
  expect(Math.max(...tops) - Math.min(...tops), 'the meter moves with the voice').toBeGreaterThan(4);

  await voice(page).getByRole('button', { name: 'Pause' }).click();
  await expect(voice(page).getByRole('status').first()).toContainText('Paused');
  const held = await recorded(page);
  await page.waitForTimeout(2_000);
  expect(await recorded(page)).toBe(held);
  await voice(page).getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => recorded(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(held + 8);
  // What still runs is not lost with the form.
  await page.getByRole('button', { name: /keep this/i }).click();
  await expect(voice(page).getByRole('alert')).toContainText('still running');
  await voice(page).getByRole('button', { name: 'Stop' }).click();

  const replay = voice(page).locator('audio');
  await expect.poll(() => replay.evaluate((a: HTMLAudioElement) => a.duration)).toBeGreaterThan(held + 6);
  expect(await replay.evaluate((a: HTMLAudioElement) => a.duration)).toBeLessThan(60);
  await replay.evaluate((a: HTMLAudioElement) => a.play());
  await expect.poll(() => replay.evaluate((a: HTMLAudioElement) => a.currentTime)).toBeGreaterThan(0.5);
  await replay.evaluate((a: HTMLAudioElement) => a.pause());
  // It goes with the form although nobody has said so.
  await page.getByLabel('The memory', { exact: true }).fill('What she told me on the phone.');
  await page.getByRole('button', { name: /keep this/i }).click();
  const row = page.locator('.sent .given-item', { hasText: /Recording \d{4}-\d\d-\d\d \d\d\.\d\d\.webm/ });
  await expect(row.getByText('kept and understood')).toBeVisible({ timeout: 120_000 });
  await expect(voice(page).getByRole('button', { name: 'Record your voice' })).toBeVisible();

  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(page.locator('.heard')).toContainText(/figs/i);
  const player = page.locator('.recording audio');
  const second = page.locator('.heard .second').last();
  const at = Number((await second.getAttribute('href'))!.split('#t=')[1]);
  expect(at, 'the sentence is said more than once').toBeGreaterThan(2);
  await second.click();
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => !a.paused && a.currentTime)).toBeGreaterThan(at);
  expect(await player.evaluate((a: HTMLAudioElement) => a.currentTime)).toBeLessThan(at + 8);

  // An answer's link leads to the second that it cites.
  const id = page.url().split('/').pop()!;
  const memory = await (await request.get(`/api/memories/get?id=${id}`)).json();
  expect(memory.memory_type).toBe('audio');
  await page.goto(`/memories/${id}?in=file&at=${at}`);
  await expect.poll(() => player.evaluate((a: HTMLAudioElement) => a.currentTime)).toBeGreaterThanOrEqual(at - 0.1);
  await expect(page.locator('.heard > li.said')).toHaveCount(1);
});

test('what was recorded is thrown away', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  for (const wanted of [false, true]) {
    await voice(page).getByRole('button', { name: 'Record your voice' }).click();
    await expect.poll(() => recorded(page)).toBeGreaterThanOrEqual(1);
    await page.keyboard.press('Enter');
    await expect(voice(page).getByRole('button', { name: 'Use this recording' })).toBeFocused();
    await voice(page).getByRole('button', { name: wanted ? 'Use this recording' : 'Throw it away' }).click();
    await expect(voice(page).getByRole('button', { name: 'Record your voice' })).toBeFocused();
    await expect(page.locator('.giving .given-item')).toHaveCount(wanted ? 1 : 0);
  }
});

test('without a microphone, or without leave to use it, it is said what can be done', async ({ baseURL, launchOptions }) => {
  const { executablePath, args = [] } = launchOptions;
  const has = (word: string) => (arg: string) => arg.includes(word);
  const silent = args.filter((arg) => !has('-media-stream')(arg) && !has('fake-audio')(arg));
  const attempts: [string[], string][] = [
    [silent, 'There is no microphone here.'],
    [[...silent, '--use-fake-device-for-media-stream', '--deny-permission-prompts'], 'does not let this page use the microphone'],
  ];
  for (const [args, sentence] of attempts) {
    const browser = await chromium.launch({ executablePath, args });
    const page = await browser.newPage({ baseURL });
    await signedUp(page);
    await page.goto('/memories/new');
    await awake(page);
    await voice(page).getByRole('button', { name: 'Record your voice' }).click();
    await expect(voice(page).getByRole('alert')).toContainText(sentence);
    await expect(voice(page).getByRole('button', { name: 'Record your voice' })).toBeEnabled();
    await browser.close();
  }
});

test('who signs out leaves no files behind for the next person', async ({ page }) => {
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  await page.locator('#file').setInputFiles(photo('private.png'));
  await expect(page.locator('.given-item', { hasText: 'private.png' })).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/:\d+\/$/);
  await awake(page);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const request = await signedUp(page);
  await page.goto('/memories');
  await awake(page);
  await page.goto('/memories/new');
  await awake(page);
  await expect(page.locator('.given-item')).toHaveCount(0);
  await page.getByLabel('The memory', { exact: true }).fill('Only my own words.');
  await page.getByRole('button', { name: /keep this/i }).click();
  await expect(page).toHaveURL(/\/memories\/[a-z0-9]{20}$/);
  const { items } = await (await request.get('/api/memories/list')).json();
  expect(items.map((item: { memory_type: string }) => item.memory_type)).toEqual(['text']);
  expect(errors).toEqual([]);
});

test('what lies there is gone when somebody else signs in on the same page', async ({ page }) => {
  const { email, request } = await stranger(page);
  await page.goto('/memories/new');
  await awake(page);
  await page.locator('#file').setInputFiles(photo('private.png'));
  await expect(page.locator('.given-item', { hasText: 'private.png' })).toBeVisible();
  // The session ends elsewhere; the page is never loaded anew.
  await request.post('/api/accounts/sign_out', { data: {} });
  await page.getByRole('link', { name: 'Memories', exact: true }).first().click();
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/memories$/);
  await page.locator('main a[href="/memories/new"]').first().click();
  await expect(page).toHaveURL(/\/memories\/new$/);
  await expect(page.locator('.given-item')).toHaveCount(0);
});

test('everything is taken along in one archive', async ({ page }) => {
  const request = await signedUp(page);
  await request.post('/api/memories/upload', { multipart: { file: photo('mine.png') }, headers: { accept: '*/*' } });
  await page.goto('/settings');
  await awake(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download everything' }).click()]);
  expect(download.suggestedFilename()).toBe('flowery.tar');
  const bytes = readFileSync((await download.path())!);
  expect(bytes.includes('flowery/flowery.json') && bytes.includes('/mine.png')).toBeTruthy();
});

test('a browser that cannot record offers nothing of the kind', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'MediaRecorder'));
  await signedUp(page);
  await page.goto('/memories/new');
  await awake(page);
  await expect(voice(page)).toHaveCount(0);
  await expect(page.locator('#file')).toBeAttached();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a file goes with the words, and what is refused is said', async ({ page }) => {
    await signUp(page, newEmail());
    await page.goto('/memories/new');
    await page.getByLabel('The memory', { exact: true }).fill('Woodsmoke over the bay.');
    await page.locator('#file').setInputFiles(photo('bay.png'));
    await page.getByRole('button', { name: /keep/i }).click();
    await expect(page).toHaveURL(/\/memories\/[a-z0-9]{20}$/);
    await expect(page.locator('.words')).toHaveText('Woodsmoke over the bay.');
    await expect(page.locator('figure.photo img')).toBeVisible();
    await expect(page.locator('.file-line')).toContainText('bay.png');

    await page.goto('/memories/new');
    await page.locator('#file').setInputFiles({ name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ nothing') });
    await page.getByRole('button', { name: /keep/i }).click();
    await expect(page).toHaveURL(/\/memories\/new/);
    await expect(page.locator('.giving .error')).toBeVisible();
  });
});
