import classes from './TaggedText.module.css';
import { splitTokens, spokenToken } from './tokens';

/** A subject or name as its author wrote it, with the personalization tags as marks instead of percent signs. */
export const TaggedText = ({ text }: { text: string }) =>
  splitTokens(text).map((part, i) =>
    part.isToken ? (
      <span key={i} className={classes.tag} title={part.text}>
        {spokenToken(part.text)}
      </span>
    ) : (
      part.text
    ),
  );
