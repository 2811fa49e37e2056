// A Hilo in whose queue one may wait as long as one likes.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { FLOWS, type ServerUnderTest, startServer } from '../../server.js';
import type { RealPair } from '../real-pair.js';

export interface PatientServerRequest {
  readonly folder: string;
  readonly workers: number;
  /** Undefined: the embedded switch. */
  readonly pair: RealPair | undefined;
  /** A module loaded into Hilo's own processes. */
  readonly loaded?: URL;
}

export async function startPatientServer(request: PatientServerRequest): Promise<ServerUnderTest> {
  const { folder, workers, pair, loaded } = request;
  await mkdir(folder, { recursive: true });
  const flows = await patientCentre(folder);
  return startServer({
    ...{ folder, agents: 0, workers, nodeArguments: [], flows },
    ...(pair === undefined ? {} : { pair }),
    ...(loaded === undefined ? {} : { loaded }),
  });
}

/** The sample centre, but whoever calls 1002 waits as long as it takes. */
async function patientCentre(folder: string): Promise<string> {
  const flows = join(folder, 'flows');
  await mkdir(flows, { recursive: true });
  const centre = parse(await readFile(join(FLOWS, 'centre.yaml'), 'utf8')) as {
    queues: Record<string, Record<string, unknown>>;
  };
  centre.queues['nobody'] = { ...centre.queues['nobody'], 'max-wait': '1h', 'max-length': 10_000 };
  await writeFile(join(flows, 'centre.yaml'), stringify(centre));
  await writeFile(join(flows, 'main.yaml'), await readFile(join(FLOWS, 'main.yaml')));
  return flows;
}
