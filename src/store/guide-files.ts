// The articles that come with a centre: files in the folder `guide` beside its flows, read once, by the first start.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIssue } from '../core/document/issue.js';
import type { GuideContent } from '../core/guide/article.js';
import { ARTICLE_FILE, type ArticleFile, compileArticleFile, contentOf } from '../core/guide/article-file.js';
import type { Log } from '../lib/log.js';
import { revisionOf } from './flow-files.js';

const MAX_FILES = 200;
const MAX_FILE_BYTES = 200_000;

/** By id. A file with mistakes is left out, with a line in the log that says where they are; without the folder there are none. */
export async function readGuideFiles(folder: string, log: Log): Promise<ReadonlyMap<string, GuideContent>> {
  const names = await namesIn(folder);
  if (names.length > MAX_FILES) log.warn({ folder, read: MAX_FILES }, 'there are more articles than are read');
  const byId = new Map<string, ArticleFile[]>();
  for (const file of names.slice(0, MAX_FILES)) {
    const article = await readOne(folder, file, log);
    if (article !== undefined) byId.set(article.id, [...(byId.get(article.id) ?? []), article]);
  }
  return new Map([...byId].map(([id, files]) => [id, contentOf(files)]));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => ARTICLE_FILE.test(name)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function readOne(folder: string, file: string, log: Log): Promise<ArticleFile | undefined> {
  const path = join(folder, file);
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) {
    log.warn({ path, size, most: MAX_FILE_BYTES }, 'an article is too long to be read');
    return undefined;
  }
  const text = await readFile(path, 'utf8');
  const compiled = compileArticleFile({ file, text, revision: revisionOf(text) });
  if (compiled.ok) return compiled.value;
  for (const issue of compiled.issues) log.warn({ issue: formatIssue(issue) }, 'an article of the guide has a mistake');
  return undefined;
}
