// An article as a file, `returns.es.md`: what it is about in YAML between two lines `---`, then its Markdown.
import { z } from 'zod';
import { type Compiled, compareIssues, type Issue, type SourceFile } from '../document/issue.js';
import { issuesOfShape, nameSchema, strict } from '../document/shape.js';
import { readYaml } from '../document/yaml-text.js';
import {
  BODY_MAX_CHARS,
  type GuideContent,
  type GuideLanguage,
  PLACES_MAX,
  TAG_MAX_CHARS,
  TAGS_MAX,
  TITLE_MAX_CHARS,
} from './article.js';

export const ARTICLE_FILE = /^([a-z0-9][a-z0-9-]{0,63})\.(es|en)\.md$/;

/** One article in one language. */
export interface ArticleFile {
  readonly id: string;
  readonly language: GuideLanguage;
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly queues: readonly string[];
  readonly flows: readonly string[];
}

const head = strict({
  title: z.string().min(1).max(TITLE_MAX_CHARS),
  tags: z.array(z.string().min(1).max(TAG_MAX_CHARS)).max(TAGS_MAX).default([]),
  queues: z.array(nameSchema).max(PLACES_MAX).default([]),
  flows: z.array(nameSchema).max(PLACES_MAX).default([]),
});

export function compileArticleFile({ file, text, revision }: SourceFile): Compiled<ArticleFile> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  const issue = (line: number, message: string, advice: string): Issue => {
    return { severity: 'error', file, line, column: 1, message, advice };
  };
  const [, id, language] = ARTICLE_FILE.exec(file) ?? [];
  if (id === undefined || language === undefined)
    return { ok: false, issues: [issue(1, 'this is no name of an article', 'name it as in returns.es.md')] };
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end === -1)
    return { ok: false, issues: [issue(1, 'the head is missing', 'begin with ---, title: …, and --- again')] };
  // The first line stays, empty, so that every mistake keeps its line.
  const yaml = readYaml({ file, text: ['', ...lines.slice(1, end)].join('\n'), revision });
  const checked = head.safeParse(yaml.value ?? {});
  const body = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  const issues = [
    ...yaml.issues,
    ...(checked.success || yaml.value === undefined ? [] : issuesOfShape(checked.error, [], yaml)),
    ...(body === '' ? [issue(lines.length, 'the article has no text', 'write it below the second ---')] : []),
    ...(body.length > BODY_MAX_CHARS
      ? [issue(end + 2, `the text is longer than ${BODY_MAX_CHARS} characters`, 'make two articles of it')]
      : []),
  ].toSorted(compareIssues);
  if (issues.length > 0 || !checked.success) return { ok: false, issues };
  return { ok: true, value: { id, language: language === 'es' ? 'es' : 'en', body, ...checked.data }, warnings: [] };
}

/** The languages of one article together; where their heads differ, it is suggested by all of them. */
export function contentOf(files: readonly ArticleFile[]): GuideContent {
  const all = (key: 'tags' | 'queues' | 'flows'): readonly string[] => [...new Set(files.flatMap((file) => file[key]))];
  return {
    texts: Object.fromEntries(files.map(({ language, title, body }) => [language, { title, body }])),
    ...{ tags: all('tags').slice(0, TAGS_MAX), queues: all('queues'), flows: all('flows') },
  };
}
