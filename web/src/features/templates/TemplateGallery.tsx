import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SearchInput } from '@/ui/filters';
import { Button, Skeleton, Text } from '@mantine/core';
import { IconSearchOff, IconTemplate } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TemplateCard } from './TemplateCard';
import { TemplatePreview } from './TemplatePreview';
import { custom, pastCampaigns, searchTemplates, usePastCampaigns, useTemplates, type Template } from './templates';
import classes from './templates.module.css';

type Props = {
  category: string | null;
  query: string;
  onFilter: (filter: { category: string | null; query: string }) => void;
  /** Null: templates can only be looked at. */
  onUse: ((template: Template) => Promise<unknown>) | null;
  useLabel: string;
  menuOf?: (template: Template) => ReactNode;
};

/** All templates by category and by words; used by the page, the editor and whoever lets people choose one. */
export function TemplateGallery({ category, query, onFilter, onUse, useLabel, menuOf }: Props) {
  const { t } = useTranslation('templates');
  const list = useTemplates();
  const past = usePastCampaigns(category === pastCampaigns);
  const [shown, setShown] = useState<Template | null>(null);
  const [busy, setBusy] = useState(false);
  const all = list.data?.templates ?? [];
  const isPast = category === pastCampaigns;
  const found = isPast
    ? searchTemplates(past.data?.pages.flatMap((p) => p.templates) ?? [], query, null)
    : searchTemplates(all, query, category);
  const pending = list.isPending || (isPast && past.isPending);
  const error = list.error ?? (isPast ? past.error : null);
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one.category, (counts.get(one.category) ?? 0) + 1);
  const use = async (template: Template) => {
    setBusy(true);
    try {
      await onUse?.(template);
    } finally {
      setBusy(false);
    }
  };
  const chip = (name: string | null) => (
    <button
      key={name ?? ''}
      type="button"
      className={classes.category}
      aria-pressed={category === name}
      onClick={() => onFilter({ category: name, query })}
    >
      <span>{name === null ? t('all') : t(`category.${name}` as 'category.sell')}</span>
      {name === pastCampaigns ? null : (
        <span className={classes.count}>{name === null ? all.length : (counts.get(name) ?? 0)}</span>
      )}
    </button>
  );
  const empty =
    query === '' && (category === custom || isPast) ? (
      <EmptyState
        icon={IconTemplate}
        title={t(isPast ? 'past_empty.title' : 'custom_empty.title')}
        text={t(isPast ? 'past_empty.text' : 'custom_empty.text')}
      />
    ) : (
      <EmptyState
        icon={IconSearchOff}
        title={t('none.title')}
        text={t('none.text')}
        action={<Button onClick={() => onFilter({ category: null, query: '' })}>{t('none.clear')}</Button>}
      />
    );
  return (
    <div className={classes.gallery}>
      <nav className={classes.categories} aria-label={t('category.label')}>
        {[null, ...(list.data?.categories ?? [])].map(chip)}
      </nav>
      <div className={classes.main}>
        <div className={classes.bar}>
          <SearchInput label={t('search')} value={query} onChange={(text) => onFilter({ category, query: text })} />
          <Text size="sm" c="dimmed" role="status">
            {pending ? '' : t('count', { count: found.length })}
          </Text>
        </div>
        {error ? <ErrorState error={error} onRetry={() => void list.refetch()} /> : null}
        {!pending && !error && found.length === 0 ? empty : null}
        <div className={classes.grid} aria-busy={pending}>
          {pending
            ? Array.from({ length: 8 }, (_, i) => <Skeleton key={i} className={classes.waiting} radius="md" />)
            : found.map((template) => (
                <TemplateCard
                  key={template.template}
                  template={template}
                  onPreview={() => setShown(template)}
                  onUse={onUse === null ? null : () => void use(template)}
                  useLabel={useLabel}
                  menu={menuOf?.(template)}
                />
              ))}
        </div>
        {isPast && past.hasNextPage ? (
          <Button variant="default" mt="md" loading={past.isFetchingNextPage} onClick={() => void past.fetchNextPage()}>
            {t('older')}
          </Button>
        ) : null}
      </div>
      {shown ? (
        <TemplatePreview
          template={shown}
          onClose={() => setShown(null)}
          onUse={onUse === null ? null : () => void use(shown)}
          useLabel={useLabel}
          busy={busy}
        />
      ) : null}
    </div>
  );
}
