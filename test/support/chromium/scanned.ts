// What a telephone's camera reads in a QR code that a page shows: from the pixels on the screen, by another library than the page's own.
import type { Locator } from 'playwright-core';
import decode from 'qr/decode.js';

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, in base64. */
  readonly rgba: string;
}

/** Throws when there is no code that can be read. */
export async function scanned(code: Locator): Promise<string> {
  const png = (await code.screenshot()).toString('base64');
  const blank = await code.page().context().newPage();
  try {
    const { width, height, rgba } = (await blank.evaluate(`(${PIXELS})(${JSON.stringify(png)})`)) as Pixels;
    // Time costs nothing here, and machines are busy.
    return decode({ width, height, data: new Uint8Array(Buffer.from(rgba, 'base64')) }, { timeLimit: 5_000 });
  } finally {
    await blank.close();
  }
}

/** Runs in a page. */
const PIXELS = `async (png) => {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (char) => char.charCodeAt(0))]));
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (const byte of data) text += String.fromCharCode(byte);
  return { width, height, rgba: btoa(text) };
}`;
