import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/roboto-mono/400.css';
import './page/style.css';
import { createRoot } from 'react-dom/client';
import { setUpGrafana } from './grafana/setup.ts';
import { App } from './page/app.tsx';

await setUpGrafana();
const root = document.querySelector('#root');
if (root === null) throw new Error('the page has no element #root');
createRoot(root).render(<App />);
