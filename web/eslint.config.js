import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** A feature sees `ui` and `api`, never another feature; `app` sees all; nothing looks back at `app`. */
const layers = [
    {
        files: ['src/features/**'],
        rules: {
            'no-restricted-imports': [
                'error',
                { patterns: [{ group: ['@/features/*', '@/app/*'], message: 'Shared pieces move to ui/ or api/.' }] },
            ],
        },
    },
    {
        files: ['src/ui/**', 'src/api/**'],
        rules: {
            'no-restricted-imports': [
                'error',
                { patterns: [{ group: ['@/features/*', '@/app/*'], message: 'ui and api never look back.' }] },
            ],
        },
    },
];

export default tseslint.config(
    {
        ignores: [
            'dist',
            'dist-kit',
            'node_modules',
            'src/api/schema.d.ts',
            '**/*.mjs',
            '**/*.cjs',
            'test-results',
            'playwright-report',
        ],
    },
    ...tseslint.configs.recommended,
    reactHooks.configs.flat.recommended,
    jsxA11y.flatConfigs.recommended,
    {
        rules: {
            '@typescript-eslint/no-explicit-any': 'error',
            '@typescript-eslint/no-non-null-assertion': 'error',
            '@typescript-eslint/consistent-type-imports': 'error',
            'no-restricted-syntax': [
                'error',
                { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Trusted Types forbid it.' },
            ],
        },
    },
    // Focus goes to the first field of a dialog or a sign-in form on purpose.
    { rules: { 'jsx-a11y/no-autofocus': 'off' } },
    // dnd-kit hands out ref setters, which the rule takes for refs read during rendering.
    { files: ['src/ui/dnd/**'], rules: { 'react-hooks/refs': 'off' } },
    ...layers,
);
