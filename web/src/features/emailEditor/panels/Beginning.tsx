import { Button, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { insertSection } from '../document/operations';
import { newBlock, newSection } from '../document/read';
import { useEditor } from '../document/store';
import { useStartingOptions } from '../startingOptions';
import classes from './panels.module.css';
import { StarterList } from './StarterList';

/** Instead of an empty canvas: designs to begin with, or a plain sheet. */
export function Beginning() {
  const { t } = useTranslation('emailEditor');
  const edit = useEditor((s) => s.edit);
  const starting = useStartingOptions();
  const plain = () =>
    edit((d) =>
      insertSection(
        insertSection(d, 0, newSection(1, [newBlock('footer', starting('footer'))])),
        0,
        newSection(1, [newBlock('heading', starting('heading')), newBlock('text', starting('text'))]),
      ),
    );
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
        {t('beginning.plain')}
      </Button>
    </div>
  );
}
