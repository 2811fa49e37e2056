// What stands beside the code and runs it elsewhere: docker-compose.yml, the Dockerfile, .env.example, freeswitch-conf/.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const service = z.object({
  image: z.string(),
  restart: z.enum(['unless-stopped', 'no']),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
});
const { services } = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(text('docker-compose.yml'), { merge: true }));

const SECRETS = ['DRACHTIO_SECRET', 'FREESWITCH_SECRET', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD'];

describe('docker-compose.yml', () => {
  it('names every server, each with limits and of one exact version', () => {
    expect(Object.keys(services).sort()).toEqual(['drachtio', 'freeswitch', 'hilo', 'music', 'postgres', 'redis']);
    for (const [name, { image }] of Object.entries(services)) {
      if (image !== 'hilo') expect(image, name).toMatch(/:\d+\.\d+/);
    }
    expect(text('Dockerfile').match(/^FROM .*$/gm)).toEqual([
      expect.stringMatching(/^FROM node:\d+\.\d+\.\d+-\S+ AS build$/),
      expect.stringMatching(/^FROM node:\d+\.\d+\.\d+-\S+$/),
    ]);
  });

  it('asks every server how it is, and starts Hilo when all are well', () => {
    for (const [name, { healthcheck }] of Object.entries(services)) {
      if (name !== 'music' && name !== 'hilo') expect(healthcheck?.test?.[0], name).toBe('CMD');
    }
    expect(text('Dockerfile')).toContain('/health/ready');
    const awaited = services['hilo']?.depends_on ?? {};
    expect(Object.keys(awaited).sort()).toEqual(['drachtio', 'freeswitch', 'postgres', 'redis']);
    expect(new Set(Object.values(awaited).map(({ condition }) => condition))).toEqual(new Set(['service_healthy']));
  });

  it('has no secret of its own and does not start without one', () => {
    const compose = text('docker-compose.yml');
    for (const name of SECRETS) {
      expect(compose).toContain(`\${${name}:?`);
      expect(compose.replaceAll(`\${${name}:?set it in .env}`, '').includes(`\${${name}`)).toBe(false);
      expect(text('.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
    expect(compose).not.toMatch(/ClueCon|cymru/);
  });

  it('publishes SIP, RTP and the API, and no control port', () => {
    const published = Object.values(services).flatMap(({ ports }) =>
      ports.map((port) => /:([^:]+)\/\w+$/.exec(port)?.[1]),
    );
    expect(published.sort()).toEqual(['-20999}', '5060', '5060', '8080'].sort());
    expect(services['postgres']?.ports).toEqual([]);
    expect(services['redis']?.ports).toEqual([]);
  });

  it('gives the media server the prompts and recordings under the names that Hilo uses', () => {
    const places = (name: string): string[] =>
      services[name]?.volumes.map((volume) => volume.replace(/:ro$/, '')) ?? [];
    for (const volume of ['prompts:/data/prompts', 'spoken:/data/spoken', 'recordings:/data/recordings']) {
      expect(places('hilo')).toContain(volume);
      expect(places('freeswitch')).toContain(volume);
    }
    expect(services['freeswitch']?.volumes).toContain('./freeswitch-conf:/etc/freeswitch:ro');
  });

  it('stores what was acknowledged, and throws nothing away', () => {
    const redis = services['redis']?.command.join(' ') ?? '';
    for (const setting of ['appendonly yes', 'appendfsync always', 'maxmemory-policy noeviction', 'requirepass']) {
      expect(redis).toContain(setting);
    }
  });

  const compose = [['docker', 'compose'], ['docker-compose']].find(
    ([program = '', ...rest]) => spawnSync(program, [...rest, 'version']).status === 0,
  );

  it.skipIf(compose === undefined)('is what docker compose understands, with .env filled in and not without', () => {
    const [program = '', ...rest] = compose ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'hilo-compose-'));
    const config = (env: string): number | null => {
      const file = join(folder, 'env');
      writeFileSync(file, env);
      const { PATH } = process.env;
      const args = [...rest, '--env-file', file, '--file', join(ROOT, 'docker-compose.yml'), 'config'];
      return spawnSync(program, args, { env: { PATH, HOME: folder } }).status;
    };
    const example = text('.env.example');
    expect(config(example)).not.toBe(0);
    expect(config(example.replace(/^(\w+)=$/gm, '$1=filled-in'))).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe('freeswitch-conf', () => {
  const files = readdirSync(join(ROOT, 'freeswitch-conf'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.xml'))
    .map((name) => [name, text(`freeswitch-conf/${name}`)] as const);
  const all = files.map(([, content]) => content).join('\n');

  it('has no users, no password, and no way in without a secret', () => {
    expect(all).not.toMatch(/<user |ClueCon|default_password/);
    expect(all).toContain('<section name="directory"/>');
    expect(all.match(/name="password" value="[^"]*"/g)).toEqual(['name="password" value="$${hilo_secret}"']);
    const vars = text('freeswitch-conf/vars.xml');
    expect(vars.indexOf('exec-set" data="hilo_secret=')).toBeGreaterThan(0);
    expect(vars.indexOf('env-set" data="hilo_secret=$FREESWITCH_SECRET')).toBeGreaterThan(vars.indexOf('exec-set"'));
  });

  it('takes calls and commands of the control network alone', () => {
    for (const name of ['sip_profiles/drachtio_mrf.xml', 'autoload_configs/event_socket.conf.xml']) {
      expect(text(`freeswitch-conf/${name}`)).toContain('name="apply-inbound-acl" value="control"');
    }
  });

  it('knows every value that it uses, and each variable that is set for it', () => {
    const known = new Set([...all.matchAll(/cmd="(?:set|exec-set)" data="(\w+)=/g)].map(([, name]) => name));
    for (const [, name] of all.matchAll(/\$\$\{(\w+)\}/g)) expect(known, name).toContain(name);
    const read = new Set([...all.matchAll(/=\$(FREESWITCH_\w+)/g)].map(([, name]) => name));
    for (const name of Object.keys(services['freeswitch']?.environment ?? {})) expect(read).toContain(name);
  });
});
