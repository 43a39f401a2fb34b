import { useCatalogue } from '../catalogue';
import { readToken, splitTokens } from '@/ui/tokens';

/** Text whose tags show with their titles. */
export function TokenText({ text }: { text: string }) {
  const { titles } = useCatalogue();
  return splitTokens(text).map((part, i) =>
    part.isToken ? (
      <span key={i} className="mail-tag">
        {titles.get(readToken(part.text).name) ?? readToken(part.text).name}
      </span>
    ) : (
      part.text
    ),
  );
}
