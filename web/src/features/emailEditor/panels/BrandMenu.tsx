import { AppLink } from '@/ui/AppLink';
import { toastUndo } from '@/ui/toasts';
import { Button, ColorSwatch, Group, Menu } from '@mantine/core';
import { IconPalette } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditor } from '../document/store';
import { applyKit, useBrandKits } from './brandKits';

/** Gives the mail the look of a brand; one step back takes it off again. */
export function BrandMenu() {
  const { t } = useTranslation('emailEditor');
  const kits = useBrandKits();
  const edit = useEditor((s) => s.edit);
  const undo = useEditor((s) => s.undo);
  return (
    <Menu width={264} position="bottom-start">
      <Menu.Target>
        <Button fullWidth mb="md" variant="default" leftSection={<IconPalette size={16} aria-hidden />}>
          {t('brand.apply')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(kits.data?.kits ?? []).map((kit) => (
          <Menu.Item
            key={kit.id}
            rightSection={
              <Group gap={3}>
                {[kit.look.background, kit.look.heading_colour, kit.look.button_colour].map((colour, i) => (
                  <ColorSwatch key={i} size={14} color={colour} />
                ))}
              </Group>
            }
            onClick={() => {
              edit((d) => ({ ...d, settings: applyKit(d.settings, kit) }));
              toastUndo(t('brand.applied', { name: kit.name }), undo);
            }}
          >
            {kit.name}
          </Menu.Item>
        ))}
        {kits.data && kits.data.kits.length > 0 ? <Menu.Divider /> : null}
        <Menu.Item component={AppLink} to="/brand">
          {t('brand.manage')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
