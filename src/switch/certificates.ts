// The certificate of the TLS listeners: the configured one, or one made at the first start; read again when it changes.
import { X509Certificate } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unwatchFile,
  watchFile,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

export interface CertificateFiles {
  /** PEM: the certificate, and those between it and its authority. */
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly files: CertificateFiles;
  /** What new connections are to use; those that are open keep theirs. */
  context(): SecureContext;
  /** Reads the files again. When they cannot be used the old certificate stays in force, and the log says why. */
  reload(): void;
  /** Safe to call twice. */
  close(): void;
}

export interface CertificateOptions {
  /** Given by the operator; absent: `folder` holds our own. */
  readonly configured?: CertificateFiles;
  readonly folder: string;
  /** Names and addresses our own certificate is to be valid for, besides this machine's. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** How often the files are looked at (default 5 s). */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;
const VALID_DAYS = 3_650;
/** Our own certificate is replaced at a start when it ends sooner. */
const RENEW_BEFORE_DAYS = 30;
const OWNER_ONLY = 0o600;
const EVERYBODY_READS = 0o644;
/** Folder that is there while one of several switches on the same data makes the certificate. */
const MAKING = 'making';
const MAKING_LOOK_MS = 50;
/** One that takes longer was killed in the middle of it. */
const MAKING_LIMIT_MS = 10_000;

/** Rejects when configured files cannot be used; makes our own where there is none for these hosts. */
export async function openCertificates(options: CertificateOptions): Promise<Certificates> {
  const { configured, folder, log, lookEveryMs = LOOK_EVERY_MS } = options;
  const files = configured ?? { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  if (configured === undefined && !isUsable(files, options)) await makeOnce(files, options);
  let context = read(files);
  const reload = (): void => {
    try {
      context = read(files);
      log.info({ cert: files.cert }, 'certificate read again');
    } catch (error) {
      log.error({ err: error, cert: files.cert }, 'certificate cannot be used: the old one stays');
    }
  };
  const names = Object.values(files) as string[];
  // By polling: it also sees links that are turned to another folder, as secret stores do it.
  for (const name of names) watchFile(name, { interval: lookEveryMs, persistent: false }, reload);
  return {
    files,
    context: () => context,
    reload,
    close() {
      for (const name of names) unwatchFile(name, reload);
    },
  };
}

function read({ cert, key }: CertificateFiles): SecureContext {
  return createSecureContext({ cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' });
}

function isUsable(files: CertificateFiles, { hosts, clock, log }: CertificateOptions): boolean {
  try {
    read(files);
    const certificate = new X509Certificate(readFileSync(files.cert));
    const daysLeft = (Date.parse(certificate.validTo) - clock.nowMs()) / DAY_MS;
    return daysLeft > RENEW_BEFORE_DAYS && hosts.every((host) => isFor(certificate, host));
  } catch (error) {
    log.debug({ err: error }, 'no certificate of our own yet');
    return false;
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (certificate.checkIP(host) ?? certificate.checkHost(host)) !== undefined;
}

/** Whoever comes while another switch makes them uses those. */
async function makeOnce(files: CertificateFiles, options: CertificateOptions): Promise<void> {
  const { folder, clock, log } = options;
  const making = join(folder, MAKING);
  mkdirSync(folder, { recursive: true });
  while (!isFirst(making)) {
    if (isAbandoned(making, clock)) {
      log.warn({ folder: making }, 'whoever was making a certificate did not finish');
      leave(making);
      continue;
    }
    await new Promise<void>((resolve) => {
      clock.after(MAKING_LOOK_MS, resolve);
    });
  }
  try {
    if (!isUsable(files, options)) await make(files, options);
  } finally {
    leave(making);
  }
}

/** A folder is made by exactly one of those who try. */
function isFirst(making: string): boolean {
  try {
    mkdirSync(making);
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw error;
  }
}

function isAbandoned(making: string, clock: Clock): boolean {
  const since = statSync(making, { throwIfNoEntry: false })?.mtimeMs;
  return since !== undefined && clock.nowMs() - since > MAKING_LIMIT_MS;
}

function leave(making: string): void {
  try {
    rmdirSync(making);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function make(files: CertificateFiles, { hosts, clock, log }: CertificateOptions): Promise<void> {
  const names = [...new Set([...hosts, hostname(), 'localhost', '127.0.0.1'])];
  const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);
  const made = await generate([{ name: 'commonName', value: hosts[0] ?? hostname() }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(clock.nowMs() - DAY_MS), // phones' clocks go wrong
    notAfterDate: new Date(clock.nowMs() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isAddress(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  replace(files.key, made.private, OWNER_ONLY);
  replace(files.cert, made.cert, EVERYBODY_READS);
  log.info({ cert: files.cert, names }, 'self-signed certificate made');
}

/** Nobody reads half a file, also after a crash. */
function replace(file: string, text: string, mode: number): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode });
  renameSync(fresh, file);
}
