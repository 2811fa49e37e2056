// `npm run flow graph main`: draws a flow, good or bad, with what is wrong in red: as text for Mermaid, or as SVG into a file.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { draftFlows } from '../core/ivr/compile.js';
import { pictureOf } from '../core/ivr/ways/picture.js';
import { namesInCentre } from '../core/routing/keys/names-in-centre.js';
import { mermaidOf } from './graph/mermaid.js';
import { svgOf } from './graph/svg.js';
import { readFolder } from './load.js';
import { print } from './print.js';

export async function graph(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { svg: { type: 'string' } },
  });
  const [name = 'main', folder = 'ivr-flows'] = positionals;
  const { flowFiles, centreFile } = readFolder(folder);
  const { drafts, issues } = draftFlows(flowFiles, namesInCentre(centreFile));
  const draft = drafts.find((one) => one.name === name);
  if (draft === undefined) throw new Error(`there is no flow '${name}': ${drafts.map((one) => one.name).join(', ')}`);
  const picture = pictureOf(draft, issues);
  if (values.svg === undefined) {
    print(mermaidOf(picture));
    return 0;
  }
  writeFileSync(values.svg, svgOf(picture));
  print(`${values.svg}: ${picture.boxes.length} steps`);
  return 0;
}
