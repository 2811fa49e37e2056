// Passwords of a fresh machine: made at first start, kept in one file that only its owner may read.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Credentials {
  /** SIP password per device. */
  readonly devices: Readonly<Record<string, string>>;
  /** Web password per user. */
  readonly users: Readonly<Record<string, string>>;
  /** Signs digest nonces; survives restarts, so that phones need not be challenged anew. */
  readonly nonceKey: string;
}

export interface Wanted {
  readonly devices: readonly string[];
  readonly users: readonly string[];
  /** User → names that the person had before: the password stays. */
  readonly formerly?: ReadonlyMap<string, readonly string[]>;
  /** Instead of generated ones, for demonstrations and tests. */
  readonly password?: string;
}

/** Reads the file, adds what is missing and writes it back, mode 600. Rejects when it is not readable JSON. */
export async function loadCredentials(path: string, wanted: Wanted): Promise<Credentials> {
  const known = await read(path);
  const made: Credentials = {
    devices: complete(known.devices, wanted.devices, wanted.password),
    users: complete(known.users, wanted.users, wanted.password, wanted.formerly),
    nonceKey: known.nonceKey ?? randomBytes(32).toString('hex'),
  };
  await write(path, made);
  return made;
}

/** A password that was given wins over a generated one of an earlier start. */
function complete(
  known: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
  password: string | undefined,
  formerly: Wanted['formerly'] = new Map(),
): Record<string, string> {
  const all: Record<string, string> = { ...known };
  for (const name of names) {
    const before = [name, ...(formerly.get(name) ?? [])].map((one) => known?.[one]).find((one) => one !== undefined);
    all[name] = password ?? before ?? randomBytes(9).toString('base64url');
  }
  return all;
}

async function read(path: string): Promise<Partial<Credentials>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Partial<Credentials>;
  } catch (error) {
    throw new Error(`${path} is no JSON; mend it, or remove it to have new passwords made`, { cause: error });
  }
}

async function write(path: string, credentials: Credentials): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(credentials, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, path);
}
