import classes from './TaggedText.module.css';
import { readToken, splitTokens } from './tokens';

/** `FIRSTNAME` as one would say it. */
const spoken = (name: string) => name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ');

/** A subject or name as its author wrote it, with the personalization tags as marks instead of percent signs. */
export const TaggedText = ({ text }: { text: string }) =>
  splitTokens(text).map((part, i) =>
    part.isToken ? (
      <span key={i} className={classes.tag} title={part.text}>
        {spoken(readToken(part.text).name)}
      </span>
    ) : (
      part.text
    ),
  );
