// What is wrong in the draft, as a list: who chooses one is brought to its place.
import { Badge, Text } from '@mantine/core';
import { type Issue, isError } from '../../core/document/issue.js';
import { useTexts } from '../texts/language.js';
import { studioTexts } from './texts.js';

export interface IssuesProps {
  readonly file: string;
  readonly issues: readonly Issue[];
  readonly onIssue: (issue: Issue) => void;
}

export function Issues({ file, issues, onIssue }: IssuesProps) {
  const texts = useTexts(studioTexts);
  if (issues.length === 0) return <Text size="sm">{texts.noFaults}</Text>;
  return (
    <ul className="studio-issues">
      {issues.map((issue) => (
        <li key={`${issue.file} ${issue.line} ${issue.column} ${issue.message}`}>
          <button type="button" className="studio-issue" onClick={() => onIssue(issue)} disabled={issue.file !== file}>
            <Badge color={isError(issue) ? 'red' : 'orange'} size="sm" flex="none">
              {isError(issue) ? texts.error : texts.warning}
            </Badge>
            <span className="figure">
              {issue.file === file ? '' : `${issue.file}:`}
              {issue.line}:{issue.column}
            </span>
            <span>
              {issue.message}
              {issue.advice !== '' && ` (${issue.advice})`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
