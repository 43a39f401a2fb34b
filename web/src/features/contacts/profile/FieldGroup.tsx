import { Collapse, Stack, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';

const key = (name: string) => `millrace.field_group.${name}`;

/** A heading that folds what stands below it, and remembers that. */
export function FieldGroup({ name, children }: { name: string; children: ReactNode }) {
  const id = useId();
  const [open, setOpen] = useState(() => localStorage.getItem(key(name)) !== 'closed');
  const toggle = () => {
    localStorage.setItem(key(name), open ? 'closed' : 'open');
    setOpen(!open);
  };
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton
        fz="xs"
        fw={600}
        c="dimmed"
        py={4}
        mb={4}
        aria-expanded={open}
        aria-controls={id}
        onClick={toggle}
        style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}
      >
        <Chevron size={14} aria-hidden />
        {name}
      </UnstyledButton>
      <Collapse expanded={open} id={id}>
        <Stack gap="md">{children}</Stack>
      </Collapse>
    </div>
  );
}
