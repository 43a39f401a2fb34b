import { Button, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { insertSection } from '../document/operations';
import { newBlock, newSection } from '../document/read';
import { useEditor } from '../document/store';
import { useStartingOptions } from '../startingOptions';
import classes from './panels.module.css';
import { applyKit, useBrandKits } from './brandKits';
import { StarterList } from './StarterList';

/** Instead of an empty canvas: designs to begin with, or a plain sheet. */
export function Beginning() {
  const { t } = useTranslation('emailEditor');
  const edit = useEditor((s) => s.edit);
  const starting = useStartingOptions();
  const kits = useBrandKits();
  const kit = kits.data?.kits.find((k) => k.is_default);
  const plain = () =>
    edit((d) => {
      // New mails look like the account's brand.
      const look = kit ? { ...d, settings: applyKit(d.settings, kit) } : d;
      const header = kit?.look.logo
        ? [newBlock('header', { ...starting('header'), name: kit.name, logo: kit.look.logo })]
        : [];
      const social = kit && kit.look.social.length > 0 ? [newBlock('social', { items: kit.look.social })] : [];
      return insertSection(
        insertSection(look, 0, newSection(1, [...social, newBlock('footer', starting('footer'))])),
        0,
        newSection(1, [...header, newBlock('heading', starting('heading')), newBlock('text', starting('text'))]),
      );
    });
  return (
    <div className={classes.beginning}>
      <Title order={2} fz={20}>
        {t('beginning.title')}
      </Title>
      <Text c="dimmed" mb={20}>
        {t('beginning.text')}
      </Text>
      <StarterList wide />
      <Button variant="default" mt={20} onClick={plain}>
        {kit ? t('beginning.branded', { name: kit.name }) : t('beginning.plain')}
      </Button>
    </div>
  );
}
