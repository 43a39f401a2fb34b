import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/app.css';
import './i18n';
import { App } from './app/App';
import { secure } from './app/security';

secure();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
