/** A word of the trade with its explanation on hover; the help sheet lists all of them for keyboard and screen reader. */
import type { ReactNode } from 'react';
import { GLOSSARY, type TermName } from '../words/glossary.ts';

export function Term({
  name,
  className,
  children,
}: {
  readonly name: TermName;
  readonly className?: string;
  readonly children?: ReactNode;
}) {
  const { title, text } = GLOSSARY[name];
  return (
    <span className={className === undefined ? 'term' : `term ${className}`} title={`${title}: ${text}`}>
      {children ?? title}
    </span>
  );
}
